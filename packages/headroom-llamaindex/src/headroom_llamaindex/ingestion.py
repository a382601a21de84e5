"""`IngestionPipeline(transformations=[splitter, HeadroomShortView(), embedding])`: a short view beside the text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

from headroom_core import Block
from llama_index.core.schema import BaseNode, TransformComponent
from pydantic import Field

from headroom_llamaindex.door import OnError, smaller
from headroom_llamaindex.nodes import text_of, with_metadata
from headroom_llamaindex.settings import HeadroomSettings


class HeadroomShortView(TransformComponent):
    """Puts a short view of each node's text into its metadata, where no prompt and no embedding shows it.

    Ids, texts and all else stay; a node whose text gets no shorter is the object that came in. Put it behind the
    splitter; at query time `MetadataReplacementPostProcessor("headroom_short_view")` shows the view.
    """

    settings: HeadroomSettings = Field(default_factory=HeadroomSettings)
    key: str = Field(default="headroom_short_view", min_length=1)
    """Where in the metadata the view stands."""
    retrieval: Literal["inline", "off"] = "off"
    """"inline" where the views go to an agent with `headroom_retrieve`: facts may be left out, and the view says so.
    The store must then keep originals as long as the index lives: `HeadroomSettings(keep_for=...)`."""
    on_error: OnError = "passthrough"
    """What a failure of ours does: a warning and the nodes as they came, or an error."""

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex writes into dicts."""
        return "HeadroomShortView"

    def __call__(self, nodes: Sequence[BaseNode], **_: Any) -> list[BaseNode]:
        """The nodes, with views."""
        blocks = [Block((index,), "document", text) for index, node in enumerate(nodes) if (text := text_of(node))]
        way_back: Literal["tool", "none"] = "tool" if self.retrieval == "inline" else "none"
        made = list(nodes)
        for (index, *_place), view in smaller(blocks, self.settings, way_back, self.on_error).shown.items():
            made[int(index)] = with_metadata(nodes[int(index)], self.key, view)
        return made

    async def acall(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """The same, worked out in a thread."""
        return await asyncio.to_thread(self, nodes, **kwargs)
