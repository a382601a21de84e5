"""The SDK with our callback in it, and a proxy that is started once."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import litellm
import pytest
from headroom_core import Headroom
from headroom_litellm import HeadroomCallback
from litellm.integrations.custom_logger import CustomLogger

from tests.clocks import AGES
from tests.conftest import free_port, own_folders
from tests.provider import Provider
from tests.traffic import PATHS, body

PATIENT = 900  # seconds: we let no request go as it came because the machine is busy


@pytest.fixture
def headroom() -> Iterator[Headroom]:
    with Headroom(store="memory://") as made:
        yield made


@pytest.fixture
def callback(headroom: Headroom) -> Iterator[HeadroomCallback]:
    """Our callback, registered as users do it, and taken out of all of LiteLLM's lists afterwards."""
    made = HeadroomCallback(headroom)
    made.gateway.seconds = 60  # the machine that runs the tests may be busy with others
    litellm.callbacks = [made]
    yield made
    litellm.logging_callback_manager._reset_all_callbacks()  # type: ignore[no-untyped-call]  # LiteLLM's own


class Logged(CustomLogger):
    """What LiteLLM logs."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._provider = provider
        self._events: list[dict[str, Any]] = []

    async def async_log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        told = kwargs["standard_logging_object"]
        if self._provider.url in told["api_base"]:  # else it comes late, from another test
            usage = told["metadata"]["usage_object"]
            self._events.append({**told, "usage": usage, "metadata": kwargs["litellm_params"].get("metadata")})

    async def events(self, at_least: int) -> list[dict[str, Any]]:
        """What came since the last time. LiteLLM logs a little after it has answered; what comes too late is missed."""
        for _ in range(200):
            if len(self._events) >= at_least:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        came, self._events = self._events, []
        return came


@pytest.fixture
def logged(callback: HeadroomCallback, provider: Provider) -> Logged:
    """A logger beside our callback."""
    made = Logged(provider)
    litellm.callbacks = [callback, made]
    return made


@dataclass(frozen=True, slots=True)
class Gateway:
    """A LiteLLM proxy in a process of its own, and the provider behind it."""

    url: str
    provider: Provider
    log: Path

    def post(
        self, shape: str, *results: str, key: str = "sk-somebody", headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        """A request as a client makes it."""
        return httpx.post(
            self.url + PATHS[shape],
            json=body(shape, *results, **options),
            headers={"Authorization": f"Bearer {key}", **(headers or {})},
            timeout=AGES,
        )


@pytest.fixture(scope="session")
def proxy_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with litellm_proxy(tmp_path_factory.mktemp("proxy"), settings) as made:
        yield made


@contextmanager
def litellm_proxy(folder: Path, config_of: Callable[[Provider], dict[str, Any]]) -> Iterator[Gateway]:
    """`litellm --config config.yaml`, as users start it, but that we are patient."""
    provider, port = Provider(), free_port()
    config, log = folder / "config.yaml", folder / "proxy.log"
    chosen = config_of(provider)
    chosen.setdefault("callback_settings", {}).setdefault("headroom", {})["seconds"] = PATIENT
    config.write_text(json.dumps(chosen))  # JSON is YAML
    environ = {
        **os.environ,
        **own_folders(folder),
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it asks the network for prices, and waits
        "HEADROOM_STORE": "memory://",
    }
    command = [sys.executable, "-m", "litellm.proxy.proxy_cli", "--config", str(config)]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            await_start(f"http://127.0.0.1:{port}", process, log)
            yield Gateway(f"http://127.0.0.1:{port}", provider, log)
        finally:
            process.terminate()
            process.wait(AGES)
            provider.close()


@pytest.fixture
def proxy(proxy_process: Gateway) -> Gateway:
    """The proxy, its provider unscripted and with no requests taken down."""
    proxy_process.provider.requests.clear()
    proxy_process.provider.script([])
    return proxy_process


def settings(provider: Provider) -> dict[str, Any]:
    """A config.yaml, with the one line that users add."""
    openai = {"model": "openai/gpt-4o", "api_base": provider.openai_url, "api_key": "nobody's"}
    claude = {"model": "anthropic/claude-sonnet-4-5", "api_base": provider.url, "api_key": "nobody's"}
    return {
        "model_list": [
            {"model_name": "gpt-4o", "litellm_params": openai},
            {"model_name": "claude-sonnet-4-5", "litellm_params": claude},
            {"model_name": "switched-off", "litellm_params": openai},
            {
                "model_name": "tight",
                "litellm_params": {**openai, "model": "openai/gpt-4o-mini"},  # older versions limit all of one name
                "model_info": {"max_input_tokens": 6_000},
            },
        ],
        "callback_settings": {"headroom": {"models": {"switched-*": "off"}}},
        "router_settings": {"enable_pre_call_checks": True},
        "litellm_settings": {"callbacks": "headroom_litellm.proxy.handler_instance"},
        "general_settings": {
            "pass_through_endpoints": [{"path": "/raw", "target": provider.openai_url + "/chat/completions"}]
        },
    }


def await_start(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + AGES
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/health/liveliness", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"the proxy did not start:\n{log.read_text('utf-8', 'replace')[-3000:]}")
