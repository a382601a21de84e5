"""Markdown tables of the replies that `run.py` has collected.

    python benchmarks/reading/table.py --replies FILE --kind records

Only questions that every listed form was asked count, so that forms can be compared. Pairs: questions that only the
first of two forms answered right, and only the second; their sign test; and the samples in which the second was worse.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from forms import FORMS
from headroom_core.text.tokens import tokenizer_for
from material import KINDS
from samples import Sample
from scoring import interval, is_right, sign_test

Key = tuple[str, str]  # sample and question
MODEL = "gpt-4o"  # whose tokens are counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=Path, required=True, metavar="FILE")
    parser.add_argument("--kind", required=True, choices=KINDS)
    parser.add_argument("--base", default="source", help="the form that the others are measured against")
    parser.add_argument("--forms", default="", help="in this order; else all, as they come")
    parser.add_argument("--wrong", action="store_true", help="show every wrong reply")
    options = parser.parse_args()
    found: dict[str, dict[Key, bool]] = {}
    sorts: dict[Key, str] = {}
    for line in options.replies.read_text("utf-8").splitlines():
        reply = json.loads(line)
        if reply["sample"].partition(" ")[0] != options.kind:
            continue
        key = (reply["sample"], reply["text"])
        sorts[key] = reply["sort"]
        right = is_right(reply["reply"], reply["answer"])
        found.setdefault(reply["form"], {})[key] = right
        if options.wrong and not right:
            print(f"{reply['form']}: {reply['text']} {reply['answer']!r}, not {reply['reply']!r}")
    forms = options.forms.split(",") if options.forms else list(found)
    shared = set.intersection(*[set(found[form]) for form in forms])
    print(f"{len(shared)} questions, each asked of every form\n")
    _scores({form: found[form] for form in forms}, {key: sorts[key] for key in shared}, options.base)
    print()
    _pairs({form: found[form] for form in forms}, shared, options.base)


def _scores(found: dict[str, dict[Key, bool]], sorts: dict[Key, str], base: str) -> None:
    samples = sorted({key[0] for key in sorts})
    tokens = {form: _tokens(form, samples) for form in found}
    columns = list(dict.fromkeys(sorted(sorts.values())))
    print(f"| form | tokens, % of {base} | right [95 %] | {' | '.join(columns)} |")
    print("|" + "---|" * (3 + len(columns)))
    for form, replies in found.items():
        right = sum(replies[key] for key in sorts)
        low, high = interval(right, len(sorts))
        cells = []
        for column in columns:
            asked = [key for key, sort in sorts.items() if sort == column]
            cells.append(f"{sum(replies[key] for key in asked)}/{len(asked)}")
        share = f"**{100 * right / len(sorts):.0f} %** [{100 * low:.0f}-{100 * high:.0f}]"
        print(f"| {form} | {100 * tokens[form] / tokens[base]:.0f} | {share} | {' | '.join(cells)} |")


def _tokens(form: str, samples: list[str]) -> int:
    count = tokenizer_for(MODEL).count
    return sum(count(FORMS[form](sample_of(name))) for name in samples)


def sample_of(name: str) -> Sample:
    kind, _, number = name.partition(" ")
    return KINDS[kind](int(number))


def _pairs(found: dict[str, dict[Key, bool]], shared: set[Key], base: str) -> None:
    print("| pair | only first : only second right | p | samples better / worse |")
    print("|---|---|---|---|")
    for form, replies in found.items():
        if form == base:
            continue
        first = sum(found[base][key] and not replies[key] for key in shared)
        second = sum(replies[key] and not found[base][key] for key in shared)
        samples: dict[str, int] = {}
        for key in shared:
            samples[key[0]] = samples.get(key[0], 0) + replies[key] - found[base][key]
        better = sum(gain > 0 for gain in samples.values())
        worse = sum(gain < 0 for gain in samples.values())
        print(f"| {base}, {form} | {first} : {second} | {sign_test(first, second):.3f} | {better} / {worse} |")


if __name__ == "__main__":
    main()
