"""What travels: settings in pickles, JSON and configs; events and traces, with counts and never with text."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from headroom_langchain import HeadroomDocumentCompressor, HeadroomRetrieveTool, HeadroomSettings, HeadroomTransform
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.load import dumps, loads
from langchain_core.messages import HumanMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField
from langchain_core.tools import tool
from pydantic import BaseModel, ValidationError

from tests.langchain.agents import Heard
from tests.langchain.content import JSON, LOG, conversation
from tests.langchain.test_chain import GIVEN, PROMPT, model
from tests.provider import Answer, Call, Provider

SETTINGS = HeadroomSettings(
    store="memory://",
    tenant="ann",
    level="strong",
    keep_for=timedelta(hours=3),
    exclude_tools=("a_*", "b"),
    min_gain=0.1,
)
TRANSFORM = HeadroomTransform(
    settings=SETTINGS, roles=frozenset({"tool"}), documents=(("<doc>", "</doc>"),), retrieval="tool", on_error="raise"
)


@pytest.mark.filterwarnings("ignore:The function `loads` is in beta")  # it says so of itself
def test_json_gives_it_back() -> None:
    made = loads(dumps(TRANSFORM), valid_namespaces=["headroom_langchain"], allowed_objects=[HeadroomTransform])
    assert made == TRANSFORM


@pytest.mark.parametrize(
    "thing",
    [SETTINGS, TRANSFORM, HeadroomRetrieveTool(settings=SETTINGS), HeadroomDocumentCompressor(settings=SETTINGS)],
    ids=lambda thing: type(thing).__name__,
)
def test_a_pickle_gives_it_back_used_or_not(thing: Any) -> None:
    """The open store stays behind: there are locks and connections in it."""
    for _ in range(2):
        assert pickle.loads(pickle.dumps(thing)) == thing
        assert copy.deepcopy(thing) == thing
        getattr(thing, "settings", thing).open()


def test_a_pickled_chain_works_on() -> None:
    chain = PROMPT | HeadroomTransform()
    made = pickle.loads(pickle.dumps(chain))
    assert made.invoke(GIVEN) == chain.invoke(GIVEN)


def test_settings_are_those_of_the_environment_where_they_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_LEVEL", "light")
    monkeypatch.setenv("HEADROOM_STORE", "memory://")
    opened = HeadroomSettings(min_tokens=7, keep_for=timedelta(minutes=90), exclude_tools=("a", "b*")).open()
    assert opened.store_url == "memory://"
    policy = opened.policy
    assert (policy.level, policy.min_tokens, policy.keep_for) == ("light", 7, timedelta(minutes=90))
    assert policy.exclude_tools == ("a", "b*")
    assert HeadroomSettings(level="strong").open().policy.level == "strong"


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "brutal"},
        {"min_gain": 2},
        {"keep_for": timedelta(0)},
        {"tenant": ""},
        {"stores": "x"},
        {"max_block_ms": 0},
    ],
    ids=str,
)
def test_wrong_settings_are_refused_when_they_are_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        HeadroomSettings(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"roles": ["system"]}, {"retrieval": "maybe"}, {"on_error": "cry"}, {"role": "x"}], ids=str
)
def test_a_wrong_field_is_refused_when_it_is_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        HeadroomTransform(**wrong)


def test_fields_can_be_set_by_a_config() -> None:
    transform = HeadroomTransform().configurable_fields(
        roles=ConfigurableField(id="headroom_roles"), settings=ConfigurableField(id="headroom")
    )
    human = [HumanMessage(LOG)]
    assert transform.invoke(human)[0].text != LOG
    assert transform.with_config(configurable={"headroom_roles": ["tool"]}).invoke(human)[0].text == LOG
    theirs = HeadroomSettings(tenant="somebody who never saw it", min_tokens=10**6)
    assert transform.invoke(human, {"configurable": {"headroom": theirs}})[0].text == LOG


class Started(BaseCallbackHandler):
    """With what chains were started."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []

    def on_chain_start(self, serialized: Any, inputs: Any, **kwargs: Any) -> None:
        self.runs.append(kwargs)


def test_a_config_reaches_callbacks() -> None:
    started = Started()
    transform = HeadroomTransform().with_config(tags=["a tag"], metadata={"key": "value"}, run_name="shrink")
    transform.invoke(conversation(JSON), {"callbacks": [started]})
    (run,) = started.runs
    assert (run["name"], run["tags"]) == ("shrink", ["a tag"])
    assert run["metadata"]["key"] == "value"


def test_an_event_tells_what_was_saved_and_no_text() -> None:
    heard = Heard()
    HeadroomTransform().invoke(conversation(JSON, "short", LOG), {"callbacks": [heard]})
    (event,) = heard.events
    assert (event["blocks"], event["changed"], event["errors"]) == (3, 2, 0)
    assert event["tokens_saved"] == event["tokens_before"] - event["tokens_after"] > 1000
    assert event["outcomes"] == {"compressed": 2, "too small": 1}
    assert sum(event["kinds"].values()) == len(event["handles"]) == 2
    assert len(json.dumps(event)) < 500


def test_an_event_tells_that_a_chain_was_left_alone() -> None:
    """Nobody is to take a step that does nothing for a saving."""
    heard = Heard()
    HeadroomTransform().invoke([HumanMessage("Hello.")], {"callbacks": [heard]})
    assert heard.events[0] == {
        "blocks": 0, "changed": 0, "tokens_before": 0, "tokens_after": 0, "tokens_saved": 0,
        "outcomes": {}, "kinds": {}, "handles": [], "errors": 0,
    }  # fmt: skip


async def test_events_stream() -> None:
    events = [event async for event in HeadroomTransform().astream_events(conversation(JSON), version="v2")]
    (ours,) = [event for event in events if event["event"] == "on_custom_event"]
    assert ours["name"] == "headroom_compression"
    assert ours["data"]["changed"] == 1  # type: ignore[typeddict-item]  # the data of an event of ours


@tool
def look(where: str) -> str:
    """Look somewhere."""
    return where


def test_tools_bound_to_the_model_are_still_sent(provider: Provider) -> None:
    """Bind first, pipe after: a transform in front of a model takes nothing from it."""
    transform = HeadroomTransform(retrieval="tool")
    provider.script([Answer(calls=(Call("look", {"where": "there"}),))])
    chain = transform | model(provider).bind_tools([look, transform.retrieve_tool()])
    answer = chain.invoke(conversation(JSON))
    assert answer.tool_calls[0]["name"] == "look"
    assert provider.requests[0].tool_names == ["look", "headroom_retrieve"]


class Verdict(BaseModel):
    """What the model is to say."""

    refused: int


def test_structured_output_is_still_asked_for(provider: Provider) -> None:
    provider.script([Answer(calls=(Call("Verdict", {"refused": 3}),))])
    chain = HeadroomTransform() | model(provider).with_structured_output(Verdict, method="function_calling")
    assert chain.invoke(conversation(JSON)) == Verdict(refused=3)
    assert len(provider.requests[0].tool_results["call_1"]) < 0.6 * len(JSON)


HEAVY = (
    "langchain",
    "langchain_classic",
    "langgraph",
    "litellm",
    "tiktoken",
    "llama_index",
    "langchain_openai",
    "transformers",
)


@pytest.mark.parametrize(
    "code", ["import headroom_langchain", "from headroom_langchain import HeadroomTransform, HeadroomRetrieveTool"]
)
def test_an_import_brings_nothing_heavy(code: str) -> None:
    """A chain needs no agents: who doesn't use them shouldn't wait for them, or have to install them."""
    code += "; import json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert set(json.loads(done.stdout)) & set(HEAVY) == set()


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    import headroom_langchain

    with pytest.raises(AttributeError, match="HeadroomTransformer"):
        _ = headroom_langchain.HeadroomTransformer


def test_a_prompt_in_front_is_not_needed() -> None:
    prompt = ChatPromptTemplate.from_messages([("human", "{text}")])
    assert (prompt | HeadroomTransform()).invoke({"text": LOG})[0].text != LOG
