from __future__ import annotations

import json
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import pytest
from headroom_core.errors import SettingError
from headroom_core.exchange.streams import Stitch
from headroom_core.exchange.turns import read_turn
from headroom_core.types import Dialect
from hypothesis import example, given
from hypothesis import strategies as st

from tests.provider import Answer, Call, chat, messages, responses
from tests.provider.script import Event, Frame

DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "responses")
WIRES: dict[Dialect, ModuleType] = {"openai": chat, "anthropic": messages, "responses": responses}
OURS = Call("headroom_retrieve", {"id": "3f9a1c07be42"})
THEIRS = Call("search", {"q": "disk"})


def stream(answer: Answer, dialect: Dialect, serial: int = 1) -> list[dict[str, Any]]:
    """The data of a provider's stream."""
    frame = Frame(serial, "m", input_tokens=100, counts_stream=True)
    events: list[Event] = list(WIRES[dialect].events(answer, frame))
    return [event.data for event in events if isinstance(event.data, dict)]


def stitched(answers: Sequence[Answer], dialect: Dialect) -> list[Any]:
    """What a client sees of a response: each answer follows on the one before if that asked."""
    stitch, seen = Stitch(dialect), []
    for serial, answer in enumerate(answers, 1):
        for event in stream(answer, dialect, serial):
            seen += stitch.feed(event)
        if serial == len(answers) or stitch.turn() is None:
            break
    return [*seen, *stitch.end()]


def view(events: list[Any], dialect: Dialect) -> tuple[str, list[tuple[str, str]], str]:
    """Text, calls and the reason for which it ended, as a client puts them together. Checks the order of events."""
    return {"openai": _chat_view, "anthropic": _messages_view, "responses": _responses_view}[dialect](events)


def _chat_view(events: list[Any]) -> tuple[str, list[tuple[str, str]], str]:
    text, calls, ends = "", dict[int, list[str]](), list[str]()
    assert len({event["id"] for event in events}) == 1
    for choice in [event["choices"][0] for event in events if event["choices"]]:
        assert not ends
        text += choice["delta"].get("content") or ""
        for piece in choice["delta"].get("tool_calls") or ():
            if piece["index"] == len(calls):
                calls[piece["index"]] = [piece["function"]["name"], ""]
            calls[piece["index"]][1] += piece["function"]["arguments"]
        ends += [choice["finish_reason"]] if choice["finish_reason"] else []
    (end,) = ends
    return text, [(name, spelled) for name, spelled in calls.values()], {"tool_calls": "tool_use"}.get(end, end)


def _messages_view(events: list[Any]) -> tuple[str, list[tuple[str, str]], str]:
    blocks: list[Any] = []
    text, opened = "", False
    assert [event["type"] for event in events].count("message_start") == 1
    assert [event["type"] for event in events][-2:] == ["message_delta", "message_stop"]
    for event in events:
        if event["type"] == "content_block_start":
            assert (event["index"], opened) == (len(blocks), False)
            blocks.append([event["content_block"], ""])
            opened = True
        elif event["type"] == "content_block_delta":
            assert (event["index"], opened) == (len(blocks) - 1, True)
            text += event["delta"].get("text", "")
            blocks[-1][1] += event["delta"].get("partial_json", "")
        elif event["type"] == "content_block_stop":
            opened = False
    calls = [(block["name"], spelled) for block, spelled in blocks if block["type"] == "tool_use"]
    stopped = events[-2]["delta"]["stop_reason"]
    return text, calls, {"end_turn": "stop"}.get(stopped, stopped)


def _responses_view(events: list[Any]) -> tuple[str, list[tuple[str, str]], str]:
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    response, items = events[-1]["response"], dict[int, Any]()
    assert events[0]["response"]["id"] == response["id"]
    for event in events:
        if event["type"] == "response.output_item.added":
            assert event["output_index"] == len(items)
            items[event["output_index"]] = None
        elif event["type"] == "response.output_item.done":
            items[event["output_index"]] = event["item"]
    assert list(items.values()) == response["output"]
    text = "".join(item["content"][0]["text"] for item in response["output"] if item["type"] == "message")
    calls = [(item["name"], item["arguments"]) for item in response["output"] if item["type"] == "function_call"]
    return text, calls, "tool_use" if calls else "stop"


def tokens(events: list[Any]) -> int:
    """Output tokens, as the client is told at the end."""
    usages = [event.get("usage") or event.get("response", {}).get("usage") for event in events]
    last = [usage for usage in usages if usage][-1]
    return int(last.get("completion_tokens", last.get("output_tokens")))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_that_asks_nothing_passes_as_the_same_objects(dialect: Dialect) -> None:
    """Whoever forwards bytes can tell that these are to go as they came."""
    events = stream(Answer("It was the disk.", calls=(THEIRS,), thinking="Hm."), dialect)
    stitch = Stitch(dialect)
    for event in events:
        (shown,) = stitch.feed(event)
        assert shown is event
    assert stitch.turn() is None
    assert stitch.end() == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_follows_stands_in_the_same_response(dialect: Dialect) -> None:
    """The client sees one answer: text before and behind, no call of ours, one end, all that was used."""
    answers = [Answer("Let me look. ", calls=(OURS,), thinking="Hm."), Answer("It was the disk.")]
    seen = stitched(answers, dialect)
    assert view(seen, dialect) == ("Let me look. It was the disk.", [], "stop")
    assert "headroom_retrieve" not in json.dumps(seen)
    assert tokens(seen) == sum(tokens(stream(answer, dialect)) for answer in answers)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_text_before_a_call_is_not_held_back(dialect: Dialect) -> None:
    """Streaming stays streaming: each piece leaves with the event that brought it."""
    stitch = Stitch(dialect)
    for event in stream(Answer("Let me look.", calls=(OURS,)), dialect):
        shown = stitch.feed(event)
        if "look." in json.dumps(event) and "delta" in json.dumps(event) and "completed" not in json.dumps(event):
            assert shown == [event]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_turn_is_what_an_unstreamed_answer_would_have_been(dialect: Dialect) -> None:
    """The follow-up echoes signed thinking and exact arguments."""
    answer = Answer("Let me look.", calls=(OURS, THEIRS), thinking="Rows are missing.")
    stitch = Stitch(dialect)
    for event in stream(answer, dialect):
        stitch.feed(event)
    turn = stitch.turn()
    assert turn is not None
    whole = read_turn(WIRES[dialect].whole(answer, Frame(1, "m", input_tokens=100)), dialect)
    assert whole is not None
    assert turn.calls == whole.calls
    assert turn.follow_up(["row 17"]) == whole.follow_up(["row 17"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_calls_behind_ours_wait_and_are_made_again(dialect: Dialect) -> None:
    """Else the client would run what the model planned before it saw the original."""
    seen = stitched([Answer(calls=(OURS, THEIRS)), Answer(calls=(THEIRS,))], dialect)
    assert view(seen, dialect) == ("", [("search", THEIRS.spelled)], "tool_use")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_call_before_ours_goes_first(dialect: Dialect) -> None:
    """The client has it already, and answers it; the model asks again then."""
    stitch, seen = Stitch(dialect), []
    for event in stream(Answer(calls=(THEIRS, OURS)), dialect):
        seen += stitch.feed(event)
    assert stitch.turn() is None
    assert view([*seen, *stitch.end()], dialect) == ("", [("search", THEIRS.spelled)], "tool_use")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("calls", [(OURS,), (OURS, THEIRS)])
def test_an_answer_that_nobody_follows_up_ends_without_our_call(dialect: Dialect, calls: tuple[Call, ...]) -> None:
    """The bound on rounds is reached: the client gets what is his."""
    others = [(call.name, call.spelled) for call in calls if call is not OURS]
    seen = stitched([Answer("Look.", calls=calls)], dialect)
    assert view(seen, dialect) == ("Look.", others, "tool_use" if others else "stop")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_turn_that_was_cut_short_asks_nothing(dialect: Dialect) -> None:
    """Half a call can't be answered, and a provider refuses its echo."""
    spelled = {
        "openai": ('"finish_reason": "tool_calls"', '"finish_reason": "length"'),
        "anthropic": ('"stop_reason": "tool_use"', '"stop_reason": "max_tokens"'),
        "responses": ('"type": "response.completed"', '"type": "response.incomplete"'),
    }[dialect]
    stitch, seen = Stitch(dialect), []
    for event in stream(Answer("Look.", calls=(OURS,)), dialect):
        seen += stitch.feed(json.loads(json.dumps(event).replace(*spelled)))
    assert stitch.turn() is None
    assert spelled[1].split('"')[3] in json.dumps([*seen, *stitch.end()])
    assert "headroom_retrieve" not in json.dumps(seen)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_broken_follow_up_is_told_as_the_provider_would(dialect: Dialect) -> None:
    assert "no more" in json.dumps(Stitch(dialect).broken("no more"))


def test_messages_that_follow_by_themselves_are_one() -> None:
    """A gateway that runs the rounds below us hands over one message behind the other."""
    stitch = Stitch("anthropic")
    parts = [Answer("Look. ", calls=(OURS,)), Answer("Disk.", calls=(THEIRS,))]
    events = [event for serial, part in enumerate(parts, 1) for event in stream(part, "anthropic", serial)]
    seen = [shown for event in events for shown in stitch.feed(event)] + stitch.end()
    assert view(seen, "anthropic") == ("Look. Disk.", [("search", THEIRS.spelled)], "tool_use")


def test_a_name_that_comes_late_is_waited_for() -> None:
    """Some providers open a call before they name it, and repeat its id and type in each piece."""
    stitch = Stitch("openai")
    opening = {"index": 0, "id": "c1", "type": "function", "function": {"name": None, "arguments": ""}}
    named = {"index": 0, "id": "c1", "type": "function", "function": {"name": "search", "arguments": "{"}}
    more = {"index": 0, "id": "c1", "type": "function", "function": {"arguments": "}"}}
    head = {"id": "x", "usage": None}
    events = [{**head, "choices": [{"delta": {"tool_calls": [piece]}}]} for piece in (opening, named, more)]
    shown = [stitch.feed(event) for event in events]
    assert shown[0] == []
    assert shown[1][0]["choices"][0]["delta"]["tool_calls"] == [named]
    assert shown[2][0] is events[2]


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(SettingError, match="expected one of openai, anthropic, responses"):
        Stitch("gemini")  # type: ignore[arg-type]  # that is the point


_answers = st.builds(
    Answer,
    text=st.text(max_size=30),
    calls=st.lists(st.sampled_from([OURS, THEIRS]), max_size=3).map(tuple),
    thinking=st.text(max_size=20),
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(answers=st.lists(_answers, min_size=1, max_size=4))
def test_whatever_the_model_does_the_client_gets_one_sound_response(dialect: Dialect, answers: list[Answer]) -> None:
    """Our calls never reach him, events come in their order, and calls of his are whole."""
    seen = stitched(answers, dialect)
    _, calls, end = view(seen, dialect)
    assert set(calls) <= {("search", THEIRS.spelled)}
    assert end == ("tool_use" if calls else "stop")
    assert "headroom_retrieve" not in json.dumps(seen)


_KEYS = ["choices", "delta", "tool_calls", "function", "name", "index", "content_block", "item", "response", "output"]
_TYPES = ["message_start", "content_block_start", "content_block_delta", "message_delta", "message_stop"]
_TYPES += ["response.created", "response.output_item.added", "response.output_text.delta", "response.completed"]
_odd = st.recursive(
    st.none() | st.integers(0, 3) | st.text(max_size=3) | st.sampled_from(["headroom_retrieve", "tool_use"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(
    events=st.lists(
        st.tuples(st.sampled_from(_TYPES), st.dictionaries(st.sampled_from([*_KEYS, "output_index", "usage"]), _odd)),
        max_size=6,
    )
)
@example([("message_delta", {"delta": "x"}), ("content_block_start", {"index": 0}), ("message_stop", {})])
@example(
    [
        ("content_block_start", {"index": 0, "content_block": {"type": "tool_use", "name": "headroom_retrieve"}}),
        ("content_block_delta", {"index": 0, "delta": {"partial_json": [3]}}),
        *(("message_delta", {"delta": {"stop_reason": "tool_use"}}), ("message_stop", {})),
    ]
)
@example(
    [
        (
            "response.output_item.added",
            {"output_index": 0, "item": {"type": "function_call", "name": "headroom_retrieve"}},
        ),
        ("response.completed", {"response": [3]}),
    ]
)
def test_no_shape_of_an_event_raises(dialect: Dialect, events: list[tuple[str, dict[str, Any]]]) -> None:
    """Providers differ, and change: what we can't read passes."""
    stitch = Stitch(dialect)
    for kind, event in events:
        stitch.feed({**event, "type": kind})
    stitch.turn()
    stitch.end()
