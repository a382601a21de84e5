"""What stands in a document twice, said once: paragraphs, items, tables and code that came before, as lines.

    [lines 3-25 again: Licensed under the Apache License]

The numbers are those of the source's lines; the words are how the first of them begins. Only whole blocks are said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

from headroom_core.compressors.prose.reading import Block, read_blocks
from headroom_core.text.lines import split_lines

LEAST_CHARS = 160  # of what is said again: under it the way back to it costs a reader more than it saves
TITLE_CHARS = 40
TICK_BLOCKS = 512  # between two looks at the clock

_AGAIN = re.compile(r"\[lines ([1-9][0-9]{0,8})-([1-9][0-9]{0,8}) again: (.*)\](?=[ \t\r]*$)", re.MULTILINE)


def shorten(text: str, tick: Callable[[], None]) -> str | None:
    """The text with what repeats said once; None where nothing does, or where a line of its own looks like ours."""
    if _AGAIN.search(text):
        return None
    source = _Source(text, read_blocks(text, tick))
    parts: list[str] = []
    position = index = 0
    seen: dict[str, int] = {}
    while index < len(source.contents):
        if index % TICK_BLOCKS == 0:
            tick()
        before = seen.setdefault(source.contents[index], index)
        count = source.agreeing(before, index)
        if count:
            parts += [text[position : source.starts[index]], source.again(before, count)]
            position = source.starts[index + count - 1] + len(source.contents[index + count - 1])
        index += count or 1
    return "".join([*parts, text[position:]]) if parts else None


def lengthen(shown: str) -> str:
    """The text from what `shorten` made of it; of anything else, something that isn't it."""
    lines: list[str] = []
    for line in split_lines(shown):
        found = _AGAIN.match(line)
        if found is None:
            lines.append(line)
            continue
        before = "".join(lines[int(found[1]) - 1 : int(found[2])]).rstrip()
        if not before or _title(before) != found[3]:
            return ""
        lines += split_lines(before + line[found.end() :])
    return "".join(lines)


class _Source:
    """A text by its blocks, white space behind them left out."""

    def __init__(self, text: str, blocks: list[Block]) -> None:
        whole = [text[block.start : block.end] for block in blocks]
        self.starts = [block.start for block in blocks]
        self.contents = [block.rstrip() for block in whole]
        self._behind = [block[len(content) :] for block, content in zip(whole, self.contents, strict=True)]
        self._lines = list(accumulate((block.count("\n") for block in whole), initial=1))  # the first of each block

    def agreeing(self, before: int, index: int) -> int:
        """The number of blocks from `index` on that stood from `before` on; 0 where they aren't worth saying so."""
        count = chars = 0
        while before + count < index < len(self.contents) - count and self._same(before + count, index + count):
            chars += len(self.contents[index + count])
            count += 1
            if self._behind[before + count - 1] != self._behind[index + count - 1]:
                break
        return count if chars >= LEAST_CHARS else 0

    def again(self, first: int, count: int) -> str:
        """The line that stands for these blocks when they come again."""
        last = first + count - 1
        end = self._lines[last] + self.contents[last].count("\n")
        return f"[lines {self._lines[first]}-{end} again: {_title(self.contents[first])}]"

    def _same(self, before: int, index: int) -> bool:
        return self.contents[before] == self.contents[index]


def _title(text: str) -> str:
    """How its first line begins."""
    line = text.partition("\n")[0].strip()
    return line if len(line) <= TITLE_CHARS else line[:TITLE_CHARS].rpartition(" ")[0] or line[:TITLE_CHARS]
