"""Finding line patterns: which lines are the same but for their values.

One split of the whole text masks every value (a word from its first digit on, or a hexadecimal word); lines with
equal masks share a key. Keys that differ in a single word are then merged, so that names become values too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from operator import mul

SEPARATORS = r"""\s,;|"'()\[\]{}<>="""  # end a word; so no value ever holds a comma, the mark between values
_WORD_END = rf"[^{SEPARATORS}]*"
_SIGNED = r"(?<![0-9A-Za-z_]-)(?<=-)[0-9]"  # behind a dash that is no hyphen
_VALUE = re.compile(rf"([0-9-](?:(?<=[0-9])|{_SIGNED}){_WORD_END})")
_HEX = r"(?<![0-9A-Za-z_].)(?=[a-f]{0,15}[0-9])[0-9a-f]{5,}"  # behind a letter that begins a word
_HEX_WORD = re.compile(f"[a-f]{_HEX}")
_VALUE_OR_HEX = re.compile(rf"([0-9a-f-](?:(?<=[0-9])|{_SIGNED}|(?<=[a-f]){_HEX}){_WORD_END})")
_SEARCHED_CHARS = 20_000  # for hexadecimal words: not to look for them halves the time of the split
_TOKEN = re.compile(rf"[ ]+|[^{SEPARATORS}]+|[\s\S]")
_BLANKS = re.compile(" +")
_MASKS = "\0\1\2\3\4\5\6\7\x0e\x0f\ue000\ue001"  # stands for a value in a key: the first that the text doesn't hold
KEY_CHARS = 2_000  # a longer key is not taken apart: its line stays whole
KEY_TOKENS = 120
MERGED_TOKENS = 300_000  # of the keys that are compared: what is still new past them has no patterns
MERGE_FROM = 3  # keys that differ in one word only
NAMED_FROM = 20  # keys that differ in more words
_MODULUS = (1 << 61) - 1


@dataclass(frozen=True, slots=True)
class Masked:
    """A text cut into lines, keys and values."""

    text: str
    lines: list[str]  # without line ends; joined with them they are the text
    values: list[str]  # of all lines, in order
    offsets: list[int]  # where in `values` those of a line begin
    keys: dict[str, list[int]]  # masked line -> numbers of its lines, counted from 0, ascending
    mask: str


@dataclass(frozen=True, slots=True)
class Table:
    """Lines of one pattern: the pieces of text between the columns, one more than columns, and the columns."""

    literals: list[str]
    columns: list[list[str]]
    lines: list[int]  # numbers of the lines, counted from 0, in the order of the columns' cells
    mask: str  # encloses a rule for blanks in a literal, see `tables`; ends the text before a column that obeys one
    height: int = 1  # lines that a row stands for; `lines` has the first of them


def mask_values(text: str) -> Masked | None:
    """Lines, keys and values of a text. None when it holds every character that could stand for a value."""
    mask = next((char for char in _MASKS if char not in text), None)
    if mask is None:
        return None
    pieces = (_VALUE_OR_HEX if _HEX_WORD.search(text, 0, _SEARCHED_CHARS) else _VALUE).split(text)
    masked = mask.join(pieces[::2]).split("\n")
    keys: dict[str, list[int]] = {}
    for number, key in enumerate(masked):
        found = keys.get(key)
        if found is None:
            keys[key] = [number]
        else:
            found.append(number)
    holes = {key: key.count(mask) for key in keys}
    offsets = list(accumulate(map(holes.__getitem__, masked), initial=0))
    return Masked(text, text.split("\n"), pieces[1::2], offsets, keys, mask)


@dataclass(slots=True)
class _Shape:
    """Tokens of one or more keys; None where they differ."""

    tokens: list[str | None]
    members: list[str]  # keys


def merge_keys(masked: Masked, keys: list[str], tick: Callable[[], None]) -> list[list[str]]:
    """Keys in groups that differ in few words, at the same place. Every key stands in one group."""
    shapes: list[_Shape] = []
    alone: list[list[str]] = []
    room = MERGED_TOKENS
    spaced: dict[str, _Shape] = {}  # of keys with runs of blanks: equal but for their lengths
    for key in keys:
        squeezed = _BLANKS.sub(" ", key) if "  " in key else key
        if squeezed in spaced:
            spaced[squeezed].members.append(key)
            continue
        tokens = _TOKEN.findall(key) if room > 0 and len(key) <= KEY_CHARS else []
        if 1 < len(tokens) <= KEY_TOKENS:
            room -= len(tokens)
            shapes.append(_Shape(tokens, [key]))
            spaced[squeezed] = shapes[-1]
        else:
            alone.append([key])
    shapes = _merge_once(shapes, masked.mask, tick)
    merged = {len(shape.tokens) for shape in shapes if len(shape.members) > 1}
    again = _merge_once([shape for shape in shapes if len(shape.tokens) in merged], masked.mask, tick)
    rest = [shape for shape in shapes if len(shape.tokens) not in merged]
    return [shape.members for shape in _merge_named(again + rest, masked.mask, tick)] + alone


def _merge_once(shapes: list[_Shape], mask: str, tick: Callable[[], None]) -> list[_Shape]:
    """Put together what differs in one word, where at least `MERGE_FROM` shapes do."""
    near = _near_alike(shapes, mask, tick)
    best: dict[int, tuple[int, int]] = {}  # shape -> how many shapes are near it, and the signature that they share
    for signature, found in near.items():
        if isinstance(found, list) and len(found) >= MERGE_FROM:
            for at in found:
                if at not in best or len(found) > best[at][0]:
                    best[at] = (len(found), signature)
    chosen: dict[int, list[int]] = {}
    for at, (_, signature) in sorted(best.items()):
        chosen.setdefault(signature, []).append(at)
    runs = {run[0]: (signature % KEY_TOKENS, run) for signature, run in chosen.items() if len(run) >= MERGE_FROM}
    return _joined(shapes, runs)


def _near_alike(shapes: list[_Shape], mask: str, tick: Callable[[], None]) -> dict[int, int | list[int]]:
    """Shapes by signature: a hash of all tokens but one, and the place of that one. A shape alone isn't in a list."""
    numbers = _Numbers({None: 1, mask: -1})
    near: dict[int, int | list[int]] = {}
    for length, alike in _by_length(shapes).items():
        columns = zip(*(shapes[at].tokens for at in alike), strict=True)
        places = [place for place, tokens in enumerate(columns) if len(set(tokens)) >= MERGE_FROM]
        for at in alike:
            if not at & 255:
                tick()
            ids = list(map(numbers.__getitem__, shapes[at].tokens))
            whole = sum(map(mul, ids, _WEIGHTS)) + length * _LENGTH_WEIGHT
            for place in places:
                if (number := ids[place]) > 0:
                    signature = (whole - number * _WEIGHTS[place]) % _MODULUS * KEY_TOKENS + place
                    found = near.get(signature)
                    if found is None:
                        near[signature] = at
                    elif isinstance(found, int):
                        near[signature] = [found, at]
                    else:
                        found.append(at)
    return near


def _by_length(shapes: list[_Shape]) -> dict[int, list[int]]:
    """Places of the shapes of equally many tokens, where they are enough to be merged."""
    alike: dict[int, list[int]] = {}
    for at, shape in enumerate(shapes):
        alike.setdefault(len(shape.tokens), []).append(at)
    return {length: found for length, found in alike.items() if len(found) >= MERGE_FROM}


class _Numbers(dict[str | None, int]):
    """A number for each token, as they come. Negative: not a word that could be a value; all blanks are alike."""

    def __missing__(self, token: str) -> int:
        word = len(token) > 1 or token.isalnum()
        number = self[token] = -2 if token[0] == " " else len(self) + 1 if word else -len(self) - 1
        return number


_WEIGHTS = [pow(1_000_003, power, _MODULUS) for power in range(KEY_TOKENS)]
_LENGTH_WEIGHT = pow(1_000_003, KEY_TOKENS, _MODULUS)


def _merge_named(shapes: list[_Shape], mask: str, tick: Callable[[], None]) -> list[_Shape]:
    """Put together what differs in a few words, nearly everywhere in others: names of tests, files or users."""
    alike: dict[tuple[str | None, ...], list[int]] = {}
    for at, shape in enumerate(shapes):
        if not at & 255:
            tick()
        if len(shape.members) == 1:
            alike.setdefault(tuple(map(_skeleton, shape.tokens)), []).append(at)
    runs: dict[int, list[int]] = {}
    for found in alike.values():
        if len(found) < NAMED_FROM:
            continue
        columns = list(zip(*(shapes[at].tokens for at in found), strict=True))
        named = {place for place, tokens in enumerate(columns) if len(set(tokens)) * 2 > len(found)}
        words = [place for place, token in enumerate(shapes[found[0]].tokens) if _is_word(token, mask)]
        if 0 < len(named) <= len(words) - len(named):
            kept = [place for place in range(len(columns)) if place not in named]
            same: dict[tuple[str | None, ...], list[int]] = {}
            for at in found:
                tokens = shapes[at].tokens
                same.setdefault(tuple([tokens[place] for place in kept]), []).append(at)
            runs |= {run[0]: run for run in same.values() if len(run) >= NAMED_FROM}
    taken = {at for run in runs.values() for at in run}
    left = [shape for at, shape in enumerate(shapes) if at not in taken]
    return [_Shape([], [shapes[at].members[0] for at in run]) for run in runs.values()] + left


def _skeleton(token: str | None) -> str | None:
    """What a token says of the shape of its line, whatever it names."""
    return None if token is None or len(token) > 1 or token.isalnum() else token


def _is_word(token: str | None, mask: str) -> bool:
    return token is not None and token[0] != " " and token != mask and (len(token) > 1 or token.isalnum())


def _joined(shapes: list[_Shape], runs: dict[int, tuple[int, list[int]]]) -> list[_Shape]:
    """The shapes, with each run put together where its first stood. A shape that only hashes alike stays alone."""
    taken: set[int] = set()
    joined: list[_Shape] = []
    for at, shape in enumerate(shapes):
        if at in taken:
            continue
        if at not in runs:
            joined.append(shape)
            continue
        place, run = runs[at]
        pattern = _without(shape.tokens, place)
        same = [other for other in run if _without(shapes[other].tokens, place) == pattern]
        taken.update(same)
        tokens = list(shape.tokens)
        tokens[place] = None
        joined.append(_Shape(tokens, [key for other in same for key in shapes[other].members]))
    return joined


def _without(tokens: list[str | None], place: int) -> list[str | None]:
    """The tokens but one, all blanks alike."""
    rest = [" " if token is not None and token[0] == " " else token for token in tokens]
    rest[place] = None
    return rest
