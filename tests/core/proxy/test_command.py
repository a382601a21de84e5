from __future__ import annotations

import ctypes
from typing import Any

import pytest
from headroom_core.proxy import command


def test_where_malloc_is_not_glibcs_nothing_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS, Windows and musl have none of that name."""

    def missing(_: Any) -> Any:
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", missing)
    assert command._frugal() is None
