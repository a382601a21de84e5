"""The command line, run inside the test's own process."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from headroom_core.cli.app import main


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def headroom(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    def run(*arguments: str, pipe: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["headroom", *arguments])
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(pipe)))
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capfdbinary.readouterr()
        return Ran(int(left.value.code or 0), out.decode("utf-8", "surrogateescape"), err.decode())

    return run
