"""Benchmarks are run by hand, and seldom: what they import is there all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import runpy, sys
for path in sys.argv[1:]:
    try:
        runpy.run_path(path, run_name="looked_at")
    except ModuleNotFoundError as error:
        if error.name not in ("bm25s", "matplotlib"):  # of the group `bench`
            raise
"""


def test_every_benchmark_finds_what_it_imports() -> None:
    """One had lost a function that had got another name."""
    found = sorted((ROOT / "benchmarks").glob("*.py"))
    assert len(found) > 15
    environment = {"PYTHONPATH": f"{ROOT / 'benchmarks'}:{ROOT}", "PATH": ""}
    ran = subprocess.run(
        [sys.executable, "-c", CODE, *found], capture_output=True, check=False, text=True, env=environment
    )
    assert ran.returncode == 0, ran.stderr
