"""The same requests by LiteLLM's SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import litellm

from tests.provider import Provider
from tests.traffic import MODELS, body, history, tools


async def ask(provider: Provider, shape: str, *results: str, **options: Any) -> Any:
    """The same request by LiteLLM's SDK; a stream comes back as the list of its events."""
    request = {**body(shape, *results), "model": MODELS[shape], "api_key": "nobody's", **options}
    model = request["model"]
    request["api_base"] = provider.url if model.startswith("anthropic/") else provider.openai_url
    calls = {"chat": litellm.acompletion, "messages": litellm.anthropic_messages, "responses": litellm.aresponses}
    answer = await calls[shape](**request)
    return [event async for event in answer] if isinstance(answer, AsyncIterator) else answer


def sync_completion(provider: Provider, *results: str) -> None:
    """The entry that LiteLLM shows to a logging hook only."""
    litellm.completion(
        model=MODELS["chat"],
        messages=history("chat", *results),
        tools=tools("chat"),
        api_base=provider.openai_url,
        api_key="nobody's",
    )
