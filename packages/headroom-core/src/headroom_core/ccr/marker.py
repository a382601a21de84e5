"""The marker: how shown text says that something is hidden, and under which handle it is asked back.

One grammar, spelled and read here only. ASCII, one line, nothing that JSON strings or Markdown would escape:

    [headroom 3f9a1c07be42: rows 16-965 of 1000 not shown, original intact; headroom_retrieve]
    [headroom 3f9a1c07be42: lines 3-76, 78, ..., 901-989 of 990 (812 of them) not shown, original intact; ...
    [headroom 3f9a1c07be42: parts not shown, original intact; headroom_retrieve]
"""

from __future__ import annotations

import re

from headroom_core.text.lines import spell_ranges
from headroom_core.types import RETRIEVE_TOOL, Hidden

MOST_RANGES = 4  # past that the middle is `...`: what is shown bears its own numbers, and a marker is to be short

_OPENING = "[headroom "
_CLOSING = f" not shown, original intact; {RETRIEVE_TOOL}]"
_HANDLE = "[0-9a-f]{12}(?:[0-9a-f]{4}){0,3}"
_WHAT = r"(?:parts|[a-z]{1,16} [0-9 ,.\-]{1,400}of [0-9]{1,16}(?: \([0-9]{1,16} of them\))?)"
_MARKER = re.compile(re.escape(_OPENING) + f"({_HANDLE}): {_WHAT}" + re.escape(_CLOSING))


def spell(handle: str, hidden: Hidden | None = None) -> str:
    """The marker of an original; `hidden` says what isn't shown, where that has a name and numbers."""
    return f"{_OPENING}{handle}: {_spell_hidden(hidden)}{_CLOSING}"


def find_handles(text: str) -> list[str]:
    """The handles in what looks like our markers, in order, each once.

    Syntax only: a text may hold a marker's letters and mean nothing. The store of the tenant knows.
    """
    if _OPENING not in text:
        return []
    return list(dict.fromkeys(_MARKER.findall(text)))


def _spell_hidden(hidden: Hidden | None) -> str:
    if hidden is None or not hidden.ranges:
        return "parts"
    spelled = f"{hidden.unit} {spell_ranges(hidden.ranges, MOST_RANGES)} of {hidden.total}"
    return spelled if len(hidden.ranges) <= MOST_RANGES else f"{spelled} ({hidden.count} of them)"
