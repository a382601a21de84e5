"""A model of LlamaIndex over OpenAI's own client.

LlamaIndex's packages for OpenAI and Anthropic don't work with the newest clients of these, which other tests need.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    CompletionResponse,
    LLMMetadata,
    MessageRole,
    TextBlock,
)
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.llms.llm import ToolSelection
from openai import AsyncOpenAI


class Model(FunctionCallingLLM):
    """Asks the provider at a URL; only what agents call."""

    url: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            context_window=200_000, is_chat_model=True, is_function_calling_model=True, model_name="fake"
        )

    def _prepare_chat_with_tools(  # type: ignore[override]  # its keywords, taken together
        self, tools: Sequence[Any], user_msg: Any = None, chat_history: list[ChatMessage] | None = None, **_: Any
    ) -> dict[str, Any]:
        asked = [ChatMessage(role=MessageRole.USER, content=user_msg)] if isinstance(user_msg, str) else []
        spelled = [tool.metadata.to_openai_tool() for tool in tools]
        return (
            {"messages": [*(chat_history or []), *asked], "tools": spelled} if spelled else {"messages": chat_history}
        )

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **_: Any
    ) -> list[ToolSelection]:
        made = response.message.additional_kwargs.get("tool_calls") or []
        return [
            ToolSelection(
                tool_id=call["id"],
                tool_name=call["function"]["name"],
                tool_kwargs=json.loads(call["function"]["arguments"] or "{}"),
            )
            for call in made
        ]

    async def achat(self, messages: Sequence[ChatMessage], tools: Any = None, **_: Any) -> ChatResponse:
        async with self._client() as client:
            answer = await client.chat.completions.create(**self._request(messages, tools))
        said = answer.choices[0].message
        return self._response(said.content or "", [call.model_dump() for call in said.tool_calls or []])

    async def astream_chat(
        self, messages: Sequence[ChatMessage], tools: Any = None, **_: Any
    ) -> AsyncGenerator[ChatResponse, None]:
        async def pieces() -> AsyncGenerator[ChatResponse, None]:
            text = ""
            calls: dict[int, Any] = {}
            async with self._client() as client:
                stream = await client.chat.completions.create(**self._request(messages, tools), stream=True)
                async for chunk in stream:
                    for choice in chunk.choices:
                        text += choice.delta.content or ""
                        for piece in choice.delta.tool_calls or []:
                            call = calls.setdefault(piece.index, {"id": piece.id, "type": "function", "function": {}})
                            function = call["function"]
                            function["name"] = function.get("name") or piece.function.name
                            function["arguments"] = function.get("arguments", "") + (piece.function.arguments or "")
            yield self._response(text, list(calls.values()), text)

        return pieces()

    def _client(self) -> AsyncOpenAI:
        return AsyncOpenAI(base_url=self.url, api_key="any", max_retries=0)

    def _request(self, messages: Sequence[ChatMessage], tools: Any) -> Any:
        spelled = [self._spelled(message) for message in messages]
        return {"model": "fake", "messages": spelled, **({"tools": tools} if tools else {})}

    @staticmethod
    def _spelled(message: ChatMessage) -> dict[str, Any]:
        text = "".join(block.text for block in message.blocks if isinstance(block, TextBlock))
        spelled: dict[str, Any] = {"role": message.role.value, "content": text}
        return {
            **spelled,
            **{k: v for k, v in message.additional_kwargs.items() if k in ("tool_calls", "tool_call_id") and v},
        }

    @staticmethod
    def _response(text: str, calls: list[Any], delta: str = "") -> ChatResponse:
        extra = {"tool_calls": calls} if calls else {}
        message = ChatMessage(role=MessageRole.ASSISTANT, content=text, additional_kwargs=extra)
        return ChatResponse(message=message, delta=delta)

    def chat(self, *_: Any, **__: Any) -> ChatResponse:
        raise NotImplementedError

    stream_chat = complete = stream_complete = chat  # type: ignore[assignment]  # nobody calls them

    async def acomplete(self, *_: Any, **__: Any) -> CompletionResponse:
        raise NotImplementedError

    astream_complete = acomplete  # type: ignore[assignment]  # the same
