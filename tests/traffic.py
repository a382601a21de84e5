"""Requests in the three shapes that gateways take, and what is read from their answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.content import conversation
from tests.provider import Answer, Call, Request

SHAPES = ("chat", "messages", "responses")
PATHS = {"chat": "/v1/chat/completions", "messages": "/v1/messages", "responses": "/v1/responses"}
MODELS = {"chat": "openai/gpt-4o", "messages": "anthropic/claude-sonnet-4-5", "responses": "openai/gpt-4o"}
QUESTION = "What went wrong?"
TOOL = {"name": "fetch", "description": "Fetches a page.", "parameters": {"type": "object", "properties": {}}}


def tools(shape: str, *names: str) -> list[dict[str, Any]]:
    """Tools of the caller's own."""
    made = [{**TOOL, "name": name} for name in names or ("fetch",)]
    if shape == "chat":
        return [{"type": "function", "function": tool} for tool in made]
    if shape == "responses":
        return [{"type": "function", "strict": False, **tool} for tool in made]
    return [{"name": t["name"], "description": t["description"], "input_schema": t["parameters"]} for t in made]


def history(shape: str, *results: str, tool: str = "fetch") -> list[dict[str, Any]]:
    """A question, and what a tool gave back."""
    messages = conversation(*results, question=QUESTION)[1:]
    if shape == "chat":
        for message in messages:
            for call in message.get("tool_calls", ()):
                call["function"]["name"] = tool
        return messages
    turns: list[dict[str, Any]] = [{"role": "user", "content": QUESTION}]
    for number, text in enumerate(results, start=1):
        name, call_id = tool, f"call_{number}"
        if shape == "responses":
            arguments = json.dumps({"page": number})
            turns.append({"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments})
            turns.append({"type": "function_call_output", "call_id": call_id, "output": text})
        else:
            use = {"type": "tool_use", "id": call_id, "name": name, "input": {"page": number}}
            result = {"type": "tool_result", "tool_use_id": call_id, "content": text}
            turns += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    return turns


def body(shape: str, *results: str, **options: Any) -> dict[str, Any]:
    """A request as a client of the proxy writes it."""
    field = "input" if shape == "responses" else "messages"
    made = {"model": MODELS[shape].split("/")[1], field: history(shape, *results), "tools": tools(shape), **options}
    return {"max_tokens": 512, **made} if shape == "messages" else made


WANTS_IT = Answer(
    text="One moment.", calls=(Call("headroom_retrieve", {"id": 12 * "0"}),), thinking="Lines are missing."
)


def ask_for_it(request: Request) -> Answer:
    """The model wants the original of the first marker that it sees, and thinks before."""
    return replace(WANTS_IT, calls=(Call("headroom_retrieve", {"id": request.handles[0]}),))


def ask_for_both(request: Request) -> Answer:
    """The model wants the original, and calls a tool of the user's."""
    return replace(ask_for_it(request), calls=(Call("fetch", {"page": 7}), *ask_for_it(request).calls))


def used(answer: Any) -> tuple[int, int]:
    """Tokens read and written, as an answer of any shape tells them."""
    usage = answer["usage"] if isinstance(answer, Mapping) else answer.usage.model_dump(warnings=False)
    read, written = (
        usage.get(f"{a}_tokens", usage.get(f"{b}_tokens")) for a, b in (("input", "prompt"), ("output", "completion"))
    )
    return read, written


@dataclass(frozen=True, slots=True)
class Seen:
    """What a client sees of an answer."""

    text: str
    tool_calls: tuple[str, ...]  # names
    whole: str  # everything, as JSON

    @property
    def leaks(self) -> bool:
        """Whether it shows anything of ours."""
        return "headroom" in self.whole


def seen(answer: Any) -> Seen:
    """An answer of any shape, not streamed."""
    found: Mapping[str, Any] = answer if isinstance(answer, Mapping) else answer.model_dump(warnings=False)
    spelled = json.dumps(found, default=str)
    if "choices" in found:
        message = found["choices"][0]["message"]
        names = [call["function"]["name"] for call in message.get("tool_calls") or ()]
        return Seen(message["content"] or "", tuple(names), spelled)
    texts, names = [], []
    for item in found.get("output") or found.get("content") or ():
        if item["type"] in ("tool_use", "function_call"):
            names.append(item["name"])
        parts = item["content"] if item["type"] == "message" else [item]
        texts += [part["text"] for part in parts if part["type"] in ("text", "output_text")]
    return Seen("".join(texts), tuple(names), spelled)
