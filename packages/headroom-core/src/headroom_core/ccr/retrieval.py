"""What is handed out of an original: the whole, or the rows or lines that are asked for.

Computed from the original alone, so the same question has the same answer in any process. A part begins with one
line that says which part it is, and where more was wanted than fits, ends with one that says how to get the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from headroom_core.ccr.fields import reduce_arrays, reduce_lines
from headroom_core.ccr.fitting import Choice, fit
from headroom_core.errors import SettingError
from headroom_core.text.lines import read_ranges, split_lines
from headroom_core.text.quoted import quoted_in
from headroom_core.text.relevance import rank
from headroom_core.text.rows import members, rows_of
from headroom_core.types import CountTokens, Original, rough_tokens

QUERY_TOKENS = 2_000  # of an answer to a query that names no limit: the best matches, not all of them
WHOLE_TOKENS = (
    25_000  # up to which a model gets an original whole, and ranges that it names: what MCP clients let through
)
BROAD_TOKENS = 4_000  # of a larger one: it was to cost less, and would be paid for again with every turn
WORST_MATCH = 0.5  # share of the best score; under it a unit has but a frequent word in common with the query
CONTEXT = 2  # lines shown before and after a match
NAMED_CHARS = 80  # of a question, that an answer repeats
MATCHES_WITH_CONTEXT = 10  # lines; more matches than that are a list, and their neighbours would crowd it


@dataclass(frozen=True, slots=True)
class _Units:
    """An original, cut."""

    name: str  # "rows" or "lines"
    texts: Sequence[str]
    arrays: Sequence[tuple[str, range]] = ()  # of rows, where they are of several: the name and the numbers of each


def answer(  # noqa: PLR0913  # the ways to ask are those of `headroom_retrieve`
    text: str,
    handle: str,
    *,
    query: str | None = None,
    lines: str | None = None,
    fields: Sequence[str] | None = None,
    max_tokens: int | None = None,
    count: CountTokens = rough_tokens,
) -> Original:
    """The original, or the part of it that is asked for.

    Args:
        text: the original.
        handle: its handle.
        query: words; the best matching units come, each behind its number. Within `lines`, where both are given.
        lines: ranges like "16-40, 52", of rows where the original has rows, else of lines.
        fields: names of the fields that each row is reduced to; `owner.name` is looked for inside `owner`.
        max_tokens: how long the answer may be; None: as long as it is, but for a query's matches.
        count: the tokenizer.

    Raises:
        SettingError: something is asked for that the original doesn't have; one sentence that says what it has.
    """
    if max_tokens is not None and max_tokens < 1:
        raise SettingError(f"max_tokens is {max_tokens}; expected a positive number")
    units = _cut(text)
    query, lines, total = (query or "").strip(), (lines or "").strip(), len(units.texts)
    fields = [name.strip() for name in fields or () if name.strip()]
    if not (query or lines or fields) and (max_tokens is None or count(text) <= max_tokens):
        return Original(handle, text, units.name, total, whole=True)
    if fields and units.name == "lines" and members(text):
        units, lines, query = _Units("rows", [text]), "", ""  # one object: all that can be named is its fields
    numbers = _named(units, lines) if lines else list(range(1, len(units.texts) + 1))
    if query:
        numbers = _matches(units, numbers, query)
        max_tokens = QUERY_TOKENS if max_tokens is None else max_tokens
    elif not lines:
        numbers = _both_ends_of_all(units, numbers)
    if not numbers:
        return Original(handle, _nothing(units, query, lines), units.name, total, whole=False)
    choice = _with_fields(units, numbers, query, fields)
    return Original(handle, fit(choice, max_tokens, count), units.name, total, whole=False)


def usual_limit(text: str, count: CountTokens, *, named: bool) -> int | None:
    """The tokens of an answer to a model that sets no limit and has no query; None: as many as it takes.

    `named`: it names lines or fields, and doesn't ask for whatever there is.
    """
    if count(text) <= WHOLE_TOKENS:
        return None
    return WHOLE_TOKENS if named else BROAD_TOKENS


def _cut(text: str) -> _Units:
    quoted = quoted_in(text)
    if quoted is not None:
        return _Units("lines", split_lines(quoted.text))
    found = rows_of(text)
    if not found:
        return _Units("lines", split_lines(text))
    arrays = [(array.path[:NAMED_CHARS], array.numbers) for array in found] if len(found) > 1 else []
    return _Units("rows", [row for array in found for row in array.rows], arrays)


def _named(units: _Units, lines: str) -> list[int]:
    total = len(units.texts)
    try:
        ranges = read_ranges(lines)
    except ValueError:
        raise SettingError(f'lines is {lines!r}; expected ranges of {units.name} like "16-40, 52"') from None
    numbers = {number for first, last in ranges for number in range(first, min(last, total) + 1)}
    if not numbers:
        raise SettingError(f"lines is {lines!r}, but this original has {units.name} 1-{total}; ask for some of those")
    return sorted(numbers)


def _matches(units: _Units, numbers: Sequence[int], query: str) -> list[int]:
    """The numbers whose units match, best first; after few lines, their neighbours."""
    ranked = rank(query, [units.texts[number - 1] for number in numbers])
    found = [numbers[index] for index, score in ranked if score >= WORST_MATCH * ranked[0][1]]
    if units.name == "rows" or len(found) > MATCHES_WITH_CONTEXT:
        return found
    distances = [sign * distance for distance in range(1, CONTEXT + 1) for sign in (-1, 1)]
    near = dict.fromkeys(hit + distance for hit in found for distance in distances)
    allowed = set(numbers).difference(found)
    return [*found, *(number for number in near if number in allowed)]


def _both_ends_of_all(units: _Units, numbers: Sequence[int]) -> list[int]:
    """The numbers of every array in the order of `_both_ends`, one of each after the other."""
    if not units.arrays:
        return _both_ends(numbers)
    turns = zip_longest(*(_both_ends(own) for _, own in units.arrays))
    return [number for turn in turns for number in turn if number is not None]


def _both_ends(numbers: Sequence[int]) -> list[int]:
    """The numbers in the order in which they are worth showing unasked: two of the beginning for one of the end."""
    ordered: list[int] = []
    first, last = 0, len(numbers)
    while first < last:
        ordered += numbers[first : min(first + 2, last)]
        first += 2
        if first < last:
            last -= 1
            ordered.append(numbers[last])
    return ordered


def _with_fields(units: _Units, numbers: Sequence[int], query: str, fields: Sequence[str]) -> Choice:
    def whole(number: int) -> str:
        return units.texts[number - 1]

    if not fields:
        return Choice(units.name, len(units.texts), numbers, whole, query, arrays=units.arrays)
    if units.name == "lines":
        reduced = reduce_lines("".join(units.texts), fields)
        numbers = [number for number in numbers if number in reduced]
        if not numbers:
            raise SettingError("None of these lines is a row of the table; ask without fields")
    else:
        arrays = units.arrays or [("", range(1, len(units.texts) + 1))]
        rows = [(name, {number: whole(number) for number in numbers if number in own}) for name, own in arrays]
        reduced = reduce_arrays(rows, fields)
        numbers = [number for number in numbers if number in reduced]
    remark = f", only {', '.join(fields)[:NAMED_CHARS]}"
    return Choice(units.name, len(units.texts), numbers, reduced.__getitem__, query, remark, units.arrays)


def _nothing(units: _Units, query: str, lines: str) -> str:
    among = f"{units.name} {lines}" if lines else f"{len(units.texts)} {units.name}"
    said = repr(query[:NAMED_CHARS])
    return f"No match for {said} in {among}. Try other words, or lines=, or ask for the whole with the id alone."
