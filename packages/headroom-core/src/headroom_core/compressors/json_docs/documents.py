"""Parsed JSON written as minified JSON in which arrays of objects stand as tables, and what comes twice stands once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from headroom_core.compressors.json_docs.columns import Record
from headroom_core.compressors.json_docs.embedding import Embedded, embedded
from headroom_core.compressors.json_docs.lexemes import dump, encode
from headroom_core.compressors.json_docs.notation import is_plain, made_of, member, same_as
from headroom_core.compressors.json_docs.notation import value as bare
from headroom_core.compressors.json_docs.tables import MIN_RECORDS, Tables
from headroom_core.text.rows import spell_path

HOLE = "\x00"  # stands in no other text that is written: JSON escapes it
MAX_ALIKE = 20  # objects with the same keys that a later one is compared with
MIN_ADDRESS = 12  # characters of an address from which others may go on
MIN_REPEATED = 120  # characters of an object, from where on its second mention is a path

_BORDER = re.compile(r"[^\w%~-]")  # where one address may end and another go on

Steps = tuple[str | int, ...]


class Writer:
    """Writes the documents of one text."""

    def __init__(self, tables: Tables, holes: Sequence[object] = (), above: Sequence[object] = ()) -> None:
        self._tables = tables
        self._holes = {id(value): value for value in holes}  # that are written as `HOLE`: somebody else shows them
        self._above = {id(value): value for value in above}  # what they lie in: no tables, a cell has no hole
        self._documents_at = 0  # steps to a document: none, or its number; it is never a path to another
        self._seen: dict[tuple[str, ...], list[tuple[Record, Steps]]] = {}

    def documents(self, documents: list[object]) -> str:
        """The documents of a text: one, or a table of them, or one to a line."""
        if len(documents) == 1:
            return self._value(documents[0], ())
        self._documents_at = 1
        tabular = len(documents) >= MIN_RECORDS and not self._leads_on(documents)
        table = self._tables.table(documents, "documents") if tabular else None
        return (
            table.text()
            if table
            else "\n".join([self._value(document, (at,)) for at, document in enumerate(documents)])
        )

    def _value(self, value: object, steps: Steps) -> str:
        """A value outside of any table."""
        if id(value) in self._holes:
            return HOLE
        kind = type(value)
        if kind is dict:
            return self._object(value, steps)  # type: ignore[arg-type]
        if kind is list:
            elements: list[object] = value  # type: ignore[assignment]
            table = None if self._leads_on(value) else self._tables.table(elements, "rows")
            if table:
                return table.text()
            return "[" + ",".join([self._value(inner, (*steps, at)) for at, inner in enumerate(elements)]) + "]"
        if kind is Embedded:
            return self._embedded(value)  # type: ignore[arg-type]
        if kind is not str:
            return dump(value)
        text: str = value  # type: ignore[assignment]
        found = embedded(text)
        if found:
            return self._value(found, steps)
        return bare(text, in_array=bool(steps) and type(steps[-1]) is int)

    def _embedded(self, inside: Embedded) -> str:
        """A document inside a string: what it says twice it says by its own paths."""
        writer = Writer(self._tables, tuple(self._holes.values()), tuple(self._above.values()))
        return f"(text of JSON {inside.spelling}: {writer.documents([inside.document])})"

    def _object(self, members: Record, steps: Steps) -> str:
        leads_on = self._leads_on(members)
        if not leads_on and len(members) > 1 and len(steps) > self._documents_at:
            earlier = self._earlier(members, steps)
            if earlier:
                return same_as(spell_path(earlier))
        table = None if leads_on else self._tables.records(members)
        if table:
            return table.text()
        return "{" + ",".join(self._members(members, steps)) + "}"

    def _members(self, members: Record, steps: Steps) -> Iterator[str]:
        """Key and value of each member, addresses that go on from an earlier one of the object without its letters.

        The last member is written whole in any case: one example of what the others look like.
        """
        addresses: dict[str, str] = {}  # what stands in the object so far, and under which key
        last = next(reversed(members), None)
        for key, value in members.items():
            shown = ""
            if type(value) is str and "/" in value:
                shown = _going_on(value, addresses) if addresses and key != last else ""
                if not shown and len(value) >= MIN_ADDRESS and is_plain(key):
                    addresses.setdefault(value, key)
            yield f"{member(key)}:{shown or self._value(value, (*steps, key))}"

    def _earlier(self, members: Record, steps: Steps) -> Steps:
        """The path of an equal object that was written before; empty where there is none, or it is short."""
        alike = self._seen.setdefault(tuple(members), [])
        for known, where in alike:
            if known == members:
                letters = dump(members)
                if len(letters) >= MIN_REPEATED and dump(known) == letters:
                    return where
        if len(alike) < MAX_ALIKE:
            alike.append((members, steps))
        return ()

    def _leads_on(self, value: object) -> bool:
        return id(value) in self._above


def _going_on(address: str, known: dict[str, str]) -> str:
    """The address as what goes on from the longest known one; empty where none leads there."""
    for found in reversed(list(_BORDER.finditer(address, MIN_ADDRESS))):
        key = known.get(address[: found.start()])
        if key:
            return made_of("", key, encode(address[found.start() :]))
    return ""
