"""Where in LangChain's messages is text that may be shown otherwise, and how is it put back? Decides nothing.

Messages are never rebuilt: a changed one is a copy with another content, every other is the object that came in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from headroom_core import Block, Place, Receipt, is_retrieve_tool
from langchain_core.messages import AIMessage, BaseMessage, FunctionMessage, HumanMessage, ToolMessage

from headroom_langchain.machine_data import Markers, data_spans

Role: TypeAlias = Literal["tool", "human"]

MARK = "headroom"  # key in `response_metadata` of a message that we changed
QUESTION_CHARS = 4_000  # of a human message: what lies between its ends is data, not question
COUNTING = ("annotations", "citations")  # keys of a text block whose values count the text's characters
WHOLE = -1  # instead of the number of a content block: the content is one text

_SPELL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=lambda value: type(value).__name__).encode

Call: TypeAlias = tuple[str, str]  # of the tool that a result comes from: its name; its name and arguments
UNKNOWN: Call = ("", "")

# A place is (message, content block or WHOLE, first character, last character + 1).


def read_blocks(
    messages: Sequence[BaseMessage], roles: frozenset[Role], documents: Sequence[Markers] = ()
) -> list[Block]:
    """The texts that may be shown otherwise, in order: results of tools, and data inside what a person wrote.

    What guides a choice precedes the text, so it never changes later. `documents`: markers between which all is data.
    """
    blocks: list[Block] = []
    calls: dict[str, Call] = {}
    asked = ""
    mark = _last_breakpoint(messages)
    for index, message in enumerate(messages):
        if isinstance(message, AIMessage):
            calls.update(_calls(message))
        elif isinstance(message, HumanMessage):
            if "human" in roles and not was_changed(message):
                blocks += _data(index, message, asked, documents, mark)
            asked = _question(message) or asked
        elif isinstance(message, ToolMessage | FunctionMessage) and "tool" in roles and not was_changed(message):
            blocks += _results(index, message, asked, calls, mark)
    return blocks


def _results(
    index: int, message: ToolMessage | FunctionMessage, asked: str, calls: Mapping[str, Call], mark: tuple[int, int]
) -> Iterator[Block]:
    """The texts that a tool gave back."""
    call_id = message.tool_call_id if isinstance(message, ToolMessage) else ""
    called, origin = calls.get(call_id, UNKNOWN)
    name = _tool_name(message.name or "", called)
    for part, text in texts(message.content):
        yield Block(
            place=(index, part, 0, len(text)),
            role="tool",
            text=text,
            tool_name=name,
            tool_call_id=call_id,
            origin=origin or name,
            question=asked,
            frozen=(index, part) <= mark,
        )


def _data(
    index: int, message: HumanMessage, asked: str, documents: Sequence[Markers], mark: tuple[int, int]
) -> Iterator[Block]:
    """The data inside what a person wrote. It was given for what is said before it, or was asked before."""
    for part, text in texts(message.content):
        for first, last in data_spans(text, documents):
            said = text[max(0, first - QUESTION_CHARS) : first].strip()
            yield Block(
                place=(index, part, first, last),
                role="user",
                text=text[first:last],
                question=said or asked,
                frozen=(index, part) <= mark,
            )


def put_back(
    messages: Sequence[BaseMessage], shown: Mapping[Place, str], receipts: Sequence[Receipt]
) -> list[BaseMessage]:
    """The messages with these texts in their places, and a note of what was done on each that changed."""
    by_message: dict[int, dict[Place, str]] = {}
    for place, text in shown.items():
        by_message.setdefault(int(place[0]), {})[place] = text
    notes: dict[int, list[Receipt]] = {}
    for receipt in receipts:
        if receipt.place in shown:
            notes.setdefault(int(receipt.place[0]), []).append(receipt)
    changed = list(messages)
    for index, texts_of_it in by_message.items():
        message = messages[index]
        content = _with_texts(message.content, texts_of_it)
        metadata = {**message.response_metadata, MARK: [receipt.note() for receipt in notes.get(index, ())]}
        changed[index] = message.model_copy(update={"content": content, "response_metadata": metadata})
    return changed


def was_changed(message: BaseMessage) -> bool:
    """Whether a message is one of ours, kept in a graph's state."""
    return MARK in message.response_metadata


def texts(content: str | Sequence[Any]) -> Iterator[tuple[int, str]]:
    """The texts of a content, each with the number of its block."""
    if isinstance(content, str):
        yield WHOLE, content
        return
    for number, block in enumerate(content):
        if isinstance(block, str):
            yield number, block
        elif isinstance(block, Mapping) and block.get("type") == "text" and not any(map(block.get, COUNTING)):
            text = block.get("text")
            if isinstance(text, str):
                yield number, text


def _with_texts(content: str | list[Any], shown: Mapping[Place, str]) -> str | list[Any]:
    """The content with slices replaced; blocks in which nothing changes are the same objects."""
    for place in sorted(shown, reverse=True):  # from the end, so that the places before it stay right
        _, part, first, last = map(int, place)
        if isinstance(content, str):
            content = _spliced(content, first, last, shown[place])
            continue
        content = list(content)
        block = content[part]
        if isinstance(block, str):
            content[part] = _spliced(block, first, last, shown[place])
        else:
            content[part] = {**block, "text": _spliced(str(block["text"]), first, last, shown[place])}
    return content


def _spliced(text: str, first: int, last: int, shown: str) -> str:
    """The text with a slice of it shown otherwise; what has several lines begins and ends with a line."""
    if first == 0 and last == len(text):
        return shown
    if "\n" in shown:
        before = "" if first == 0 or text[first - 1] == "\n" else "\n"
        after = "" if last == len(text) or text[last] in "\r\n" or shown.endswith("\n") else "\n"
        shown = before + shown + after
    return text[:first] + shown + text[last:]


def _calls(message: AIMessage) -> dict[str, Call]:
    """The tool calls that a message makes, by id; arguments in a fixed order, which not every checkpointer keeps."""
    made = {}
    for call in message.tool_calls:
        name = call["name"]
        made[str(call["id"])] = (name, f"{name} {_SPELL(call['args'])}")
    return made


def _tool_name(stated: str, called: str) -> str:
    """The name of the tool behind a result: what the call says, where the message itself has none or hides ours."""
    return called if stated != called and is_retrieve_tool(called) else stated or called


def _question(message: HumanMessage) -> str:
    """What the user says in this message."""
    said = "\n".join(text for _, text in texts(message.content))
    if len(said) <= QUESTION_CHARS:
        return said
    return f"{said[: QUESTION_CHARS // 2]}\n{said[-QUESTION_CHARS // 2 :]}"


def _last_breakpoint(messages: Sequence[BaseMessage]) -> tuple[int, int]:
    """Message and block of the last `cache_control`: up to there the provider has been asked to keep the prefix."""
    for index in range(len(messages) - 1, -1, -1):
        content = messages[index].content
        if isinstance(content, str):
            continue
        for number in range(len(content) - 1, -1, -1):
            block = content[number]
            if isinstance(block, Mapping) and block.get("cache_control"):
                return index, number
    return -1, -1
