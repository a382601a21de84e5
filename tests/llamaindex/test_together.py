"""Nodes of one question, where facts may be left out: one choice over all of them."""

from __future__ import annotations

import asyncio
from typing import Any

from headroom_llamaindex import HeadroomPostprocessor, HeadroomSettings
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode

from tests.core.compressors.prose.material import ANSWER, QUESTION, count, manual
from tests.llamaindex.content import echo, index

PARTS = [f"## {part}" for part in manual().split("## ")[1:]]
PAGES = ["".join(PARTS[start : start + 4]) for start in range(0, len(PARTS), 4)]
QUESTIONS = [f"Which colour does the {thing} show after its oil was changed?" for thing in ("crane", "pump", "oven")]


def nodes() -> list[TextNode]:
    return [TextNode(id_=f"page {number}", text=text) for number, text in enumerate(PAGES)]


def inline(**settings: Any) -> HeadroomPostprocessor:
    return HeadroomPostprocessor(settings=HeadroomSettings(store="memory://", **settings), retrieval="inline")


def test_the_node_that_answers_takes_the_room_of_the_others() -> None:
    """Each is still there, in its place, and gives back its own original."""
    ours = inline()
    found = [NodeWithScore(node=node, score=1.0) for node in nodes()]
    made = ours.postprocess_nodes(found, query_str=QUESTION)
    alone = [ours.postprocess_nodes([node], query_str=QUESTION)[0] for node in found]
    assert [node.node_id for node in made] == [node.node_id for node in found]
    assert sum(ANSWER in node.text for node in made) == 1
    assert sum(count(node.text) for node in made) < 0.8 * sum(count(node.text) for node in alone)
    for node, page in zip(made, PAGES, strict=True):
        assert ours.settings.open().retrieve(node.metadata["headroom"]["handle"]).text == page


def test_a_citation_names_the_node_that_says_it() -> None:
    """What is shown of a node is its own text: no sentence moves to another source."""
    engine = CitationQueryEngine.from_args(
        index(nodes()), llm=echo(), similarity_top_k=9, node_postprocessors=[inline()], citation_chunk_size=4096
    )
    sources = engine.query(QUESTION).source_nodes
    assert len(sources) == len(PAGES)
    (cited,) = [source.get_content() for source in sources if ANSWER in source.get_content()]
    assert "the crane" in cited
    for source in sources:
        shown = source.get_content().split("\n", 1)[1]  # without `Source 1:`
        assert any(
            all(line in page or "…" in line or "[headroom " in line for line in shown.split("\n")) for page in PAGES
        )


async def test_twenty_at_once_get_what_each_gets_alone() -> None:
    asked = [QUESTIONS[number % 3] for number in range(20)]
    engines = [
        index(nodes()).as_query_engine(llm=echo(), similarity_top_k=9, node_postprocessors=[inline(tenant=tenant)])
        for tenant in ("alone", "together")
    ]
    serial = [str(engines[0].query(question)) for question in asked]
    assert len(set(serial)) == 3
    at_once = await asyncio.gather(*(engines[1].aquery(question) for question in asked))
    assert [without_ids(str(answer)) for answer in at_once] == [without_ids(text) for text in serial]


def without_ids(text: str) -> str:
    """Handles are a tenant's own."""
    return "".join(part[12:] if number else part for number, part in enumerate(text.split("[headroom ")))
