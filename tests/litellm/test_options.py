from __future__ import annotations

from typing import Any

import pytest
from headroom_core import Headroom, SettingError
from headroom_litellm.options import Options, mode_of
from headroom_litellm.proxy import HeadroomProxyHandler
from litellm.proxy._types import UserAPIKeyAuth

from tests.content import log
from tests.litellm.conftest import Gateway
from tests.traffic import SHAPES, body

LOG = log()


def test_options_are_read_as_yaml_gives_them() -> None:
    """YAML takes on and off for booleans, and knows no tuples."""
    raw = {"tenant": "us", "models": {"gpt-*": False, "*": "equivalent"}, "seconds": 9}
    raw |= {"level": "strong", "exclude_tools": ["edit*"]}
    options = Options.read(raw)
    assert (options.tenant, options.seconds) == ("us", 9)
    assert options.chosen == {"level": "strong", "exclude_tools": ["edit*"]}
    assert [options.mode_of_model(name) for name in ("gpt-4o", "claude")] == ["off", "equivalent"]
    assert Options.read(None) == Options()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("strong", "expected names and values"),
        ({"tenant": ""}, "tenant is"),
        ({"seconds": "9"}, "seconds is '9'; expected how long a request may take"),
        ({"seconds": 0}, "seconds is 0"),
        ({"models": ["gpt-4o"]}, "expected globs of model names"),
        ({"models": {"gpt-4o": "sometimes"}}, "models: gpt-4o is 'sometimes'; expected on, equivalent or off"),
        ({"levle": "strong"}, "levle: no setting; known are store, level"),
        ({"level": "extreme"}, "level is 'extreme'"),
        ({"keep_for": 36}, "keep_for is 36; expected a duration like 30m, 36h or 2d"),
        ({"store": {"url": "memory://"}}, "store is a dict; expected the URL of a store"),
    ],
)
def test_options_that_cannot_be_meant_stop_the_start(raw: Any, said: str) -> None:
    """LiteLLM makes the handler while it reads the config: whoever wrote it sees the reason at once."""
    with pytest.raises(SettingError, match=said):
        Headroom.from_env({"HEADROOM_STORE": "memory://"}, chosen=Options.read(raw).chosen)


@pytest.mark.parametrize(
    ("key", "team", "model", "mode"),
    [
        (None, None, "gpt-4o", "on"),
        ("off", None, "gpt-4o", "off"),
        ("equivalent", None, "gpt-4o", "equivalent"),
        ("on", "off", "gpt-4o", "off"),
        (True, None, "small", "equivalent"),
        (False, None, "small", "off"),
        ("whatever", None, "gpt-4o", "on"),
    ],
)
def test_the_strictest_switch_counts(key: Any, team: Any, model: str, mode: str) -> None:
    """Of key, team and model: whoever switches off may rely on it."""
    owner = UserAPIKeyAuth(
        metadata={} if key is None else {"headroom": key}, team_metadata=None if team is None else {"headroom": team}
    )
    options = Options(models={"small*": "equivalent"})
    assert mode_of({"model": model}, owner, options) == mode


@pytest.mark.parametrize(("switch", "markers"), [("off", None), ("equivalent", False), ("on", True)])
async def test_a_switch_is_heeded(switch: str, markers: bool | None) -> None:
    data = body("chat", LOG)
    messages = data["messages"]
    with Headroom("memory://") as headroom:
        owner = UserAPIKeyAuth(api_key="hash", metadata={"headroom": switch})
        handler = HeadroomProxyHandler(headroom, Options(seconds=60))  # the machine may be busy with others
        await handler.async_pre_call_hook(owner, None, data, "acompletion")
    if markers is None:
        assert data["messages"] is messages
    else:
        assert ("[headroom " in str(data["messages"])) is markers
        assert len(str(data["messages"])) < len(LOG)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_request_that_asks_for_it_is_left_alone(proxy: Gateway, shape: str) -> None:
    proxy.provider.script(["Fine."])
    answer = proxy.post(shape, LOG, headers={"x-headroom-bypass": "true"})
    assert answer.status_code == 200, answer.text
    (request,) = proxy.provider.requests
    assert LOG in request.tool_results.values()
    assert "x-headroom-tokens-saved" not in answer.headers


def test_a_model_is_switched_off_in_the_config(proxy: Gateway) -> None:
    proxy.provider.script(["Fine."])
    assert proxy.post("chat", LOG, model="switched-off").status_code == 200
    (request,) = proxy.provider.requests
    assert LOG in request.tool_results.values()
