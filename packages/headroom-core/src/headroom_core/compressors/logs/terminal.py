"""What a terminal would show of a text: without colour codes, and with lines that were drawn again as last drawn."""

from __future__ import annotations

import re

NOTE = "[as a terminal shows it: colour codes and overdrawn text left out]"
_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|[@-Z\\^_=>()][0-9A-Z]?)")
_ERASE = re.compile(r"\x1b\[[0-2]?K")


def on_terminal(text: str) -> str:
    """The text as a terminal shows it, line by line; the same object where that is no different."""
    if "\x1b" not in text and ("\r" not in text or text.count("\r") == text.count("\r\n")):
        return text
    return "\n".join([_line(line) if "\r" in line or "\x1b" in line else line for line in text.split("\n")])


def _line(line: str) -> str:
    end = "\r" if line.endswith("\r") else ""
    shown = ""
    for drawn in line.rstrip("\r").split("\r"):
        erased = _ERASE.search(drawn) is not None
        plain = _CODE.sub("", drawn)
        shown = plain if erased else plain + shown[len(plain) :]
    return shown + end
