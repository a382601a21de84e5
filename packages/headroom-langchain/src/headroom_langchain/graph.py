"""A transform in a graph: as a node that rewrites the messages of a state, and around the calls of tools."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage, convert_to_messages

Shrink = Callable[[Sequence[BaseMessage]], list[BaseMessage]]


def messages_of(state: Any, key: str) -> list[BaseMessage]:
    """The messages of a graph's state, whatever that is: a dict, an object, or the list itself.

    Raises:
        TypeError: there are none under the key.
    """
    if isinstance(state, Mapping):
        found = state.get(key)
    else:
        found = state if isinstance(state, list) else getattr(state, key, None)
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise TypeError(f"the state has no list of messages under {key!r}; name the key: as_node(messages_key=...)")
    return convert_to_messages(found)


def update(before: Sequence[BaseMessage], after: Sequence[BaseMessage]) -> list[BaseMessage]:
    """What a node gives back: the changed messages, which `add_messages` puts in the place of those with their ids.

    Where messages have no ids, no such reducer is at work: all of them, in the place of the whole list.
    """
    if not all(message.id for message in before):
        return list(after)
    return [ours for ours, theirs in zip(after, before, strict=True) if ours is not theirs]


def shrunk_result(result: Any, call: Mapping[str, Any], state: Any, shrink: Shrink) -> Any:
    """What a tool gave back, made smaller: a message, a `Command` that brings messages, or a list of either."""
    if isinstance(result, ToolMessage):
        asked = next((each for each in reversed(_history(state)) if isinstance(each, HumanMessage)), None)
        called = AIMessage("", tool_calls=[{"name": call["name"], "args": call["args"], "id": call["id"]}])
        before = [called] if asked is None else [asked, called]
        return shrink([*before, result])[-1]
    if isinstance(result, list):
        made = [shrunk_result(each, call, state, shrink) for each in result]
        return result if all(ours is theirs for ours, theirs in zip(made, result, strict=True)) else made
    if dataclasses.is_dataclass(result) and isinstance(getattr(result, "update", None), Mapping):
        brought: Mapping[str, Any] = result.update  # type: ignore[union-attr]  # looked at in the line above
        changed = {key: shrunk_result(value, call, state, shrink) for key, value in brought.items()}
        return dataclasses.replace(result, update=changed)  # type: ignore[type-var]  # an instance: a class has no mapping
    return result


def _history(state: Any) -> Sequence[Any]:
    """The messages before a tool's call: those of the state, where it has any under the usual key."""
    found = state.get("messages") if isinstance(state, Mapping) else getattr(state, "messages", state)
    return found if isinstance(found, list) else ()
