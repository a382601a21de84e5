"""What goes wrong in tests."""

from __future__ import annotations

from typing import Any, NoReturn


def disk_full(*_: Any, **__: Any) -> NoReturn:
    """Stands in for anything of ours that is called."""
    raise OSError("disk full")
