"""Bodies of requests and answers as JSON: read as what they say, spelled so that any parser reads the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def read(raw: bytes) -> dict[str, Any] | None:
    """The JSON object in a body; None for what isn't one."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def spelled(body: Mapping[str, Any]) -> bytes:
    """The body as JSON, in ASCII: a lone surrogate stays what it is.

    Raises:
        ValueError: it holds what JSON can't: an infinity, which a number of the source became, or no number at all.
    """
    return json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
