"""What did a server of MCP say? LlamaIndex spells its result as Python spells the object, with everything in it twice.

Known by its shape, whatever version of the protocol's SDK made it: none of them is imported.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import TextBlock
from llama_index.core.tools import ToolOutput


def blocks_of(output: ToolOutput) -> Sequence[Any]:
    """The blocks of a result; of one of MCP the texts themselves, where they are all that there is in it."""
    raw = output.raw_output
    items = getattr(raw, "content", None)
    if not isinstance(items, list) or not items or any(getattr(item, "type", "") != "text" for item in items):
        return output.blocks
    texts = [str(item.text) for item in items]
    failed = getattr(raw, "is_error", getattr(raw, "isError", False))
    structured = getattr(raw, "structured_content", getattr(raw, "structuredContent", None))
    if failed or not _says_the_same(structured, texts) or output.blocks != [TextBlock(text=str(raw))]:
        return output.blocks
    return [TextBlock(text=text) for text in texts]


def _says_the_same(structured: Any, texts: list[str]) -> bool:
    """Whether the structured form of a result, if there is one, is what its texts say too."""
    if structured is None:
        return True
    value = structured["result"] if isinstance(structured, dict) and structured.keys() == {"result"} else structured
    read = [_read(text) for text in texts]
    return value in (texts, read) or (len(texts) == 1 and value in (texts[0], read[0]))


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
