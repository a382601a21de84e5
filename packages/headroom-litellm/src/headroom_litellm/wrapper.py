"""`completion` and `acompletion` with the whole of Headroom around them: also sync, streamed, and by position.

LiteLLM shows sync calls and streams to no hook that could answer the model. Whoever calls these instead of LiteLLM's
own, or installs them in their place, has the model answered there too. Both hold one door, which the environment sets
up.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import cache
from typing import Any

import litellm
import litellm.main
from headroom_core import Stitch, Turn, harmless

from headroom_litellm.answers import as_dict, with_usage_of, without_our_calls
from headroom_litellm.gateway import Door, stamp_of, stamped
from headroom_litellm.streams import fed, follow_up_request, said_last, stitched
from headroom_litellm.surfaces import CHAT

TENANT = "default"  # one process, one owner
ROUNDS = Door.ROUNDS

_SIGNATURE = inspect.signature(litellm.main.completion)


def completion(*args: Any, **kwargs: Any) -> Any:
    """`litellm.completion`, smaller on its way out, with the model's calls of `headroom_retrieve` answered."""
    request = _named(args, kwargs)
    if stamp_of(request) is not None:
        return litellm.main.completion(**request)
    changes, stamp = _door().smaller_here(request, CHAT, TENANT, answers=True)
    request = {**request, **changes, "metadata": stamped(request.get("metadata"), stamp)}
    if not stamp.offered:
        return litellm.main.completion(**request)
    if request.get("stream"):
        return _streamed(litellm.main.completion(**request), request)
    return _whole(request)


async def acompletion(*args: Any, **kwargs: Any) -> Any:
    """`litellm.acompletion` in the same way."""
    request = _named(args, kwargs)
    if stamp_of(request) is not None:
        return await litellm.main.acompletion(**request)
    changes, stamp = await _door().smaller(request, CHAT, TENANT, answers=True)
    request = {**request, **changes, "metadata": stamped(request.get("metadata"), stamp)}
    if not stamp.offered:
        return await litellm.main.acompletion(**request)
    if request.get("stream"):
        return stitched(await litellm.main.acompletion(**request), CHAT, _asker(request), ROUNDS)
    turns: list[Turn] = []
    while True:
        response = await litellm.main.acompletion(**request)
        turn = _turn(response)
        if turn is None or len(turns) >= ROUNDS:
            return _final(response, turn, turns)
        turns.append(turn)
        texts = await _door().answers(turn, TENANT)
        request = follow_up_request(request, CHAT, turn, texts, last=len(turns) >= ROUNDS)


def install() -> Callable[[], None]:
    """Put both in the place of `litellm.completion` and `litellm.acompletion`; gives back what undoes it.

    Names that were bound before, by `from litellm import completion`, stay what they were.
    """
    before = litellm.completion, litellm.acompletion
    litellm.completion, litellm.acompletion = completion, acompletion

    def undo() -> None:
        litellm.completion, litellm.acompletion = before

    return undo


def _whole(request: dict[str, Any]) -> Any:
    turns: list[Turn] = []
    while True:
        response = litellm.main.completion(**request)
        turn = _turn(response)
        if turn is None or len(turns) >= ROUNDS:
            return _final(response, turn, turns)
        turns.append(turn)
        texts = _door().answers_here(turn, TENANT)
        request = follow_up_request(request, CHAT, turn, texts, last=len(turns) >= ROUNDS)


def _streamed(stream: Iterator[Any], request: dict[str, Any]) -> Iterator[Any]:
    stitch = Stitch(CHAT.dialect)
    while True:
        for chunk in stream:
            yield from fed(stitch, chunk, CHAT)
        turn = stitch.turn() if stitch.follows < ROUNDS else None
        if turn is None:
            break
        texts = _door().answers_here(turn, TENANT)
        request = follow_up_request(request, CHAT, turn, texts, last=stitch.follows >= ROUNDS)
        stream = litellm.main.completion(**request)
    yield from said_last(stitch, CHAT)


def _asker(request: dict[str, Any]) -> Callable[[Turn, bool], Any]:
    """What sends the follow-ups of one stream: each stands on the one before."""
    sent = [request]

    async def ask(turn: Turn, last: bool) -> AsyncIterator[Any]:
        texts = await _door().answers(turn, TENANT)
        sent.append(follow_up_request(sent[-1], CHAT, turn, texts, last=last))
        stream: AsyncIterator[Any] = await litellm.main.acompletion(**sent[-1])
        return stream

    return ask


def _turn(response: Any) -> Turn | None:
    with harmless("a call of headroom_retrieve isn't answered"):
        answer = as_dict(response)
        return None if answer is None else _door().headroom.read_turn(answer, CHAT.dialect)
    return None


def _final(response: Any, turn: Turn | None, turns: list[Turn]) -> Any:
    for earlier in turns:
        response = with_usage_of(response, earlier)
    return response if turn is None else without_our_calls(response, turn)


def _named(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The call with all its arguments by name, as LiteLLM's signature has them."""
    bound = _SIGNATURE.bind_partial(*args).arguments if args else {}
    return {**bound, **kwargs}


@cache
def _door() -> Door:
    return Door()
