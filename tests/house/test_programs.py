"""What a snippet's failure looks like from outside: as `python -c` would end."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.programs import Done, Programs


@pytest.fixture
def programs() -> Iterator[Programs]:
    started = Programs(["json.tool"], os.environ)
    yield started
    started.close()


def test_each_program_begins_anew_and_ends_as_a_python_does(programs: Programs, tmp_path: Path) -> None:
    """Its own folder, variables and names; and what it has registered for its end is called."""
    code = """
import atexit, os, sys
assert (os.environ["MINE"], len(os.environ)) == ("1", 1)
assert (sys.argv, __name__, sys.path[0], "json.tool" in sys.modules) == (["-c"], "__main__", "", True)
assert "left" not in globals() and not hasattr(sys, "left")
left = sys.left = open("begun", "a")
atexit.register(lambda: print(os.getcwd(), file=sys.stderr))
"""
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        assert programs.run(code, {"MINE": "1"}, folder, 60) == Done(0, f"{folder}\n")
        assert (folder / "begun").is_file()


def test_a_program_that_fails_says_so_and_the_next_one_runs(programs: Programs, tmp_path: Path) -> None:
    """Raised, exited with a number, and over its time."""
    done = programs.run("raise ValueError('so it goes')", {}, tmp_path, 60)
    assert done.code == 1
    assert done.errors.endswith("ValueError: so it goes\n")
    assert programs.run("raise SystemExit(3)", {}, tmp_path, 60).code == 3
    assert programs.run("import time\nwhile True: time.sleep(9)", {}, tmp_path, 1).code == -signal.SIGALRM
    assert programs.run("pass", {}, tmp_path, 60).code == 0
