"""One answer of a model in which it asks for originals: what it asks, and what to append so that it goes on.

Knows the answers of three dialects as plain dicts, and nothing of where the originals are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from headroom_core.errors import SettingError
from headroom_core.exchange import chat, messages, responses
from headroom_core.exchange.words import RetrieveCall, added
from headroom_core.types import Dialect

_DIALECTS: dict[str, ModuleType] = {"openai": chat, "anthropic": messages, "responses": responses}


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer that calls `headroom_retrieve`, perhaps beside other tools."""

    answer: Mapping[str, Any]
    dialect: Dialect
    calls: tuple[RetrieveCall, ...]  # never empty; other tools' calls aren't in it

    def follow_up(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """What to append to the conversation: the model's turn as far as it is answered, then the answers.

        Args:
            texts: what to say to each of `calls`, in order.
        """
        said = {call.call_id: text for call, text in zip(self.calls, texts, strict=True)}
        appended: list[dict[str, Any]] = _DIALECTS[self.dialect].turns(self.answer, said)
        return appended

    def usage_with(self, usage: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """What this turn used and what a later answer used, added up, as the provider spells it."""
        total: dict[str, Any] | None = added(self.answer.get("usage"), usage)
        return total

    def without_calls(self) -> dict[str, Any]:
        """The answer with our calls taken out: what a client may see when nothing more can be asked."""
        left: dict[str, Any] = _DIALECTS[self.dialect].without_calls(self.answer)
        return left


def read_turn(answer: Mapping[str, Any], dialect: Dialect) -> Turn | None:
    """The answer as a turn; None where it doesn't call `headroom_retrieve`.

    Raises:
        SettingError: `dialect` is none that we know.
    """
    if dialect not in _DIALECTS:
        raise SettingError(f"dialect is {dialect!r}; expected one of {', '.join(_DIALECTS)}")
    made = tuple(_DIALECTS[dialect].calls(answer))
    return Turn(answer, dialect, made) if made else None
