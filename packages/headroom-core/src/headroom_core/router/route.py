"""Choosing the compressor of a text by what each of them claims, and holding a view to its promise."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core.types import Compressor, Fidelity, Region, View

LEAST_CLAIM = 0.5  # under it a compressor isn't asked to read the text
PLAINEST = 0.95  # more is claimed only by who has parsed the whole text
SURE = 0.8  # from here on a claim is good enough to leave facts out


def route(text: str, compressors: Sequence[Compressor]) -> tuple[Compressor, float] | None:
    """The compressor with the highest claim on the text, and that claim; None where nobody claims it.

    The first in the table wins a tie. The search ends at a claim that nobody who looks at a sample goes beyond.
    """
    best: tuple[Compressor, float] | None = None
    for compressor in compressors:
        claim = compressor.claim(text)
        if claim >= LEAST_CLAIM and (best is None or claim > best[1]):
            best = (compressor, claim)
            if claim >= PLAINEST:
                break
    return best


def held_to_its_promise(view: View, compressor: Compressor) -> View:
    """The view, with every EQUIVALENT region that its decoder can't rebuild shown verbatim instead.

    The one proof: whatever any compressor hands out passes here, so none of them has to prove its own form first.
    """
    held = tuple(
        Region.verbatim(region.source)
        if region.fidelity is Fidelity.EQUIVALENT and not compressor.rebuilds(region.source, region.shown)
        else region
        for region in view.regions
    )
    return view if held == view.regions else View(held)
