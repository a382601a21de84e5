"""What the tree may hold: nothing that only one machine has, and no failure swallowed out of sight."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import PACKAGES, named, tracked_files

MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9._-])/(?:work|farm|opt/pypi|opt/wheels)/", re.MULTILINE)
REGISTRY = re.compile(r"https?://[^ \"]*(?:pypi|pythonhosted|npmjs|debian)\.[a-z]+")
BROAD = {"Exception", "BaseException"}


def texts() -> Iterator[tuple[Path, str]]:
    """Every tracked file that is text."""
    for file in tracked_files():
        raw = file.read_bytes()
        if b"\0" not in raw:
            yield file, raw.decode("utf-8", "replace")


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry"])
def test_nothing_points_at_one_machine(pattern: re.Pattern[str]) -> None:
    """A path or mirror of the machine that wrote the tree is wrong, and slow or dead, on every other."""
    assert {named(file): found[0] for file, text in texts() if (found := pattern.search(text))} == {}


def test_the_lock_file_stays_out_of_the_history() -> None:
    """It names the registry of whoever wrote it; `exclude-newer` pins the versions instead."""
    assert [named(file) for file in tracked_files() if file.name == "uv.lock"] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_failures_are_swallowed_at_one_place(package: str) -> None:
    """Around one block in the pipeline, in `harmless` of gateways, once at the door of an adapter. Elsewhere none."""
    source = PACKAGES[package]
    caught = Counter(
        file.relative_to(source).as_posix()
        for file in sorted(source.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if swallows_everything(node)
    )
    cores = {"pipeline.py": 1, "gateway.py": 1}
    allowed = cores if package == "headroom-core" else dict.fromkeys(list(caught)[:1], 1)
    assert {place: count for place, count in caught.items() if count > allowed.get(place, 0)} == {}


def swallows_everything(node: ast.AST) -> bool:
    """Whether it is an `except` or a `suppress` of any exception at all, or the end of a `with` that may be one."""
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or any(is_broad(part) for part in ast.walk(node.type))
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "suppress":
        return any(is_broad(part) for part in node.args)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in ("__exit__", "__aexit__"):
        return any(isinstance(part, ast.Return) and ast.unparse(part) == "return True" for part in ast.walk(node))
    return False


def is_broad(node: ast.AST) -> bool:
    """Whether it names `Exception` or wider."""
    return isinstance(node, ast.Name) and node.id in BROAD


@pytest.mark.parametrize(
    ("code", "swallows"),
    [
        ("try: x\nexcept Exception: y", True),
        ("try: x\nexcept (ValueError, BaseException): y", True),
        ("try: x\nexcept: y", True),
        ("with contextlib.suppress(Exception): x", True),
        ("def __exit__(self, *error):\n    return True", True),
        ("def __exit__(self, *error):\n    self.close()", False),
        ("try: x\nexcept (ValueError, KeyError): y", False),
        ("raise Exception", False),
    ],
)
def test_a_swallower_is_told_by_its_looks(code: str, *, swallows: bool) -> None:
    """The rule above is only worth what it can see."""
    assert any(map(swallows_everything, ast.walk(ast.parse(code)))) is swallows
