"""What rows share is said once: by the format, by letters, by headings."""

from __future__ import annotations

import pytest
from headroom_core.compressors.text_tables.encoding import MOST_LABELS, encode
from headroom_core.compressors.text_tables.notation import decode
from headroom_core.text.tables import Table
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import no_deadline

from tests.core.compressors.text_tables.material import (
    cargo_list,
    find_ls,
    go_list,
    ls_lr,
    orders,
    packages,
    paths,
    pods,
    ps,
    pytest_list,
    set_by_heads,
)

count = tokenizer_for("gpt-4o").count


def encoded(text: str) -> list[str]:
    table = Table.read(text, no_deadline)
    assert table is not None
    shown = encode(table, no_deadline, count)
    assert shown is not None
    assert decode(shown) == text
    return shown.split("\n")


def test_constants_and_padding_stand_in_the_format() -> None:
    """Nobody has to read them in every row."""
    lines = encoded(orders())
    assert lines[1] == "%s,%s,%s,%s,EUR,%s,%s"
    assert encoded(pods())[1].startswith("%-16s 1/1")


def test_letters_stand_for_values_that_many_rows_share() -> None:
    """And a row of rare values spells them out."""
    lines = encoded(pods())
    assert lines[2:4] == ["A=% 1/1 Running 0 %", "B=% 1/1 % % %"]
    assert "B diffutils-5568 CrashLoopBackOff 17 8d" in lines
    assert "A adduser-0000 1d" in lines


@pytest.mark.parametrize("text", [ls_lr(), ps(), pods(), packages()], ids=["ls", "ps", "pods", "dpkg"])
def test_a_letter_stands_for_a_whole_row_of_the_source(text: str) -> None:
    """With the row's own values for its %, in order: a reader needs neither the format nor what it says of widths."""
    lines = encoded(text)
    assert "row A is line A= with its values for the %" in lines[0]
    legend = dict(line.split("=", 1) for line in lines[2 : lines.index("")])
    source = {tuple(line.split()) for line in text.split("\n")}
    rows = [line.split(" ") for line in lines[lines.index("") :] if line.partition(" ")[0] in legend]
    assert len(rows) > 9
    for letter, *values in rows:
        *whole, last = legend[letter].split(" ")
        words = [values.pop(0) if word == "%" else word for word in whole]
        words += values if last == "%" else [last]
        assert tuple(" ".join(words).split()) in source


def test_letters_that_save_little_are_left_out() -> None:
    """A row that says its own values is better read; letters for single words took more tokens than the words."""
    words = ("alpha", "epsilon", "theta", "gamma", "zeta")
    rows = [f"{at},{words[at * at % 7 % 5]},NO,free" for at in range(60)]
    lines = encoded("\n".join(["id,name,country,plan", *rows]))
    assert lines[1:5] == ["%s,%s,NO,free", "\\id,name,country,plan", "0,alpha", "1,epsilon"]


def test_a_line_with_fewer_cells_than_a_row_stands_as_it_was() -> None:
    """Only what could be read as a row wants a sign."""
    rows = [f"{at};web-{at * 7919 % 9973};{at * 31 % 57}" for at in range(60)]
    lines = encoded("\n".join(["number;host;load", *rows, "", "60 hosts; none down", "one;two;three;four", ""]))
    assert lines[0] == "[table: printf format, then rows of its values, separated by semicolons]"
    assert lines[-4:] == ["", "60 hosts; none down", "\\one;two;three;four", ""]


def test_measures_stay_in_their_rows() -> None:
    """However often a number comes: it's what the table is read for."""
    rows = [["HOST", "LOAD", "ZONE"]] + [[f"web-{at}", f"{at % 20}.5", "north"] for at in range(200)]
    lines = encoded(set_by_heads(rows))
    assert f"web-7 {7}.5" in lines
    assert not any(line.startswith("A=") for line in lines)


def test_there_are_only_so_many_letters() -> None:
    """A reader has to find them."""
    rows = [["HOST", "OWNER", "ZONE"]] + [[f"web-{at}", f"team-number-{at % 150}", "north"] for at in range(1500)]
    assert sum("=" in line for line in encoded(set_by_heads(rows))) <= MOST_LABELS + 2


def test_paths_stand_below_their_folder() -> None:
    """As `ls -R` prints them."""
    lines = encoded(paths())
    at = lines.index("packages/shop/src/app/:")
    assert lines[at + 1] == "apt_12.py"
    assert "./src/app/static/:" in encoded(find_ls())


def test_tests_stand_below_their_file_and_their_parameters_below_them() -> None:
    """A name that many lines begin with is said once."""
    lines = encoded(pytest_list())
    at = lines.index("tests/src/test_adduser.py:::")
    assert lines[at + 1 : at + 4] == ["test_adduser_0_is_sold", "test_apt_1_is_sold", "test_base_2_is_sold"]
    at = lines.index("tests/src/test_adduser.py::test_dash_5_is_sold[:")
    assert lines[at + 1 : at + 5] == ["once]", "two times]", "a/b::c]]", "[d]"]
    assert "store::adduser::tests:::" in encoded(cargo_list())
    assert encoded(go_list())[1:3] == ["Test%s", "AdduserIs0"]


def test_names_of_tests_that_could_be_read_as_headings_are_marked() -> None:
    """Parameters may be anything."""
    lines = pytest_list().split("\n")
    lines[30:30] = ["a.py::b[x::[:", "a.py::b[y:::", "\\a.py::c[x]", "\\a.py::c[y]", ":", "a.py:::"]
    assert "\\a.py::b[x::[:" in encoded("\n".join(lines))


def test_widths_that_follow_from_the_rows_are_not_spelled() -> None:
    """Each folder of `ls -lR` has its own."""
    lines = encoded(ls_lr())
    assert "%*s" in lines[1]
    assert "* as wide as the widest" in lines[0]


def test_lines_that_could_be_read_as_rows_are_marked() -> None:
    """A heading, a letter, our own escape."""
    lines = pods(60).split("\n")
    lines[30:30] = ["A Running", "\\ x", "src/:", ""]
    text = "\n".join(lines)
    assert "\\A Running" in encoded(text)
    assert "\\\\ x" in encoded(text)
    lines = paths().split("\n")
    lines[30:30] = ["packages/shop/:", ":", "\\x/y"]
    assert "\\packages/shop/:" in encoded("\n".join(lines))


def test_a_folder_at_the_end_without_a_line_end_is_a_row() -> None:
    """An empty last line says only that the line before it ended."""
    assert encoded(paths() + "packages/shop/docs/")[-1] == "\\packages/shop/docs/"
