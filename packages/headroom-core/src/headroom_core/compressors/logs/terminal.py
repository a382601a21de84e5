"""What a terminal would show of a text: without colour codes, and with lines that were drawn again as last drawn."""

from __future__ import annotations

import re

NOTE = "[as a terminal shows it: colour codes and overdrawn text left out]"
_ERASE = r"\x1b\[[0-2]?K"
_CODE = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|[=>()78cDEHM][0-9A-Z]?)"
_ANY_CODE = re.compile(_CODE)
_STEP = re.compile(rf"(?P<erase>{_ERASE})|(?P<code>{_CODE})|(?P<start>\r)|(?P<back>\x08)|(?P<text>[^\x1b\r\x08]+|\x1b)")


def on_terminal(text: str) -> str:
    """The text as a terminal shows it, line by line; the same object where that is no different."""
    redrawn = "\r" in text and text.count("\r") != text.count("\r\n")
    if not redrawn and "\x1b" not in text and "\x08" not in text:
        return text
    return "\n".join([_drawn(line) for line in text.split("\n")])


def _drawn(line: str) -> str:
    end = "\r" if line.endswith("\r") else ""
    if "\x08" not in line and line.count("\r") == len(end):  # nothing moves back, so nothing is overdrawn or erased
        return _ANY_CODE.sub("", line) if "\x1b" in line else line
    cells: list[str] = []
    cursor = 0
    for step in _STEP.finditer(line, 0, len(line) - len(end)):
        match step.lastgroup:
            case "text":
                cells[cursor : cursor + len(step[0])] = step[0]
                cursor += len(step[0])
            case "start":
                cursor = 0
            case "back":
                cursor = max(0, cursor - 1)
            case "erase":
                del cells[cursor:]
    return "".join(cells) + end
