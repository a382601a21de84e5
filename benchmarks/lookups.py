"""Whether one call of `headroom_retrieve` answers a question about any hidden value, and at what price.

    uv run python benchmarks/lookups.py --corpus DIR [--level balanced] [--count 1000]

Values are picked at random (seeded) from rows that are not shown, of the JSON items that were elided. The call is one
that a model could write from what it sees and what it was asked, with `fields` for the column: `query` with the row's
id, where it has one; by turns `query` with other values of the row, or `lines` with its number, which lies in the
hidden ranges, where it has none. A look-up is answered when the value stands in the answer, and cheap when the answer
takes at most 15 % of the original's tokens.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from headroom_core import Headroom, Policy
from headroom_core.compressors.json_docs import JsonDocs
from headroom_core.text.rows import members, rows_of
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Guidance, Level

CHEAP = 0.15  # of the original's tokens
KNOWN = 3  # other values of a row without an id, that a question about it would name
COUNT = tokenizer_for("gpt-4o").count


@dataclass(frozen=True, slots=True)
class Item:
    """An elided document and what is hidden of it."""

    name: str
    text: str
    handle: str
    tokens: int
    rows: tuple[str, ...]
    hidden: list[int]  # rows, counted from 0
    ids: dict[int, str]  # of the rows that have one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--level", default="balanced")
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    chance = random.Random(0)
    with Headroom("memory://", Policy.from_env({"HEADROOM_LEVEL": options.level})) as headroom:
        items = list(read_items(headroom, options.corpus / "json", cast(Level, options.level)))
        seen: Counter[str] = Counter()
        tokens: list[float] = []
        for turn in range(options.count):
            item = chance.choice(items)
            row = chance.choice(item.hidden)
            field, value = chance.choice(leaves(item.rows[row]))
            way, asked = call(item, row, field, by_number=bool(turn % 2))
            answer = headroom.retrieve(item.handle, **asked).text
            found = value in answer or json.dumps(value)[1:-1] in answer
            share = COUNT(answer) / item.tokens
            tokens.append(share)
            seen[f"asked by {way}"] += 1
            seen[f"asked by {way} and answered"] += found
            seen["answered"] += found
            seen["answered and cheap"] += found and share <= CHEAP
            if not found:
                seen[f"  not answered in {item.name}"] += 1
    for name, times in seen.most_common():
        print(f"{name}: {times} of {options.count}")
    print(
        f"tokens of an answer, % of the original's: median {100 * sorted(tokens)[len(tokens) // 2]:.2f}, "
        f"largest {100 * max(tokens):.2f}"
    )


def read_items(headroom: Headroom, folder: Path, level: Level) -> Iterator[Item]:
    """The documents that are elided, each kept under its handle."""
    for path in sorted(folder.glob("*.json")):
        text = path.read_bytes().decode("utf-8")
        view = JsonDocs().compress(text, Guidance(level=level, may_elide=True, count=COUNT))
        gone = view.regions[0].hidden
        found = rows_of(text)
        if gone is None:
            continue
        rows = tuple(row for array in found for row in array.rows)
        receipt = headroom.shrink(text, retrieval="tool").receipt
        hidden = [number - 1 for first, last in gone.ranges for number in range(first, last + 1)]
        yield Item(path.name, text, receipt.handle, COUNT(text), rows, hidden, ids_of(rows))


def ids_of(rows: tuple[str, ...]) -> dict[int, str]:
    """For each row the value of the first field that has another value in every row; none where there is no such."""
    columns: dict[str, dict[int, str]] = {}
    for number, row in enumerate(rows):
        for key, raw in members(row):
            if raw[0] not in "[{":
                columns.setdefault(key, {})[number] = str(json.loads(raw)) if raw[0] == '"' else raw
    for values in columns.values():
        if len(values) == len(rows) == len(set(values.values())):
            return values
    return {}


def call(item: Item, row: int, field: str, *, by_number: bool) -> tuple[str, dict[str, Any]]:
    """What a model would ask for a field of the row, and what it knew the row by."""
    fields = {"fields": [field]} if field else {}
    if row in item.ids:
        return "id", {"query": item.ids[row], **fields}
    others = [value for name, value in leaves(item.rows[row]) if name != field and len(value) > 1]
    if by_number or not others:
        return "number", {"lines": str(row + 1), **fields}
    return "other values", {"query": " ".join(others[:KNOWN]), **fields}


def leaves(row: str) -> list[tuple[str, str]]:
    """The values of a row, each under the name of its field; nested ones under that of the field around them."""
    found: list[tuple[str, str]] = []

    def collect(field: str, value: Any) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                collect(field, inner)
        elif isinstance(value, list):
            for inner in value:
                collect(field, inner)
        else:
            found.append((field, value if isinstance(value, str) else json.dumps(value)))

    listed = members(row)
    for key, raw in listed:
        collect(key, json.loads(raw))
    if not listed:
        collect("", json.loads(row))
    return found or [("", "")]


if __name__ == "__main__":
    main()
