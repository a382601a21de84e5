"""Fitting a part of an original into so many tokens, with a first line that names it and a last one for the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headroom_core.text.lines import spell_ranges, to_ranges
from headroom_core.text.relevance import rank
from headroom_core.text.sentences import split_sentences
from headroom_core.types import CountTokens

LEAST_TOKENS = 100  # a smaller limit is raised to this: under it there is no room beside the two lines of our own
LEAST_STEP = 8  # tokens by which the room shrinks while a text of ours is over the limit
MOST_RANGES = 6  # spelled in each
MISSES = 50  # units in a row that are too long for what room is left, and the search for a shorter one ends
SENTENCE_CHARS = 900  # of a sentence, at most, that is one piece of a unit which is itself too long; longer ones are
WINDOW_CHARS = 300  # cut into windows of so many


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be shown, before anybody asked whether it fits."""

    unit: str  # "rows" or "lines"
    total: int  # of them in the original
    numbers: Sequence[int]  # of the units wanted, from 1, the most wanted first
    show: Callable[[int], str]  # a unit, by its number
    query: str = ""  # the units match it: each is shown behind its number, and too long ones make way for others
    remark: str = ""  # for the first line
    arrays: Sequence[tuple[str, range]] = ()  # of rows, where they are of several: the name and the numbers of each


@dataclass(frozen=True, slots=True)
class _Taken:
    numbers: list[int]  # ascending
    cut: str | None = None  # what is shown of the only unit, where even that is too long


def fit(choice: Choice, max_tokens: int | None, count: CountTokens) -> str:
    """The choice as text, of at most so many tokens; the most wanted units are in it, in source order."""
    if max_tokens is None:
        return _compose(choice, _Taken(sorted(choice.numbers)))
    limit = max(max_tokens, LEAST_TOKENS)
    room = limit
    while True:
        text = _compose(choice, _take(choice, room, count))
        over = count(text) - limit
        if over <= 0 or room <= 0:
            return text
        room -= max(over, LEAST_STEP)


def _take(choice: Choice, room: int, count: CountTokens) -> _Taken:
    taken: list[int] = []
    misses = 0
    for number in choice.numbers:
        needed = count(_piece(choice, number))
        if needed <= room:
            room -= needed
            taken.append(number)
            misses = 0
            continue
        misses += 1
        if not choice.query or misses > MISSES:
            break
    if taken or not choice.numbers:
        return _Taken(sorted(taken))
    first = choice.numbers[0]
    return _Taken([first], _excerpt(choice.show(first), choice.query, room, count))


def _excerpt(text: str, query: str, room: int, count: CountTokens) -> str:
    """The sentences of a long text that a query is about or, without one, its beginning."""
    windows = [window for sentence in split_sentences(text) for window in _windows(sentence)]
    best = [index for index, _ in rank(query, windows)] if query else []
    taken: list[int] = []
    for index in best or range(len(windows)):
        room -= count(windows[index]) + 1
        if room < 0:
            break
        taken.append(index)
    runs = ["".join(windows[first : last + 1]) for first, last in to_ranges(sorted(taken))]
    return " ... ".join(runs)


def _windows(sentence: str) -> list[str]:
    if len(sentence) <= SENTENCE_CHARS:
        return [sentence]
    return [sentence[start : start + WINDOW_CHARS] for start in range(0, len(sentence), WINDOW_CHARS)]


def _compose(choice: Choice, taken: _Taken) -> str:
    total = f" of {choice.total}" if choice.total else ""
    head = f"{_name(choice, taken.numbers)}{total}{choice.remark}"
    if taken.cut is not None:
        shown, whole = len(taken.cut), len(choice.show(taken.numbers[0]))
        return (
            f"{head}{_array(choice, taken.numbers[0])}, {shown} of {whole} characters:\n{taken.cut}\n"
            f"(too long for max_tokens: a larger one shows more, a query other places)"
        )
    body = "".join(_pieces(choice, taken.numbers))
    rest = _rest(choice, taken.numbers)
    return f"{head}:\n{body}{rest}" if rest else f"{head}:\n{body}".removesuffix("\n")


def _pieces(choice: Choice, numbers: Sequence[int]) -> list[str]:
    if choice.arrays:
        groups = [[number for number in numbers if number in own] for _, own in choice.arrays]
    else:
        groups = [list(numbers)]
    pieces = []
    for group in filter(None, groups):
        of_array = _array(choice, group[0])
        if choice.query:
            pieces += [f"{of_array.lstrip()}:\n"] if of_array else []
            pieces += [_piece(choice, number) for number in group]
            continue
        runs = to_ranges(group)
        for first, last in runs:
            if len(runs) > 1 or of_array:
                pieces.append(f"{_name(choice, range(first, last + 1))}{of_array}:\n")
            pieces += [_piece(choice, number) for number in range(first, last + 1)]
    return pieces


def _array(choice: Choice, number: int) -> str:
    """Whose row it is, ` of orders`, where that is to be said."""
    return next((f" of {name}" for name, own in choice.arrays if number in own), "")


def _piece(choice: Choice, number: int) -> str:
    return _line_ended(f"{number}: {choice.show(number)}" if choice.query else choice.show(number))


def _rest(choice: Choice, numbers: Sequence[int]) -> str:
    """One line on what was wanted and isn't shown."""
    left = sorted(set(choice.numbers) - set(numbers))
    if not left:
        return ""
    if choice.query:
        return f"({_name(choice, left)} left out: a larger max_tokens shows them, or lines=)"
    return f"({_name(choice, left)} did not fit: ask for some with lines=, search with query=, or raise max_tokens)"


def _name(choice: Choice, numbers: Sequence[int]) -> str:
    unit = choice.unit if len(numbers) > 1 else choice.unit.removesuffix("s")
    return f"{unit} {spell_ranges(to_ranges(numbers), MOST_RANGES)}"


def _line_ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
