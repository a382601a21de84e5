"""What a user may set, as plain values: they travel in pickles and configs, the open store never does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, Self

from headroom_core import Policy
from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from headroom_core import Headroom  # with every compressor: loaded when the first text comes

TENANT_KEY = "headroom_tenant"  # in a run's `configurable`: whose conversation this run is

NOT_POLICY = ("store", "tenant", "model")


class HeadroomSettings(BaseModel):
    """Where originals wait, whose they are, and how blocks are treated. `None`: as the environment says (`HEADROOM_*`).

    One `Headroom` serves all who share these settings in a process; it is opened at first use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: str | None = None  # URL: memory://, sqlite:///file.db, redis://...
    tenant: str = Field(
        default="default", min_length=1
    )  # a run's `configurable={"headroom_tenant": ...}` comes before it
    model: str | None = None  # whose tokenizer counts; None: the request's, where it is known, else gpt-4o
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

    def open(self) -> Headroom:
        """The `Headroom` of these settings, the same for everybody in this process who has the same."""
        with _opening:
            return _open(self.store, tuple(sorted(self._policy().items())))

    def tenant_of(self, config: Mapping[str, Any] | None) -> str:
        """Whose run this is: the config's tenant, else the settings' own."""
        named = ((config or {}).get("configurable") or {}).get(TENANT_KEY)
        return str(named) if named else self.tenant

    def _policy(self) -> dict[str, Any]:
        """The fields of the policy that are set here."""
        return {
            name: value
            for name in type(self).model_fields
            if name not in NOT_POLICY and (value := getattr(self, name)) is not None
        }


_opening = Lock()  # two threads at once must not get a store in memory each


@cache
def _open(store: str | None, policy: tuple[tuple[str, Any], ...]) -> Headroom:
    """A `Headroom` of the environment, with what is given counting more than its variables."""
    from headroom_core import Headroom

    chosen = dict(policy) if store is None else {**dict(policy), "store": store}
    return Headroom.from_env(chosen=chosen)
