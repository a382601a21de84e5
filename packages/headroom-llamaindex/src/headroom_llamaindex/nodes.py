"""Where in a node of LlamaIndex is text that may be shown otherwise, and how is it put on a copy? Decides nothing."""

from __future__ import annotations

from typing import Any

from llama_index.core.schema import BaseNode, MetadataMode, Node, TextNode

KEY = "headroom"  # in a node's metadata: what was done to it, and the key of its original


def text_of(node: BaseNode) -> str:
    """The text of a node, without its metadata; empty where it has none that could be replaced."""
    if KEY in node.metadata or not isinstance(node, TextNode | Node):
        return ""
    return node.get_content(metadata_mode=MetadataMode.NONE)


def with_text(node: BaseNode, text: str) -> BaseNode:
    """A copy of the node with another text."""
    update: dict[str, Any] = {"text": text}
    if isinstance(node, Node) and node.text_resource is not None:
        update = {"text_resource": node.text_resource.model_copy(update={"text": text})}
    return node.model_copy(update=update)


def with_metadata(node: BaseNode, key: str, value: Any) -> BaseNode:
    """A copy of the node with something in its metadata that no prompt and no embedding shows."""
    update: dict[str, Any] = {"metadata": {**node.metadata, key: value}}
    for name in ("excluded_llm_metadata_keys", "excluded_embed_metadata_keys"):
        known = getattr(node, name)
        update[name] = known if key in known else [*known, key]
    return node.model_copy(update=update)
