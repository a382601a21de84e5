"""Tokens shared out among nodes."""

from __future__ import annotations

import pytest
from headroom_llamaindex import HeadroomPostprocessor, HeadroomSettings
from headroom_llamaindex.budget import shares
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.schema import NodeWithScore, TextNode

from tests.content import records_json

SETTINGS = HeadroomSettings(store="memory://")
MANY = [records_json(400 + number) for number in range(3)]


def shown(scores: list[float | None], budget: int | None) -> list[NodeWithScore]:
    nodes = [
        NodeWithScore(node=TextNode(id_=str(n), text=text), score=score)
        for n, (text, score) in enumerate(zip(MANY, scores, strict=True))
    ]
    ours = HeadroomPostprocessor(settings=SETTINGS, retrieval="inline", budget=budget)
    return ours.postprocess_nodes(nodes, query_str="Which order was refused?")


def sizes(nodes: list[NodeWithScore]) -> list[int]:
    return [node.metadata["headroom"]["tokens_after"] for node in nodes]


def test_all_nodes_together_stay_within_the_budget() -> None:
    """Without one they are far over it; every node is still there, and gives back its original."""
    assert sum(sizes(shown([0.9, 0.8, 0.7], None))) > 8000
    made = shown([0.9, 0.8, 0.7], 6000)
    assert sum(sizes(made)) <= 6000
    assert [node.node_id for node in made] == ["0", "1", "2"]
    for node, original in zip(made, MANY, strict=True):
        assert SETTINGS.open().retrieve(node.metadata["headroom"]["handle"]).text == original
        assert "98765.43" in node.text


@pytest.mark.parametrize(("scores", "best"), [([0.1, 0.9, 0.5], 1), ([-7.0, -9.0, -0.2], 2), ([None, None, None], 0)])
def test_the_best_scored_takes_most(scores: list[float | None], best: int) -> None:
    taken = sizes(shown(scores, 6000))
    assert taken.index(max(taken)) == best


def test_what_is_within_the_budget_is_shown_as_without() -> None:
    assert [node.text for node in shown([1, 1, 1], 1_000_000)] == [node.text for node in shown([1, 1, 1], None)]


def test_a_share_too_tight_for_anything_grows_until_something_fits() -> None:
    """Rows can't be told in a handful of tokens: without a second try the whole table would come back."""
    made = shown([0.9, 0.8, 0.7], 30)
    assert sum(sizes(made)) < 0.3 * sum(sizes(shown([0.9, 0.8, 0.7], None)))


def test_a_budget_without_a_way_back_is_refused() -> None:
    with pytest.raises(ValueError, match="inline"):
        HeadroomPostprocessor(budget=100)


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.none() | st.floats(-50, 50)), max_size=20),
    st.integers(1, 50_000),
)
def test_shares_fill_the_budget_and_no_more(texts: list[tuple[int, float | None]], tokens: int) -> None:
    needs = [need for need, _ in texts]
    given_out = shares(needs, [score for _, score in texts], tokens)
    assert all(0 <= share <= need for share, need in zip(given_out, needs, strict=True))
    assert sum(given_out) <= tokens
    assert sum(given_out) >= min(sum(needs), tokens) - len(needs)  # whole tokens: less than one is lost on each
