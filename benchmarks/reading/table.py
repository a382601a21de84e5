"""Markdown tables of the replies that `run.py` has collected.

    python benchmarks/reading/table.py --replies FILE --kind records

The first counts only questions that every listed form was asked, so that forms can be compared; the second, for a pair
of forms, what both were asked: how many only the first answered right, and only the second, how likely that is by
chance (sign test), and in how many samples the second was better and worse.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from material import KINDS
from scoring import interval, is_right, sign_test

Key = tuple[str, str]  # sample and question
Replies = dict[str, dict[Key, bool]]  # of each form, whether they are right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replies", type=Path, required=True, metavar="FILE")
    parser.add_argument("--kind", required=True, choices=KINDS)
    parser.add_argument("--base", default="source", help="the form that the others are measured against")
    parser.add_argument("--forms", default="", help="in this order; else all, as they come")
    parser.add_argument("--wrong", action="store_true", help="show every wrong reply")
    options = parser.parse_args()
    found: Replies = {}
    tokens: dict[str, dict[str, int]] = {}  # of each form, by sample
    sorts: dict[Key, str] = {}
    for line in options.replies.read_text("utf-8").splitlines():
        reply = json.loads(line)
        if reply["sample"].partition(" ")[0] != options.kind:
            continue
        key = (reply["sample"], reply["text"])
        sorts[key] = reply["sort"]
        right = is_right(reply["reply"], reply["answer"])
        found.setdefault(reply["form"], {})[key] = right
        tokens.setdefault(reply["form"], {})[reply["sample"]] = reply["tokens"]
        if options.wrong and not right:
            print(f"{reply['form']}: {reply['text']} {reply['answer']!r}, not {reply['reply']!r}")
    forms = options.forms.split(",") if options.forms else list(found)
    shared = set.intersection(*[set(found[form]) for form in forms])
    print(f"{len(shared)} questions, each asked of every form\n")
    samples = {sample for sample, _ in shared}
    size = {form: sum(tokens[form][sample] for sample in samples) for form in forms}
    _scores({form: found[form] for form in forms}, {key: sorts[key] for key in shared}, size, options.base)
    print()
    _pairs({form: found[form] for form in forms}, options.base)


def _scores(found: Replies, sorts: dict[Key, str], size: dict[str, int], base: str) -> None:
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
        print(f"| {form} | {100 * size[form] / size[base]:.0f} | {share} | {' | '.join(cells)} |")


def _pairs(found: Replies, base: str) -> None:
    print("| pair | questions | only first : only second right | p | samples better / worse |")
    print("|---|---|---|---|---|")
    for form, replies in found.items():
        if form == base:
            continue
        gains = {key: replies[key] - found[base][key] for key in replies if key in found[base]}
        samples: dict[str, int] = {}
        for key, gain in gains.items():
            samples[key[0]] = samples.get(key[0], 0) + gain
        first, second = list(gains.values()).count(-1), list(gains.values()).count(1)
        better, worse = (sum(gain * sign > 0 for gain in samples.values()) for sign in (1, -1))
        split = f"{first} : {second} | {sign_test(first, second):.3f} | {better} / {worse}"
        print(f"| {base}, {form} | {len(gains)} | {split} |")


if __name__ == "__main__":
    main()
