"""A document of which only some rows are shown: the ones that matter, an even sample, and what the others hold.

The rows are those of `text.rows`, by whose numbers `headroom_retrieve` gives them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.json_docs.choosing import scores
from headroom_core.compressors.json_docs.documents import HOLE, Writer
from headroom_core.compressors.json_docs.drawing import LABELS, Table
from headroom_core.compressors.json_docs.notation import TAB
from headroom_core.compressors.json_docs.summary import identities, summarise
from headroom_core.compressors.json_docs.tables import Tables
from headroom_core.text.lines import to_ranges
from headroom_core.text.rows import Rows, rows_of
from headroom_core.types import Guidance, Hidden

MIN_HEAD = 80  # characters of a cell that is cut
MIN_ROOM = 600  # characters; in less no row, header and summary can stand
WANTED_ROWS = 24  # that a budget should have room for; longer rows have their long cells cut
SUMMARY_SHARE = 0.15  # of the budget at most for what the hidden rows hold
IDENTITY_SHARE = 0.3  # and for their ids
EVIDENCE_SHARE = 0.8  # of the rows' budget at most for rows with a reason; the rest is an even sample


@dataclass(frozen=True, slots=True)
class Elided:
    """What is shown, and which rows are not."""

    shown: str
    hidden: Hidden | None  # None where every row is shown, but some cells are cut


def elide(text: str, documents: list[object], budget: int, letters: float, guidance: Guidance) -> Elided | None:
    """The text within about `budget` tokens of `letters` characters each, or None where it has no rows to leave out."""
    found = rows_of(text)
    holder, above = _follow(documents, found) if found else (None, [])
    if found is None or not isinstance(holder, list | dict):
        return None
    unit = "documents" if found.form == "documents" else "rows"
    table = Tables(guidance.tick).rows(holder, unit)
    around = HOLE if holder is documents else Writer(guidance.tick, holder, above).documents(documents)
    if around.count(HOLE) != 1:
        return None
    room = int(budget * letters) - len(around)
    if room < MIN_ROOM:
        return None
    found_scores = scores(table, guidance.question, lambda: found.rows, guidance.tick)
    pick = _Picking(table, found_scores, room)
    chosen = pick.rows()
    hidden = sorted(set(range(len(table.lines))) - set(chosen))
    shown = around.replace(HOLE, _show(pick, chosen, hidden, found.path))
    ranges = to_ranges(number + 1 for number in hidden)
    return Elided(shown, Hidden("rows", ranges, len(table.lines)) if hidden else None)


def _follow(documents: list[object], found: Rows) -> tuple[object, list[object]]:
    """The value that holds the rows, and the values that lead to it, which can't be tables then."""
    if found.form == "documents":
        return documents, []
    value: object = documents if len(documents) > 1 else documents[0]
    above = [value]
    for step in found.steps:
        if (isinstance(value, dict) and isinstance(step, str)) or (isinstance(value, list) and isinstance(step, int)):
            value = value[step]  # type: ignore[index]
        else:
            return None, []
        above.append(value)
    return value, above[:-1]


@dataclass(frozen=True, slots=True)
class _Picking:
    """Rows chosen so that what they take, cut where they are long, fits the room. Sizes in characters."""

    table: Table
    scores: list[float]
    room: int

    @property
    def longest(self) -> int:
        """How long a cell may be before it is cut."""
        return max(MIN_HEAD, self.room // WANTED_ROWS)

    def line(self, number: int) -> str:
        """A row as it is shown: with its long cells cut, where it takes more than its share."""
        line = self.table.lines[number]
        return line if len(line) <= self.longest else cut(line, self.longest)

    def rows(self) -> list[int]:
        """The chosen rows, counted from 0, ascending."""
        count = len(self.table.lines)
        sizes = [min(len(line), self.longest + 30) + 6 for line in self.table.lines]
        left = self.room * (1 - SUMMARY_SHARE) - sum(map(len, self.table.headers))
        ids = identities(self.table, range(count), int(self.room * IDENTITY_SHARE))
        left -= len(ids)
        chosen: set[int] = set()
        evidence = left * EVIDENCE_SHARE
        for number in sorted((at for at in range(count) if self.scores[at]), key=lambda at: (-self.scores[at], at)):
            if sizes[number] <= evidence:
                chosen.add(number)
                evidence -= sizes[number]
                left -= sizes[number]
        rest = [number for number in range(count) if number not in chosen]
        if rest:
            average = sum(sizes[number] for number in rest) / len(rest)
            wanted = min(len(rest), max(0, int(left / average)))
            chosen.update(rest[(2 * at + 1) * len(rest) // (2 * wanted)] for at in range(wanted))
        return sorted(chosen)


def cut(line: str, longest: int) -> str:
    """The head of a long line, and how much more there is."""
    return f"{line[:longest]}...[+{len(line) - longest} characters]"


def _show(pick: _Picking, chosen: Sequence[int], hidden: Sequence[int], path: str) -> str:
    table = pick.table
    separator = table.dialect.separator
    where = f" of {path}" if path else ""
    lines = [f"{table.opening}{len(chosen)} of {len(table.lines)} {table.unit}{where}"]
    labels = [""] * len(table.lines)
    if len(table.kinds) == 1:
        gap = "\t" if table.dialect is TAB else " "
        lines[0] += f":{gap}#{separator}{table.headers[0]}"
    else:
        lines[0] += f", {len(table.kinds)} kinds:"
        for label, kind, header in zip(LABELS, table.kinds, table.headers, strict=False):
            lines.append(f"#{separator}{label}: {header}")
            for number in kind.rows:
                labels[number] = label + separator
    lines += [f"{number + 1}{separator}{labels[number]}{pick.line(number)}" for number in chosen]
    if hidden:
        facts = summarise(table, hidden, int(pick.room * SUMMARY_SHARE))
        lines += [f"the {len(hidden)} hidden rows: {fact}" for fact in facts]
        ids = identities(table, hidden, int(pick.room * IDENTITY_SHARE))
        if ids:
            lines.append(ids)
    return "\n".join([*lines, "]" if table.opening == "[" else "}"])
