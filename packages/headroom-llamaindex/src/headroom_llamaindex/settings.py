"""What a user may set, as plain values: they travel in dicts and pickles, the open store never does."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from threading import Lock
from typing import Any, Literal, Self

from headroom_core import Headroom, Policy
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_serializer, model_validator

NOT_POLICY = ("store", "tenant", "model")

_DURATION = TypeAdapter(timedelta)


class HeadroomSettings(BaseModel):
    """Where originals wait, whose they are, and how texts are treated. `None`: as the environment says (`HEADROOM_*`).

    One `Headroom` serves all who share these settings in a process; it is opened at first use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str | None = None  # URL: memory://, sqlite:///file.db, redis://...
    tenant: str = Field(default="default", min_length=1)
    model: str = "gpt-4o"  # whose tokenizer counts
    level: Literal["light", "balanced", "strong"] | None = None
    min_tokens: int | None = None
    min_gain: float | None = None
    keep_for: timedelta | None = None
    exclude_tools: tuple[str, ...] | None = None
    only_tools: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    max_block_ms: int | None = None

    @model_validator(mode="after")
    def _refuse_what_cannot_be_meant(self) -> Self:
        Policy(**self._policy())  # its SettingError is a ValueError: pydantic tells it with the others
        return self

    @field_serializer("keep_for")
    def _as_json_spells_it(self, duration: timedelta | None) -> str | None:
        return None if duration is None else str(_DURATION.dump_python(duration, mode="json"))

    def open(self) -> Headroom:
        """The `Headroom` of these settings, the same for everybody in this process who has the same."""
        with _opening:
            return _open(self.store, tuple(sorted(self._policy().items())))

    def _policy(self) -> dict[str, Any]:
        """The fields of the policy that are set here."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name not in NOT_POLICY}
        return {name: value for name, value in given.items() if value is not None}


_opening = Lock()  # two threads at once must not get a store in memory each


@cache
def _open(store: str | None, policy: tuple[tuple[str, Any], ...]) -> Headroom:
    """A `Headroom` of the environment, with what is given counting more than its variables."""
    chosen = dict(policy) if store is None else {**dict(policy), "store": store}
    return Headroom.from_env(chosen=chosen)
