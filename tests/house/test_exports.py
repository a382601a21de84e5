"""The public names: those that a package's `__all__` lists are those that its README lists, in order."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable

import pytest

from tests.house import PACKAGES, ROOT

FACE = re.compile(r"^## Names\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"^\| `(\w+)", re.MULTILINE)


@pytest.fixture(params=PACKAGES)
def package(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def exported(package: str) -> list[str]:
    return list(getattr(importlib.import_module(package.replace("-", "_")), "__all__", []))


def test_every_exported_name_is_there(package: str) -> None:
    """A name in `__all__` that isn't there breaks `import *` and every page that lists it."""
    module = importlib.import_module(package.replace("-", "_"))
    assert [name for name in exported(package) if not hasattr(module, name)] == []


def test_exported_names_are_sorted(package: str) -> None:
    """In one order (constants, classes, functions) two changes don't collide, and a reader finds the name."""
    assert exported(package) == in_order(set(exported(package)))


def in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


def test_the_readme_lists_the_exported_names(package: str) -> None:
    """A name is public when it is exported and a page says what it is; never one without the other."""
    section = FACE.search((ROOT / "packages" / package / "README.md").read_text("utf-8"))
    assert in_order(NAME.findall(section[1]) if section else []) == exported(package)
