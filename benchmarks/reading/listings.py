"""Listings, and questions that a reader of them answers by finding one row.

Each sample is what one program prints: rows that share owners, modes and times, as such output does.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from samples import Question, Sample

ROWS = 28
ASKED = 10  # questions a sample
NOUNS = ("amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heron", "inlet", "juniper")


def listing(number: int) -> Sample:
    """Files in a folder, files that were found, or processes, in turn."""
    draw = random.Random(f"reading listing {number}")
    text, asked = (_files, _found, _processes)[number % 3](draw)
    return Sample(f"listing {number}", text, draw.sample(asked, ASKED), [])


def _names(draw: random.Random, endings: Sequence[str]) -> list[str]:
    return [f"{draw.choice(NOUNS)}{at}{draw.choice(endings)}" for at in draw.sample(range(10, 100), ROWS)]


def _files(draw: random.Random) -> tuple[str, list[Question]]:
    """What `ls -l` prints."""
    rows, asked = [], []
    for name in _names(draw, (".py", ".md", ".toml", ".so")):
        mode = draw.choice(("-rw-r--r--", "-rw-r--r--", "-rwxr-xr-x", "-r--------"))
        owner, group = draw.choice((("root", "root"), ("deploy", "www"), ("deploy", "staff")))
        size, day = (
            draw.randint(90, 99_999),
            draw.choice(("Mar  3 09:14", "Mar  3 09:14", "Jan 12 17:40", "Feb  8 11:05")),
        )
        rows.append((mode, owner, group, size, day, name))
        asked += [
            Question.about("own value", f"the size of {name} in bytes", size),
            Question.about("shared value", f"the owner of {name}", owner),
            Question.about("shared value", f"the group of {name}", group),
        ]
    wide = [max(len(str(row[at])) for row in rows) for at in range(4)]
    lines = [f"{m} 1 {o:<{wide[1]}} {g:<{wide[2]}} {s:>{wide[3]}} {d:>12} {n}" for m, o, g, s, d, n in rows]
    return "\n".join([f"total {draw.randint(400, 900)}", *lines, ""]), asked


def _found(draw: random.Random) -> tuple[str, list[Question]]:
    """What `find -ls` prints."""
    lines, asked = [], []
    for at, name in enumerate(_names(draw, (".py", ".md", ".json"))):
        inode, mode = 915_300 + 7 * at, draw.choice(("-rw-r--r--", "-rw-r--r--", "-rwxr-xr-x"))
        owner, size = draw.choice(("root     root", "deploy   www ", "deploy   www ")), draw.randint(90, 99_999)
        day = draw.choice(("Mar  3 09:14", "Mar  3 09:14", "Jan 12 17:40"))
        lines.append(f"{inode:9} {size // 1024 + 4:6} {mode}   1 {owner} {size:8} {day} ./lib/{name}")
        asked += [
            Question.about("own value", f"the size of {name} in bytes", size),
            Question.about("own value", f"the inode of {name}", inode),
            Question.about("shared value", f"the owner of {name}", owner.split()[0]),
            Question.about("shared value", f"the mode of {name}", mode),
        ]
    return "\n".join([*lines, ""]), asked


def _processes(draw: random.Random) -> tuple[str, list[Question]]:
    """What `ps` prints of users, states and commands."""
    rows: list[tuple[str, ...]] = [("USER", "PID", "STAT", "START", "TIME", "COMMAND")]
    asked = []
    for at, name in enumerate(_names(draw, ("d", "", ".sh"))):
        user = draw.choice(("root", "root", "postgres", "www-data"))
        pid, stat = str(3100 + at * 3), draw.choice(("Ss", "Ss", "Sl", "R+"))
        start, time = draw.choice(("Mar03", "Mar03", "09:41")), f"{draw.randint(0, 9)}:{draw.randint(0, 59):02d}"
        rows.append((user, pid, stat, start, time, name))
        asked += [
            Question.about("own value", f"the PID of {name}", pid),
            Question.about("own value", f"the time of process {pid}", time),
            Question.about("shared value", f"the user of {name}", user),
            Question.about("shared value", f"the start of process {pid}", start),
        ]
    return _columns(rows), asked


def _columns(rows: Sequence[Sequence[str]]) -> str:
    wide = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return (
        "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows)
        + "\n"
    )
