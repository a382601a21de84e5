"""A proxy in a process of its own, as users start it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from headroom_core import Headroom
from headroom_core.proxy.app import make_app
from headroom_core.proxy.settings import ProxySettings

from tests.clocks import AGES
from tests.conftest import free_port, own_folders
from tests.provider import Provider
from tests.traffic import PATHS, body

PATIENT = 900.0  # seconds: no request goes as it came because the machine is busy


@dataclass(frozen=True, slots=True)
class Proxy:
    """The process, and the provider behind it."""

    url: str
    provider: Provider
    process: subprocess.Popen[bytes]

    def post(self, shape: str, *results: str, headers: dict[str, str] | None = None, **options: Any) -> httpx.Response:
        """A request as a client makes it."""
        told = {"authorization": "Bearer sk-somebody", **(headers or {})}
        return httpx.post(self.url + PATHS[shape], json=body(shape, *results, **options), headers=told, timeout=AGES)


Start = Callable[..., AbstractContextManager[Proxy]]


@contextmanager
def started(folder: Path, *arguments: str, **environ: str) -> Iterator[Proxy]:
    """One with arguments and variables of the test's own, and a provider behind it."""
    provider, port = Provider(), free_port()
    command = [sys.executable, "-m", "headroom_core.cli", "proxy", "--port", str(port), "--seconds", str(PATIENT)]
    command += ["--openai", provider.url, "--anthropic", provider.url, *arguments]
    variables = {**os.environ, **own_folders(folder), "HEADROOM_STORE": "memory://", **environ}
    process = subprocess.Popen(command, env=variables, cwd=folder)
    try:
        await_start(f"http://127.0.0.1:{port}", process)
        yield Proxy(f"http://127.0.0.1:{port}", provider, process)
    finally:
        process.terminate()
        process.wait(AGES)
        provider.close()


@asynccontextmanager
async def inside(
    provider: Provider, headroom: Headroom | None = None, **chosen: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a proxy in this process, whose insides a test may reach for."""
    settings = ProxySettings(openai=provider.url, anthropic=provider.url, seconds=PATIENT, **chosen)
    app = make_app(headroom or Headroom("memory://"), settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", timeout=60) as client,
    ):
        yield client


def await_start(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + AGES
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail("the proxy did not start")
