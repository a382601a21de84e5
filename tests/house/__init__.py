"""The house's own rules, as tests: sizes, floors of import time, what the tree may hold, names, snippets."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {
    file.parent.name: file.parent / "src" / file.parent.name.replace("-", "_")
    for file in sorted(ROOT.glob("packages/*/pyproject.toml"))
}
PYTHON_FOLDERS = ("packages", "tests", "benchmarks", "docs")


def python_files() -> list[Path]:
    """Every Python file that is ours, tracked or not yet."""
    return sorted(file for folder in PYTHON_FOLDERS for file in (ROOT / folder).rglob("*.py"))


def tracked_files() -> list[Path]:
    """The files in git's index that stand in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [file for name in listed.decode().split("\0") if name and (file := ROOT / name).is_file()]


def named(file: Path) -> str:
    """A file as messages spell it: its path from the root."""
    return file.relative_to(ROOT).as_posix()
