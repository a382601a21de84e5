"""Tables that are no JSON, and listings: separated values, drawn tables, columns set by blanks, paths and trees.

`text.tables` knows their rows and cells; `encoding` says once what rows share and `notation` reads it back; `trees`
does the same for `tree`; `eliding` shows the lines that matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from headroom_core.compressors.text_tables.eliding import elide_table, elide_tree
from headroom_core.compressors.text_tables.encoding import encode
from headroom_core.compressors.text_tables.notation import decode
from headroom_core.compressors.text_tables.trees import decode_tree, encode_tree, is_tree
from headroom_core.text.tables import Table, layout_of
from headroom_core.types import Fidelity, Guidance, Level, Region, View

MARKER_TOKENS = 40  # what the marker above an elided view takes
WORTH = 0.8  # of the equivalent form's tokens: what is elided and hardly shorter is not worth the loss
LEAST_LEFT = 0.2  # of the source's tokens: no equivalent form is shorter
ROWS_SHARE = 0.5  # of the lines that say something, which must be rows

_FINDINGS = re.compile(r"\A(?:\S[^\n]*\n|\n){1,4}(?:[ \t]+\d+:\d+[ \t]+(?:error|warning)[ \t][^\n]*\n){2}").match


@dataclass(frozen=True, slots=True)
class TextTables:
    """The compressor of tables and listings."""

    kind: str = "table"
    budgets: Mapping[Level, int] = field(
        default_factory=lambda: MappingProxyType({"light": 12_000, "balanced": 6_000, "strong": 2_500})
    )  # tokens that a text may take before lines are left out

    def claim(self, text: str) -> float:
        """How sure it is that the lines are rows, by how many of a sample a layout gives back."""
        if is_tree(text):
            return 0.95
        layout = layout_of(text)
        if layout is None or not _FINDINGS(text):
            return layout.sure if layout else 0.0
        return 0.0  # each belongs to the file that is named above it

    def compress(self, text: str, guidance: Guidance) -> View:
        """The text with what rows share said once; where that is still too long and may be, only some lines."""
        guidance.tick()
        tree = is_tree(text)
        table = None if tree else Table.read(text, guidance.tick)
        if not tree and (table is None or not _are_rows(table)):
            return View.verbatim(text)
        budget = self.budgets[guidance.level] if guidance.budget is None else guidance.budget
        if guidance.may_elide and guidance.count(text) * LEAST_LEFT > budget:
            found = _elided(text, table, budget, guidance)
            if found:
                return found
        shown = (encode(table, guidance.tick, guidance.count) if table else encode_tree(text)) or text
        if tree and not self.rebuilds(text, shown):  # not drawn as `tree` does: then it has no other form
            shown = text
        guidance.tick()
        fits = len(shown) <= budget and shown.isascii()  # no token is shorter than a byte
        found = _elided(text, table, budget, guidance, shown) if guidance.may_elide and not fits else None
        if found:
            return found
        return View.verbatim(text) if len(shown) >= len(text) else View((Region(text, shown, Fidelity.EQUIVALENT),))

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether the table or tree, read back, is the source."""
        try:
            return (decode_tree if shown[:80].partition("\n")[0].find("tree:") > 0 else decode)(shown) == source
        except (ValueError, TypeError):
            return False


def _are_rows(table: Table) -> bool:
    """Whether most lines that say something are rows."""
    said = sum(not line.isspace() for line in table.lines if line)
    return sum(row is not None for row in table.rows) >= ROWS_SHARE * said


def _elided(text: str, table: Table | None, budget: int, guidance: Guidance, shown: str = "") -> View | None:
    """The text with lines left out; None where `shown` fits, if there is one, or leaving out would hardly help."""
    tokens = guidance.count(shown or text)
    target = min(budget, int(WORTH * tokens)) - MARKER_TOKENS
    if tokens <= budget or target < MARKER_TOKENS:
        return None
    found = elide_table(table, target, guidance) if table else elide_tree(text.split("\n"), target, guidance)
    if not found.hidden.ranges or guidance.count(found.shown) > WORTH * tokens - MARKER_TOKENS:
        return None
    return View((Region(text, found.shown, Fidelity.ELIDED, found.hidden),))
