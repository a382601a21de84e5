"""Answering the model's calls while an answer streams through the proxy.

Of chat and Responses LiteLLM runs no follow-up for a stream: we ask its router for one, and it goes to the same
deployment group under the same key. Of messages LiteLLM runs the rounds itself, and sends one message behind the other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from headroom_core import Gateway, SseStitch, Stitch, Turn, harmless
from litellm.types.llms.openai import GenericEvent
from litellm.types.utils import ModelResponseStream

from headroom_litellm.answers import as_dict
from headroom_litellm.gateway import REFUSED
from headroom_litellm.surfaces import CHAT, MESSAGES, Surface

NOT_FOR_A_FOLLOW_UP = (  # LiteLLM's own notes on the request that came in
    "litellm_logging_obj",
    "litellm_call_id",
    "proxy_server_request",
    "secret_fields",
    "deployment",
)


Ask = Callable[[Turn, bool], Awaitable[AsyncIterator[Any]]]
"""Sends a follow-up on a turn, the last one or not; gives back its stream."""


async def stitched(stream: AsyncIterator[Any], surface: Surface, ask: Ask, rounds: int) -> AsyncIterator[Any]:
    """One stream to the client, as LiteLLM's objects; messages as bytes. At most `rounds` follow-ups."""
    if surface is MESSAGES:
        async for sent in _bytes_stitched(stream, rounds):
            yield sent
        return
    stitch = Stitch(surface.dialect)
    while True:
        async for chunk in stream:
            for sent in fed(stitch, chunk, surface):
                yield sent
        turn = stitch.turn() if stitch.follows < rounds else None
        if turn is None:
            break
        stream = await ask(turn, stitch.follows >= rounds)
    for sent in said_last(stitch, surface):
        yield sent


async def _bytes_stitched(stream: AsyncIterator[Any], rounds: int) -> AsyncIterator[Any]:
    stitch = SseStitch("anthropic")
    async for chunk in stream:
        sent = chunk
        with harmless("a piece of a stream passes as it came"):
            if isinstance(chunk, bytes | str):
                sent = stitch.feed(chunk if isinstance(chunk, bytes) else chunk.encode())
        if sent:
            yield sent
    if stitch.follows < rounds and stitch.turn() is not None:  # LiteLLM logs that the follow-up failed, and ends
        yield stitch.broken(REFUSED)
    elif left := stitch.end():
        yield left


def fed(stitch: Stitch, chunk: Any, surface: Surface) -> list[Any]:
    """What to send for one of LiteLLM's chunks."""
    sent = [chunk]
    with harmless("a piece of a stream passes as it came"):
        event = as_dict(chunk)
        if event is not None:
            sent = [chunk if shown is event else _as_chunk(shown, surface) for shown in stitch.feed(event)]
    return sent


def said_last(stitch: Stitch, surface: Surface) -> list[Any]:
    """What is left to send at the end."""
    return [_as_chunk(event, surface) for event in stitch.end()]


def _as_chunk(event: Mapping[str, Any], surface: Surface) -> Any:
    return ModelResponseStream(**event) if surface is CHAT else GenericEvent(**event)


def follow_up_request(
    request: Mapping[str, Any], surface: Surface, turn: Turn, texts: list[str], *, last: bool
) -> dict[str, Any]:
    """The request on which the model goes on, as LiteLLM takes it; in the last one it can't call anything."""
    kept = {
        key: value
        for key, value in request.items()
        if key not in NOT_FOR_A_FOLLOW_UP and not key.startswith("_litellm")
    }
    conversation = [*request[surface.conversation], *turn.follow_up(texts)]
    choice = Gateway.no_more_calls(surface.dialect) if last else {}
    return {**kept, surface.conversation: conversation, **choice}
