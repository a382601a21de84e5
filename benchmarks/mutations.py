"""Documents of a corpus with letters changed: nothing may raise, grow, get lost, or be called equivalent and not be.

    uv run python benchmarks/mutations.py --corpus DIR [--count 10000] [--seed 0]

A document is cut to a slice of whole rows where it has many, then pieces are taken out, doubled, turned round, or
swapped for JSON's own letters. Each goes through `Headroom.shrink` with a way back and without.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path

from headroom_core import Headroom, Outcome, Policy
from headroom_core.types import Retrieval

LONGEST = 6_000  # characters of a document; longer ones are cut
LETTERS = [
    "",
    "[",
    "]",
    "{",
    "}",
    '"',
    ",",
    ":",
    "\\",
    "0",
    "1e5",
    "null",
    " ",
    "\n",
    '"a":1,',
    "{},",
    "\\u0041",
    "\ud800",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    texts = [path.read_bytes().decode("utf-8") for path in sorted((options.corpus / "json").glob("*.json"))]
    seen: Counter[str] = Counter()
    ways: tuple[Retrieval, ...] = ("none", "tool")
    with Headroom("memory://", Policy(level="strong", min_tokens=1)) as headroom:
        for number in range(options.count):
            text = mutated(piece_of(chance.choice(texts), chance), chance)
            for retrieval in ways:
                shown = headroom.shrink(text, retrieval=retrieval, budget=300, tenant=f"{number % 50}")
                receipt = shown.receipt
                seen[f"{receipt.outcome}, {receipt.kind or 'no kind'}, {receipt.fidelity}"] += 1
                seen["larger"] += receipt.tokens_after > receipt.tokens_before
                seen["failed"] += receipt.outcome is Outcome.FAILED
                if receipt.handle:
                    seen["not given back"] += headroom.retrieve(receipt.handle, tenant=f"{number % 50}").text != text
            if number % 50 == 49:
                for tenant in range(50):
                    headroom.purge(f"{tenant}")
    for name, times in seen.most_common():
        print(f"{name}: {times}")
    sys.exit(1 if seen["larger"] or seen["failed"] or seen["not given back"] else 0)


def piece_of(text: str, chance: random.Random) -> str:
    """The document, or of a long array some neighbouring elements, or of a long object some members."""
    if len(text) <= LONGEST:
        return text
    value = json.loads(text)
    if isinstance(value, list):
        start = chance.randrange(len(value))
        return json.dumps(value[start : start + chance.randint(1, 12)], indent=chance.choice([None, 1, 2]))[
            : 4 * LONGEST
        ]
    keys = list(value)
    return json.dumps({key: value[key] for key in chance.sample(keys, min(3, len(keys)))})[: 4 * LONGEST]


def mutated(text: str, chance: random.Random) -> str:
    """The text after some changes; now and then after none."""
    for _ in range(chance.choice([0, 0, 1, 1, 2, 8])):
        start = chance.randrange(len(text) + 1)
        end = start + chance.choice([0, 1, 3, 40])
        piece = text[start:end]
        text = text[:start] + chance.choice([*LETTERS, piece * 2, piece[::-1]]) + text[end:]
    return text


if __name__ == "__main__":
    main()
