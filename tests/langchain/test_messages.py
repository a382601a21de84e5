"""What a transform leaves alone, and what it keeps of what it changes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from headroom_core import Outcome
from headroom_langchain import HeadroomSettings, HeadroomTransform
from headroom_langchain.messages import Role, put_back, read_blocks
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.prompt_values import ChatPromptValue, StringPromptValue

from tests.content import records_json
from tests.langchain.content import JSON, LOG, call, conversation, result

BOTH: frozenset[Role] = frozenset(("tool", "human"))
FIELDS = ("id", "name", "artifact", "status", "tool_call_id", "additional_kwargs", "type")


def transformed(*messages: BaseMessage, **fields: Any) -> list[BaseMessage]:
    return HeadroomTransform(**fields).invoke(list(messages))


@pytest.mark.parametrize(
    "given_input",
    [
        JSON,
        [("system", "Be careful."), ("human", JSON)],
        [{"role": "user", "content": JSON}],
        StringPromptValue(text=JSON),
        ChatPromptValue(messages=[HumanMessage(JSON)]),
        [HumanMessage(JSON)],
    ],
    ids=["text", "tuples", "dicts", "prompt", "chat prompt", "messages"],
)
def test_it_takes_what_a_chat_model_takes(given_input: Any) -> None:
    before = copy.deepcopy(given_input)
    *_, last = HeadroomTransform().invoke(given_input)
    assert isinstance(last, HumanMessage)
    assert len(last.text) < 0.6 * len(JSON)
    assert given_input == before


@pytest.mark.parametrize("wrong", [7, None, b"bytes", {"messages": []}, HumanMessage("one"), object()])
def test_anything_else_is_refused_with_what_was_expected(wrong: Any) -> None:
    with pytest.raises(TypeError, match="expected"):
        HeadroomTransform().invoke(wrong)


def test_a_state_is_refused_with_the_name_of_what_takes_it() -> None:
    with pytest.raises(TypeError, match="as_node"):
        HeadroomTransform().invoke({"messages": []})  # type: ignore[arg-type]  # that is the test


@pytest.mark.parametrize("messages", [[], [HumanMessage("")], [SystemMessage(JSON)], [HumanMessage([])]])
def test_nothing_to_do_is_done_quietly(messages: list[BaseMessage]) -> None:
    made = HeadroomTransform().invoke(messages)
    assert made == messages
    assert all(ours is theirs for ours, theirs in zip(made, messages, strict=True))


def test_what_does_not_change_is_the_object_that_came() -> None:
    """Signed thinking, encrypted reasoning, citations and calls are refused by providers when a letter changes."""
    thinking: list[Any] = [
        {"type": "thinking", "thinking": JSON, "signature": "c2ln"},
        {"type": "reasoning", "encrypted_content": "ZW5j", "summary": []},
        {"type": "text", "text": LOG, "annotations": [{"start_index": 3}]},
    ]
    untouched: list[BaseMessage] = [
        SystemMessage(JSON),
        HumanMessage("What went wrong?"),
        AIMessage(thinking, tool_calls=[{"name": "fetch", "args": {"q": JSON}, "id": "call_1"}]),
        ToolMessage("short", tool_call_id="call_1"),
        AIMessage(LOG, usage_metadata={"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}),
        ChatMessage(role="developer", content=JSON),
        HumanMessage(
            [{"type": "text", "text": LOG, "citations": [1]}, {"type": "image_url", "image_url": {"url": "data:"}}]
        ),
        ToolMessage(
            [{"type": "search_result", "content": JSON}, {"type": "tool_reference", "name": "x"}], tool_call_id="2"
        ),
    ]
    for ours, theirs in zip(transformed(*untouched), untouched, strict=True):
        assert ours is theirs


@pytest.mark.parametrize("status", ["success", "error"])
def test_what_changes_keeps_everything_but_its_text(status: Any) -> None:
    artifact = object()
    came = ToolMessage(
        JSON,
        id="tool-1",
        name="fetch",
        tool_call_id="call_1",
        artifact=artifact,
        status=status,
        additional_kwargs={"extra": [1]},
        response_metadata={"source": "here"},
    )
    before = came.model_dump()
    (shown,) = transformed(came)
    assert came.model_dump() == before
    assert isinstance(shown, ToolMessage)
    assert shown.artifact is artifact
    assert [getattr(shown, name) for name in FIELDS] == [getattr(came, name) for name in FIELDS]
    assert shown.response_metadata.keys() == {"source", "headroom"}
    assert JSON not in json.dumps(shown.response_metadata)
    assert len(shown.text) < 0.6 * len(JSON)


def test_only_texts_change_inside_a_list_of_blocks() -> None:
    content: list[Any] = [
        {"type": "image", "base64": "aW1n", "mime_type": "image/png"},
        {"type": "text", "text": JSON, "index": 4},
        "a word",
        {"type": "tool_reference", "tool_name": "x"},
        LOG,
    ]
    came = ToolMessage(content, tool_call_id="call_1")
    (shown,) = transformed(came)
    assert isinstance(shown.content, list)
    assert shown.content[1] != content[1]
    assert {**shown.content[1], "text": JSON} == content[1]  # type: ignore[dict-item]  # the block is a dict
    assert len(shown.content[4]) < len(LOG)
    assert all(shown.content[number] is came.content[number] for number in (0, 2, 3))


def test_what_the_provider_was_asked_to_cache_is_shown_as_before() -> None:
    """A mark moves on with every turn: behind it a text stays as it was shown, and before it nothing new begins."""
    marked: dict[str, Any] = {"type": "text", "text": JSON, "cache_control": {"type": "ephemeral"}}
    never_shown = ToolMessage([LOG, marked], tool_call_id="call_1")
    assert transformed(never_shown)[0] is never_shown
    plain = {"type": "text", "text": records_json(50)}
    (first,) = transformed(ToolMessage([plain], tool_call_id="call_2"))
    (later,) = transformed(ToolMessage([{**plain, "cache_control": {"type": "ephemeral"}}], tool_call_id="call_2"))
    assert first.content != [plain]
    assert later.content == [{**first.content[0], "cache_control": {"type": "ephemeral"}}]  # type: ignore[dict-item]  # as above


def test_a_persons_words_stay_letter_for_letter() -> None:
    """The data in a prompt shrinks; what the model is to do with it stays."""
    text = f"Be kind.\n\nOrders: {JSON} (of today)\n\n```\n{LOG}```\nWhat went wrong?  Say it in one line.\r\n"
    (shown,) = transformed(HumanMessage(text, id="h", name="ann"))
    assert (shown.id, shown.name) == ("h", "ann")
    assert shown.text.startswith("Be kind.\n\nOrders: \n")
    assert "\n (of today)\n\n```\n" in shown.text
    assert shown.text.endswith("\n```\nWhat went wrong?  Say it in one line.\r\n")
    assert len(shown.text) < 0.65 * len(text)
    assert "98765.43" in shown.text
    (narrowed,) = transformed(HumanMessage(text), roles=frozenset({"tool"}))
    assert narrowed.content == text


def test_documents_between_the_users_markers_are_looked_at() -> None:
    rows = "\n".join(f"{n};ok;{n * 7 % 13}" for n in range(8))
    text = f"<doc>\n{records_json(4)}\n</doc>{rows}"
    (shown,) = transformed(HumanMessage(text))
    assert shown.content == text
    (shown,) = transformed(HumanMessage(text), documents=(("<doc>", "</doc>"),))
    assert shown.text.startswith("<doc>\n")
    assert shown.text.endswith(f"\n</doc>{rows}")
    assert len(shown.text) < len(text)


def test_markers_that_are_empty_are_refused() -> None:
    with pytest.raises(ValueError, match="documents"):
        HeadroomTransform(documents=(("<doc>", ""),))


WORDS = st.text(max_size=30)


@given(WORDS, WORDS, WORDS, st.booleans())
def test_whatever_stands_around_data_stays(before: str, between: str, after: str, whole: bool) -> None:
    pieces = [before, JSON, between, LOG, after]
    content: Any = "\n".join(pieces) if whole else [{"type": "text", "text": piece} for piece in pieces]
    message = HumanMessage(content)
    blocks = read_blocks([message], BOTH)
    shown = {block.place: "<data>" for block in blocks}
    (made,) = put_back([message], shown, ())
    if whole:
        assert made.content == content.replace(JSON, "<data>").replace(LOG.rstrip("\n"), "<data>")
    else:
        assert isinstance(made.content, list)
        texts = [part["text"] for part in made.content if isinstance(part, dict)]
        assert texts == [before, "<data>", between, "<data>\n", after]


ODD: Any = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from(["", "x", JSON, LOG, [JSON], {"text": LOG}])
)
BLOCK = st.one_of(
    st.sampled_from(["", "a word", JSON, LOG]),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["text", "image", "tool_result", ""])},
        optional={"text": ODD, "annotations": ODD, "cache_control": ODD, "content": ODD},
    ),
)
MESSAGE = st.builds(
    lambda kind, content: kind(content, tool_call_id="call_1") if kind is ToolMessage else kind(content),
    st.sampled_from([ToolMessage, HumanMessage, AIMessage, SystemMessage]),
    st.one_of(st.sampled_from(["", JSON, LOG, f"See:\n{LOG}\n{JSON}?"]), st.lists(BLOCK, max_size=4)),
)


@given(st.lists(MESSAGE, max_size=5))
def test_no_message_is_too_odd(messages: list[BaseMessage]) -> None:
    """Whatever somebody puts into a message: nothing raises, and nothing but texts of strings changes."""
    before = copy.deepcopy(messages)
    after = HeadroomTransform(settings=HeadroomSettings(store="memory://"), on_error="raise").invoke(messages)
    assert messages == before
    assert [type(message) for message in after] == [type(message) for message in messages]
    for ours, theirs in zip(after, messages, strict=True):
        if ours is theirs:
            continue
        assert theirs.type in ("tool", "human")
        if isinstance(theirs.content, list):
            assert isinstance(ours.content, list)
            for new, old in zip(ours.content, theirs.content, strict=True):
                old_text = old.get("text") if isinstance(old, dict) else old
                new_text = new.get("text") if isinstance(new, dict) else new
                assert new is old or (isinstance(old_text, str) and isinstance(new_text, str))
                assert type(new) is type(old)


def test_a_blocks_question_and_origin_precede_it() -> None:
    """What follows a text never changes how it is shown: else a longer conversation would change old messages."""
    messages = [*conversation(JSON, LOG), HumanMessage(f"And this?\n{JSON}\nSay!"), call(number=9), result(LOG, 9)]
    blocks = read_blocks(messages, BOTH)
    assert [(block.tool_name, block.origin, block.question) for block in blocks] == [
        ("fetch", 'fetch {"page": 1}', "What went wrong?"),
        ("fetch", 'fetch {"page": 2}', "What went wrong?"),
        ("", "", "And this?"),
        ("fetch", "fetch {}", blocks[-1].question),
    ]
    assert blocks[-1].question.startswith("And this?")
    assert blocks[-1].question.endswith("Say!")
    for length in range(len(messages)):
        assert read_blocks(messages[:length], BOTH) == [block for block in blocks if int(block.place[0]) < length]


def test_the_order_of_a_calls_arguments_does_not_matter() -> None:
    """Checkpointers that keep JSON in a database give it back in another order."""
    one, other = call(b=1, a=2), call(a=2, b=1)
    (first,), (second,) = (read_blocks([made, result(JSON)], BOTH) for made in (one, other))
    assert first.origin == second.origin == 'fetch {"a": 2, "b": 1}'


def test_an_answer_of_the_retrieve_tool_is_known_by_its_call() -> None:
    """Messages that are built by hand have no name; compressing the answer again would never end."""
    messages = [call("headroom_retrieve", id="3f9a1c07be42"), result(JSON)]
    assert transformed(*messages) == messages
    assert read_blocks(messages, BOTH)[0].tool_name == "headroom_retrieve"


def test_what_was_changed_before_is_left_alone() -> None:
    """A graph's state brings it back: whatever it looks like now, its original is kept under its first handle."""
    once = transformed(*conversation(JSON, LOG))
    assert all(ours is theirs for ours, theirs in zip(transformed(*once), once, strict=True))
    marked: list[BaseMessage] = [
        ToolMessage(JSON, tool_call_id="call_1", response_metadata={"headroom": []}),
        HumanMessage(JSON, response_metadata={"headroom": []}),
    ]
    assert all(ours is theirs for ours, theirs in zip(transformed(*marked), marked, strict=True))


def test_an_old_function_message_is_read_too() -> None:
    (shown,) = transformed(FunctionMessage(name="fetch", content=JSON))
    assert isinstance(shown, FunctionMessage)
    assert len(shown.text) < 0.6 * len(JSON)


def test_one_error_row_does_not_keep_the_rest_from_shrinking() -> None:
    """The word "error" in a result is a reason to show that row, not to give up on a thousand others."""
    rows = json.loads(records_json(100))
    rows[50]["state"] = "error: card declined"
    (shown,) = transformed(result(json.dumps(rows)))
    assert "error: card declined" in shown.text
    assert (
        shown.response_metadata["headroom"][0]["tokens_after"]
        < 0.6 * shown.response_metadata["headroom"][0]["tokens_before"]
    )


def test_outcomes_are_those_of_core() -> None:
    """A reminder for whoever adds one: is it a change, a failure, or neither?"""
    assert len(Outcome) == 11
