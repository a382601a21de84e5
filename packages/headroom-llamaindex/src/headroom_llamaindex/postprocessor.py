"""`node_postprocessors=[HeadroomPostprocessor()]`: retrieved nodes reach the model in fewer tokens."""

from __future__ import annotations

from typing import Any, Literal, Self

from headroom_core import Block, Receipt, Retrieval
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import BaseNode, MetadataMode, Node, NodeWithScore, QueryBundle, TextNode
from pydantic import Field, PositiveInt, model_validator

from headroom_llamaindex.door import Budget, OnError, smaller
from headroom_llamaindex.settings import HeadroomSettings

KEY = "headroom"  # in a node's metadata: what was done to it, and the key of its original


class HeadroomPostprocessor(BaseNodePostprocessor):
    """Nodes with smaller texts, one for one: order, ids, scores, relationships and offsets stay.

    A changed node is a copy; the retriever's own, and the document store's, keep the text that they had. Put it last:
    what comes after it may fetch originals again.
    """

    settings: HeadroomSettings = Field(default_factory=HeadroomSettings)
    retrieval: Literal["metadata", "inline", "off"] = "metadata"
    """Where the key of an original goes: into the node's metadata, which no prompt shows, or nowhere ("off").
    "inline" is for nodes that go to an agent with `headroom_retrieve`: facts may be left out, and the text says so."""
    budget: PositiveInt | None = None
    """Tokens that the texts of all nodes of a question are to take together, metadata not counted; only with "inline".
    The best scored may take most. A text that can't be shown within its share takes more."""
    on_error: OnError = "passthrough"
    """What a failure of ours does: a warning and the nodes as they came, or an error."""

    @model_validator(mode="after")
    def _a_budget_leaves_facts_out(self) -> Self:
        if self.budget is not None and self.retrieval != "inline":
            raise ValueError('a budget leaves facts out, which needs a way back: retrieval="inline"')
        return self

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex writes into dicts."""
        return "HeadroomPostprocessor"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        question = query_bundle.query_str if query_bundle is not None else ""
        blocks = [
            Block(place=(index,), role="document", text=text, question=question)
            for index, scored in enumerate(nodes)
            if (text := _text(scored.node))
        ]
        scores = [nodes[int(block.place[0])].score for block in blocks]
        budget = None if self.budget is None else Budget(self.budget, scores)
        retrieval: Retrieval = "tool" if self.retrieval == "inline" else "none"
        changes = smaller(blocks, self.settings, retrieval, self.on_error, budget)
        made = list(nodes)
        for receipt in changes.receipts:
            if receipt.place in changes.shown:
                index = int(receipt.place[0])
                note = {} if self.retrieval == "off" else _note(receipt)
                node = _with_text(nodes[index].node, changes.shown[receipt.place], note)
                made[index] = nodes[index].model_copy(update={"node": node})
        return made


def _text(node: BaseNode) -> str:
    """The text of a node, without its metadata; empty where it has none that could be replaced."""
    if KEY in node.metadata or not isinstance(node, TextNode | Node):
        return ""
    return node.get_content(metadata_mode=MetadataMode.NONE)


def _with_text(node: BaseNode, text: str, note: dict[str, Any]) -> BaseNode:
    """A copy of the node with another text; lists and dicts that change are its own."""
    update: dict[str, Any] = {"text": text}
    if isinstance(node, Node) and node.text_resource is not None:
        update = {"text_resource": node.text_resource.model_copy(update={"text": text})}
    if note:
        update["metadata"] = {**node.metadata, KEY: note}
        for name in ("excluded_llm_metadata_keys", "excluded_embed_metadata_keys"):
            update[name] = [*getattr(node, name), KEY]
    return node.model_copy(update=update)


def _note(receipt: Receipt) -> dict[str, Any]:
    return {
        "handle": receipt.handle,
        "kind": receipt.kind,
        "fidelity": str(receipt.fidelity),
        "tokens_before": receipt.tokens_before,
        "tokens_after": receipt.tokens_after,
    }
