"""`completion` and `acompletion` with the whole of Headroom around them: also sync, streamed, and by position.

LiteLLM shows sync calls and streams to no hook that could answer the model. Whoever calls these instead of LiteLLM's
own, or installs them in their place, has the model answered there too. Both hold one gateway, which the environment
sets up.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import cache
from typing import Any

import litellm
import litellm.main
from headroom_core import Stitch, Turn

from headroom_litellm.answers import as_dict, with_usage_of, without_our_calls
from headroom_litellm.gateway import Gateway, Stamp, harmless, stamp_of, stamped
from headroom_litellm.loop import ROUNDS
from headroom_litellm.streams import fed, follow_up_request, said_last, stitched
from headroom_litellm.surfaces import CHAT

TENANT = "default"  # one process, one owner

_SIGNATURE = inspect.signature(litellm.main.completion)


def completion(*args: Any, **kwargs: Any) -> Any:
    """`litellm.completion`, smaller on its way out, with the model's calls of `headroom_retrieve` answered."""
    request, stamp = _named(args, kwargs), Stamp(TENANT, failed=True)
    if stamp_of(request) is not None:
        return litellm.main.completion(**request)
    with harmless("a request goes as it came"):
        changes, stamp = _gateway().in_time(_gateway().compress, request, CHAT, TENANT, answers=True)
        request = {**request, **changes}
    request["metadata"] = stamped(request.get("metadata"), stamp)
    if not stamp.offered:
        return litellm.main.completion(**request)
    if request.get("stream"):
        return _streamed(litellm.main.completion(**request), request)
    return _whole(request)


async def acompletion(*args: Any, **kwargs: Any) -> Any:
    """`litellm.acompletion` in the same way."""
    request, stamp = _named(args, kwargs), Stamp(TENANT, failed=True)
    if stamp_of(request) is not None:
        return await litellm.main.acompletion(**request)
    with harmless("a request goes as it came"):
        changes, stamp = await _gateway().off_loop(_gateway().compress, request, CHAT, TENANT, answers=True)
        request = {**request, **changes}
    request["metadata"] = stamped(request.get("metadata"), stamp)
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
        texts = await _gateway().off_loop(_gateway().answers, turn, TENANT)
        request = _followed(request, turn, texts, last=len(turns) >= ROUNDS)


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
        request = _followed(request, turn, _answers(turn), last=len(turns) >= ROUNDS)


def _streamed(stream: Iterator[Any], request: dict[str, Any]) -> Iterator[Any]:
    stitch = Stitch(CHAT.dialect)
    while True:
        for chunk in stream:
            yield from fed(stitch, chunk, CHAT)
        turn = stitch.turn() if stitch.follows < ROUNDS else None
        if turn is None:
            break
        request = _followed(request, turn, _answers(turn), last=stitch.follows >= ROUNDS)
        stream = litellm.main.completion(**request)
    yield from said_last(stitch, CHAT)


def _asker(request: dict[str, Any]) -> Callable[[Turn, bool], Any]:
    """What sends the follow-ups of one stream: each stands on the one before."""
    sent = [request]

    async def ask(turn: Turn, last: bool) -> AsyncIterator[Any]:
        texts = await _gateway().off_loop(_gateway().answers, turn, TENANT)
        sent.append(_followed(sent[-1], turn, texts, last=last))
        stream: AsyncIterator[Any] = await litellm.main.acompletion(**sent[-1])
        return stream

    return ask


def _answers(turn: Turn) -> list[str]:
    return _gateway().in_time(_gateway().answers, turn, TENANT)


def _followed(request: Mapping[str, Any], turn: Turn, texts: list[str], *, last: bool) -> dict[str, Any]:
    return {**follow_up_request(request, CHAT, turn, texts), **({"tool_choice": "none"} if last else {})}


def _turn(response: Any) -> Turn | None:
    answer = as_dict(response)
    return None if answer is None else _gateway().headroom.read_turn(answer, CHAT.dialect)


def _final(response: Any, turn: Turn | None, turns: list[Turn]) -> Any:
    for earlier in turns:
        response = with_usage_of(response, earlier)
    return response if turn is None else without_our_calls(response, turn)


def _named(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The call with all its arguments by name, as LiteLLM's signature has them."""
    bound = _SIGNATURE.bind_partial(*args).arguments if args else {}
    return {**bound, **kwargs}


@cache
def _gateway() -> Gateway:
    return Gateway()
