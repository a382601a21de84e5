"""Who reads what: a table of what is right against what is surely claimed, over a corpus.

    uv run python benchmarks/confusion.py --corpus DIR

DIR is laid out as for `run.py`. Right is the kind of an item's folder; `text` and `qa` hold many sorts of text, where
wrong is only what would be read as something that it surely isn't (what parses as JSON is JSON). Fails under 99 %.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.route import SURE, route
from run import read_items

RIGHT = {"json": "json", "logs": "log", "code": "code", "html": "html", "diff": "diff", "search": "search"}
ANYTHING_ELSE = ("text", "qa")
SURELY_NOT = set(RIGHT.values()) - {"json"}  # what a text of these isn't
LEAST_RIGHT = 0.99


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    corpus = parser.parse_args().corpus
    table: Counter[tuple[str, str]] = Counter()
    wrong = 0
    for folder in (*RIGHT, *ANYTHING_ELSE):
        for item in read_items(corpus / folder, folder):
            found = route(str(item.messages[-1]["content"]), COMPRESSORS)
            kind = found[0].kind if found is not None and found[1] >= SURE else "-"
            table[folder, kind] += 1
            if kind != RIGHT[folder] if folder in RIGHT else kind in SURELY_NOT:
                wrong += 1
                print(f"wrong: {folder}/{item.name} is taken for {kind}")
    kinds = sorted({kind for _, kind in table})
    print(f"| true \\ surely taken for | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    for folder in (*RIGHT, *ANYTHING_ELSE):
        print(f"| {folder} | {' | '.join(str(table[folder, kind] or '') for kind in kinds)} |")
    right = 1 - wrong / table.total()
    print(f"{100 * right:.1f} % of {table.total()} right")
    if right < LEAST_RIGHT:
        sys.exit(1)


if __name__ == "__main__":
    main()
