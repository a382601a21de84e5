"""The command line, as its user meets it: what it prints, where, and its exit code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.content import log, records_json


def test_a_pipe_gets_shorter_and_says_by_how_much(headroom: Any) -> None:
    ran = headroom("shrink", pipe=records_json().encode())
    assert ran.code == 0
    assert ran.out.startswith("[200 rows: ")
    assert len(ran.out) < 0.6 * len(records_json())
    assert ran.err.startswith("headroom: ")
    assert "tokens (json, compressed, equivalent, " in ran.err


def test_what_is_hidden_can_be_asked_back_by_the_next_command(headroom: Any, tmp_path: Path) -> None:
    file = tmp_path / "worker.log"
    file.write_text(log(3000))
    shown = headroom("shrink", str(file), "--elide")
    handle = shown.out.partition("[headroom ")[2].partition(":")[0]
    assert headroom("retrieve", handle).out == log(3000)
    some = headroom("retrieve", handle, "--lines", "2001")
    assert log(3000).split("\n")[2000] in some.out
    assert len(some.out) < 200
    found = headroom("retrieve", handle, "--query", "disk quota", "--max-tokens", "100")
    assert "disk quota exceeded" in found.out


def test_bytes_that_are_not_utf8_come_back(headroom: Any) -> None:
    ran = headroom("shrink", pipe=b"caf\xe9 \xff\n")
    assert ran.out.encode("utf-8", "surrogateescape") == b"caf\xe9 \xff\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["retrieve", "3f9a1c07be42"], "headroom: No original is kept under 3f9a1c07be42"),
        (["retrieve", "nothing"], "headroom: 'nothing' is no handle: give the 12 to 24 hex digits of a marker"),
        (["retrieve", "[headroom 3f9a1c07be42:"], "is no handle"),
        (["shrink", "no-such-file"], "No such file"),
        (["shrink", "--kind", "jsn"], "kind is 'jsn'; expected one of "),
        (["shrink", "--budget", "100"], "add --elide"),
        (["explain", "--level", "hard"], "expected one of light, balanced, strong"),
        (["shrink", "--store", "postgres://x"], "expected memory://"),
        (["shrink", "--no-such-option"], "No such option"),
        (["no-such-command"], "No such command"),
    ],
)
def test_an_error_is_one_line_and_exit_code_two(headroom: Any, arguments: list[str], said: str) -> None:
    ran = headroom(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_wrong_setting_is_one_line_too(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_LEVEL", "hard")
    ran = headroom("shrink", pipe=b"x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "headroom: level is 'hard'; expected one of light, balanced, strong\n"


def test_explain_shows_claims_regions_and_tokens(headroom: Any) -> None:
    """Part by part, and of the shown text the first lines."""
    told = records_json()
    ran = headroom("explain", pipe=f"$ curl\n{told}\ndone\n".encode())
    assert ran.code == 0
    first, second, third = ran.out.split("part ")[1:]
    for part, number, text in ((first, 1, "$ curl\n"), (third, 3, "done\n")):
        assert part.startswith(f"{number} of 3: {len(text)} characters, ")
        assert "chosen: nobody, so it goes out as it came" in part
        assert f"verbatim: {len(text)} -> {len(text)} characters\n    | {text}" in part
    assert second.startswith(f"2 of 3: {len(told) + 1} characters, ")
    assert "json 1, diff 0," in second
    assert "chosen: json\n" in second
    assert re.search(rf"equivalent: {len(told) + 1} -> \d+ characters\n    \| \[200 rows: id,", second)
    before, after = map(int, re.findall(r"(\d+) tokens\n", second))
    assert after < before / 2


def test_purge_forgets(headroom: Any) -> None:
    handle = headroom("shrink", "--elide", pipe=log(3000).encode()).out.partition("[headroom ")[2].partition(":")[0]
    assert "forgot 2 texts" in headroom("purge", "--yes").out
    assert headroom("retrieve", handle).code == 2


def test_help_names_every_command(headroom: Any) -> None:
    ran = headroom("--help")
    for command in ("demo", "shrink", "explain", "retrieve", "mcp", "doctor", "purge", "proxy"):
        assert f"\n  {command} " in ran.out


@pytest.mark.parametrize("command", ["shrink", "demo", "retrieve", "doctor", "mcp", "purge"])
def test_help_names_every_store(headroom: Any, command: str) -> None:
    said = headroom(command, "--help").out
    for scheme in ("memory", "sqlite", "redis", "rediss", "redis+cluster", "redis+sentinel"):
        assert f"{scheme}://" in said


def test_the_demo_runs_and_every_check_holds(data_folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "headroom_core.cli", "demo"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "NO " not in ran.stdout
    assert ran.stdout.count("yes ") == 5
    assert (data_folder / "headroom" / "headroom.db").is_file()
