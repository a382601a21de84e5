"""Is a text prose? Judged by how much of a sample of it stands in lines of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

A_LITTLE = 0.5  # of every text: what repeats can be said once in any
SURELY = 0.8  # just enough to leave facts out: whoever else is sure of a text, knows it better
SAMPLE_LINES = 25  # from the beginning, the middle and the end each
REACH_CHARS = 6_000  # of each place
LINE_CHARS = 240  # of a line that are looked at
LEAST = 0.4  # share of the sample's characters that stand in lines of words, less what its code takes away
LEAST_BESIDE_CODE = 0.2  # of a document that fences its code: its other lines are links and commands
CODE_WEIGHT = 1.5  # that the share of lines counts which end as those of code do
FENCES = 4  # of a document that is said to fence its code
DEFINITIONS = 2  # that tell source code, however long its comments are
LEAST_WORDS = 4  # of such a line
LEAST_PLAIN = 0.6  # of what stands between its blanks is a word and nothing else
LEAST_UNSPACED = 8  # letters of a line in a script that sets no blanks between words

_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S")
_CODE = re.compile(r"(?:def|class|import|from|return|self\.|#include|//|/\*|end\b|fi\b|done\b)")
_DEFINITION = re.compile(  # at the beginning of a line, where documents have words
    r"(?:async )?(?:def|class) \w+.*:\s*$|import [\w.]+(?: as \w+)?;?\s*$|from [\w.]+ import |#include\s*[<\"]"
    r"|(?:export|function|func|fn|pub|public|private|static|const|let|var|package|use|namespace|struct|type)\b.*[{;]\s*$"
)
_HISTORY = re.compile(r"commit [0-9a-f]{7,64}\b[^\n]*\n(?:Merge: [^\n]*\n)?Author: ")  # `git log`
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})")
_MARK = re.compile(  # of an item, a heading or a comment; it begins with one set of characters, and is found fast
    r"[-*+•>#|–0-9](?:(?<=[0-9])[0-9]{0,2}[.)]|(?<![0-9])[-*+•>#|–]*)[ \t]+"
)
_MARKUP = re.compile(  # each way begins with a letter of its own: then they are searched for by those alone
    r"\]\([^()\s]{0,400}\)|<https?://\S+|https?://\S+|`[^`\n]{0,200}`|\*|_|`|\[|\]"
)
_DRAWN = re.compile(r"(?![*_`\[\]])(?:\W{3,}$|\.\. )")  # rules, and directives of reStructuredText
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def claim(text: str) -> float:
    """SURELY where words make much of the sample and code doesn't, else A_LITTLE; 0 for what holds nothing."""
    if _HISTORY.match(text):
        return A_LITTLE  # its sentences are messages, each of which belongs to its commit
    words = total = code = lines = definitions = 0
    for line in _sample(text):
        bare = _bare(line[:LINE_CHARS])
        if bare:
            lines += 1
            total += len(bare)
            words += len(bare) if _is_of_words(bare) else 0
            code += _is_code(bare)
            definitions += _DEFINITION.match(line) is not None
    if not total:
        return A_LITTLE if text and not text.isspace() else 0.0
    if definitions >= DEFINITIONS:
        return A_LITTLE
    least = LEAST_BESIDE_CODE if text.count("\n```") >= FENCES else LEAST
    return SURELY if words / total - CODE_WEIGHT * code / lines >= least else A_LITTLE


def _bare(line: str) -> str:
    """The line without its markup and what stands around it."""
    mark = _MARK.search(line)
    rest = line[: mark.start()].rstrip(" \t") + line[mark.end() :] if mark else line
    return "" if _DRAWN.match(rest) else _MARKUP.sub("", rest).strip()


def _is_code(line: str) -> bool:
    """Whether it begins or ends as lines of code do."""
    if line[-1] in ";{}[(=\\" or (line[-1] == ":" and line[:-1].rstrip().endswith(")")):
        return True
    return _CODE.match(line) is not None


def _is_of_words(line: str) -> bool:
    if not line.isascii() and _UNSPACED.search(line):
        return sum(map(str.isalpha, line)) >= max(LEAST_UNSPACED, LEAST_PLAIN * len(line))
    if ("   " in line or "\t" in line) and _COLUMNS.search(line):
        return False
    for mark in (", ", ". ", "'", "’"):
        line = line.replace(mark, mark[1:])
    pieces = line.rstrip(".,;:!?)").split()
    plain = sum(map(str.isalpha, pieces))
    return plain >= LEAST_WORDS and plain >= LEAST_PLAIN * len(pieces)


def _sample(text: str) -> Iterator[str]:
    """Lines that aren't code within fences, of three places; of a short text, of its beginning."""
    if len(text) <= 3 * REACH_CHARS:
        yield from _unfenced(text.split("\n", 3 * SAMPLE_LINES)[: 3 * SAMPLE_LINES], fenced=False)
        return
    for start in (0, len(text) // 2, len(text) - REACH_CHARS):
        lines = text[start : start + REACH_CHARS].split("\n")[start > 0 :]
        fenced = text.count("\n```", 0, start) % 2 == 1
        yield from _unfenced(lines[:SAMPLE_LINES], fenced=fenced)


def _unfenced(lines: Iterable[str], *, fenced: bool) -> Iterator[str]:
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield line
