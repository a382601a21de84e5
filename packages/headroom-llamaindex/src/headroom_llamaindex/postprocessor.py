"""`node_postprocessors=[HeadroomPostprocessor()]`: retrieved nodes reach the model in fewer tokens."""

from __future__ import annotations

from typing import Literal, Self

from headroom_core import Block, Retrieval
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import Field, PositiveInt, model_validator

from headroom_llamaindex.door import Budget, OnError, smaller
from headroom_llamaindex.nodes import KEY, text_of, with_metadata, with_text
from headroom_llamaindex.settings import HeadroomSettings


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
        found = {index: text for index, scored in enumerate(nodes) if (text := text_of(scored.node))}
        retrieval: Retrieval = "tool" if self.retrieval == "inline" else "none"
        beside = tuple(found.values()) if retrieval == "tool" else ()  # where facts are left out, it is one choice
        blocks = [
            Block(place=(index,), role="document", text=text, question=question, beside=beside)
            for index, text in found.items()
        ]
        scores = [nodes[int(block.place[0])].score for block in blocks]
        budget = None if self.budget is None else Budget(self.budget, scores)
        changes = smaller(blocks, self.settings, retrieval, self.on_error, budget)
        made = list(nodes)
        for receipt in changes.receipts:
            if receipt.place in changes.shown:
                index = int(receipt.place[0])
                node = with_text(nodes[index].node, changes.shown[receipt.place])
                if self.retrieval != "off":
                    node = with_metadata(node, KEY, receipt.note())
                made[index] = nodes[index].model_copy(update={"node": node})
        return made
