"""What a reader of a log looks for: errors, failing tests, outcomes, frames of stack traces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from headroom_core.compressors.logs.mining import Masked

# Matched against lower case. Each letter stands once among the alternatives, for the engine tries all at every letter.
_ERROR = re.compile(
    r"e(?:rr(?:or|eur|(?<![a-z]err)(?![a-z]))|xception|merg(?<![a-z]emerg)(?![a-z]))|f(?:ail|atal|ehler)"
    r"|c(?:rit(?:ical|(?<![a-z]crit)(?![a-z]))|an(?:not(?!_)|'t)|o(?:uld(?: not|n't)|re dumped|rrupt))"
    r"|n(?:ot found|o such)|a(?:bort|lert(?<![a-z]alert)(?![a-z]))|denied|killed(?<![a-z]killed)"
    r"|o(?:ut of memory|om-?kill)|panic|refused"
    r"|se(?:vere|gfault|gmentation fault)|t(?:imed out|raceback)|un(?:reachable|able to)"
)
_NO_ERROR = re.compile(  # that there was none: `failed=0`, `err=<nil>`, `0 errors`
    r"\b(?:errors?|err|fail(?:ed|ures?)?)[\"']?\s?[=:]\s?[\"']?(?:0|null|nil|none|false|<nil>)"
    r"(?=[\"']?\s*(?:$|[,;)\]}|]|\w+[=:]))|\b(?:0|no) (?:errors?|fail(?:ed|ures?)?)\b"
)
_ERROR_ABROAD = re.compile(  # looked for in lines that aren't ASCII
    "错误|失败|异常|崩溃|拒绝|无法|超时|致命|錯誤|失敗|異常|エラー|例外|拒否|오류|실패|예외|거부|ошибк|сбой|отказ|échec"
)
_ERROR_LINE = re.compile(r"E {3,}\S|not ok |\s*[✗✘✕×●] |\s+\w+_test\.go:\d+: ")
_STRONG = re.compile(
    r"fatal|panic|traceback|segfault|segmentation fault|core dumped|critical|severe|out of memory|oom-?kill|corrupt"
    r"|exception|error(?<![a-z]error)(?![a-z])|failed|failure|crit(?<![a-z]crit)(?![a-z])|emerg|alert(?![a-z])"
    r"|\*\*\* \[|npm err!"
)
_WARNING = re.compile(r"warn|deprecat|retry|slow|exceed|lost|reject|drop(?:ped|ping)|invalid")
_PASSED = re.compile(r"\bPASSED\b|\.\.\. ok\s*$|^\s*(?:[✓✔√] |--- PASS: |ok +\d|\[ +OK \])")  # whatever the test's name
_QUOTED_CODE = re.compile(  # below a finding or a frame, whatever its names say
    r"(?: {3,}|\t+)(?:\d+ +\| +)?"
    r"(?:(?:async )?def \w|class \w|return\b|with \w.*:$|assert \w|from \S+ import |import \w|if .*:$|except\b.*:$"
    r"|for .* in .*:$|@\w|\w+(?:\.\w+)* = )"
)
_NUMBER = re.compile(r"[0-9a-f](?:(?<=[0-9])|(?<![0-9A-Za-z].)[a-f]{0,7}[0-9])[0-9a-f]*")  # hexadecimal ones too
_CODE = r"[A-Z]{1,4}\d{3,5}:? (?:\[\*\] )?\S"  # how a linter's finding begins whose place stands on the next line
_CODED = re.compile(_CODE)
_FAILING = (  # the first that is found names the tests; the later ones would name them again
    re.compile(r"(?:FAILED|ERROR) \S+(?:::|\.py)"),  # pytest's summary
    re.compile(r"\S+\.py::.*\b(?:FAILED|ERROR)\b"),
    re.compile(r"(?:FAIL|ERROR): \w+ \("),  # unittest
    re.compile(r"\s*--- FAIL: "),  # go
    re.compile(r"test \S.* \.\.\. FAILED"),  # cargo
    re.compile(r"\s*● \S"),  # jest
    re.compile(r"\s*[✗✘✕×] \S"),
    re.compile(r"not ok \d"),  # TAP
    re.compile(r"\[  FAILED  \] \S"),  # googletest
)
_REASONS = (  # the line that names a failing test, what tells why below it, in how many lines, and how many of them
    (re.compile(r"(?:FAIL|ERROR): \w+ \("), re.compile(r"(?!Traceback)[^\s=-]"), 100, 1),
    (re.compile(r"\s*● \S"), re.compile(r"\s+(?:expect\(|Expected\b|Received\b|\w*Error:)"), 20, 3),
    (re.compile(r"thread '.{0,300}panicked at "), re.compile(r"(?!note: )\s*\S"), 3, 3),
)
_FINDING = re.compile(r"\s+\d+:\d+\s+error\s")  # below the name of its file
_PLACE = re.compile(  # in front of what a compiler or linter found
    rf"(?:[A-Za-z]:)?[^\s:(]+(?::\d+(?::\d+)?(?:: | - )|\(\d+(?:,\d+)?\): )|(?={_CODE})"
)
_PLACELESS = re.compile(rf"(?:error|warning)(?:\[\w+\])?: \S|{_CODE}")
_PLACE_BELOW = re.compile(r" *--> \S+:\d+")
_NAMED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|‘[^’\n]*’")
_OUTCOME = re.compile(
    r"""={3,}[ ].{1,200}[ ]in[ ]\d.{0,40}=\s*$
      | Ran[ ]\d+[ ]tests? | FAILED[ ]\( | OK(?:[ ]\(.*)?$ | test[ ]result:[ ]
      | Tests?(?:[ ]Suites|[ ]Files)?:?[ ]+\d+[ ] | Found[ ]\d+[ ]errors? | [✖✔][ ]\d+[ ]problems?
      | \d+[ ](?:warnings?|errors?)(?:[ ]and[ ]\d+[ ]errors?)?[ ]generated
      | Plan: | (?:Apply|Destroy)[ ]complete! | (?:added|changed|removed|audited)[ ]\d+[ ]packages
      | BUILD[ ](?:SUCCESS|FAIL) | make(?:\[\d+\])?:[ ]\*\*\* | Successfully[ ]
      | (?:error|ERROR):[ ]\S | compilation[ ]terminated | exit(?:ed)?[ ](?:code|status)
    """,
    re.VERBOSE,
)
_FRAME = re.compile(
    r'  File "[^"\n]+", line \d+|\s+at [^\s(].{0,300}[(:]|\s+from \S+:\d+:in |\s+\S+\.go:\d+|\s+\d+: +0x|#\d+ +0x'
)
_GO_PANIC = re.compile(r"panic: |fatal error: ")
_GO_PLACE = re.compile(r"\t\S+\.go:\d+")
_FOREIGN = re.compile(
    r"/go/src/|/pkg/mod/|site-packages|dist-packages|lib/python\d|node_modules|node:internal|<frozen |/usr/lib|/rustc/"
    r"|\bat (?:java|javax|jdk|sun|scala|kotlin|org\.apache|org\.springframework|io\.netty|com\.sun)\."
)
_TRACE_LINES, _LINES_BETWEEN = 200, 12  # of a trace, and between two frames: to look for frames
_END_LINES = 400  # in which a run is summed up
_SHAPE_CHARS = 500  # of a line: what tells its shape
_SEARCHED_CHARS = 4_000  # of a line: what goes wrong is said at its beginning


def is_error(text: str) -> bool:
    """Whether a line, or its key, speaks of something that went wrong."""
    lowered = text[:_SEARCHED_CHARS].lower()
    found = _ERROR.search(lowered) or _ERROR_LINE.match(text)
    if found is None and not lowered.isascii():
        found = _ERROR_ABROAD.search(lowered)
    if found is None or has_passed(text) or _QUOTED_CODE.match(text, 0, _SHAPE_CHARS):
        return False
    denied = _NO_ERROR.sub("", lowered)
    return denied == lowered or _ERROR.search(denied) is not None


def has_passed(text: str) -> bool:
    """Whether a line, or its key, says of a test that it passed."""
    return _PASSED.search(text, 0, _SEARCHED_CHARS) is not None


def is_strong_error(text: str) -> bool:
    """Whether it says so in the words that programs keep for it."""
    return _STRONG.search(text[:_SEARCHED_CHARS].lower()) is not None


def is_warning(text: str) -> bool:
    """Whether a line, or its key, speaks of something that might go wrong."""
    return _WARNING.search(text[:_SEARCHED_CHARS].lower()) is not None


def without_numbers(line: str) -> str:
    """The text of a line with numbers and hexadecimal ids alike: what makes two errors the same."""
    return _NUMBER.sub("#", line[:_SEARCHED_CHARS])


def message(line: str) -> str:
    """What a compiler or linter says, of whatever place and name; of other lines all but numbers and blanks."""
    place = _PLACE.match(line, 0, _SHAPE_CHARS)
    said = _NAMED.sub("''", without_numbers(line[place.end() :])) if place else without_numbers(line)
    return " ".join(said.split())


def error_lines(masked: Masked, tick: Callable[[], None]) -> dict[str, list[int]]:
    """Numbers of the lines, counted from 0, that speak of an error, by their text without numbers."""
    found: dict[str, list[int]] = {}
    texts = masked.lines
    for lines in masked.keys.values():
        first = texts[lines[0]]
        counts = _NO_ERROR.search(first[:_SEARCHED_CHARS].lower()) is not None  # the next line may count some
        if not counts and not is_error(first) and not _is_finding(texts, lines[0]):
            continue
        tick()
        for line in lines:
            if not counts or is_error(texts[line]):
                found.setdefault(without_numbers(texts[line]), []).append(line)
    return found


def _is_finding(lines: list[str], number: int) -> bool:
    """Whether a linter's finding begins there whose place stands on the next line."""
    return _CODED.match(lines[number]) is not None and places(lines, [number]) != []


def failing_tests(lines: list[str], errors: Iterable[int]) -> list[int]:
    """Those of the error lines, by numbers counted from 0, that name the tests that failed, each test once."""
    named: dict[int, list[int]] = {}
    for number in errors:
        for shape, pattern in enumerate(_FAILING):
            if pattern.match(lines[number], 0, _SHAPE_CHARS):
                named.setdefault(shape, []).append(number)
                break
    for first, second in ((0, 1), (5, 6)):
        if first in named:
            named.pop(second, None)
    return sorted(number for numbers in named.values() for number in numbers)


def reasons(lines: list[str], errors: Iterable[int]) -> list[int]:
    """Numbers of the lines, counted from 0, that tell below an error line why the test failed that it names."""
    found: list[int] = []
    for number in errors:
        for named, told, within, most in _REASONS:
            if named.match(lines[number], 0, _SHAPE_CHARS):
                below = range(number + 1, min(number + 1 + within, len(lines)))
                found += islice((at for at in below if told.match(lines[at])), most)
                break
    return found


def places(lines: list[str], findings: Iterable[int]) -> list[int]:
    """Numbers of the lines, counted from 0, that tell below a finding where it is."""
    below = [number + 1 for number in findings if _PLACELESS.match(lines[number])]
    return [number for number in below if number < len(lines) and _PLACE_BELOW.match(lines[number])]


def headings(lines: list[str], errors: Iterable[int]) -> list[int]:
    """Numbers of the lines, counted from 0, that name the file of findings which stand below it, as linters write."""
    found: dict[int, None] = {}
    heading, seen = -1, -1
    for number in sorted(errors):
        if _FINDING.match(lines[number]):
            unindented = (at for at in range(number - 1, seen, -1) if lines[at][:1] not in ("", " ", "\t", "\r"))
            heading, seen = next(unindented, heading), number
            if heading >= 0:
                found[heading] = None
    return list(found)


def outcomes(lines: list[str]) -> list[int]:
    """Numbers of the lines, counted from 0, near the end that sum a run up, the last first."""
    start = max(0, len(lines) - _END_LINES)
    return [number for number in range(len(lines) - 1, start - 1, -1) if _OUTCOME.match(lines[number][:_SHAPE_CHARS])]


def frames_that_matter(lines: list[str], error: int, most: int = 4) -> list[int]:
    """Numbers of the frames below an error line, with the code below each: our own code's first, the nearest first.

    Where a trace names the innermost frame last, as Python does, the last ones are the nearest.
    """
    if _GO_PANIC.match(lines[error]):
        return _go_frames(lines, error)
    frames = []
    number = last = error + 1
    while number < min(len(lines), error + _TRACE_LINES, last + _LINES_BETWEEN) and lines[number][:1] in (" ", "\t"):
        if _FRAME.match(lines[number], 0, _SHAPE_CHARS):
            frames.append(number)
            last = number
        number += 1
    if not frames:
        return []
    if lines[frames[0]].startswith("  File"):
        frames.reverse()
    own = [frame for frame in frames if not _FOREIGN.search(lines[frame][:_SHAPE_CHARS])]
    chosen = [*frames[:1], *own][:most] if own else frames[:2]
    below = [frame + 1 for frame in chosen if lines[frame].startswith("  File") and frame + 1 < number]
    return sorted({*chosen, *(line for line in below if line not in frames)})


def _go_frames(lines: list[str], panic: int, most: int = 3) -> list[int]:
    """Numbers of the frames of the goroutine that panicked, two lines each: our own code's, else the nearest."""
    start = next((at for at in range(panic, min(panic + 10, len(lines))) if lines[at].startswith("goroutine ")), None)
    if start is None:
        return []
    end = next((at for at in range(start, min(start + 200, len(lines))) if not lines[at].strip()), len(lines))
    places = [at for at in range(start + 2, min(start + 200, end)) if _GO_PLACE.match(lines[at], 0, _SHAPE_CHARS)]
    own = [at for at in places if not _FOREIGN.search(lines[at][:_SHAPE_CHARS])]
    return sorted({line for at in (own or places)[:most] for line in (at - 1, at)} | {start})
