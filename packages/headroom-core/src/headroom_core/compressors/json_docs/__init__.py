"""JSON documents: arrays of objects as tables, and where something gives them back, only the rows that matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from json import JSONDecodeError
from types import MappingProxyType

import orjson

from headroom_core.compressors.json_docs.documents import Writer
from headroom_core.compressors.json_docs.eliding import Elided, Elision, prepare
from headroom_core.compressors.json_docs.lexemes import minify, parse
from headroom_core.compressors.json_docs.reading import rebuild
from headroom_core.compressors.json_docs.tables import Tables
from headroom_core.text.cut_json import missing_end
from headroom_core.types import Fidelity, Guidance, Level, Region, View

MARKER_TOKENS = 30  # what the marker above an elided view takes
TRIES = 3  # to come near to the budget: characters say only roughly how many tokens a text takes
NEAR = 0.92  # of the budget: more rows than that are not worth another try
WORTH = 0.8  # of the equivalent form's tokens: what is elided and hardly shorter is not worth the loss


@dataclass(frozen=True, slots=True)
class JsonDocs:
    """The compressor of JSON: one document, JSON Lines, or documents one after the other.

    A document that was cut off behind an element of an array is read as if it ended there, and shown without an end.
    """

    kind: str = "json"
    budgets: Mapping[Level, int] = field(
        default_factory=lambda: MappingProxyType({"light": 15_000, "balanced": 8_000, "strong": 2_900})
    )  # tokens that a text may take before rows are left out

    def claim(self, text: str) -> float:
        """Sure where the whole text parses; its first letter rules out almost all else."""
        start = text[:64].lstrip("\ufeff \t\r\n")[:1]
        if start not in ("[", "{"):
            return 0.0
        try:
            orjson.loads(text)  # three times as fast as what tells the lexemes apart, and stricter
            return 1.0
        except ValueError:
            pass
        try:
            _read(text)
        except (ValueError, RecursionError):
            return 0.0
        return 1.0

    def compress(self, text: str, guidance: Guidance) -> View:
        """The text with its arrays of objects as tables; where that is still too long and may be, only some rows."""
        try:
            documents, end = _read(text)
            guidance.tick()
            tables = Tables(guidance.tick)
            shown = Writer(tables).documents(documents)
            prepared = partial(prepare, text, documents, tables, guidance)
            found = self._elided(shown, prepared, guidance) if guidance.may_elide else None
        except (ValueError, RecursionError):
            return View.verbatim(text)
        if found:
            return View((Region(text, found.shown, Fidelity.ELIDED, found.hidden),))
        if not shown.endswith(end):  # it was cut off in an array that is a cell of a table
            return View.verbatim(text)
        return View((Region(text, shown.removesuffix(end), Fidelity.EQUIVALENT),))

    def _elided(self, shown: str, prepared: Callable[[], Elision | None], guidance: Guidance) -> Elided | None:
        """What is shown with rows left out, or None where all fit, or leaving out would hardly help."""
        budget = guidance.budget or self.budgets[guidance.level]
        if len(shown) <= budget and shown.isascii():  # no token is shorter than a byte
            return None
        tokens = guidance.count(shown)
        target = min(budget, int(WORTH * tokens)) - MARKER_TOKENS
        elision = prepared() if tokens > budget else None
        if elision is None or target < 1:
            return None
        best, most = None, 0
        room = target * len(shown) // tokens
        for _ in range(TRIES):
            found = elision.within(room)
            taken = guidance.count(found.shown) if found else 0
            if found is None or taken == most:
                break
            if most < taken <= target:
                best, most = found, taken
            if NEAR * target <= taken <= target:
                break
            room = int(room * (NEAR + 1) / 2 * target / taken)
        return best

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the tables, read back, give the same values, lexemes and key order as the minified source."""
        try:
            whole, end = _minified(source)
            return rebuild(shown + end) == whole
        except (ValueError, LookupError, RecursionError):
            return False


def _read(text: str) -> tuple[list[object], str]:
    """The documents, and the brackets that the text lacks, where it was cut off. Raises ValueError for other texts."""
    try:
        return parse(text), ""
    except JSONDecodeError as error:
        end = missing_end(text, error.pos)
        return parse(text + end), end


def _minified(text: str) -> tuple[str, str]:
    """The same, as minified JSON."""
    try:
        return minify(text), ""
    except JSONDecodeError as error:
        end = missing_end(text, error.pos)
        return minify(text + end), end
