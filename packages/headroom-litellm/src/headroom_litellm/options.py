"""What a team sets in LiteLLM's own places: options in config.yaml, switches of keys, teams and models."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from headroom_core import Gateway, SettingError

logger = logging.getLogger("headroom_litellm")

OURS = ("tenant", "models", "seconds")  # options of the adapter; all others are the core's
NAME = "headroom"  # of our options in `callback_settings`, and of the switch in a key's or a team's metadata

Mode = Literal["on", "equivalent", "off"]
STRICTEST: tuple[Mode, ...] = ("off", "equivalent", "on")  # in the order in which one counts more than another

_SAID = {True: "on", False: "off"}  # YAML reads the words so


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `callback_settings: {headroom: ...}`, checked when the proxy starts."""

    tenant: str = "default"  # whose originals they are of all who come with the master key
    models: Mapping[str, Mode] = field(default_factory=dict)  # by globs of model names; the first that fits counts
    chosen: Mapping[str, Any] = field(default_factory=dict)  # `store` and fields of the policy
    seconds: float = Gateway.SECONDS  # a request that takes us longer goes as it came

    @classmethod
    def read(cls, raw: object) -> Options:
        """The options that a config spells; what they don't know is for `Headroom.from_env` to judge.

        Raises:
            SettingError: one isn't what it must be.
        """
        if raw is None:
            return cls()
        if not isinstance(raw, Mapping):
            raise SettingError(f"callback_settings: {NAME} is {raw!r}; expected names and values")
        tenant, models = raw.get("tenant", "default"), raw.get("models", {})
        seconds = raw.get("seconds", Gateway.SECONDS)
        if not isinstance(tenant, str) or not tenant:
            raise SettingError(f"tenant is {tenant!r}; expected a name that isn't empty")
        if not isinstance(models, Mapping):
            raise SettingError(f"models is {models!r}; expected globs of model names, each with on, equivalent or off")
        if not isinstance(seconds, int | float) or seconds <= 0:
            raise SettingError(f"seconds is {seconds!r}; expected how long a request may take, a number above 0")
        modes = {str(glob): _mode(said, f"models: {glob}") for glob, said in models.items()}
        chosen = {str(name): value for name, value in raw.items() if name not in OURS}
        return cls(tenant, modes, chosen, seconds)

    def mode_of_model(self, model: object) -> Mode:
        """What is set for a model, by the name that clients ask for."""
        return next((mode for glob, mode in self.models.items() if fnmatchcase(str(model), glob)), "on")


def mode_of(request: Mapping[str, Any], key: object, options: Options) -> Mode:
    """What may be done to a request: the strictest of what its header, key, team and model say.

    Args:
        request: as LiteLLM's hook gets it.
        key: LiteLLM's description of who asks.
        options: those of the proxy.
    """
    headers = (request.get("proxy_server_request") or {}).get("headers") or {}
    if Gateway.bypassed(headers):
        return "off"
    said = [options.mode_of_model(request.get("model"))]
    for owner in ("metadata", "team_metadata"):
        switch = (getattr(key, owner, None) or {}).get(NAME)
        if switch is not None:
            said.append(_mode_or_on(switch, owner))
    return min(said, key=STRICTEST.index)


def _mode_or_on(switch: object, owner: str) -> Mode:
    """A switch that somebody set while the proxy runs: one that can't be meant is told, and changes nothing."""
    try:
        return _mode(switch, f"{owner}: {NAME}")
    except SettingError as error:
        logger.warning("Headroom: %s", error)
        return "on"


def _mode(said: object, where: str) -> Mode:
    mode = _SAID.get(said, said) if isinstance(said, bool) else said
    if mode not in get_args(Mode):
        raise SettingError(f"{where} is {said!r}; expected on, equivalent or off")
    return mode  # type: ignore[return-value]  # one of the three, as just asked
