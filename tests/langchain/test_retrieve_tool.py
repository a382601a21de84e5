"""`headroom_retrieve` as a tool of LangChain."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from headroom_core import Headroom
from headroom_langchain import HeadroomRetrieveTool, HeadroomSettings, HeadroomTransform
from langchain_core.messages import ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from tests.langchain.content import JSON, LOG, call, conversation

SETTINGS = HeadroomSettings(store="memory://")
EXAMPLE = {"id": "3f9a1c07be42"}


def kept(text: str, settings: HeadroomSettings = SETTINGS) -> str:
    """The handle of a text that a transform left something out of."""
    shown = HeadroomTransform(settings=settings, retrieval="tool").invoke(conversation(text))[-1]
    return str(shown.response_metadata["headroom"][0]["handle"])


def ask(settings: HeadroomSettings = SETTINGS, config: Any = None, **arguments: Any) -> ToolMessage:
    answer = HeadroomRetrieveTool(settings=settings).invoke(
        call("headroom_retrieve", **arguments).tool_calls[0], config
    )
    assert isinstance(answer, ToolMessage)
    return answer


class TestUnit(ToolsUnitTests):
    """The suite that every tool of LangChain is to pass."""

    tool_constructor = HeadroomRetrieveTool
    tool_invoke_params_example = EXAMPLE


class TestIntegration(ToolsIntegrationTests):
    """The suite that every tool of LangChain is to pass."""

    tool_constructor = HeadroomRetrieveTool
    tool_invoke_params_example = EXAMPLE


@pytest.mark.parametrize("text", [JSON, LOG], ids=["json", "log"])
async def test_it_gives_back_the_exact_original(text: str) -> None:
    handle = kept(text)
    answer = ask(id=handle)
    assert (answer.content, answer.status, answer.name) == (text, "success", "headroom_retrieve")
    made = HeadroomRetrieveTool(settings=SETTINGS)
    assert await made.ainvoke({"id": handle}) == text


@pytest.mark.parametrize(
    "arguments",
    [
        {"lines": "60-62"},
        {"lines": [60, 62]},
        {"query": "refused"},
        {"fields": "state,total"},
        {"max_tokens": "200"},
        {"more": 1},
    ],
    ids=str,
)
def test_it_forgives_what_models_write(arguments: dict[str, Any]) -> None:
    """A schema that refuses a list for a range sends the model round once more, for nothing."""
    answer = ask(id=f"[headroom {kept(JSON)}: rows 3-4 of 9", **arguments)
    assert answer.status == "success"
    assert "total" in answer.text


@pytest.mark.parametrize("arguments", [{"id": "3f9a1c07be42"}, {}, {"id": "no id"}, {"id": ["x"]}], ids=str)
def test_what_cannot_be_answered_is_a_failed_call(arguments: dict[str, Any]) -> None:
    """The model is told in a sentence; the loop goes on."""
    answer = ask(**arguments)
    assert answer.status == "error"
    assert answer.text.count("\n") == 0


def test_another_tenants_original_is_unknown() -> None:
    handle = kept(JSON)
    theirs = {"configurable": {"headroom_tenant": "somebody else"}}
    assert ask(config=theirs, id=handle).status == "error"
    assert ask(id=handle).status == "success"


def test_a_tenant_of_the_run_keeps_and_gets_its_own() -> None:
    config: Any = {"configurable": {"headroom_tenant": "ann"}}
    shown = HeadroomTransform(settings=SETTINGS).invoke(conversation(JSON), config)[-1]
    handle = shown.response_metadata["headroom"][0]["handle"]
    assert ask(config=config, id=handle).text == JSON
    assert ask(id=handle).status == "error"


def test_another_process_can_answer(tmp_path: Path) -> None:
    """What travels is the settings: the file has the rest."""
    settings = HeadroomSettings(store=f"sqlite:///{tmp_path / 'store.db'}")
    handle = kept(JSON, settings)
    made = pickle.loads(pickle.dumps(HeadroomRetrieveTool(settings=settings)))
    with Headroom(settings.store) as other:
        assert other.retrieve(handle).text == JSON
    assert made.invoke({"id": handle}) == JSON


def test_the_model_is_shown_the_schema_that_core_shows() -> None:
    """It stands in front of every prefix: other bytes in another framework would be another tool."""
    assert convert_to_openai_tool(HeadroomRetrieveTool()) == Headroom.retrieve_tool("openai")


def test_a_transform_hands_out_the_tool_of_its_own_store() -> None:
    assert HeadroomTransform(settings=SETTINGS).retrieve_tool() == HeadroomRetrieveTool(settings=SETTINGS)
