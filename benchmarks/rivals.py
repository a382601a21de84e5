"""Time and savings of JSON beside a rival's, on the same items in one run.

    uv venv DIR/rival && uv pip install --python DIR/rival/bin/python headroom-ai==0.42.0
    uv run python benchmarks/rivals.py --corpus DIR --python DIR/rival/bin/python

`--python` is an interpreter of an environment of its own, in which the rival is installed: it owns the import name
`headroom`, and nothing of it comes into ours. Both sides compress every item of DIR/json once as the tool result of a
conversation, after a first call that loads what they need; the interpreters take turns, item by item, so that a busy
machine slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

from headroom_core import Headroom
from headroom_core.text.tokens import tokenizer_for
from run import conversation

MODEL = "gpt-4o"
TOOL = "list_items"  # the rival leaves tools alone whose names say that they read files
RIVAL = """
import json, sys
from time import perf_counter
from headroom import compress
for line in sys.stdin:
    messages = json.loads(line)
    started = perf_counter()
    done = compress(messages, model="gpt-4o")
    seconds = perf_counter() - started
    print(json.dumps({"seconds": seconds, "shown": done.messages[-1]["content"]}), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--python", required=True, help="the interpreter of the rival's environment")
    options = parser.parse_args()
    count = tokenizer_for(MODEL).count
    litellm = find_spec("litellm")  # ships the vocabulary for which the rival's tiktoken would ask the network
    home = Path(litellm.origin if litellm and litellm.origin else "").parent
    rival = subprocess.Popen(  # stderr is ours: it says why a rival doesn't start
        [options.python, "-c", RIVAL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TIKTOKEN_CACHE_DIR": str(home / "litellm_core_utils" / "tokenizers")},
    )
    ours = {"seconds": 0.0, "tokens": 0}
    theirs = {"seconds": 0.0, "tokens": 0}
    elided = {"seconds": 0.0, "tokens": 0}
    before = 0
    paths = sorted((options.corpus / "json").glob("*.json"))
    with Headroom("memory://") as headroom:
        for number, path in enumerate([paths[0], *paths]):
            messages = conversation(path.read_bytes().decode("utf-8"))
            messages[2]["tool_calls"][0]["function"]["name"] = TOOL
            found = _asked(rival, messages)
            started = perf_counter()
            whole = headroom.compress(messages, MODEL)
            between = perf_counter()
            some = headroom.compress(messages, MODEL, retrieval="tool")
            done = perf_counter()
            if number == 0:
                continue  # it loaded what each of them needs
            before += count(str(messages[-1]["content"]))
            for tally, seconds, shown in (
                (theirs, found["seconds"], found["shown"]),
                (ours, between - started, whole.messages[-1]["content"]),
                (elided, done - between, some.messages[-1]["content"]),
            ):
                tally["seconds"] += seconds
                tally["tokens"] += count(str(shown))
    for name, tally in (("rival", theirs), ("no way back", ours), ("balanced, with a way back", elided)):
        print(
            f"{name}: {100 * (before - tally['tokens']) / before:.1f} % saved, {tally['seconds']:.2f} s, "
            f"{tally['seconds'] / theirs['seconds']:.3f} of the rival's time"
        )


def _asked(rival: subprocess.Popen[str], messages: list[dict[str, Any]]) -> dict[str, Any]:
    if rival.stdin is None or rival.stdout is None:
        sys.exit("the rival has no pipes")
    rival.stdin.write(json.dumps(messages) + "\n")
    rival.stdin.flush()
    line = rival.stdout.readline()
    if not line:
        sys.exit("the rival gave up: is it installed in the environment that --python names?")
    answer: dict[str, Any] = json.loads(line)
    return answer


if __name__ == "__main__":
    main()
