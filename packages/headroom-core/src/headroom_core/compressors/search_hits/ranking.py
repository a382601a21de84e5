"""Which hits to show where not all fit: every file with its count, and the hits that tell most.

Lines around hits go first. Then come, until the budget is used up: lines of the tool itself, the first and the last
hit, what the question asks for, what looks like an error, definitions, and the rest in turn over the files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from headroom_core.compressors.search_hits.colours import CLOSE, OPEN
from headroom_core.compressors.search_hits.notation import Cuts, common_root, repeated
from headroom_core.compressors.search_hits.reading import MATCH, Listing, source_lines
from headroom_core.types import Guidance, Hidden

LONG_LINE = 240  # characters: of a longer hit only the beginning is shown
LINES_OF_ONE = 8  # numbers of the lines of one file on which one text stands, that are listed
TOOL_LINES = 20  # lines of the tool itself that are shown at most
QUESTION_WORDS = 64  # of a question, the longest ones, that are looked for
QUESTION_SHARE = 0.4  # of the budget, at most, for hits with words of the question
ERROR_SHARE = 0.9  # of the budget, at most, for hits that look like errors
COMMON_SHARE = 0.4  # a word that is in more of the hits than that tells nothing: it was searched for
SHORT_WORD = 3  # letters, up to which a word must stand alone to be that of an error
ROW_CHARS = 6  # what a number, its blank and the line end take, about

_ERROR_WORDS = (
    *("error", "exception", "fail", "fatal", "panic", "crash", "abort", "traceback", "err", "warn", "raise", "throw"),
    *("timeout", "timed out", "invalid", "denied", "refused", "unreachable", "corrupt"),
)

_DEFINITION = re.compile(
    r"\s*(?:@|#\[|(?:(?:export|default|pub(?:\([a-z]+\))?|public|private|protected|internal|static|final|abstract|async|override"
    r"|open|sealed|virtual|inline|extern|unsafe|declare)\s+)*"
    r"(?:def|class|func|function|fn|struct|enum|trait|interface|impl|module|namespace|protocol|record|object)\b)"
)
_WORD = re.compile(r"\w{3,}")


@dataclass(eq=False, slots=True)
class _Hit:
    """One text in one file, on one or more lines."""

    path: str
    text: str
    numbers: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of the source
    chars: int = 0  # that it takes, about


@dataclass(frozen=True, slots=True)
class Short:
    """An elided listing."""

    shown: str
    hidden: Hidden


class Ranking:
    """The hits of a listing, grouped and ranked once; `shortened` may then be asked for several sizes."""

    def __init__(self, listing: Listing, guidance: Guidance, total: int) -> None:
        self._total = total
        self._tool_lines: list[tuple[int, str]] = []
        self._headings: set[int] = set()
        self._files: dict[str, dict[str, _Hit]] = {}
        last: str | None = None
        texts: dict[str, _Hit] = {}
        for place, (entry, line) in enumerate(zip(listing.entries, source_lines(listing), strict=True)):
            if not place & 1023:
                guidance.tick()
            if isinstance(entry, str):
                if entry.strip("- \r"):
                    self._tool_lines.append((line, entry))
                continue
            path, number, mark, text = entry
            if listing.dress is not None:
                text = text.replace(OPEN, "").replace(CLOSE, "")
            if path != last:
                last, texts = path, self._files.setdefault(path, {})
                if listing.headed:
                    self._headings.add(line - 1)
            if mark == MATCH:
                hit = texts.get(text) or texts.setdefault(text, _Hit(path, text))
                hit.numbers.append(number)
                hit.lines.append(line)
        self._root = common_root(self._files)
        self._hits = [hit for texts in self._files.values() for hit in texts.values()]
        for hit in self._hits:
            hit.chars = min(len(hit.text), LONG_LINE) + ROW_CHARS * min(len(hit.numbers), LINES_OF_ONE)
        self._every = {path: sum(len(hit.numbers) for hit in texts.values()) for path, texts in self._files.items()}
        self._repeated = repeated([_beginning(hit.text) for hit in self._hits])
        self._queues = self._ranked(guidance)

    def __bool__(self) -> bool:
        return bool(self._hits)

    def shortened(self, chars: int) -> Short:
        """About this many characters of the listing, the paths of all files at least."""
        tool_lines = self._tool_lines[:TOOL_LINES]
        left = chars - sum(len(path) - len(self._root) + 1 for path in self._files)
        left -= sum(min(len(text), LONG_LINE) for _, text in tool_lines)
        chosen = {self._hits[0], self._hits[-1]}
        left -= sum(hit.chars for hit in chosen)
        for share, queue in self._queues:
            floor = left * (1 - share)
            for hit in queue:
                if hit not in chosen and left - hit.chars >= floor:
                    chosen.add(hit)
                    left -= hit.chars
        return self._spelled(chosen, tool_lines)

    def _ranked(self, guidance: Guidance) -> list[tuple[float, list[_Hit]]]:
        """Queues of hits, each with the share of what is left of the budget that it may take."""
        most = COMMON_SHARE * len(self._hits)
        lowered = {hit: hit.text.lower() for hit in self._hits}
        weights: dict[_Hit, float] = {}
        for hits in _telling(_question_words(guidance.question), guidance.origin, lowered, most).values():
            for hit in hits:
                weights[hit] = weights.get(hit, 0) + 1 / len(hits)
        wanted = sorted((hit for hit in self._hits if hit in weights), key=lambda hit: -weights[hit])
        alarming = _alarming(lowered, guidance.origin, most)
        rest = sorted(self._hits, key=lambda hit: _DEFINITION.match(hit.text) is None)
        return [
            (QUESTION_SHARE, wanted),
            (ERROR_SHARE, _in_turn(alarming)),
            (1.0, _in_turn(rest)),
        ]

    def _spelled(self, chosen: set[_Hit], tool_lines: Sequence[tuple[int, str]]) -> Short:
        shown = [f"| {_beginning(text)}" for _, text in tool_lines]
        visible = {line for line, _ in tool_lines} | self._headings
        cuts = Cuts(self._repeated)
        unseen: dict[int, list[str]] = {}
        found: dict[str, list[_Hit]] = {}
        for hit in self._hits:
            if hit in chosen:
                found.setdefault(hit.path, []).append(hit)
        for path, every in self._every.items():
            name = path[len(self._root) :]
            hits = found.get(path)
            if hits is None:
                unseen.setdefault(every, []).append(name)
                continue
            some = sum(len(hit.numbers[:LINES_OF_ONE]) for hit in hits)
            shown.append(f"{name} ({every})" if some == every else f"{name} ({some} of {every})")
            for hit in hits:
                shown.append(f"{_spelled_numbers(hit.numbers)} {cuts.cut(_beginning(hit.text))}")
                if len(hit.text) <= LONG_LINE:
                    visible.update(hit.lines[:LINES_OF_ONE])
        if unseen:
            shown.append(f"[{sum(map(len, unseen.values()))} more files by number of hits, none shown]")
            shown += [f"{every}:{_together(names)}" for every, names in sorted(unseen.items(), reverse=True)]
        cut = "; … goes on as first seen" if cuts.used else ""
        under = f"; paths in {self._root}" if self._root else ""
        shown.insert(0, f"[hits by file (shown of all): line number, text{cut}{under}]")
        return Short("\n".join(shown) + "\n", Hidden("lines", _all_but(visible, self._total), self._total))


def _alarming(lowered: Mapping[_Hit, str], origin: str, most: float) -> list[_Hit]:
    """What looks like an error, texts that are rare first; unless errors are what was searched for."""
    errors = {
        hit
        for word, hits in _telling(_ERROR_WORDS, origin, lowered, most).items()
        for hit in hits
        if len(word) > SHORT_WORD or re.search(rf"\b{word}\b", lowered[hit])
    }
    often = Counter(lowered[hit] for hit in errors)
    return sorted([hit for hit in lowered if hit in errors], key=lambda hit: often[lowered[hit]])


def _all_but(visible: Iterable[int], total: int) -> tuple[tuple[int, int], ...]:
    """The ranges between the visible lines, of all up to `total`."""
    borders = [0, *sorted(visible), total + 1]
    return tuple((before + 1, line - 1) for before, line in pairwise(borders) if line > before + 1)


def _together(names: list[str]) -> str:
    """Paths on one line where no blank in one would be taken for its end, else on a line each."""
    gap = "\n" if any(" " in name for name in names) else " "
    return "".join(gap + name for name in names)


def _spelled_numbers(numbers: list[int]) -> str:
    listed = ",".join(map(str, numbers[:LINES_OF_ONE]))
    return listed if len(numbers) <= LINES_OF_ONE else f"{listed} (and {len(numbers) - LINES_OF_ONE} more)"


def _beginning(text: str) -> str:
    return (
        text if len(text) <= LONG_LINE else f"{text[: LONG_LINE // 2]}… ({len(text) - LONG_LINE // 2} more characters)"
    )


def _in_turn(hits: Iterable[_Hit]) -> list[_Hit]:
    """One hit of every file, then a second of each, and so on; within a file the order stays."""
    by_file: dict[str, list[_Hit]] = {}
    for hit in hits:
        by_file.setdefault(hit.path, []).append(hit)
    return list(_round_robin(list(by_file.values())))


def _round_robin(queues: list[list[_Hit]]) -> Iterator[_Hit]:
    turn = 0
    while queues:
        yield from (queue[turn] for queue in queues)
        turn += 1
        queues = [queue for queue in queues if len(queue) > turn]


def _telling(words: Iterable[str], origin: str, lowered: Mapping[_Hit, str], most: float) -> dict[str, list[_Hit]]:
    """The hits of each word that wasn't searched for and is in at most so many of them."""
    searched, together = origin.lower(), "\n".join(lowered.values())  # most words are nowhere
    found = {
        word: [hit for hit, text in lowered.items() if word in text]
        for word in words
        if word not in searched and word in together
    }
    return {word: hits for word, hits in found.items() if len(hits) <= most}


def _question_words(question: str) -> list[str]:
    """The words of a question; those with a `_` also by their parts."""
    words = [word.lower() for word in _WORD.findall(question)]
    parts = dict.fromkeys(part for word in words for part in (word, *word.split("_")) if len(part) > 2)
    return sorted(parts, key=lambda part: -len(part))[:QUESTION_WORDS]
