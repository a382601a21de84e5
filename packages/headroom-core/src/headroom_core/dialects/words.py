"""What the dialects share: a call, an output, and texts that are a string or a list of text parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from headroom_core.types import Place


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call in an assistant's message."""

    call_id: str
    name: str
    arguments: str  # as they stand on the wire, or as JSON


@dataclass(frozen=True, slots=True)
class Output:
    """A text that a tool gave back."""

    place: Place  # within its message
    text: str
    call_id: str
    name: str = ""  # where the message itself names the tool


def texts(content: object) -> Iterator[tuple[Place, str]]:
    """The texts of a content that is a string or a list of parts, with their places in it.

    Parts that aren't text (images, files, types that came after us) are passed over.
    """
    if isinstance(content, str):
        if content:
            yield (), content
    elif isinstance(content, list):
        for index, part in enumerate(content):
            if isinstance(part, Mapping) and part.get("type") in TEXT_PARTS and isinstance(part.get("text"), str):
                yield (index, "text"), str(part["text"])


TEXT_PARTS = ("text", "input_text", "output_text")
