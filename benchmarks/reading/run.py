"""Ask the small model about each form and add its replies, one JSON object a line, to a file.

    python benchmarks/reading/run.py --model FILE --replies FILE --kind records --forms source,headroom --samples 1-8

What a file holds already is not asked again. `table.py` makes tables of it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from forms import FORMS
from headroom_core.text.tokens import tokenizer_for
from material import KINDS
from model import Model

COUNTED_AS = "gpt-4o"  # the model whose tokens are counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, metavar="FILE", help="the GGUF; made where it is missing")
    parser.add_argument("--replies", type=Path, required=True, metavar="FILE")
    parser.add_argument("--kind", required=True, choices=KINDS)
    parser.add_argument("--forms", required=True)
    parser.add_argument("--called", default="", metavar="NAME", help="of one form, in the replies: `headroom before`")
    parser.add_argument("--samples", default="1-8", metavar="FIRST-LAST")
    options = parser.parse_args()
    known = set()
    if options.replies.is_file():
        for line in options.replies.read_text("utf-8").splitlines():
            reply = json.loads(line)
            known.add((reply["form"], reply["sample"]))
    first, _, last = options.samples.partition("-")
    model = Model(options.model)
    count = tokenizer_for(COUNTED_AS).count
    for form in options.forms.split(","):
        called = options.called or form
        for number in range(int(first), int(last or first) + 1):
            sample = KINDS[options.kind](number)
            if (called, sample.name) in known:
                continue
            context = FORMS[form](sample)
            tokens = count(context)
            replies = model.replies(context, sample.questions)
            with options.replies.open("a", encoding="utf-8") as file:
                for question, reply in zip(sample.questions, replies, strict=True):
                    told = {"form": called, "sample": sample.name, "tokens": tokens, **asdict(question), "reply": reply}
                    file.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
