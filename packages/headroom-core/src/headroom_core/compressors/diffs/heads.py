"""Shorter heads: `=== path a..b` for the four or more lines that git writes above a file's hunks."""

from __future__ import annotations

import re

_USUAL = "100644"

_FULL = re.compile(
    r"diff --git a/(?P<old>.+?) b/(?P<new>.+)"
    r"(?:\nold mode (?P<mode_before>[0-7]{6})\nnew mode (?P<mode_after>[0-7]{6}))?"
    r"(?:\n(?P<fate>new|deleted) file mode (?P<fate_mode>[0-7]{6}))?"
    r"(?:\nsimilarity index (?P<alike>[0-9]{1,3})%"
    r"\n(?P<how>rename|copy) from (?P<source>.+)\n(?P=how) to (?P<target>.+))?"
    r"(?:\nindex (?P<from>[0-9a-f]{4,40})\.\.(?P<to>[0-9a-f]{4,40})(?: (?P<mode>[0-7]{6}))?)?"
    r"(?P<names>\n--- .+\n\+\+\+ .+)?"
)
_SHORT = re.compile(
    r"=== (?P<path>.+?)(?: (?P<how>->|=>) (?P<target>.+?))?(?: (?P<alike>[0-9]{1,3})%)?"
    r"(?: (?P<fate>new|deleted)(?: (?P<fate_mode>[0-7]{6}))?)?(?: (?P<mode_before>[0-7]{6})->(?P<mode_after>[0-7]{6}))?"
    r"(?: (?P<from>[0-9a-f]{4,40})?\.\.(?P<to>[0-9a-f]{4,40})?(?: (?P<mode>[0-7]{6}|-))?)?"
)


class Heads:
    """The heads that were shown so far. One object writes, another one reads.

    In a history the newer commit comes first: what a file was before is what the next older commit made of it.
    """

    def __init__(self) -> None:
        self._before: dict[str, str] = {}

    def shorten(self, lines: list[str]) -> str | None:
        """The head in one line, from which `lengthen` gives it back; None where it is not spelled as git does."""
        full = _FULL.fullmatch("\n".join(lines))
        if full is None:
            return None
        short = _short(full, self._before)
        found = _SHORT.fullmatch(short)
        if found is None or _lengthened(found, self._before, hunks=full["names"] is not None) != lines:
            return None
        self._remember(lines, found)
        return short

    def lengthen(self, short: str, *, hunks: bool) -> list[str] | None:
        """The lines of a head; `hunks`: some follow, so the files are named once more. None: no head."""
        found = _SHORT.fullmatch(short)
        if found is None:
            return None
        lines = _lengthened(found, self._before, hunks=hunks)
        self._remember(lines, found)
        return lines

    def _remember(self, lines: list[str], found: re.Match[str]) -> None:
        index = next((line for line in lines if line.startswith("index ")), None)
        if index is not None:
            self._before[found["path"]] = index[len("index ") : index.index("..")]


def _lengthened(found: re.Match[str], known: dict[str, str], *, hunks: bool) -> list[str]:
    path, fate = found["path"], found["fate"]
    target = found["target"] or path
    lines = [f"diff --git a/{path} b/{target}"]
    if found["mode_before"]:
        lines += [f"old mode {found['mode_before']}", f"new mode {found['mode_after']}"]
    if fate:
        lines.append(f"{fate} file mode {found['fate_mode'] or _USUAL}")
    if found["how"]:
        how = "rename" if found["how"] == "->" else "copy"
        lines += [f"similarity index {found['alike'] or 100}%", f"{how} from {path}", f"{how} to {target}"]
    lines += _index_line(found, known)
    if hunks:
        tabs = ["\t" if " " in name else "" for name in (path, target)]
        lines.append("--- /dev/null" if fate == "new" else f"--- a/{path}{tabs[0]}")
        lines.append("+++ /dev/null" if fate == "deleted" else f"+++ b/{target}{tabs[1]}")
    return lines


def _short(full: re.Match[str], known: dict[str, str]) -> str:
    parts = [f"=== {full['source'] or full['new']}"]
    if full["how"]:
        parts.append(f"{'->' if full['how'] == 'rename' else '=>'} {full['target']}")
        parts += [f"{full['alike']}%"] if full["alike"] != "100" else []
    if full["fate"]:
        parts += [full["fate"]] + ([full["fate_mode"]] if full["fate_mode"] != _USUAL else [])
    if full["mode_before"]:
        parts.append(f"{full['mode_before']}->{full['mode_after']}")
    before, after = full["from"], full["to"]
    if before:
        changed = full["fate"] or full["mode_before"]
        before = "" if full["fate"] == "new" and not before.strip("0") else before
        implied = "0" * len(before) if full["fate"] == "deleted" else known.get(full["target"] or full["new"])
        after = "" if before and after == implied else after
        parts.append(f"{before}..{after}")
        usual = None if changed else _USUAL
        parts += [full["mode"] or "-"] if full["mode"] != usual else []
    return " ".join(parts)


def _index_line(found: re.Match[str], known: dict[str, str]) -> list[str]:
    before, after = found["from"], found["to"]
    if before is None and after is None:
        return []
    if after is None:
        path = found["target"] or found["path"]
        after = "0" * len(before) if found["fate"] == "deleted" else known.get(path, "")
    usual = None if found["fate"] or found["mode_before"] else _USUAL
    mode = usual if found["mode"] is None else found["mode"].strip("-")
    line = f"index {before or '0' * len(after)}..{after}"
    return [f"{line} {mode}" if mode else line]
