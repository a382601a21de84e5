"""An index over small content, and a model that says back what it was asked."""

from __future__ import annotations

from llama_index.core import MockEmbedding, VectorStoreIndex
from llama_index.core.llms import LLMMetadata, MockLLM
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from tests.content import log, records_json

JSON, LOG = records_json(80), log(200)


def nodes() -> list[TextNode]:
    """One node of each kind, cut from documents."""
    texts = {"orders.json": JSON, "worker.log": LOG, "note.txt": "The quota of /var/spool/q7 is 2 GB."}
    return [
        TextNode(
            id_=name,
            text=text,
            metadata={"file": name},
            start_char_idx=5,
            end_char_idx=5 + len(text),
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=f"document of {name}")},
        )
        for name, text in texts.items()
    ]


class Echo(MockLLM):
    """Says back the prompt that it got; has room for a long one."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=100_000)


def echo() -> Echo:
    return Echo(max_tokens=None)


def index(over: list[TextNode] | None = None) -> VectorStoreIndex:
    return VectorStoreIndex(over or nodes(), embed_model=MockEmbedding(embed_dim=8))
