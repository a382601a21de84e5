"""Looking inside: every stage that one text goes through, for `headroom explain` and the curious.

python -m headroom_core.explain some.log
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from headroom_core.compressors.table import COMPRESSORS
from headroom_core.router.parts import kinds_of, parts_of, shown_as
from headroom_core.router.route import LEAST_CLAIM, SURE
from headroom_core.text.quoted import quoted_in
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Guidance, Level, Region

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
    """The parts of a text, or of the one that it quotes, as the pipeline would cut them, with claims and regions."""
    count = tokenizer_for(model).count
    guidance = Guidance(level=level, may_elide=may_elide, count=count)
    quoted = quoted_in(text)
    parts = parts_of(text if quoted is None else quoted.text, COMPRESSORS)
    stages = []
    for part in parts:
        regions = shown_as([part], guidance).regions
        claims = {each.kind: round(each.claim(part.text), 2) for each in COMPRESSORS}
        shown = count("".join(region.shown for region in regions))
        stages.append(Stage(part.text, count(part.text), claims, kinds_of([part]), regions, shown))
    return stages


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
