"""Finding line patterns: which lines are the same but for their values.

One split of the whole text masks every value (a word from its first digit on, or a hexadecimal word); lines with
equal masks share a key. Keys that differ in a single word are then merged, so that names become values too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

SEPARATORS = r"""\s,;|"'()\[\]{}<>="""  # end a word; so no value ever holds a comma, the mark between values
_VALUE = re.compile(
    rf"""([0-9a-f-](?:
        (?<=[0-9])
      | (?<=-)[0-9]
      | (?<=[a-f])(?<![0-9A-Za-z_].)(?=[a-f]{{0,15}}[0-9])[0-9a-f]{{5,}}
    )[^{SEPARATORS}]*)""",
    re.VERBOSE,
)
_TOKEN = re.compile(rf"[ ]+|[^{SEPARATORS}]+|[\s\S]")
_MASKS = "\0\1\2\3\4\5\6\7\x0e\x0f\ue000\ue001"  # stands for a value in a key: the first that the text doesn't hold
KEY_CHARS = 2_000  # a longer key is not taken apart: its line stays whole
KEY_TOKENS = 120
MERGED_KEYS = 20_000  # past so many keys the rest is not compared: what is all different has no patterns
MERGE_FROM = 3  # keys that differ in one word only
_MODULUS = (1 << 61) - 1


@dataclass(frozen=True, slots=True)
class Masked:
    """A text cut into lines, keys and values."""

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


def mask_values(text: str) -> Masked | None:
    """Lines, keys and values of a text. None when it holds every character that could stand for a value."""
    mask = next((char for char in _MASKS if char not in text), None)
    if mask is None:
        return None
    pieces = _VALUE.split(text)
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
    return Masked(text.split("\n"), pieces[1::2], offsets, keys, mask)


@dataclass(slots=True)
class _Shape:
    """Tokens of one or more keys; None where they differ."""

    tokens: list[str | None]
    members: list[str]  # keys


def merge_keys(masked: Masked, keys: list[str], tick: Callable[[], None]) -> list[list[str]]:
    """Keys in groups that differ in few words, at the same place. Every key stands in one group."""
    shapes: list[_Shape] = []
    alone: list[list[str]] = []
    for key in keys:
        tokens = _TOKEN.findall(key) if len(key) <= KEY_CHARS and len(shapes) < MERGED_KEYS else []
        if 1 < len(tokens) <= KEY_TOKENS:
            shapes.append(_Shape(tokens, [key]))
        else:
            alone.append([key])
    for _ in range(2):
        tick()
        shapes = _merge_once(shapes, masked.mask, tick)
    return [shape.members for shape in shapes] + alone


def _merge_once(shapes: list[_Shape], mask: str, tick: Callable[[], None]) -> list[_Shape]:
    """Put together what differs in one word, where at least `MERGE_FROM` shapes do."""
    numbers: dict[str | None, int] = {None: 1}
    near: dict[tuple[int, int, int], list[int]] = {}
    for at, shape in enumerate(shapes):
        if not at & 255:
            tick()
        ids = [
            2 if token is not None and token[0] == " " else numbers.setdefault(token, len(numbers) + 2)
            for token in shape.tokens
        ]
        weights = _WEIGHTS[: len(ids)]
        whole = sum(map(int.__mul__, ids, weights)) % _MODULUS
        for place, token in enumerate(shape.tokens):
            if token is None or (token != mask and (len(token) > 1 or token.isalnum()) and token[0] != " "):
                rest = (whole - ids[place] * weights[place]) % _MODULUS
                near.setdefault((len(ids), place, rest), []).append(at)
    best: dict[int, tuple[int, tuple[int, int, int]]] = {}
    for signature, found in near.items():
        if len(found) >= MERGE_FROM:
            for at in found:
                if at not in best or len(found) > best[at][0]:
                    best[at] = (len(found), signature)
    chosen: dict[tuple[int, int, int], list[int]] = {}
    for at, (_, signature) in sorted(best.items()):
        chosen.setdefault(signature, []).append(at)
    return _joined(shapes, {at[0]: (signature[1], at) for signature, at in chosen.items() if len(at) >= MERGE_FROM})


_WEIGHTS = [pow(1_000_003, power, _MODULUS) for power in range(KEY_TOKENS)]


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
