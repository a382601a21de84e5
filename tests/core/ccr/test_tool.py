"""The tool: what is offered to a model, and what a model makes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from headroom_core.ccr.marker import spell
from headroom_core.ccr.tool import Arguments, is_retrieve_tool, read_arguments, schema
from headroom_core.errors import SettingError
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import RETRIEVE_TOOL, Dialect
from hypothesis import given
from hypothesis import strategies as st

ID = "3f9a1c07be42"
DIALECTS: tuple[Dialect, ...] = ("openai", "anthropic", "responses")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_schema_is_short_and_always_the_same(dialect: Dialect) -> None:
    """It stands in front of every prefix and is paid for with every request."""
    spelled = json.dumps(schema(dialect), separators=(",", ":"))
    assert spelled == json.dumps(schema(dialect), separators=(",", ":"))
    assert tokenizer_for("gpt-4o").count(spelled) <= 150


def test_the_shape_is_each_providers_own() -> None:
    parameters = schema("openai")["function"]["parameters"]
    assert (
        schema("openai")["function"]["name"]
        == schema("anthropic")["name"]
        == schema("responses")["name"]
        == RETRIEVE_TOOL
    )
    assert schema("anthropic")["input_schema"] == schema("responses")["parameters"] == parameters
    assert schema("openai")["type"] == schema("responses")["type"] == "function"
    assert schema("responses")["strict"] is False
    assert parameters["required"] == ["id"]


def test_a_schema_that_is_changed_changes_no_other() -> None:
    schema("openai")["function"]["parameters"]["properties"].clear()
    assert schema("openai")["function"]["parameters"]["properties"]


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(SettingError, match="expected 'openai'"):
        schema("cohere")  # type: ignore[arg-type]


def test_a_marker_names_the_tool() -> None:
    assert RETRIEVE_TOOL in spell(ID)


@pytest.mark.parametrize(
    "name",
    [
        RETRIEVE_TOOL,
        f"mcp__x__{RETRIEVE_TOOL}",
        f"server-{RETRIEVE_TOOL}",
        f"server.{RETRIEVE_TOOL}",
        f"a/{RETRIEVE_TOOL}",
        ("mcp__" + "s" * 48 + "__" + RETRIEVE_TOOL)[:64],
        ("mcp__" + "s" * 45 + "__" + RETRIEVE_TOOL)[:64],
        ("s" * 54 + "_" + RETRIEVE_TOOL)[:64],
    ],
)
def test_our_tool_is_known_behind_other_names(name: str) -> None:
    """Clients put the server's name in front, and cut what is longer than providers allow."""
    assert is_retrieve_tool(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "retrieve",
        "headroom",
        "headroom_retrieve_all",
        "myheadroom_retrieve",
        "mcp__headroom__search",
        "headroom_retr",
        ("s" * 56 + "_headroom")[:64],
        "s" * 64,
        "_" * 64,
    ],
)
def test_other_tools_are_not_ours(name: str) -> None:
    assert not is_retrieve_tool(name)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ({"id": ID}, Arguments(ID)),
        (f'{{"id": "{ID}"}}', Arguments(ID)),
        (json.dumps(json.dumps({"id": ID})), Arguments(ID)),
        ({"hash": ID}, Arguments(ID)),
        ({"handle": ID.upper()}, Arguments(ID)),
        ({"id": "", "hash": ID}, Arguments(ID)),
        ({"id": ID * 2}, Arguments(ID * 2)),
        ({"id": spell(ID)}, Arguments(ID)),
        ({"id": f"headroom {ID}"}, Arguments(ID)),
        (ID, Arguments(ID)),
        (f'"{ID}"', Arguments(ID)),
        ({"id": ID, "lines": "16-40, 52"}, Arguments(ID, lines="16-40, 52")),
        ({"id": ID, "lines": 16}, Arguments(ID, lines="16")),
        ({"id": ID, "lines": [16, 40]}, Arguments(ID, lines="16-40")),
        ({"id": ID, "lines": ["16-40", 52]}, Arguments(ID, lines="16-40, 52")),
        ({"id": ID, "lines": [[1, 2], [5, 6]]}, Arguments(ID, lines="1-2, 5-6")),
        ({"id": ID, "lines": "lines 16:40, row 52..53, 60\u201370"}, Arguments(ID, lines="16-40,  52-53, 60-70")),
        ({"id": ID, "lines": "L3 to 5"}, Arguments(ID, lines="3 - 5")),
        ({"id": ID, "lines": "", "query": None, "fields": [], "max_tokens": 0}, Arguments(ID)),
        ({"id": ID, "query": ["disk", "full"]}, Arguments(ID, query="disk full")),
        ({"id": ID, "fields": "name, state"}, Arguments(ID, fields=("name", "state"))),
        ({"id": ID, "fields": ["name", "", 3]}, Arguments(ID, fields=("name", "3"))),
        ({"id": ID, "fields": {"a": 1}}, Arguments(ID)),
        ({"id": ID, "max_tokens": "500"}, Arguments(ID, max_tokens=500)),
        ({"id": ID, "max_tokens": 500.0}, Arguments(ID, max_tokens=500)),
        ({"id": ID, "max_tokens": -1}, Arguments(ID)),
        ({"id": ID, "reason": "curious"}, Arguments(ID)),
    ],
)
def test_arguments_are_read_as_they_are_meant(raw: Any, read: Arguments) -> None:
    assert read_arguments(raw) == read


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({}, "the id is missing"),
        ("", "no JSON object"),
        ("{", "no JSON object"),
        ("null", "no JSON object"),
        ("[1]", "no JSON object"),
        ({"id": "abc"}, "'abc' is no id"),
        ({"id": "f" * 13}, "is no id"),
        ({"id": "f" * 64}, "is no id"),
        ({"id": {"a": 1}}, "is no id"),
        ({"id": ID, "max_tokens": "many"}, "max_tokens is 'many'"),
        ({"id": ID, "max_tokens": [1]}, "no number"),
        ({"id": ID, "max_tokens": "inf"}, "no number"),
        ("[" * 100_000, "no JSON object"),
    ],
)
def test_what_can_not_be_read_is_said_in_one_sentence(raw: Any, said: str) -> None:
    answer = read_arguments(raw)
    assert isinstance(answer, str)
    assert said in answer
    assert "Expected" in answer
    assert len(answer) < 400
    assert "\n" not in answer


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["id", "hash", "handle", "query", "lines", "fields", "max_tokens"])


@given(raw=st.text(st.characters(codec=None)) | st.dictionaries(names, st.just(ID) | json_values))
def test_junk_is_read_without_harm(raw: Any) -> None:
    assert isinstance(read_arguments(raw), (str, Arguments))
    if isinstance(raw, dict):
        assert isinstance(read_arguments(json.dumps(raw)), (str, Arguments))
