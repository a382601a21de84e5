"""Which lines belong together: a block is a line and what stands below it, by indentation, sections or tags.

Blocks that look like each other are found per parent, and at the depth where saying them as rows saves most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from headroom_core.compressors.configuration.shapes import shape_of, title_shape_of

MOST_DEPTH = 12  # of blocks that are compared: each level reads its lines once more
MOST_LINES = 400  # of a block that is one row: what is longer is shown as what it holds
COMMON = 0.1  # of the blocks, that a line must stand in to count as shared; and at least two
LEAST_LITERAL = 12  # characters that a block of one line must repeat
ROW_CHARS = 4  # of a row besides its values: label, line end
TICK_LINES = 500  # between two looks at the time

_SECTION = re.compile(r"(\[+)([^\[\]]+)\]+\s*\Z")
_TAG = re.compile(r"<(/?)([A-Za-z_][\w:.-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>")
_DOCUMENT, _SECTIONS = -1_000, -100  # levels of `---` and of `[section]`, above every indentation


@dataclass(slots=True)
class Block:
    """Lines `first` up to `end`, counted from 0, and the blocks among them."""

    first: int
    level: int
    end: int = 0
    children: list[Block] = field(default_factory=list)
    gain: int = 0  # characters that rows made of blocks in it would save
    units: bool = False  # whether it is its children that are the rows


def units_of(lines: Sequence[str], tick: Callable[[], None]) -> list[tuple[int, int]]:
    """First line and end of the blocks that may be rows, ascending and apart."""
    root, parents = _tree(lines, tick)
    looks = _Looks(lines, tick)
    for number, (block, depth) in enumerate(reversed(parents)):  # the deepest first
        if number % TICK_LINES == 0:
            tick()
        inner = sum(child.gain for child in block.children)
        own = looks.gain(block.children) if depth < MOST_DEPTH else 0
        block.gain, block.units = max(inner, own), own > 0 and own >= inner
    return list(_chosen(root))


def _chosen(root: Block) -> Iterator[tuple[int, int]]:
    stack = [root]
    while stack:
        block = stack.pop()
        if block.units:
            yield from ((child.first, child.end) for child in block.children if child.end - child.first <= MOST_LINES)
        else:
            stack += reversed(block.children)


def _tree(lines: Sequence[str], tick: Callable[[], None]) -> tuple[Block, list[tuple[Block, int]]]:
    """The root, and every block that holds others with its depth, in the order of the text."""
    root = Block(0, -(10**9))
    stack, parents = [root], [(root, 0)]
    levels = levels_of(lines)
    for number, level in enumerate(levels):
        if number % TICK_LINES == 0:
            tick()
        while stack[-1].level >= level:
            stack.pop().end = number
        block = Block(number, level)
        if not stack[-1].children and len(stack) > 1:
            parents.append((stack[-1], len(stack) - 1))
        stack[-1].children.append(block)
        stack.append(block)
    for block in stack:
        block.end = len(lines)
    return root, parents


def levels_of(lines: Sequence[str]) -> list[int]:
    """How deep each line stands; only their order matters. What closes a block belongs to it."""
    markup = next((line.lstrip()[:1] for line in lines if not line.isspace()), "") == "<"
    levels = list(_by_tags(lines) if markup else _by_layout(lines))
    following = _DOCUMENT
    for number in range(len(lines) - 1, -1, -1):
        if not lines[number].strip():
            levels[number] = following + 1  # a blank line belongs to what stands above it
        else:
            following = levels[number]
    return levels


def parents_of(lines: Sequence[str]) -> list[int]:
    """The line that each stands below, counted from 0; -1 for none."""
    parents = []
    stack: list[tuple[int, int]] = []
    for at, level in enumerate(levels_of(lines)):
        while stack and stack[-1][0] >= level:
            stack.pop()
        parents.append(stack[-1][1] if stack else -1)
        stack.append((level, at))
    return parents


def _by_layout(lines: Sequence[str]) -> Iterator[int]:
    for line in lines:
        bare = line.lstrip()
        indent = 2 * (len(line) - len(bare))
        if indent == 0 and line.startswith("---") and not line[3:].strip():
            yield _DOCUMENT
        elif indent == 0 and (section := _SECTION.match(line)) is not None:
            yield _SECTIONS + section[2].count(".")
        else:
            yield indent + (bare[:1] in "}])" or bare.startswith("- "))  # an item is below the key above it


def _by_tags(lines: Sequence[str]) -> Iterator[int]:
    depth = 0
    for line in lines:
        bare = line.lstrip()
        yield 2 * depth - (bare.startswith("</"))  # a closing tag is below the line that opened
        for found in _TAG.finditer(bare):
            depth += -1 if found[1] else not found[3]
        depth = max(0, depth)


class _Looks:
    """What is fixed in each line, as numbers, so that lines are compared without reading them again."""

    def __init__(self, lines: Sequence[str], tick: Callable[[], None]) -> None:
        known: dict[tuple[str, ...], int] = {}
        looks: dict[str, tuple[int, int]] = {}  # of lines that were met: most of them repeat
        self.texts = lines
        self.keys: list[int] = []  # of the line, if it stands in a block
        self.titles: list[int] = []  # and if it begins one
        self.sizes: list[int] = []  # of all keys, in characters
        for number, line in enumerate(lines):
            if number % TICK_LINES == 0:
                tick()
            look = looks.get(line)
            if look is None:
                shape, title = shape_of(line).fixed, title_shape_of(line).fixed
                look = known.setdefault(shape, len(known)), known.setdefault(title, len(known))
                looks[line] = look
            self.keys.append(look[0])
            self.titles.append(look[1])
        self.sizes = [sum(map(len, fixed)) for fixed in known]

    def of(self, block: Block) -> list[int]:
        """The keys of a block's lines."""
        return [self.titles[block.first], *self.keys[block.first + 1 : block.end]]

    def gain(self, blocks: Sequence[Block]) -> int:
        """Characters that are saved when these blocks are rows, about."""
        blocks = [block for block in blocks if block.end - block.first <= MOST_LINES]
        if len({self.titles[block.first] for block in blocks}) == len(blocks):  # none begins like another
            return 0
        shapes, whole = Counter[int](), Counter[str]()
        for block in blocks:
            shapes.update(set(self.of(block)))
            whole.update(set(self.texts[block.first : block.end]))
        least, half = max(2, COMMON * len(blocks)), len(blocks) / 2
        saved, said = 0, dict[int, int]()
        for block in blocks:
            repeats = 0
            for key, text in zip(self.of(block), self.texts[block.first : block.end], strict=True):
                if shapes[key] >= least:
                    literal = len(text) + 1 if whole[text] >= half else self.sizes[key]
                    repeats += literal
                    said[key] = max(said.get(key, 0), literal)
            if block.end - block.first > 1 or repeats >= LEAST_LITERAL:
                saved += repeats
            saved -= ROW_CHARS
        return saved - sum(said.values())
