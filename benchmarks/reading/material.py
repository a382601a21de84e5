"""The kinds of samples, each a function from a number, counted from 0, to a sample."""

from __future__ import annotations

from collections.abc import Callable

from documents import embedded, nested, repeated
from listings import listing
from log_lines import log
from records import records
from samples import Sample

KINDS: dict[str, Callable[[int], Sample]] = {
    "records": records,
    "nested": nested,
    "repeated": repeated,
    "embedded": embedded,
    "log": log,
    "listing": listing,
}
