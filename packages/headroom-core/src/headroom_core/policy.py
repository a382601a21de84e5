"""What a user may set: `Policy` for how blocks are treated, `Settings` for where originals wait.

Both are read from the environment here, and nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, get_args

from headroom_core.errors import SettingError
from headroom_core.types import Level, Pages

logger = logging.getLogger(__name__)

_POSITIVE = {"max_block_ms": "milliseconds", "store_wait_ms": "milliseconds", "store_quota_mb": "megabytes"}

PREFIX = "HEADROOM_"
KEY_BYTES = 32  # of an encryption key: AES-256
MIN_GAIN_TOKENS = 16  # under this a change isn't worth a reader's surprise, whatever its share


@dataclass(frozen=True, slots=True)
class Policy:
    """How blocks are treated. Every field can be set in the environment: `HEADROOM_LEVEL=strong`."""

    level: Level = "balanced"  # how hard elision squeezes
    min_tokens: int = 128  # blocks under it are left alone
    min_gain: float = 0.05  # share of a block's tokens that a change must save, 0 to 1; and at least 16 tokens
    keep_for: timedelta = timedelta(hours=24)  # how long an original waits after its last use
    exclude_tools: tuple[str, ...] = ()  # globs of tool names whose results are left alone
    only_tools: tuple[str, ...] = ()  # globs; when given, only these tools' results are looked at
    kinds: tuple[str, ...] = ("*",)  # globs of the kinds of content that are compressed
    max_block_ms: int = 2_000  # of its thread's own work; a block that takes longer goes out as it came
    store_wait_ms: int = (
        50  # how long each of a request's few questions to the store may wait; the first failure ends them
    )
    store_quota_mb: int = (
        1_024  # that a tenant may fill, the least recently used then goes; a Redis has a limit of its own
    )
    pages: Pages = "auto"  # how pages are shown: read, act, or visible, which needs no way back

    def __post_init__(self) -> None:
        """Refuse what can't be meant."""
        if self.level not in get_args(Level):
            raise SettingError(f"level is {self.level!r}; expected one of {', '.join(get_args(Level))}")
        if self.pages not in get_args(Pages):
            raise SettingError(f"pages is {self.pages!r}; expected one of {', '.join(get_args(Pages))}")
        if self.min_tokens < 0:
            raise SettingError(f"min_tokens is {self.min_tokens}; expected 0 or more")
        if not 0 <= self.min_gain < 1:
            raise SettingError(f"min_gain is {self.min_gain}; expected a share from 0 to under 1, 0.05 for 5 %")
        if self.keep_for <= timedelta(0):
            raise SettingError(f"keep_for is {self.keep_for}; expected a positive duration")
        for name, unit in _POSITIVE.items():
            if getattr(self, name) <= 0:
                raise SettingError(f"{name} is {getattr(self, name)}; expected a positive number of {unit}")
        for name in ("exclude_tools", "only_tools", "kinds"):
            value = getattr(self, name)
            if isinstance(value, str) or not all(isinstance(glob, str) for glob in value):
                raise SettingError(f"{name} is {value!r}; expected a tuple of globs, ('search_*',)")

    def wants_tool(self, name: str) -> bool:
        """Whether results of the tool of this name are looked at."""
        if any(fnmatchcase(name, glob) for glob in self.exclude_tools):
            return False
        return not self.only_tools or any(fnmatchcase(name, glob) for glob in self.only_tools)

    def wants_kind(self, kind: str) -> bool:
        """Whether content of this kind is compressed."""
        return any(fnmatchcase(kind, glob) for glob in self.kinds)

    def earns(self, tokens_before: int, tokens_after: int) -> bool:
        """Whether a change saves enough to be made."""
        return tokens_before - tokens_after >= max(MIN_GAIN_TOKENS, self.min_gain * tokens_before)

    @property
    def kept(self) -> str:
        """How long an original waits, for people: "24 hours"."""
        return f"{self.keep_for.total_seconds() / 3600:g} hours"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Policy:
        """The policy that `HEADROOM_*` variables spell; lists are separated by commas, durations are `36h` or `2d`.

        Raises:
            SettingError: a variable holds what its field can't take.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for each in fields(cls):
            text = environ.get(PREFIX + each.name.upper())
            if text is not None:
                values[each.name] = _read(PREFIX + each.name.upper(), text.strip(), each.default)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Settings:
    """A policy, and where originals wait."""

    policy: Policy = field(default_factory=Policy)
    store: str | None = None  # URL, `HEADROOM_STORE`; None: a SQLite file in the user's data folder
    secret: bytes | None = field(
        default=None, repr=False
    )  # `HEADROOM_SECRET`, for machines that share conversations; None: the store's own
    encryption_keys: tuple[bytes, ...] = field(default=(), repr=False)  # `HEADROOM_ENCRYPTION_KEY`, the newest first
    mcp_token: str | None = field(default=None, repr=False)  # `HEADROOM_MCP_TOKEN`, for `headroom mcp` over HTTP
    proxy_token: str | None = field(default=None, repr=False)  # `HEADROOM_PROXY_TOKEN`, which the proxy's clients bring

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings that `HEADROOM_*` variables spell. Unknown ones are named in a warning."""
        environ = os.environ if environ is None else environ
        own = {PREFIX + name for name in ("STORE", "SECRET", "ENCRYPTION_KEY", "MCP_TOKEN", "PROXY_TOKEN")}
        known = {PREFIX + each.name.upper() for each in fields(Policy)} | own
        unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            logger.warning("%s: not a setting of Headroom; known are %s", ", ".join(unknown), ", ".join(sorted(known)))
        secret = environ.get(PREFIX + "SECRET")
        if secret is not None and len(secret) < 16:
            raise SettingError(f"HEADROOM_SECRET has {len(secret)} characters; expected at least 16")
        return cls(
            Policy.from_env(environ),
            environ.get(PREFIX + "STORE"),
            secret.encode() if secret else None,
            tuple(map(read_key, filter(None, environ.get(PREFIX + "ENCRYPTION_KEY", "").split(",")))),
            environ.get(PREFIX + "MCP_TOKEN") or None,
            environ.get(PREFIX + "PROXY_TOKEN") or None,
        )

    def with_chosen(self, chosen: Mapping[str, Any]) -> Settings:
        """These settings with another `store`, and other fields of the policy, as values or as texts that spell them.

        Raises:
            SettingError: a name is neither, or a value can't be meant.
        """
        defaults = {each.name: each.default for each in fields(Policy)}
        if unknown := sorted(set(chosen) - {*defaults, "store"}):
            raise SettingError(f"{', '.join(unknown)}: no setting; known are store, {', '.join(defaults)}")
        store = chosen.get("store", self.store)
        if "store" in chosen and not isinstance(store, str):  # what it holds may be a password
            raise SettingError(f"store is a {type(store).__name__}; expected the URL of a store")
        values = {name: _read(name, chosen[name], defaults[name]) for name in chosen if name != "store"}
        return replace(self, store=store, policy=replace(self.policy, **values))


def read_key(text: str) -> bytes:
    """The 32 bytes of an encryption key that base64 spells, in either alphabet.

    Raises:
        SettingError: it isn't one; the message doesn't repeat it.
    """
    spelled = text.strip().rstrip("=").translate(str.maketrans("+/", "-_"))
    try:
        key = base64.b64decode(spelled + "=" * (-len(spelled) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingError(f"an encryption key is no base64 of {KEY_BYTES} bytes; make one: openssl rand -base64 32")
    return key


_HOURS = {"h": 1.0, "d": 24.0, "m": 1 / 60}


def _read(name: str, value: object, default: object) -> Any:
    """What a text spells, or a value itself, as the type that the field's default has."""
    try:
        if isinstance(default, tuple) and isinstance(value, list):
            return tuple(value)
        if not isinstance(value, str):
            return _of_type(value, default)
        if isinstance(default, tuple):
            return tuple(piece.strip() for piece in value.split(",") if piece.strip())
        if isinstance(default, timedelta):
            return timedelta(hours=float(value[:-1]) * _HOURS[value[-1]])
        return type(default)(value)  # type: ignore[call-arg]  # str, int or float: each takes a str
    except (ValueError, KeyError, IndexError, OverflowError):
        wanted = _WANTED.get(type(default), "text")
        raise SettingError(f"{name} is {value!r}; expected {wanted}") from None


_WANTED = {int: "a whole number", float: "a number", timedelta: "a duration like 30m, 36h or 2d", tuple: "globs"}


def _of_type(value: object, default: object) -> object:
    if type(value) is type(default):
        return value
    if isinstance(default, float) and type(value) is int:
        return float(value)
    raise ValueError
