"""`ContextualCompressionRetriever(base_compressor=HeadroomDocumentCompressor(), ...)`: retrieved documents, smaller."""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core import Block, Retrieval
from langchain_core.callbacks import Callbacks
from langchain_core.documents import BaseDocumentCompressor, Document
from pydantic import ConfigDict, Field

from headroom_langchain.door import OnError, Terms, changes_of
from headroom_langchain.messages import MARK
from headroom_langchain.settings import HeadroomSettings


class HeadroomDocumentCompressor(BaseDocumentCompressor):
    """Documents with smaller texts, one for one: order, ids and metadata stay, and what doesn't change is the object.

    `metadata["headroom"]` of a changed one holds the handle under which its original is kept.
    """

    model_config = ConfigDict(extra="forbid")

    settings: HeadroomSettings = Field(default_factory=HeadroomSettings)
    retrieval: Retrieval = "none"
    """`"tool"` where the documents go to an agent that has `headroom_retrieve`: facts may then be left out."""
    on_error: OnError = "passthrough"
    """What a failure of ours does: a warning and the documents as they came, or an error."""

    def compress_documents(
        self,
        documents: Sequence[Document],
        query: str,
        callbacks: Callbacks | None = None,  # noqa: ARG002  # there is no run of ours to tell of
    ) -> Sequence[Document]:
        """The documents made smaller; what is kept of a long one follows the query."""
        found = {
            index: document.page_content for index, document in enumerate(documents) if MARK not in document.metadata
        }
        beside = tuple(found.values()) if self.retrieval == "tool" else ()  # where facts are left out, it is one choice
        blocks = [Block((index,), "document", text, question=query, beside=beside) for index, text in found.items()]
        changes = changes_of(blocks, Terms(self.settings, self.retrieval), self.on_error)
        made = list(documents)
        for receipt in changes.receipts:
            if receipt.place in changes.shown:
                index = int(receipt.place[0])
                metadata = {**documents[index].metadata, MARK: receipt.note()}
                made[index] = documents[index].model_copy(
                    update={"page_content": changes.shown[receipt.place], "metadata": metadata}
                )
        return made
