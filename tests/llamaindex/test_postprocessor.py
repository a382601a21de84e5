"""What the postprocessor keeps of nodes, and where it may stand."""

from __future__ import annotations

import asyncio
import copy
import pickle
import socket
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from headroom_core import Headroom, HeadroomError
from headroom_llamaindex import HeadroomCompressionEvent, HeadroomPostprocessor, HeadroomSettings
from llama_index.core import QueryBundle, Settings
from llama_index.core.base.response.schema import AsyncStreamingResponse, StreamingResponse
from llama_index.core.chat_engine.types import ChatMode
from llama_index.core.instrumentation import get_dispatcher  # type: ignore[attr-defined]  # passed on, not declared
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.postprocessor import PrevNextNodePostprocessor
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import (
    BaseNode,
    ImageNode,
    IndexNode,
    MediaResource,
    MetadataMode,
    Node,
    NodeRelationship,
    NodeWithScore,
    RelatedNodeInfo,
    TextNode,
)
from llama_index.core.storage.docstore import SimpleDocumentStore

from tests.content import log, records_json
from tests.faults import disk_full
from tests.llamaindex.content import JSON, LOG, echo, index

LONG_LOG = log(1500)


def scored(*nodes: BaseNode) -> list[NodeWithScore]:
    return [NodeWithScore(node=node, score=1 / number) for number, node in enumerate(nodes, start=1)]


def processed(nodes: list[NodeWithScore], question: str | None = None, **fields: Any) -> list[NodeWithScore]:
    return HeadroomPostprocessor(**fields).postprocess_nodes(nodes, query_str=question)


class Live(BaseRetriever):
    """Gives out its own objects, as some stores do."""

    def __init__(self, nodes: list[NodeWithScore]) -> None:
        self.nodes = nodes
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self.nodes


def test_it_is_a_node_postprocessor() -> None:
    assert isinstance(HeadroomPostprocessor(), BaseNodePostprocessor)
    assert HeadroomPostprocessor.class_name() == "HeadroomPostprocessor"


def test_the_retrievers_own_nodes_keep_their_text() -> None:
    """A retriever that gives out live objects would else answer the next question from shrunk ones."""
    nodes = scored(TextNode(text=JSON, metadata={"a": 1}), TextNode(text="short"), TextNode(text=LOG))
    before = copy.deepcopy(nodes)
    made = processed(Live(nodes).retrieve("What failed?"), "What failed?")
    assert [(node.node.to_dict(), node.score) for node in nodes] == [
        (node.node.to_dict(), node.score) for node in before
    ]
    assert [node.node_id for node in made] == [node.node_id for node in nodes]
    assert [node.score for node in made] == [node.score for node in nodes]
    assert made[1] is nodes[1]
    assert made[0] is not nodes[0]
    assert all(len(made[number].text) < 0.6 * len(nodes[number].text) for number in (0, 2))


@pytest.mark.parametrize(
    "node",
    [
        TextNode(text=JSON, embedding=[0.1], start_char_idx=3, end_char_idx=9, mimetype="application/json"),
        IndexNode(text=JSON, index_id="inner"),
        ImageNode(text=JSON, image="aW1n", image_mimetype="image/png"),
        Node(
            text_resource=MediaResource(text=JSON, mimetype="application/json"),
            image_resource=MediaResource(data=b"aW1n", mimetype="image/png"),
        ),
    ],
    ids=lambda node: type(node).__name__,
)
def test_a_node_stays_what_it_was_but_for_its_text(node: Any) -> None:
    node = node.model_copy(
        update={
            "relationships": {NodeRelationship.SOURCE: RelatedNodeInfo(node_id="document")},
            "metadata": {"page": 3},
        }
    )
    (made,) = processed(scored(node))
    ours: Any = made.node
    assert type(ours) is type(node)
    assert len(ours.get_content()) < 0.6 * len(JSON)
    assert ours.ref_doc_id == "document"
    kept, came = ours.model_dump(), node.model_dump()
    changes = {"text", "text_resource", "metadata", "excluded_llm_metadata_keys", "excluded_embed_metadata_keys"}
    assert {key: value for key, value in kept.items() if key not in changes} == {
        key: value for key, value in came.items() if key not in changes
    }
    if isinstance(node, Node):
        assert ours.text_resource.mimetype == "application/json"
        assert ours.image_resource is node.image_resource
    for mode in (MetadataMode.LLM, MetadataMode.EMBED):
        assert "headroom" not in ours.get_content(mode)
        assert "page: 3" in ours.get_content(mode)


@pytest.mark.parametrize(
    "node",
    [TextNode(text=""), Node(), Node(image_resource=MediaResource(data=b"aW1n")), TextNode(text="short")],
    ids=["empty", "nothing", "image", "short"],
)
def test_a_node_without_much_text_is_the_object_that_came(node: BaseNode) -> None:
    nodes = scored(node)
    assert processed(nodes)[0] is nodes[0]


def test_a_node_is_made_smaller_once() -> None:
    once = processed(scored(TextNode(text=JSON), TextNode(text=LOG)))
    once += scored(TextNode(text=JSON, metadata={"headroom": {}}))
    assert all(ours is theirs for ours, theirs in zip(processed(once), once, strict=True))


def test_one_question_is_enough() -> None:
    nodes = scored(TextNode(text=JSON))
    with pytest.raises(ValueError, match="both"):
        HeadroomPostprocessor().postprocess_nodes(nodes, query_bundle=QueryBundle("?"), query_str="?")
    assert len(processed(nodes)[0].text) < 0.6 * len(JSON)
    assert processed([]) == []


async def test_every_way_to_ask_asks_with_less() -> None:
    made = index()
    options: Any = {"llm": echo(), "similarity_top_k": 3, "node_postprocessors": [HeadroomPostprocessor()]}
    engine = made.as_query_engine(**options)
    plain = str(engine.query("What failed?"))
    assert "98765.43" in plain
    assert JSON not in plain
    assert str(await engine.aquery("What failed?")) == plain
    streamed = made.as_query_engine(streaming=True, **options)
    answer = streamed.query("What failed?")
    assert isinstance(answer, StreamingResponse)
    assert "".join(answer.response_gen).strip() == plain.strip()
    later = await streamed.aquery("What failed?")
    assert isinstance(later, AsyncStreamingResponse | StreamingResponse)
    chat = made.as_chat_engine(chat_mode=ChatMode.CONDENSE_PLUS_CONTEXT, **options)
    assert JSON not in str(chat.chat("What failed?"))
    assert "98765.43" in str(chat.chat("And then?"))


async def test_twenty_questions_at_once_get_the_same_answer() -> None:
    engine = index().as_query_engine(llm=echo(), similarity_top_k=3, node_postprocessors=[HeadroomPostprocessor()])
    answers = await asyncio.gather(*(engine.aquery("What failed?") for _ in range(20)))
    assert {str(answer) for answer in answers} == {str(engine.query("What failed?"))}


def test_a_citation_engine_cites_and_keeps_a_marker_whole() -> None:
    """It cuts nodes into pieces of 512 tokens behind us: a marker cut in two names nothing."""
    made = index([TextNode(text=LONG_LOG)])
    ours = HeadroomPostprocessor(retrieval="inline")
    engine = CitationQueryEngine.from_args(made, llm=echo(), node_postprocessors=[ours])
    answer = engine.query("What failed?")
    assert "Source 1:" in answer.source_nodes[0].get_content()
    markers = [line for node in answer.source_nodes for line in node.get_content().splitlines() if "[headroom " in line]
    assert len(markers) == 1
    assert markers[0].endswith("headroom_retrieve]")


def test_put_last_it_also_sees_what_others_fetch() -> None:
    """A postprocessor that adds neighbours adds originals: behind us it would undo our work."""
    nodes = [TextNode(id_=str(number), text=records_json(40 + number)) for number in range(3)]
    for earlier, later in ((0, 1), (1, 2)):
        nodes[earlier].relationships[NodeRelationship.NEXT] = RelatedNodeInfo(node_id=str(later))
        nodes[later].relationships[NodeRelationship.PREVIOUS] = RelatedNodeInfo(node_id=str(earlier))
    docstore = SimpleDocumentStore()
    docstore.add_documents(nodes)
    neighbours = PrevNextNodePostprocessor(docstore=docstore, num_nodes=1, mode="both")
    found = processed(neighbours.postprocess_nodes(scored(nodes[1])))
    assert [node.node_id for node in found] == ["0", "1", "2"]
    assert all("headroom" in node.metadata for node in found)


def test_by_default_no_prompt_asks_for_what_nobody_can_do() -> None:
    """A query engine has no tool loop: a marker that says "call headroom_retrieve" would be noise, or a lie."""
    made = index([TextNode(text=LONG_LOG, metadata={"file": "worker.log"})])
    for retrieval, said in (("metadata", False), ("off", False), ("inline", True)):
        ours = HeadroomPostprocessor.from_dict({"retrieval": retrieval})
        answer = made.as_query_engine(llm=echo(), node_postprocessors=[ours]).query("What failed?")
        assert ("headroom_retrieve" in str(answer)) is said
        assert ("headroom" in answer.source_nodes[0].metadata) is (retrieval != "off")
        assert str(answer).count("file: worker.log") == 1


def test_what_is_kept_follows_the_question() -> None:
    nodes = scored(TextNode(text=LONG_LOG))
    asked = [processed(nodes, f"What happened to job {job}?", retrieval="inline")[0].text for job in (7123, 8321)]
    assert asked[0] != asked[1]
    assert all(f"job {job}" in text for job, text in zip((7123, 8321), asked, strict=True))


SETTINGS = HeadroomSettings(
    store="memory://", tenant="ann", level="strong", keep_for=timedelta(hours=3), only_tools=("a*",)
)


def test_a_dict_and_a_pickle_give_it_back_used_or_not() -> None:
    made = HeadroomPostprocessor(settings=SETTINGS, retrieval="inline", on_error="raise")
    for _ in range(2):
        for again in (
            HeadroomPostprocessor.from_dict(made.to_dict()),
            HeadroomPostprocessor.from_json(made.to_json()),
            pickle.loads(pickle.dumps(made)),
            copy.deepcopy(made),
        ):
            assert [getattr(again, name) for name in ("settings", "retrieval", "on_error")] == [
                SETTINGS,
                "inline",
                "raise",
            ]
        made.postprocess_nodes(scored(TextNode(text=JSON)))


class Heard(BaseEventHandler):
    """Events of ours."""

    events: list[HeadroomCompressionEvent] = []  # noqa: RUF012  # pydantic copies it

    @classmethod
    def class_name(cls) -> str:
        return "Heard"

    def handle(self, event: Any, **_: Any) -> None:
        if isinstance(event, HeadroomCompressionEvent):
            self.events.append(event)


@pytest.fixture
def heard() -> Any:
    root, handler = get_dispatcher(), Heard()
    root.add_event_handler(handler)
    yield handler
    root.event_handlers.remove(handler)


def test_an_event_tells_counts_and_no_text(heard: Heard) -> None:
    processed(scored(TextNode(text=JSON), TextNode(text="x" * 200)))
    (event,) = heard.events
    assert (event.blocks, event.changed, event.errors) == (2, 1, 0)
    assert event.tokens_before > event.tokens_after > 0
    assert len(event.handles) == 1
    assert len(event.model_dump_json()) < 700


def test_a_failure_of_ours_leaves_the_nodes_as_they_came(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, heard: Heard
) -> None:
    nodes = scored(TextNode(text=JSON))
    with monkeypatch.context() as patched:
        patched.setattr(Headroom, "compress_blocks", disk_full)
        assert processed(nodes) == nodes
        assert caplog.text.count("disk full") == 1
        assert (heard.events[0].errors, heard.events[0].changed) == (1, 0)
        with pytest.raises(OSError, match="disk full"):
            processed(nodes, on_error="raise")
    monkeypatch.setattr("headroom_core.compressors.json_docs.JsonDocs.compress", disk_full)
    assert processed(nodes) == nodes
    assert heard.events[-1].errors == 1
    with pytest.raises(HeadroomError, match="disk full"):
        processed(nodes, on_error="raise")


def test_nothing_is_said_to_any_network_and_no_setting_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: opened.append(arguments))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **_: opened.append(arguments))
    tokenizer = Settings._tokenizer
    assert processed(scored(TextNode(text=JSON)))[0].text != JSON
    assert opened == []
    assert Settings._tokenizer is tokenizer


def test_an_import_brings_nothing_heavy() -> None:
    code = "import headroom_llamaindex, sys; assert not {'llama_index', 'pydantic', 'tiktoken'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
