"""Looking inside: every stage that one text goes through, for `headroom explain` and the curious.

python -m headroom_core.explain some.log
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.route import LEAST_CLAIM, SURE, held_to_its_promise, route
from headroom_core.router.splitter import split
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Compressor, Guidance, Level, Region

SHOWN_CHARS = 400  # of each region


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of a text, and what its compressor makes of it."""

    part: str
    tokens: int
    claims: dict[str, float]  # by kind, in the order of the table
    kind: str  # of the chosen compressor; empty where nobody claims the part
    regions: tuple[Region, ...]
    tokens_shown: int


def explain(text: str, level: Level = "balanced", *, may_elide: bool = False, model: str = "gpt-4o") -> list[Stage]:
    """The parts of a text as the pipeline would cut them, with claims, regions and tokens of each."""
    count = tokenizer_for(model).count
    guidance = Guidance(level=level, may_elide=may_elide, count=count)
    whole = route(text, COMPRESSORS)
    parts = [text] if whole is not None and whole[1] >= SURE else split(text)
    stages = []
    for part in parts:
        found = route(part, COMPRESSORS)
        regions = _regions(found[0], part, guidance) if found else (Region.verbatim(part),)
        claims = {each.kind: round(each.claim(part), 2) for each in COMPRESSORS}
        shown = count("".join(region.shown for region in regions))
        stages.append(Stage(part, count(part), claims, found[0].kind if found else "", regions, shown))
    return stages


def _regions(compressor: Compressor, part: str, guidance: Guidance) -> tuple[Region, ...]:
    return held_to_its_promise(compressor.compress(part, guidance), compressor).regions


def spell_stages(stages: Sequence[Stage]) -> str:
    """The stages as text for a terminal."""
    lines = []
    for number, stage in enumerate(stages, start=1):
        lines.append(f"part {number} of {len(stages)}: {len(stage.part)} characters, {stage.tokens} tokens")
        claims = ", ".join(f"{kind} {claim:g}" for kind, claim in stage.claims.items())
        lines.append(f"  claims (of 1; {LEAST_CLAIM:g} is needed, {SURE:g} to leave facts out): {claims}")
        lines.append(f"  chosen: {stage.kind or 'nobody, so it goes out as it came'}")
        for region in stage.regions:
            lines.append(f"  {region.fidelity}: {len(region.source)} -> {len(region.shown)} characters")
            if region.hidden is not None:
                lines.append(f"    hidden: {region.hidden.count} of {region.hidden.total} {region.hidden.unit}")
            shown = region.shown if len(region.shown) <= SHOWN_CHARS else region.shown[:SHOWN_CHARS] + " [...]"
            lines += [f"    | {line}" for line in shown.split("\n")]
        lines.append(f"  shown: {stage.tokens_shown} tokens")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m headroom_core.explain FILE")
    source = Path(sys.argv[1]).read_bytes().decode("utf-8", "surrogateescape")
    sys.stdout.write(spell_stages(explain(source)) + "\n")
