from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import Callable
from dataclasses import replace
from threading import current_thread
from typing import Any

import litellm
import pytest
from headroom_core import Headroom, SettingError
from headroom_litellm import HeadroomCallback
from litellm.router import Router

from tests.content import log, records_json
from tests.litellm.conftest import Logged
from tests.litellm.sdk import ask, sync_completion
from tests.provider import Answer, Call, Failure, Provider
from tests.provider.script import output_tokens
from tests.traffic import MODELS, SHAPES, WANTS_IT, ask_for_both, ask_for_it, history, seen, tools, used

pytestmark = [pytest.mark.usefixtures("callback"), pytest.mark.asyncio(loop_scope="session")]

LOG = log()


async def test_1_acompletion_shows_a_marker_and_offers_the_tool_once(provider: Provider) -> None:
    """The one line that users add does what it says, and the caller's own messages stay his."""
    messages, offered = history("chat", LOG), tools("chat")
    before = copy.deepcopy((messages, offered))
    provider.script(["It was the disk."])
    await ask(provider, "chat", messages=messages, tools=offered)
    (request,) = provider.requests
    assert len(request.handles) == 1
    assert len(request.tool_results["call_1"]) < len(LOG) / 10
    assert request.tool_names == ["fetch", "headroom_retrieve"]
    assert (messages, offered) == before


@pytest.mark.parametrize("shape", SHAPES)
async def test_2_every_async_entry_shows_a_marker(provider: Provider, shape: str) -> None:
    provider.script(["It was the disk."])
    answer = await ask(provider, shape, LOG)
    (request,) = provider.requests
    assert len(request.handles) == 1
    assert request.tool_names == ["fetch", "headroom_retrieve"]
    assert seen(answer).text == "It was the disk."


async def test_2_messages_to_another_provider_are_compressed_once(provider: Provider) -> None:
    """LiteLLM turns them into Responses, and asks our hook a second time: about a request that it has seen."""
    provider.script(["It was the disk."])
    await ask(provider, "messages", LOG, records_json(), model="openai/gpt-4o")
    (request,) = provider.requests
    assert request.path == "/v1/responses"
    assert len(request.handles) == 1
    assert request.tool_names == ["fetch", "headroom_retrieve"]
    assert request.tool_results["call_2"].startswith("[200 rows:")


async def test_2_a_router_shows_a_marker(provider: Provider) -> None:
    provider.script([ask_for_it, "It was the disk."])
    answer = await router(provider).acompletion(
        model="group",
        messages=history("chat", LOG),  # type: ignore[arg-type]  # plain dicts, as everybody writes them
        tools=tools("chat"),
    )
    first, second = provider.requests
    assert len(first.handles) == 1
    assert second.tool_results["call_1_0"] == LOG
    assert not seen(answer).leaks


async def test_2_sync_responses_show_a_marker(provider: Provider) -> None:
    """The one sync entry that LiteLLM runs the async hooks for."""
    provider.script([ask_for_it, "It was the disk."])
    answer = await asyncio.to_thread(
        litellm.responses,
        model=MODELS["responses"],
        input=history("responses", LOG),
        tools=tools("responses"),
        api_base=provider.openai_url,
        api_key="nobody's",
    )
    first, second = provider.requests
    assert len(first.handles) == 1
    assert second.tool_results["call_1_0"] == LOG
    assert not seen(answer).leaks


@pytest.mark.parametrize("shape", SHAPES)
async def test_2_a_stream_keeps_every_fact_and_stays_a_stream(provider: Provider, shape: str) -> None:
    """Nobody could answer a call in it: so nothing is left out, and no tool is offered."""
    provider.script(["It was the disk, as the log says in so many words."] * 2)
    events = await ask(provider, shape, records_json(), stream=True)
    litellm.callbacks = []
    untouched = await ask(provider, shape, records_json(), stream=True)
    request, _ = provider.requests
    assert request.body["stream"] is True
    assert request.tool_names == ["fetch"]
    assert request.handles == []
    assert request.tool_results["call_1"].startswith("[200 rows:")
    assert without_ids(events) == without_ids(untouched)


def without_ids(events: list[Any]) -> str:
    """The events as a text, without what LiteLLM makes anew each time, and without the borders of packets."""
    whole = [event if isinstance(event, bytes) else event.model_dump_json(exclude_none=True) for event in events]
    spelled = "".join(each.decode() if isinstance(each, bytes) else each for each in whole)
    return re.sub(r'"(id|item_id|created|created_at|input_tokens|total_tokens|cost)": ?("[^"]*"|[\d.]+)', "", spelled)


def sync_router(provider: Provider, *results: str) -> None:
    router(provider).completion(model="group", messages=history("chat", *results), tools=tools("chat"))


def sync_anthropic(provider: Provider, *results: str) -> None:
    litellm.completion(
        model=MODELS["messages"],
        messages=history("chat", *results),
        tools=tools("chat"),
        api_base=provider.url,
        api_key="nobody's",
    )


@pytest.mark.parametrize("entry", [sync_completion, sync_router, sync_anthropic])
async def test_3_where_no_hook_can_answer_every_fact_stays(provider: Provider, entry: Callable[..., None]) -> None:
    """LiteLLM shows these requests to a logging hook only: smaller, but no marker, no tool."""
    provider.script(["It was the disk."])
    await asyncio.to_thread(entry, provider, LOG, records_json())
    assert_every_fact_is_there(provider)


async def test_3_arguments_by_position_are_seen_too(
    provider: Provider, headroom: Headroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The async hook is not shown them: the logging hook, which may run on the loop, finds the work done."""
    threads: list[str] = []
    compress = headroom.compress_blocks

    def told(*given: Any, **options: Any) -> Any:
        threads.append(current_thread().name)
        return compress(*given, **options)

    monkeypatch.setattr(headroom, "compress_blocks", told)
    provider.script(["It was the disk."])
    await litellm.acompletion(
        MODELS["chat"],
        history("chat", LOG, records_json()),
        tools=tools("chat"),
        api_base=provider.openai_url,
        api_key="nobody's",
    )
    assert_every_fact_is_there(provider)
    assert all(name.startswith("headroom") for name in threads)
    assert threads != []


def assert_every_fact_is_there(provider: Provider) -> None:
    (request,) = provider.requests
    assert request.tool_names == ["fetch"]
    assert request.handles == []
    assert request.tool_results["call_2"].startswith("[200 rows:")
    assert len(request.tool_results["call_1"]) < len(LOG)


async def test_3_sync_may_be_left_alone(provider: Provider, headroom: Headroom) -> None:
    """Who doesn't want a logging hook to change requests switches that off."""
    litellm.callbacks = [HeadroomCallback(headroom, sync="off")]
    provider.script(["It was the disk."])
    await asyncio.to_thread(sync_completion, provider, LOG)
    assert provider.requests[0].tool_results["call_1"] == LOG


@pytest.mark.parametrize("shape", SHAPES)
async def test_5_the_model_gets_the_exact_original_and_the_client_sees_nothing_of_it(
    provider: Provider, shape: str
) -> None:
    provider.script([ask_for_it, "It was the disk."])
    answer = await ask(provider, shape, LOG)
    first, second = provider.requests
    assert LOG in second.tool_results.values()
    assert second.body["tools"] == first.body["tools"]
    assert second.tool_results["call_1"] == first.tool_results["call_1"]
    assert seen(answer).text == "It was the disk."
    assert seen(answer).tool_calls == ()
    assert not seen(answer).leaks


@pytest.mark.parametrize("shape", SHAPES)
async def test_5_an_unknown_handle_is_answered_with_a_sentence(provider: Provider, shape: str) -> None:
    provider.script([Answer(calls=(Call("headroom_retrieve", {"id": "0123456789ab"}),)), "Then not."])
    answer = await ask(provider, shape, LOG)
    said = [text for text in provider.requests[1].tool_results.values() if "0123456789ab" in text]
    assert len(said) == 1
    assert said[0].startswith("No original is kept under 0123456789ab")
    assert not seen(answer).leaks


@pytest.mark.parametrize("shape", SHAPES)
async def test_6_beside_ours_the_users_call_is_made_again(provider: Provider, shape: str) -> None:
    """A provider refuses a turn that is answered in part: so ours is answered, and then the other asked again."""
    provider.script([ask_for_both, Answer(text="And now:", calls=(Call("fetch", {"page": 7}),))])
    answer = await ask(provider, shape, LOG)
    first, second = provider.requests
    assert set(second.tool_results.values()) - set(first.tool_results.values()) == {LOG}
    assert seen(answer).text == "And now:"
    assert seen(answer).tool_calls == ("fetch",)
    assert not seen(answer).leaks


@pytest.mark.parametrize("shape", SHAPES)
async def test_7_the_client_is_told_what_all_rounds_used(provider: Provider, shape: str, logged: Logged) -> None:
    """And LiteLLM logs that, and no more: its budgets count what it logs."""
    provider.script([ask_for_it, ask_for_it, "It was the disk."])
    answer = await ask(provider, shape, LOG)
    sent = sum(len(request.raw) // 4 for request in provider.requests)
    assert used(answer) == (sent, sum(output_tokens(turn) for turn in (WANTS_IT, WANTS_IT, Answer("It was the disk."))))
    events = await logged.events(3 if shape == "messages" else 1)
    assert sum(event["prompt_tokens"] for event in events) == sent
    assert sum(event["completion_tokens"] for event in events) == used(answer)[1]
    assert all(event["response_cost"] > 0 for event in events)


@pytest.mark.parametrize("shape", SHAPES)
async def test_7_after_a_failed_round_litellm_logs_as_before(provider: Provider, shape: str, logged: Logged) -> None:
    """The mark that keeps our rounds out of its log is taken back, whatever became of them."""
    provider.script([ask_for_it, Failure(400), "Fine."])
    answer = await ask(provider, shape, LOG)
    assert seen(answer).text == "One moment."
    assert not seen(answer).leaks
    await logged.events(1)
    await ask(provider, shape, "small")
    assert len(await logged.events(1)) == 1


@pytest.mark.parametrize("shape", SHAPES)
async def test_7_a_model_that_always_asks_is_stopped(provider: Provider, shape: str) -> None:
    """LiteLLM refuses the fifth request, and would show the client our call: so the fourth allows no calls."""
    provider.script([ask_for_it] * 4)
    answer = await ask(provider, shape, LOG)
    choices = [request.body.get("tool_choice") for request in provider.requests]
    assert choices == [None, None, None, {"type": "none"} if shape == "messages" else "none"]
    assert seen(answer).text == "One moment."
    assert seen(answer).tool_calls == ()
    assert not seen(answer).leaks


@pytest.mark.parametrize("shape", SHAPES)
async def test_7_calls_with_one_id_over_and_over_are_answered(provider: Provider, shape: str) -> None:
    """Some providers count calls anew in each answer; LiteLLM takes that for a loop unless told otherwise."""
    again = Answer(calls=(Call("headroom_retrieve", {"id": "0123456789ab"}, id="again"),))
    provider.script([again, again, "Enough."])
    if shape != "messages":  # Anthropic's ids are unique, and a second result for one is refused
        assert seen(await ask(provider, shape, LOG)).text == "Enough."


async def test_13_attempts_are_equal_and_the_engine_is_asked_once(
    provider: Provider, headroom: Headroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LiteLLM asks our hook for every attempt; what it sees then bears our stamp."""
    compress, asked = headroom.compress, []

    def told(*given: Any, **options: Any) -> Any:
        asked.append(given)
        return compress(*given, **options)

    monkeypatch.setattr(headroom, "compress", told)
    provider.script([Failure(500), Failure(500), "It was the disk."])
    await ask(provider, "chat", LOG, num_retries=2, max_retries=0)
    assert len(provider.requests) == 3
    assert len({request.raw for request in provider.requests}) == 1
    assert len(asked) == 1


@pytest.mark.parametrize("shape", SHAPES)
async def test_16_what_was_saved_is_logged_once(provider: Provider, shape: str, logged: Logged) -> None:
    """LiteLLM sums it by day, team and key, from where its own compression writes it."""
    provider.script([ask_for_it, "It was the disk."])
    await ask(provider, shape, LOG)
    events = await logged.events(2 if shape == "messages" else 1)
    (savings,) = [found for event in events if (found := event["metadata"].get("compression_savings"))]
    assert savings["source"] == "headroom"
    assert savings["tokens_saved"] == savings["tokens_before"] - savings["tokens_after"] > 10_000


@pytest.mark.parametrize("shape", SHAPES)
async def test_16_what_the_provider_had_cached_is_told_and_logged(
    provider: Provider, shape: str, logged: Logged
) -> None:
    """Of all rounds together: it is charged at a fraction of the price."""
    provider.script(
        [
            lambda request: replace(ask_for_it(request), cached_tokens=40),
            Answer("It was the disk.", cached_tokens=300),
        ]
    )
    answer = await ask(provider, shape, LOG)
    assert cached(answer if isinstance(answer, dict) else answer.model_dump(warnings=False)) == 340
    events = await logged.events(2 if shape == "messages" else 1)
    assert sum(cached({"usage": event["usage"]}) for event in events) == 340


def cached(answer: dict[str, Any]) -> int:
    """Tokens that the provider read from its cache, as an answer of any shape tells them."""
    usage = answer["usage"]
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    return int(usage.get("cache_read_input_tokens") or details.get("cached_tokens") or 0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tool", ["headroom_retrieve", "mcp__notes__headroom_retrieve"])
async def test_17_what_was_fetched_is_never_compressed_again(provider: Provider, shape: str, tool: str) -> None:
    """Else the model asks, and sees the same marker: forever."""
    provider.script(["It was the disk."])
    field = "input" if shape == "responses" else "messages"
    await ask(provider, shape, **{field: history(shape, LOG, tool=tool)})
    assert provider.requests[0].tool_results["call_1"] == LOG


@pytest.mark.parametrize("shape", SHAPES)
async def test_17_what_bears_a_marker_is_left_alone(provider: Provider, shape: str) -> None:
    """An agent that compresses by itself sends through a gateway that compresses too."""
    provider.script(["It was the disk."] * 2)
    await ask(provider, shape, LOG)
    shown = provider.requests[0].tool_results["call_1"]
    await ask(provider, shape, shown + "\n" + LOG)
    assert provider.requests[1].tool_results["call_1"] == shown + "\n" + LOG


@pytest.mark.parametrize(
    "options",
    [
        {"tools": None},
        {"tool_choice": {"type": "function", "function": {"name": "fetch"}}},
        {"tool_choice": "none"},
        {"n": 2},
        {"tools": tools("chat", "fetch", "headroom_retrieve")},
        {"tools": tools("chat", "fetch", "mcp__notes__headroom_retrieve")},
    ],
    ids=str,
)
async def test_without_a_way_back_every_fact_stays(provider: Provider, options: dict[str, Any]) -> None:
    """A marker that the model can't follow is a hole in what it knows."""
    provider.script(["It was the disk."])
    await ask(provider, "chat", LOG, **options)
    (request,) = provider.requests
    assert request.handles == []
    assert len(request.tool_results["call_1"]) < len(LOG)
    assert request.body.get("tools") == options.get("tools", tools("chat"))


async def test_a_tool_that_costs_more_than_it_saves_is_not_offered(provider: Provider) -> None:
    """Its schema is part of every later request."""
    provider.script(["It was the disk."])
    await ask(provider, "chat", log(12))
    assert provider.requests[0].tool_names == ["fetch"]


async def test_litellms_own_message_objects_are_read(provider: Provider) -> None:
    """Users append `response.choices[0].message` to their messages; the call in it names the tool."""
    messages = history("chat", LOG, tool="headroom_retrieve")
    messages[1] = litellm.Message(**messages[1])
    provider.script(["It was the disk."])
    await ask(provider, "chat", messages=messages)
    assert provider.requests[0].tool_results["call_1"] == LOG


async def test_wrong_arguments_are_refused_at_once(headroom: Headroom) -> None:
    with pytest.raises(SettingError, match="sync is 'full'; expected one of equivalent, off"):
        HeadroomCallback(headroom, sync="full")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(SettingError, match="tenant is ''"):
        HeadroomCallback(headroom, tenant="")


def router(provider: Provider) -> Router:
    params = {"model": MODELS["chat"], "api_base": provider.openai_url, "api_key": "nobody's"}
    return Router(model_list=[{"model_name": "group", "litellm_params": params}])
