"""The curve of saved tokens against needles kept, for budgets of every size, and where the levels lie on it.

    uv run --group bench python benchmarks/levels.py --corpus DIR [--kinds json] [--out docs/levels.svg]

For every kind a table is printed, budget by budget, and a curve is drawn; a budget is what a text may take before facts
are left out, in tokens of o200k. The levels are points on it. Items and needles are those of `run.py`; tokens are
those of the texts alone, where `run.py` counts whole conversations.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headroom_core import Headroom, Policy
from headroom_core.types import Level
from run import Item, kept, read_items

BUDGETS = (1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000, 11_000, 15_000, 20_000)
PATIENCE = 60_000  # ms: a busy machine is not to bend the curve
LEVELS: tuple[Level, ...] = ("light", "balanced", "strong")
KINDS = ("json", "logs", "code", "html", "diff", "search")


@dataclass(frozen=True, slots=True)
class Point:
    """One way to show a kind's items."""

    name: str  # of the level, or the budget
    saved: float  # % of the tokens of the texts alone
    kept: float  # % of the needles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--out", type=Path, help="an .svg or .png file; nothing is drawn without it")
    options = parser.parse_args()
    curves: dict[str, list[Point]] = {}
    print("| kind | shown with | saved % | needles kept % |\n|---|---|---|---|")
    for kind in options.kinds.split(","):
        items = list(read_items(options.corpus / kind, kind))
        curves[kind] = []
        for point in points(items):
            curves[kind].append(point)
            print(f"| {kind} | {point.name} | {point.saved:.1f} | {point.kept:.1f} |", flush=True)
    if options.out:
        draw(curves, options.out)


def points(items: list[Item]) -> Iterator[Point]:
    """No way back, the levels, and the budgets."""
    yield measured("no way back", items, Policy(max_block_ms=PATIENCE), {"retrieval": "none"})
    for level in LEVELS:
        yield measured(level, items, Policy(level=level, max_block_ms=PATIENCE), {"retrieval": "tool"})
    for budget in BUDGETS:
        yield measured(f"{budget}", items, Policy(max_block_ms=PATIENCE), {"retrieval": "tool", "budget": budget})


def measured(name: str, items: list[Item], policy: Policy, terms: dict[str, Any]) -> Point:
    """All items shown under these terms."""
    before = after = needles = found = 0
    with Headroom("memory://", policy) as headroom:
        for item in items:
            text = str(item.messages[-1]["content"])
            shown = headroom.shrink(text, **terms)
            before += shown.receipt.tokens_before
            after += shown.receipt.tokens_after
            needles += len(item.needles)
            found += kept(shown.text, item.needles)
    return Point(name, 100 * (before - after) / before, 100 * found / max(1, needles))


def draw(curves: dict[str, list[Point]], out: Path) -> None:
    """A panel for every kind: the budgets as a line, the levels as marks on it."""
    import matplotlib as mpl

    mpl.use("agg")
    mpl.rcParams |= {
        "svg.hashsalt": "levels",
        "svg.fonttype": "none",
    }  # the same bytes from the same numbers, few of them
    from matplotlib import pyplot

    columns = min(3, len(curves))
    rows = -(-len(curves) // columns)
    figure, panels = pyplot.subplots(rows, columns, figsize=(4.2 * columns, 3.4 * rows), squeeze=False, sharey=True)
    for panel in panels.flat[len(curves) :]:
        panel.set_visible(False)
    for panel, (kind, found) in zip(panels.flat, curves.items(), strict=False):
        line = [point for point in found if point.name.isdigit()]
        panel.plot([point.saved for point in line], [point.kept for point in line], ".-", color="#6b7a90", lw=1)
        for point in found:
            if not point.name.isdigit():
                panel.plot(point.saved, point.kept, "o", color="#b3541e")
                panel.annotate(
                    point.name, (point.saved, point.kept), xytext=(4, -11), textcoords="offset points", fontsize=8
                )
        panel.set(title=kind, xlabel="tokens saved, %", ylabel="needles kept, %")
        panel.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None} if out.suffix == ".svg" else None)


if __name__ == "__main__":
    main()
