"""What a reader of a log looks for: errors, and numbers far from their like."""

from __future__ import annotations

import re
from collections.abc import Callable

from headroom_core.compressors.logs.mining import Masked

_ERROR = re.compile(
    r"error|fail|exception|fatal|panic|traceback|segfault|segmentation fault|core dumped|critical|severe"
    r"|abort|denied|refused|unreachable|corrupt|timed out|out of memory|oom-?kill"
    r"|(?<![a-z])(?:err|crit|emerg|alert|killed)(?![a-z])|cannot|can't|could not|couldn't|unable to|not found|no such",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"fatal|panic|traceback|segfault|segmentation fault|core dumped|critical|severe|out of memory|oom-?kill|corrupt"
    r"|exception|(?<![a-z])(?:error|failed|failure|crit|emerg|alert)(?![a-z])",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|0x[0-9a-fA-F]+|(?=[a-f]{0,15}[0-9])[0-9a-f]{8,}|[0-9]+"
)
_SEARCHED_CHARS = 4_000  # of a line: what goes wrong is said in its beginning


def is_error(text: str) -> bool:
    """Whether a line, or its key, speaks of something that went wrong."""
    return _ERROR.search(text, 0, _SEARCHED_CHARS) is not None


def is_strong_error(text: str) -> bool:
    """Whether it says so in the words that programs keep for it."""
    return _STRONG.search(text, 0, _SEARCHED_CHARS) is not None


def without_numbers(line: str) -> str:
    """The text of a line with numbers and hexadecimal ids alike: what makes two errors the same."""
    return _NUMBER.sub("#", line[:_SEARCHED_CHARS])


def error_lines(masked: Masked, tick: Callable[[], None]) -> dict[str, list[int]]:
    """Numbers of the lines, counted from 0, that speak of an error, by their text without numbers."""
    found: dict[str, list[int]] = {}
    for key, lines in masked.keys.items():
        if not is_error(key):
            continue
        tick()
        for line in lines:
            found.setdefault(without_numbers(masked.lines[line]), []).append(line)
    return found
