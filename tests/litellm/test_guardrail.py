"""LiteLLM's guardrails: its own for us, with our sidecar behind it, and others beside our handler."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import litellm
import pytest
from headroom_core import Headroom
from headroom_litellm.options import Options
from headroom_litellm.proxy import HeadroomProxyHandler
from litellm.caching.dual_cache import DualCache
from litellm.integrations.custom_guardrail import CustomGuardrail
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.hooks.max_iterations_limiter import _PROXY_MaxIterationsHandler
from litellm.proxy.utils import InternalUsageCache
from litellm.types.guardrails import GuardrailEventHooks

from tests.clocks import AGES
from tests.content import log
from tests.litellm.conftest import Gateway, litellm_proxy
from tests.local_proxy import started
from tests.provider import Answer, Call, Provider, Request
from tests.traffic import PATHS, ask_for_it, body, history, seen, tools

LOG = log()


@pytest.fixture
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A proxy without our handler: where both are, the older of LiteLLM's versions take our calls for their own."""
    with started(tmp_path_factory.mktemp("sidecar"), "--sidecar-retrieval") as sidecar:

        def config(provider: Provider) -> dict[str, Any]:
            openai = {"model": "openai/gpt-4o", "api_base": provider.openai_url, "api_key": "nobody's"}
            native = {"guardrail": "headroom", "mode": "pre_call", "api_base": sidecar.url, "default_on": True}
            return {
                "model_list": [{"model_name": "gpt-4o", "litellm_params": openai}],
                "guardrails": [{"guardrail_name": "native", "litellm_params": native}],
            }

        with litellm_proxy(tmp_path_factory.mktemp("proxy"), config) as proxy:
            yield proxy


def asks_by_hash(request: Request) -> Answer:
    """That guardrail's tool names its argument so."""
    return Answer(calls=(Call("headroom_retrieve", {"hash": request.handles[0]}),))


def test_20_the_guardrail_compresses_by_us_and_the_model_gets_its_original(guarded: Gateway) -> None:
    """It looks at a tool result only once a later assistant row exists."""
    guarded.provider.requests.clear()  # LiteLLM asks for the list of models when it starts
    guarded.provider.script([asks_by_hash, "It was the disk."])
    messages = [
        *history("chat", LOG),
        {"role": "assistant", "content": "I have read it."},
        {"role": "user", "content": "And?"},
    ]
    body = {"model": "gpt-4o", "messages": messages, "tools": tools("chat")}
    answer = httpx.post(guarded.url + PATHS["chat"], json=body, headers={"Authorization": "Bearer sk-a"}, timeout=AGES)
    assert answer.status_code == 200, answer.text
    first, second = guarded.provider.requests
    assert len(first.handles) == 1
    assert [message["role"] for message in first.body["messages"]] == [message["role"] for message in messages]
    assert LOG in second.tool_results.values()
    assert seen(answer.json()).text == "It was the disk."


OTHERS = """
from litellm.integrations.custom_guardrail import CustomGuardrail
from litellm.integrations.custom_logger import CustomLogger

def masked(data, secret):
    for message in data["messages"]:
        if isinstance(message.get("content"), str):
            message["content"] = message["content"].replace(secret, "(masked)")
    return data

class Mask(CustomGuardrail):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        return masked(data, "/var/spool/q7")

class Hook(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        return masked(data, "disk quota exceeded")

hook = Hook()
"""


@pytest.fixture
def masked(tmp_path: Path) -> Iterator[Gateway]:
    """Our handler, and behind it two that mask every request: a guardrail, and a hook that isn't called one."""
    (tmp_path / "others.py").write_text(OTHERS, "utf-8")

    def config(provider: Provider) -> dict[str, Any]:
        openai = {"model": "openai/gpt-4o", "api_base": provider.openai_url, "api_key": "nobody's"}
        mask = {"guardrail": "others.Mask", "mode": "pre_call", "default_on": True}
        return {
            "model_list": [{"model_name": "gpt-4o", "litellm_params": openai}],
            "litellm_settings": {"callbacks": ["headroom_litellm.proxy.handler_instance", "others.hook"]},
            "guardrails": [{"guardrail_name": "mask", "litellm_params": mask}],
        }

    with litellm_proxy(tmp_path, config) as proxy:
        proxy.provider.requests.clear()  # LiteLLM asks for the list of models when it starts
        yield proxy


def test_what_others_mask_is_masked_in_what_we_keep(masked: Gateway) -> None:
    """LiteLLM asks them behind us: the first request goes as it came, and then we stand behind them."""
    hidden = LOG.replace("/var/spool/q7", "(masked)").replace("disk quota exceeded", "(masked)")
    masked.provider.script(["Fine.", ask_for_it, "It was the disk."])
    for _ in range(2):
        assert masked.post("chat", LOG).status_code == 200
    first, second, third = masked.provider.requests
    assert list(first.tool_results.values()) == [hidden]
    assert len(second.handles) == 1
    assert third.tool_results["call_2_0"] == hidden


class Guardrail(CustomGuardrail):
    """One that is always on."""

    def __init__(self, hook: GuardrailEventHooks, *, beside: bool = False) -> None:
        super().__init__(guardrail_name="other", event_hook=hook, default_on=True)
        self.run_in_parallel = beside


@pytest.fixture
def handler(headroom: Headroom) -> Iterator[HeadroomProxyHandler]:
    made = HeadroomProxyHandler(headroom, Options(seconds=60))  # the machine may be busy with others
    yield made
    litellm.callbacks = []


async def walk() -> bool:
    """Whether a request comes out smaller, when LiteLLM asks its callbacks in their order, as it is when it begins."""
    data = body("chat", LOG)
    for each in list(litellm.callbacks):
        if isinstance(each, CustomLogger) and not isinstance(each, CustomGuardrail):
            await each.async_pre_call_hook(UserAPIKeyAuth(api_key="hash"), DualCache(), data, "acompletion")
    return "[headroom " in str(data["messages"])


async def test_a_guardrail_that_comes_later_is_seen_to_as_well(handler: HeadroomProxyHandler) -> None:
    """They can be added while the proxy runs. Of the answer our handler stays the first to see it."""
    first, second = (Guardrail(GuardrailEventHooks.pre_call) for _ in range(2))
    litellm.callbacks = [handler]
    assert await walk()
    for guardrail in (first, second):
        litellm.callbacks.append(guardrail)
        assert not await walk()
        assert await walk()
    assert litellm.callbacks[:3] == [handler, first, second]
    assert len(litellm.callbacks) == 4


@pytest.mark.parametrize(
    ("hook", "beside", "smaller"),
    [
        (GuardrailEventHooks.pre_call, False, True),
        (GuardrailEventHooks.pre_call, True, False),
        (GuardrailEventHooks.during_call, False, False),
        (GuardrailEventHooks.post_call, False, True),
    ],
)
async def test_from_a_guardrail_that_looks_behind_everybody_nothing_is_hidden(
    handler: HeadroomProxyHandler, hook: GuardrailEventHooks, beside: bool, smaller: bool
) -> None:
    litellm.callbacks = [handler, Guardrail(hook, beside=beside)]
    await walk()
    assert await walk() is smaller


class Hook(CustomLogger):
    """One that looks at requests, and isn't called a guardrail."""

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: Any, call_type: Any) -> None: ...


class Moderator(CustomLogger):
    """One that looks while the model answers, and isn't called a guardrail."""

    async def async_moderation_hook(self, data: Any, user_api_key_dict: Any, call_type: Any) -> None: ...


async def test_before_a_hook_that_is_no_guardrail_nothing_is_hidden_either(handler: HeadroomProxyHandler) -> None:
    """Such hooks mask and refuse as well; LiteLLM asks them in the same walk."""
    litellm.callbacks = [handler, Hook()]
    assert not await walk()
    assert await walk()
    litellm.callbacks = [handler, Moderator()]
    assert not await walk()
    assert not await walk()


async def test_what_litellm_brings_itself_costs_no_request(handler: HeadroomProxyHandler) -> None:
    """Its limits and budgets don't look at what a request says, and stand in the list of every proxy."""
    litellm.callbacks = [handler, _PROXY_MaxIterationsHandler(InternalUsageCache(DualCache()))]
    assert await walk()
    assert len(litellm.callbacks) == 2


async def test_a_guardrail_that_cannot_be_asked_hides_nothing_either(
    handler: HeadroomProxyHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> bool:
        raise RuntimeError("no more memory")

    guardrail = Guardrail(GuardrailEventHooks.pre_call)
    monkeypatch.setattr(guardrail, "should_run_guardrail", broken)
    litellm.callbacks = [handler, guardrail]
    await walk()
    assert not await walk()
