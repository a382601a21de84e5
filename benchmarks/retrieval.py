"""What asking back costs: tokens of the answer to a model that asks for all of an original, by its id alone.

    uv run python benchmarks/retrieval.py --corpus DIR

Over those texts of a folder, at any depth, that something is left out of with a way back. Tokens are o200k.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median

from headroom_core import Fidelity, Headroom
from headroom_core.text.tokens import tokenizer_for

LONGEST_CHARS = 3_000_000  # of a text: no tool's output is longer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with texts")
    measured = list(measure(parser.parse_args().corpus))
    print(f"{len(measured)} originals{'':8}{'mean':>10}{'median':>10}{'most':>10}")
    for name, tokens in zip(("original", "shown", "answer to the id"), zip(*measured, strict=True), strict=True):
        print(f"{name:22}{mean(tokens):10.0f}{median(tokens):10.0f}{max(tokens):10}")


def measure(corpus: Path) -> Iterator[tuple[int, int, int]]:
    """Tokens of each original, of what is shown for it, and of the answer."""
    count = tokenizer_for("gpt-4o").count
    with Headroom("memory://") as headroom:
        for path in sorted(corpus.rglob("*")):
            if not path.is_file() or path.stat().st_size > LONGEST_CHARS:
                continue
            receipt = headroom.shrink(path.read_bytes().decode("utf-8", "replace"), retrieval="tool").receipt
            if receipt.fidelity is Fidelity.ELIDED:
                answer = headroom.answer({"id": receipt.handle})
                yield receipt.tokens_before, receipt.tokens_after, count(answer)


if __name__ == "__main__":
    main()
