"""What the agent asked for, as far as the call and the question before a text say it.

A part of a file that was asked for by its lines or its name is shown as it came: that is what the agent wants to see.
Words of the question point at bodies that are shown whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

MOST_WORDS = 32  # of a question
LEAST_CHARS = 3  # shorter words stand everywhere
QUESTION_CHARS = 20_000  # of a question


def _words(spelled: str) -> frozenset[str]:
    return frozenset(spelled.split())


ASKING = _words(
    "a an and any are at be by can could did do does find for from get had has have how i if in into is it its "
    "look me of on or please see show so tell than that the them then there these they this those to us we what "
    "when where which who why with would you your"
)
"""Words that stand in any question, whatever it is about: who looks for its telling words leaves them out."""

_STARTS = _words(
    "offset start startline from fromline first firstline linestart line linenumber startlinenumber begin skip"
)
_ENDS = _words(
    "limit end endline to toline last lastline lineend endlinenumber maxlines numlines nlines head tail count linecount"
)
_PAIRS = _words("viewrange linerange range lines ranges linesrange")
_PIECES = _words("symbol symbolname function functionname method methodname classname namepath definition")
_NO_LETTER = re.compile(r"[^a-z]")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_PART_OF_FILE = re.compile(
    r"\bsed\s+-n|\bsed\s[^|;]{0,40}[0-9],[0-9$]|\b(?:head|tail)\s+-|\|\s*(?:head|tail)\b|\bawk\b[^|;]{0,80}\bNR\b"
    r"|\b(?:grep|rg|ag|ack)\s|\bgit\s+(?:grep|blame|log\s+-L)"
    r"|[\w/]\.[A-Za-z]\w{0,7}(?::[0-9]+(?:[-:,][0-9]+)?|\#L[0-9]+(?:-L?[0-9]+)?)(?![\w:])"
)
_ENDING = re.compile(r"\w\.([A-Za-z]\w{0,7})(?![\w./\\-])")  # not the name before it: a call may hold a whole file
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_CODED = re.compile(r"[_$0-9]|[a-z][A-Z]")
_COMMON = ASKING | _words(
    "but not all doing out about here let our read need want make use used using set put add new old file files "
    "code line lines source text work works function functions method methods class classes module variable "
    "return returns value values type types name names self true false none null import def fix bug error errors "
    "test tests implement implementation change write explain should will may must"
)


def is_part(origin: str, total: int) -> bool:
    """Whether the call asked for a part of a file; `total` is the number of lines that came back.

    A range that begins at the first line and ends behind the last one is the whole file.
    """
    name, arguments = read_call(origin)
    if arguments is None:
        return _PART_OF_FILE.search(origin) is not None
    if any(word in name for word in ("symbol", "definition", "grep", "search")):
        return True
    return any(_asks_for_part(key, value, total) for key, value in _flat(arguments))


def file_ending(origin: str) -> str:
    """The ending of the file that the call names last, without its dot; empty where it names none."""
    found = _ENDING.findall(origin)
    return found[-1].lower() if found else ""


def question_words(question: str) -> list[str]:
    """Words of the question that may stand in code, each once: what is spelled like code before plain words."""
    found = dict.fromkeys(_WORD.findall(question[:QUESTION_CHARS]))
    telling = [word for word in found if len(word) >= LEAST_CHARS and word.lower() not in _COMMON]
    return sorted(telling, key=lambda word: _CODED.search(word) is None)[:MOST_WORDS]


def read_call(origin: str) -> tuple[str, Mapping[str, object] | None]:
    """Name of a call, in small letters, and its arguments; None where they are no JSON object."""
    name, brace, rest = origin.partition("{")
    if not brace:
        return name.strip().lower(), None
    try:
        arguments = json.loads(brace + rest)
    except (ValueError, RecursionError):
        return name.strip().lower(), None
    return name.strip().lower(), arguments if isinstance(arguments, dict) else None


def _flat(arguments: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Keys and values, those of objects one level down too."""
    for key, value in arguments.items():
        yield _NO_LETTER.sub("", key.lower()), value
        inner = value if isinstance(value, list) else [value]
        for each in inner:
            if isinstance(each, dict):
                yield from ((_NO_LETTER.sub("", str(name).lower()), found) for name, found in each.items())


def _asks_for_part(key: str, value: object, total: int) -> bool:
    if key in _PIECES:
        return bool(value)
    numbers = _numbers(value)
    if key in _STARTS and len(numbers) == 1:
        return numbers[0] > 1
    if key in _ENDS and len(numbers) == 1:
        return 0 < numbers[0] <= total
    if key in _PAIRS and numbers:
        return numbers[0] > 1 or 0 < numbers[-1] <= total
    spelled = " ".join(map(str, value)) if isinstance(value, list) else value
    return isinstance(spelled, str) and _PART_OF_FILE.search(spelled) is not None


def _numbers(value: object) -> Sequence[int]:
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, int | float):
        return (int(value),)
    if isinstance(value, str) and len(value) < 40:
        return [abs(int(number)) for number in _NUMBER.findall(value)]
    if isinstance(value, list) and len(value) <= 8:
        return [number for each in value for number in _numbers(each)]
    return ()
