"""What the dialects of an answer share: a call of the retrieve tool, reading lists of dicts, joining pieces, usage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]  # the data of one server-sent event


@dataclass(frozen=True, slots=True)
class RetrieveCall:
    """The model's call of `headroom_retrieve`."""

    call_id: str
    arguments: str | Mapping[str, Any]  # as they stand on the wire


def dicts(value: object) -> Iterator[Mapping[str, Any]]:
    """The mappings in a value that ought to be a list of them."""
    if isinstance(value, list | tuple):
        yield from (each for each in value if isinstance(each, Mapping))


def present(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item without what is None: objects spell absent fields out, and providers refuse some of them so."""
    return {key: value for key, value in item.items() if value is not None}


def added(first: object, second: object) -> Any:
    """Two usages as one: numbers added up, those inside too; of what isn't a number the second's."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {key: added(first.get(key), second.get(key)) for key in {**first, **second}}
    if _is_number(first) and _is_number(second):
        return first + second  # type: ignore[operator]  # both are numbers, as just asked
    return first if second is None else second


def joined(first: Any, second: Any) -> Any:
    """Two pieces of one streamed value: text and lists go on, mappings key by key; else the later one holds."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {
            key: joined(first.get(key), second[key]) if key in second else first[key] for key in {**first, **second}
        }
    if isinstance(first, str) and isinstance(second, str):
        return first + second
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return first if second is None else second


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
