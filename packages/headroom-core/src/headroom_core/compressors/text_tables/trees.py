"""What `tree` prints, by depth: which branch is the last of its folder follows from what stands below it.

[tree: blanks are depth]
.
 .github
  workflows
"""

from __future__ import annotations

import re

MIN_LINES = 8
SAMPLE_CHARS = 8_000
ALIKE = 0.8  # of the sample's lines that must hang on a branch

_STYLES = {  # branch, last branch, what passes by, and nothing
    "": ("├── ", "└── ", "│   ", "    "),
    "wide ": ("├── ", "└── ", "│\xa0\xa0 ", "    "),
    "ASCII ": ("|-- ", "`-- ", "|   ", "    "),
    "wide ASCII ": ("|-- ", "`-- ", "|\xa0\xa0 ", "    "),
}
_HEADER = re.compile(r"\[((?:wide )?(?:ASCII )?)tree: blanks are depth(?:; ([\d,]+) go on)?\]")
_BRANCH = re.compile(r"(?:[│|][ \xa0]{2} | {4})*[├└|`](?:──|--) ").match


def is_tree(text: str) -> bool:
    """Whether most of the lines hang on branches. Looks at the beginning only."""
    lines = [line for line in text[:SAMPLE_CHARS].split("\n") if line]
    return len(lines) >= MIN_LINES and sum(_BRANCH(line) is not None for line in lines) >= ALIKE * len(lines)


def depth_of(line: str) -> int:
    """How deep a line hangs; 0 of a line that hangs on no branch."""
    found = _BRANCH(line)
    return len(found[0]) // 4 if found else 0


def encode_tree(text: str) -> str:
    """The tree in short; read back by `decode_tree` where it was drawn as `tree` does."""
    lines = text.split("\n")
    style = _style(text)
    pieces, goes_on = [], ""
    for line in lines:
        depth = depth_of(line)
        name = line[4 * depth :]
        if not depth or name[:1] in (" ", ""):
            pieces.append("\\" + line if line[:1] in (" ", "\\") else line)
        else:
            pieces.append(" " * depth + name)
    last = next((line for line in reversed(lines) if line), "")
    depth = depth_of(last)
    if depth:
        signs = [last[4 * at : 4 * at + 4] for at in range(depth)]
        still = [at + 1 for at, sign in enumerate(signs) if sign in (_STYLES[style][0], _STYLES[style][2])]
        goes_on = f"; {','.join(map(str, still))} go on" if still else ""
    return "\n".join([f"[{style}tree: blanks are depth{goes_on}]", *pieces])


def _style(text: str) -> str:
    for name, (branch, last, passing, _) in _STYLES.items():
        if passing in text and (branch in text or last in text):
            return name
    return "" if "── " in text else "ASCII "


def decode_tree(shown: str) -> str:
    """The tree that was written. Raises ValueError where it says none."""
    head, _, body = shown.partition("\n")
    header = _HEADER.fullmatch(head)
    if header is None:
        raise ValueError("no tree")
    branch, last, passing, nothing = _STYLES[header[1]]
    going_on = {int(depth) for depth in (header[2] or "").split(",") if depth}
    more = [depth in going_on for depth in range(max(going_on, default=0) + 1)]  # by depth: something follows below
    made = []
    for line in reversed(body.split("\n")):
        depth = len(line) - len(line.lstrip(" "))
        if not depth:
            made.append(line.removeprefix("\\"))
            more = [] if line else more
            continue
        more = [*more[: depth + 1], *[False] * (depth + 1 - len(more))]
        drawn = [passing if more[at] else nothing for at in range(1, depth)]
        made.append("".join([*drawn, branch if more[depth] else last, line[depth:]]))
        more[depth] = True
    return "\n".join(reversed(made))
