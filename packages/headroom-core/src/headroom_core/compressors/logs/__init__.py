"""Logs, and what builds, tests and tools print: many lines of few patterns, among which a few lines matter.

`mining` finds what lines share, `tables` and `patterns` make columns of the rest, `rows` writes the equivalent form
and `decoder` reads it back; `signals` knows which lines matter and `elide` shows those.
"""

from __future__ import annotations

from headroom_core.compressors.logs.claims import claim
from headroom_core.compressors.logs.decoder import decode
from headroom_core.compressors.logs.mining import Masked, mask_values
from headroom_core.compressors.logs.rows import encode
from headroom_core.compressors.logs.signals import error_lines
from headroom_core.types import Fidelity, Guidance, Region, View


class Logs:
    """Factors repeated parts out; where there is a way back, shows the lines that matter and sums up the rest."""

    kind = "log"

    def claim(self, text: str) -> float:
        """How sure it is that the text is a log, by time stamps, levels and the line shapes of known tools."""
        return claim(text)

    def compress(self, text: str, guidance: Guidance) -> View:
        """One region: equivalent rows, or what matters in the text, or the text as it came."""
        masked = mask_values(text)
        if masked is None:
            return View.verbatim(text)
        shown = encode(masked, _kept_whole(masked, guidance), guidance)
        if shown is None or guidance.count(shown) >= guidance.count(text) or decode(shown) != text:
            return View.verbatim(text)
        return View((Region(text, shown, Fidelity.EQUIVALENT),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the decoder makes the source of what is shown."""
        return decode(shown) == source


def _kept_whole(masked: Masked, guidance: Guidance) -> bytearray:
    """The lines, counted from 0, that stay as they are: the first and the last, and one of each error text."""
    whole = bytearray(len(masked.lines))
    whole[0] = 1
    whole[max((number for number, line in enumerate(masked.lines) if line.strip()), default=0)] = 1
    for lines in error_lines(masked, guidance.tick).values():
        whole[lines[0]] = 1
    return whole
