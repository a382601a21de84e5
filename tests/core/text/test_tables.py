"""Which rows and cells a text has whose lines are a table."""

from __future__ import annotations

import pytest
from headroom_core.text.layouts import drawn, pieces, stars
from headroom_core.text.tables import Table, fields, layout_of
from headroom_core.types import no_deadline

from tests.core.compressors.text_tables.material import TABLES, containers, database, find_ls, ls_l, ls_lr, orders, ps


def read(text: str) -> Table:
    table = Table.read(text, no_deadline)
    assert table is not None
    return table


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_the_cells_and_the_format_give_the_lines_back(text: str) -> None:
    """That is what makes a line a row."""
    table = read(text)
    assert table.end.join(table.lines) == text
    block: list[tuple[str, ...]] = []
    lines: list[str] = []
    for line, row in zip([*table.lines, ""], [*table.rows, None], strict=True):
        if row is None:
            assert drawn(table.layout.form, block) == lines
            block, lines = [], []
        else:
            block.append(row)
            lines.append(line)
    assert 2 * sum(row is not None for row in table.rows) > len(table.lines)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (orders(), ("order", "placed", "country", "status", "currency", "total", "customer")),
        (ps(), ("USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME", "COMMAND")),
        (containers(), ("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES")),
        (database(), ("id", "user", "state")),
        (ls_l(), ("mode", "links", "owner", "group", "size", "month", "day", "time", "name")),
        (
            find_ls(),
            ("inode", "blocks", "mode", "links", "owner", "group", "size", "month", "day", "time", "path"),
        ),
    ],
    ids=["CSV", "ps", "docker", "psql", "ls -l", "find -ls"],
)
def test_columns_have_the_names_of_their_heads(text: str, names: tuple[str, ...]) -> None:
    """The line of heads is no row; what has none goes by what everybody calls it."""
    table = read(text)
    assert table.names == names
    assert names not in table.rows


def test_a_cell_may_be_empty_and_hold_blanks() -> None:
    """Where the heads say how wide it is."""
    row = next(row for row in read(containers()).rows if row)
    assert row[3:6] == ("2 hours ago", "Up 2 hours", "")


def test_widths_of_each_folder_are_its_own() -> None:
    """And a row whose width says otherwise is none; the rows beside it stay some."""
    text = ls_lr()
    form = read(text).layout.form
    assert stars(form)
    lines = text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.endswith("coreutils_4.py"))
    lines[at] = lines[at].replace(" root ", "   root ")
    rows = read("\n".join(lines)).rows
    assert rows[at] is None
    assert rows[at - 1] is not None


def test_a_layout_of_the_sample_is_looked_at_again_where_many_lines_differ() -> None:
    """Days of one digit come late here."""
    text = (
        "".join(
            f"-rw-r--r-- 1 root root {at * 7919 % 9000:>8} Feb {(12 if at < 300 else at % 9 + 1):>2} 04:05 {at}.py\n"
            for at in range(600)
            if at < 280 or 310 < at < 580
        )
        + "-rw-r--r-- 1 root root        7 Feb 12 04:05 last.py\n" * 20
    )
    assert sum(row is None for row in read(text).rows) <= 1


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a,b,c", ["a", "b", "c"]),
        ('a,"b,c",', ["a", '"b,c"', ""]),
        ('"x ""y"", z",2', ['"x ""y"", z"', "2"]),
        ("", [""]),
        ('a,"b', ["a", '"b']),
    ],
)
def test_fields_keep_their_quotes(line: str, cells: list[str]) -> None:
    """Joined by the separator they are the line."""
    assert fields(",", line) == cells
    assert ",".join(fields(",", line)) == line


def test_a_form_is_taken_apart() -> None:
    """What stands between the columns, and each one's own format."""
    assert pieces("| %-5s|%*s x") == (["| ", "|", " x"], ["%-5s", "%*s"])


@pytest.mark.parametrize(
    "text", ["", "\n\n\n\n\n\n", "one\ntwo\nthree\nfour\nfive\nsix\n", "a b c d\n" * 3, "x" * 5000 + "\n" * 9]
)
def test_what_has_no_columns_has_no_layout(text: str) -> None:
    """Too few lines, too long ones, single words."""
    assert layout_of(text) is None
