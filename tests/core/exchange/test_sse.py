from __future__ import annotations

import json

import pytest
from headroom_core.exchange.sse import SseStitch, spelled
from headroom_core.types import Dialect
from hypothesis import given
from hypothesis import strategies as st

from tests.core.exchange.test_streams import DIALECTS, OURS, THEIRS, WIRES, stitched
from tests.provider import Answer
from tests.provider.script import Frame


def sent(answer: Answer, dialect: Dialect, serial: int = 1) -> bytes:
    """A provider's stream, as bytes."""
    events = WIRES[dialect].events(answer, Frame(serial, "m", input_tokens=100, counts_stream=True))
    return b"".join(event.spelled for event in events)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(cuts=st.lists(st.integers(0, 4000), max_size=12))
def test_a_stream_that_asks_nothing_passes_byte_for_byte_however_it_is_cut(dialect: Dialect, cuts: list[int]) -> None:
    """Also in the middle of a character, and between the two line breaks that end a frame."""
    raw = sent(Answer("Der Datenträger wär’s. 磁盘", calls=(THEIRS,)), dialect) + b": ping\n\n"
    stitch, got, begin = SseStitch(dialect), b"", 0
    for cut in [*sorted(cuts), len(raw)]:
        got += stitch.feed(raw[begin:cut])
        begin = max(begin, min(cut, len(raw)))
    assert stitch.turn() is None
    done = b"data: [DONE]\n\n"
    assert got + stitch.end() == (raw.replace(done, b"") + done if dialect == "openai" else raw)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_two_streams_become_one(dialect: Dialect) -> None:
    """Frames are what the events stitched one by one would be, with chat's last word said once."""
    answers = [Answer("Let me look. ", calls=(OURS,)), Answer("It was the disk.")]
    stitch = SseStitch(dialect)
    got = stitch.feed(sent(answers[0], dialect))
    assert stitch.turn() is not None
    got += stitch.feed(sent(answers[1], dialect, serial=2)) + stitch.end()
    frames = [frame.split(b"data: ")[1] for frame in got.split(b"\n\n") if frame]
    done = [frames.pop()] if dialect == "openai" else []
    assert [json.loads(frame) for frame in frames] == stitched(answers, dialect)
    assert done in ([], [b"[DONE]"])


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\r\r"])
def test_every_line_break_of_the_standard_ends_a_frame(end: str) -> None:
    stitch = SseStitch("anthropic")
    frame = b"event: ping" + end[: len(end) // 2].encode() + b'data: {"type": "ping"}' + end.encode()
    assert stitch.feed(frame[:-1]) == b""
    assert stitch.feed(frame[-1:]) == frame


def test_what_is_not_json_passes() -> None:
    """Comments, empty frames, text: whoever sent it knows what it means."""
    stitch = SseStitch("openai")
    raw = b": keep-alive\n\ndata: not json\n\ndata: [1]\n\nid: 4\n\n\n\n"
    assert stitch.feed(raw) == raw


def test_a_stream_that_ends_without_a_line_break_is_whole() -> None:
    stitch = SseStitch("anthropic")
    assert stitch.feed(b'data: {"type": "ping"}') == b""
    assert stitch.end() == b'data: {"type": "ping"}'


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("cut", [1, 2])
def test_a_call_in_a_stream_that_ends_without_a_blank_line_is_answered(dialect: Dialect, cut: int) -> None:
    """Its last frame counts, and what follows is not glued to it."""
    answers = [Answer("Let me look. ", calls=(OURS,)), Answer("It was the disk.")]
    stitch = SseStitch(dialect)
    got = stitch.feed(sent(answers[0], dialect).removesuffix(b"data: [DONE]\n\n")[:-cut])
    assert stitch.turn() is not None
    got += stitch.feed(sent(answers[1], dialect, serial=2)) + stitch.end()
    frames = [frame.split(b"data: ")[1] for frame in got.split(b"\n\n") if frame]
    assert [json.loads(frame) for frame in frames if frame != b"[DONE]"] == stitched(answers, dialect)


def test_an_unfinished_frame_is_finished_before_what_follows() -> None:
    stitch = SseStitch("openai")
    assert stitch.feed(b"data: [DONE]\n\n: so far") == b""
    assert stitch.turn() is None
    assert stitch.end() == b": so far\n\ndata: [DONE]\n\n"
    stitch = SseStitch("openai")
    assert stitch.feed(b": so far") == b""
    assert stitch.turn() is None
    assert stitch.broken("gone").startswith(b": so far\n\ndata: ")


def test_a_broken_answer_is_spelled_as_a_frame() -> None:
    assert SseStitch("anthropic").broken("gone").startswith(b'event: error\ndata: {"type":"error"')
    assert spelled({"choices": []}) == b'data: {"choices":[]}\n\n'
