"""A short view beside the full text, made when documents are taken in."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from headroom_core import Headroom
from headroom_llamaindex import HeadroomSettings, HeadroomShortView
from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.ingestion import IngestionCache, IngestionPipeline
from llama_index.core.node_parser import TokenTextSplitter
from llama_index.core.postprocessor import MetadataReplacementPostProcessor
from llama_index.core.schema import BaseNode, Document, ImageNode, MetadataMode, Node, TextNode

from tests.content import log
from tests.faults import disk_full
from tests.llamaindex.content import JSON, LOG, echo, nodes

VIEW = "headroom_short_view"


def test_all_stays_but_for_the_view() -> None:
    came = [*nodes(), ImageNode(text=LOG, image="aW1n"), Node()]
    before = copy.deepcopy(came)
    made = HeadroomShortView()(came)
    assert came == before
    changes = {"metadata", "excluded_llm_metadata_keys", "excluded_embed_metadata_keys"}
    for ours, theirs in zip(made, came, strict=True):
        assert ours.model_dump(exclude=changes) == theirs.model_dump(exclude=changes)
        for mode in (MetadataMode.LLM, MetadataMode.EMBED):
            assert ours.get_content(mode) == theirs.get_content(mode)
    views = [str(node.metadata.get(VIEW, "")) for node in made]
    assert [bool(view) for view in views] == [True, True, False, True, False]
    assert made[2] is came[2]
    assert len(views[0]) < 0.6 * len(JSON)
    assert "98765.43" in views[0]
    assert "headroom" not in views[0] + views[1]


def test_a_view_is_made_once() -> None:
    """A pipeline that runs again over its own nodes writes no key twice."""
    once = HeadroomShortView()([TextNode(text=JSON)])
    twice = HeadroomShortView()(once)
    assert twice == once
    assert twice[0].excluded_llm_metadata_keys == [VIEW]


def pipeline(cache: IngestionCache | None = None) -> IngestionPipeline:
    splitter = TokenTextSplitter(chunk_size=4096, chunk_overlap=0, separator="\n")
    return IngestionPipeline(
        transformations=[splitter, HeadroomShortView(settings=HeadroomSettings(store="memory://"))],
        cache=cache or IngestionCache(),
    )


async def test_a_pipeline_takes_it_and_a_query_shows_the_view() -> None:
    """The index embeds and keeps the full text; the prompt has the view."""
    documents: Any = [Document(text=log(400), id_="log", metadata={"file": "worker.log"})]
    cache = IngestionCache()
    made = pipeline(cache).run(documents=documents)
    assert [node.get_content() for node in pipeline(cache).run(documents=documents)] == [
        node.get_content() for node in made
    ]
    later = await pipeline().arun(documents=documents)
    assert [node.metadata[VIEW] for node in later] == [node.metadata[VIEW] for node in made]
    assert len(made) > 1
    assert {node.ref_doc_id for node in made} == {"log"}
    index = VectorStoreIndex(list(made), embed_model=MockEmbedding(embed_dim=8))
    shows_views = MetadataReplacementPostProcessor(VIEW)
    plain, short = (
        str(index.as_query_engine(llm=echo(), similarity_top_k=9, node_postprocessors=each).query("What failed?"))
        for each in ([], [shows_views])
    )
    assert len(short) < 0.6 * len(plain)
    assert "disk quota exceeded on /var/spool/q7" in short
    assert short.count("file: worker.log") == plain.count("file: worker.log") == len(made)


def test_for_an_agent_facts_may_be_left_out() -> None:
    settings = HeadroomSettings(store="memory://")
    (made,) = HeadroomShortView(settings=settings, retrieval="inline", key="short")([TextNode(text=log(1500))])
    handle = made.metadata["short"].split("[headroom ")[1][:12]
    assert settings.open().retrieve(handle).text == log(1500)


def test_a_dict_gives_it_back() -> None:
    """A pipeline spells its steps into the keys of its cache."""
    made = HeadroomShortView(settings=HeadroomSettings(store="memory://", level="light"), key="short")
    again = HeadroomShortView.from_dict(made.to_dict())
    assert (again.settings, again.key, again.retrieval) == (made.settings, "short", "off")


def test_a_failure_of_ours_leaves_the_nodes_as_they_came(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Headroom, "compress_blocks", disk_full)
    came: list[BaseNode] = [TextNode(text=JSON)]
    assert HeadroomShortView()(came)[0] is came[0]
    assert caplog.text.count("disk full") == 1
    with pytest.raises(OSError, match="disk full"):
        HeadroomShortView(on_error="raise")(came)
