"""Which blocks has the caller asked the provider to cache?"""

from __future__ import annotations

from typing import Any

import pytest
from headroom_core.prefix.zones import at_or_before, breakpoint_place

MARK = {"cache_control": {"type": "ephemeral"}}


@pytest.mark.parametrize(
    ("messages", "place"),
    [
        ([{"role": "user", "content": "x"}], None),
        ([{"role": "user", "content": "x", "cache_control": None}], None),
        ([{"role": "user", "content": "x", **MARK}, {"role": "user", "content": "y"}], (0,)),
        ([{"role": "user", "content": [{"type": "text"}, {"type": "text", **MARK}, {}]}], (0, "content", 1)),
        (
            [{"content": [{"type": "tool_result", "content": [{"type": "text", **MARK}]}]}],
            (0, "content", 0, "content", 0),
        ),
        ([{"content": [{**MARK}]}, {"content": [{**MARK}, {}]}, {"content": []}], (1, "content", 0)),
        ([None, "x", 3], None),
    ],
)
def test_the_last_mark_is_found(messages: list[Any], place: object) -> None:
    assert breakpoint_place(messages) == place


def test_a_mark_covers_what_stands_at_or_before_it() -> None:
    mark = (2, "content", 1)
    assert at_or_before((1, "content"), mark)
    assert at_or_before((2, "content", 0, "content"), mark)
    assert at_or_before((2, "content", 1, "content", 4, "text"), mark)
    assert not at_or_before((2, "content", 2, "content"), mark)
    assert not at_or_before((3, "content"), mark)


def test_a_mark_on_a_message_covers_all_of_it() -> None:
    assert at_or_before((2, "content", 7, "text"), (2,))
