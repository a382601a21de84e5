"""The official clients, reading streams: they refuse what is out of order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

from anthropic import Anthropic
from openai import OpenAI

from tests.clocks import AGES
from tests.provider import Answer, Provider, Request
from tests.traffic import ask_for_it, body

Heard = Callable[[str], None]

LATER_EVENT = 12  # of a stream: behind the first pieces of its text, in every dialect


def read(url: str, shape: str, *results: str, heard: Heard = lambda text: None, **options: Any) -> Any:
    """The final answer, as the official client puts it together; `heard` is told each piece of text as it comes."""
    request = body(shape, *results, **options)
    if shape == "messages":
        with (
            Anthropic(base_url=url, api_key="sk-a", max_retries=0) as asker,
            asker.messages.stream(**request) as stream,
        ):
            for text in stream.text_stream:
                heard(text)
            return stream.get_final_message()
    with OpenAI(base_url=f"{url}/v1", api_key="sk-a", max_retries=0) as client:
        return (_responses if shape == "responses" else _chat)(client, request, heard)


def hears_before_the_model_goes_on(url: str, provider: Provider, shape: str, *results: str) -> bool:
    """Whether text reaches the client while the provider waits for that, and says nothing more until then."""
    heard, waited = Event(), list[bool]()

    def after_text(number: int) -> None:
        if number == LATER_EVENT and not waited:
            waited.append(heard.wait(AGES))

    def asks(request: Request) -> Answer:
        text = "One moment, please: I am looking at the log. " * 3
        return replace(ask_for_it(request), text=text, thinking="", before_event=after_text)

    provider.script([asks, "It was the disk."])
    read(url, shape, *results, heard=lambda text: heard.set())
    return waited == [True]


def _responses(client: OpenAI, request: dict[str, Any], heard: Heard) -> Any:
    with client.responses.stream(**request, store=False) as stream:
        for event in stream:
            if event.type == "response.output_text.delta":
                heard(event.delta)
        return stream.get_final_response()


def _chat(client: OpenAI, request: dict[str, Any], heard: Heard) -> dict[str, Any]:
    """As an answer in one piece: the client of chat has no helper that takes tools as they are."""
    text, calls, ends, ids, usage = "", dict[int, dict[str, Any]](), [], set(), None
    for chunk in client.chat.completions.create(**request, stream=True, stream_options={"include_usage": True}):
        ids.add(chunk.id)
        usage = chunk.usage or usage
        for choice in chunk.choices:
            if choice.delta.content:
                text += choice.delta.content
                heard(choice.delta.content)
            for piece in choice.delta.tool_calls or ():
                call = calls.setdefault(piece.index, {"function": {"name": "", "arguments": ""}})["function"]
                call["name"] += piece.function.name or ""
                call["arguments"] += piece.function.arguments or ""
            ends += [choice.finish_reason] if choice.finish_reason else []
    assert len(ids) == len(ends) == 1
    message = {"content": text, "tool_calls": [calls[index] for index in sorted(calls)]}
    assert usage is not None
    return {"choices": [{"message": message, "finish_reason": ends[0]}], "usage": usage.model_dump()}
