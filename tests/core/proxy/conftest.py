from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.local_proxy import Proxy, Start, inside, started
from tests.provider import Provider


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return lambda *arguments, **environ: started(tmp_path_factory.mktemp("proxy"), *arguments, **environ)


@pytest.fixture(scope="session")
def proxy_process(start: Start) -> Iterator[Proxy]:
    with start("--sidecar-retrieval") as made:
        yield made


@pytest.fixture
def proxy(proxy_process: Proxy) -> Proxy:
    """The proxy, its provider unscripted and with no requests taken down."""
    proxy_process.provider.requests.clear()
    proxy_process.provider.script([])
    return proxy_process


@pytest.fixture
async def client(provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a proxy in this process, in front of `provider`."""
    async with inside(provider, sidecar_retrieval="tool") as made:
        yield made
