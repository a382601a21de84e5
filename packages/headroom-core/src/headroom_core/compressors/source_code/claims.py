"""Is a text source code, and of which language? Judged by the shapes of a sample of its lines; nothing is parsed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from headroom_core.compressors.source_code.framing import unframe
from headroom_core.compressors.source_code.languages import BY_NAME, Language
from headroom_core.compressors.source_code.long_lines import is_bundle, is_script
from headroom_core.compressors.source_code.marks import MARKS
from headroom_core.compressors.source_code.other_languages import OTHERS

HEAD_LINES, PART_LINES = 80, 25  # of code that are looked at: of the beginning, and of the middle and the end each
SEARCHED_LINES = 600  # of the beginning: so long a comment may stand before the code
LINE_CHARS = 200  # of a line: what tells its shape stands at its beginning
FEWEST_LINES = 8
LEAST_SHAPED = 0.55  # of the lines that look like code
LEAST_DENSITY = 0.2  # points of the language's marks for a line
SURE = 1.0  # of both together
PLAIN = 1.2  # of both together, from where on nobody else has anything to say, if nothing else may be in it
OPEN_SHARE = 0.15  # of the best score by first words, from which on a language is in question
MOST_TIMES = 40  # that one mark counts
LEAST_TAGS = 3  # by which TypeScript has pages in it
PLAINLY, SURELY, MAYBE = 0.95, 0.9, 0.6  # the claims

_SHAPED = re.compile(
    r"""\s*(?:
        [})\]]                                              # closes something
      | //|/\*|\*(?:\s|/|$)|\#|--\s|\"\"\"|'''|@\w|<\?php|\.\w+\( # a comment, a decorator, a chained call
      | (?:import|from|def|class|return|if|elif|else|for|while|try|except|finally|with|raise|yield|assert|pass|break
          |continue|func|fn|let|const|var|val|pub|use|struct|enum|impl|type|package|public|private|protected|static|void
          |throw|case|switch|default|echo|local|export|function|end|do|then|fi|done|esac|require|module|namespace
          |using|await|async|new|delete|goto|typedef|extern|template|interface|trait|object|override|unless|elsif|begin
          |rescue|match|guard|defer|go|select)\b(?=[\s(:;{.\[]|$)(?![^(){}\[\];:=,'"]{24,}[.!?]\s*$)
      | [\w.$@\[\]'"*&>-]+(?:\s+[\w<>\[\]*&?,]+)?\s*(?:[:+*/|&^%-]|<<|>>|\?\?)?=(?!=)   # an assignment
      | [\w.$>:-]+\(.*[),{(;\[]\s*$                         # a call
      | (?:\w+[ \t]+)?[\w.*\[\]"/-]+\s*$                        # a field and its type, a package that is imported
      )""",
    re.VERBOSE,
)
_GOES_ON = ("{", "}", ";", ",", "(", "[", "\\", "=>", "->", "&&", "||", "*/", "=")  # so does a line of code, or ends
_FIRST_WORD = re.compile(r"\n[^\s]+ \Z")
_ANOTHER = re.compile(  # hunks of a diff, fences of a page, hits of a search, frames and times of a log
    r"\d{1,6}[:-]|@@ -\d|diff --git |(?:```|~~~)|[^\s:(]{1,200}:\d+[:-]|[^\s:(]{1,200}-\d+-"
    r"|\s+at [\w.$<>]+\(.*:\d+\)|\[?\d{4}-\d\d-\d\d[ T]\d\d:"
)
MOST_ANOTHER = 0.04  # of the lines may look so
_BESIDE = re.compile(  # what may begin a document, a page, a hunk, or what a shell prints, beside the code
    r"\n(?:[\[{]\s*[\[{\"]|[ ]{0,3}(?:```|~~~)|<[\w?!]|(?:\([\w.-]+\) |[\w.-]+@[^\n$]{0,80})?\$ |@@ -\d|diff --git )"
)
_COMMENT = re.compile(r"\s*[rRuU]?(\"\"\"|'''|/\*|//|\*(?=[\s*/])|#(?=[\s!#:]|\Z)|--(?=\s))")
_CLOSINGS = {'"""': '"""', "'''": "'''", "/*": "*/"}
_FOREIGN = re.compile(r"\s*(?:<(?!\?php)[!?a-zA-Z]|diff --git |--- a/|@@ -\d|\[?\{\s*[\"\n]|\[\s*[\[{\"\n])")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text was taken for."""

    language: Language
    claim: float


def judge(text: str) -> Verdict | None:
    """The language whose marks are densest, and how sure it is that the text is code in it."""
    verdict = None if is_foreign(text) else judge_lines(unframe(text).code)
    if verdict is not None and verdict.claim == PLAINLY and _BESIDE.search(text):
        return replace(verdict, claim=SURELY)
    return verdict


def is_foreign(text: str) -> bool:
    """Whether it begins as markup, diffs and JSON do."""
    return _FOREIGN.match(text) is not None


def judge_lines(code: list[str]) -> Verdict | None:
    """The same of lines that nothing stands around or beside."""
    if is_bundle(code):
        return Verdict(BY_NAME["javascript"], SURELY) if is_script(code) else None
    lines = _sample(code)
    if len(lines) < FEWEST_LINES:
        return None
    if sum(_ANOTHER.match(line) is not None for line in lines) > MOST_ANOTHER * len(lines):
        return None
    shaped = _shaped_share(lines)
    if shaped < LEAST_SHAPED:
        return None
    stripped = [line.lstrip() for line in lines]
    name, score = densest(stripped)
    density = score / len(lines)
    if density < LEAST_DENSITY or name not in BY_NAME:
        return None
    if name == "typescript" and sum(map("".join(stripped).count, ("/>", "</", "className="))) >= LEAST_TAGS:
        name = "tsx"
    both = shaped + density
    return Verdict(BY_NAME[name], PLAINLY if both >= PLAIN else SURELY if both >= SURE else MAYBE)


def _shaped_share(lines: Sequence[str]) -> float:
    """The share of lines that look like code, or that too few of them do: prose is left after half of it."""
    shaped = len(lines)
    for line in lines:
        shaped -= not _is_shaped(line)
        if shaped / len(lines) < LEAST_SHAPED:
            break
    return shaped / len(lines)


def _is_shaped(line: str) -> bool:
    """Whether it looks like a line of code. Its end is looked at first: it tells most, and takes no search."""
    ended = line.rstrip()
    if ended.endswith(_GOES_ON) or (ended.endswith(":") and ended[:-1].rstrip().endswith(")")):
        return True
    return _SHAPED.match(line) is not None


@dataclass(frozen=True, slots=True)
class _Index:
    """The marks of all languages, by how they are found: the first word of a line, a whole line, or anything in it."""

    words: dict[str, list[tuple[str, float]]]
    lines: dict[str, list[tuple[str, float]]]
    pieces: dict[str, list[tuple[str, float]]]  # of each language: marks, not languages


@lru_cache(maxsize=1)
def _index() -> _Index:
    index = _Index({}, {}, {})
    for name, groups in (*MARKS.items(), *OTHERS.items()):
        index.pieces[name] = []
        for weight, marks in (each for group in groups for each in group.items()):
            for mark in marks:
                if _FIRST_WORD.match(mark):
                    index.words.setdefault(mark[1:-1], []).append((name, weight))
                elif mark[0] == mark[-1] == "\n":
                    index.lines.setdefault(mark[1:-1], []).append((name, weight))
                else:
                    index.pieces[name].append((mark, weight))
    return index


def densest(lines: Sequence[str]) -> tuple[str, float]:
    """The language whose marks are found most in lines without indentation, and how many points they make.

    First words tell most of it: what stands elsewhere is only looked for where they leave it open.
    """
    index = _index()
    scores = dict.fromkeys(index.pieces, 0.0)
    for found, known in (
        (Counter(line.partition(" ")[0] for line in lines if " " in line), index.words),
        (Counter(line.rstrip() for line in lines), index.lines),
    ):
        for mark, often in found.items():
            for name, weight in known.get(mark, ()):
                scores[name] += weight * min(often, MOST_TIMES)
    sample = "\n" + "".join(lines)
    least = OPEN_SHARE * max(scores.values())
    scores["php"] = max(scores["php"], least) if "<?php" in sample else -1.0  # without it all is a page to the grammar
    scores["cpp"] = max(scores["cpp"], least if "::" in sample else 0.0)
    likely = [name for name, score in scores.items() if score >= least]
    marks = {mark for name in likely for mark, _ in index.pieces[name]}  # many are those of several languages
    times = {mark: min(sample.count(mark), MOST_TIMES) for mark in marks}
    for name in likely:
        scores[name] += sum(weight * times[mark] for mark, weight in index.pieces[name])
    best = max(scores, key=scores.__getitem__)
    return best, scores[best]


def _sample(lines: list[str]) -> list[str]:
    """Lines of the beginning, the middle and the end that are no comments, each cut to where its shape shows."""
    found = list(islice(_code_lines(lines[:SEARCHED_LINES]), HEAD_LINES))
    if len(lines) > SEARCHED_LINES // 2:
        middle = max(HEAD_LINES, len(lines) // 2)
        found += islice(_code_lines(lines[middle : middle + 3 * PART_LINES]), PART_LINES)
        found += islice(_code_lines(lines[-3 * PART_LINES :]), PART_LINES)
    return [line if len(line) <= LINE_CHARS else line[:LINE_CHARS] + "\n" for line in found]


def _code_lines(lines: list[str]) -> Iterator[str]:
    """The lines that are neither blank nor part of a comment or a docstring."""
    until = ""
    for line in lines:
        if until:
            until = "" if until in line else until
        elif (opening := _COMMENT.match(line)) is not None:
            closing = _CLOSINGS.get(opening[1])
            if closing is not None and closing not in line[opening.end() :]:
                until = closing
        elif not line.isspace():
            if line.count('"""') & 1:
                until = '"""'
            yield line
