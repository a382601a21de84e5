"""Many clients at once, for a short time in every run, for ten minutes with `-m long --log-cli-level=INFO`."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests.clocks import AGES
from tests.content import log
from tests.local_proxy import Proxy, Start
from tests.provider import Answer, Call, Request
from tests.traffic import PATHS, SHAPES, body

logger = logging.getLogger(__name__)

CLIENTS = 50
LINES = log().splitlines(keepends=True)[:600]
THINKS_SECONDS = 3.0  # that a model takes to answer, where throughput is measured: one of an agent takes as much
MINUTES = 10
LEFT_ALONE = {"x-headroom-bypass": "true"}


def asks_for_all(request: Request) -> Answer | str:
    """The model fetches every original that it sees a marker of, once."""
    if len(request.tool_results) > 1:
        return "done"
    asked = tuple(Call("headroom_retrieve", {"id": handle, "lines": "300-301"}) for handle in request.handles)
    return Answer(calls=asked) if asked else "done"


def thinks(request: Request) -> Answer | str:
    """The same, in the time that a model takes."""
    sleep(THINKS_SECONDS)
    return asks_for_all(request)


async def converse(
    client: httpx.AsyncClient, url: str, number: int, until: float, turns: int, headers: dict[str, str]
) -> int:
    """One client's conversations, each of a few turns; gives back the number of requests."""
    sent = 0
    while sent < turns or monotonic() < until:
        shape = SHAPES[(number + sent) % len(SHAPES)]
        text = "".join(LINES).replace("job", f"{number}-{sent}-{until} job", 1)
        options: dict[str, Any] = {"stream": bool(sent % 2), "store": False} if shape != "messages" else {}
        request = body(shape, text, **options)
        answer = await client.post(url + PATHS[shape], json=request, headers=headers, timeout=AGES)
        assert answer.status_code == 200, answer.text
        assert "done" in answer.text
        assert "headroom" not in answer.text
        sent += 1
    return sent


async def run(proxy: Proxy, model: Any, seconds: float, turns: int, headers: dict[str, str] | None = None) -> float:
    """Requests a second that the provider answered, after every client has got what it should."""
    proxy.provider.requests.clear()
    proxy.provider.script(iter(lambda: model, None))
    begun, told = monotonic(), headers or {}
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(limits=limits) as client:
        clients = (converse(client, proxy.url, n, begun + seconds, turns, told) for n in range(CLIENTS))
        sent = await asyncio.gather(*clients)
    took = monotonic() - begun
    fetched = [request.tool_results for request in proxy.provider.requests if len(request.tool_results) > 1]
    assert len(fetched) == (0 if headers else sum(sent))
    assert all(LINES[299].strip() in json.dumps(results) for results in fetched)
    return len(proxy.provider.requests) / took


async def test_fifty_clients_at_once_lose_nothing(proxy: Proxy) -> None:
    """Every answer is whole, and every original that a model asked for was there."""
    await run(proxy, asks_for_all, seconds=0, turns=3)


@pytest.mark.long
async def test_fifty_clients_for_ten_minutes(start: Start, tmp_path: Path) -> None:
    """And memory stays flat once the first minute is over, and a model is kept as busy as it would be without us.

    With a store on the disk: one in memory grows by what it keeps. Both rates are taken in every minute, for the
    machine may have other things to do.
    """
    alone, beside, kilobytes = list[float](), list[float](), list[int]()
    patient = {"HEADROOM_STORE_WAIT_MS": "60000"}  # else a busy disk lets some requests keep every fact
    with start("--store", f"sqlite:///{tmp_path / 'store.db'}", **patient) as proxy:
        for _ in range(MINUTES):
            alone.append(await run(proxy, thinks, seconds=15, turns=1, headers=LEFT_ALONE))
            beside.append(await run(proxy, thinks, seconds=45, turns=1))
            kilobytes.append(memory_kb(proxy))
            logger.info("requests a second: %.1f without us, %.1f with us", alone[-1], beside[-1])
            logger.info("memory: %d MB", kilobytes[-1] // 1024)
    assert kilobytes[-1] < kilobytes[0] * 1.05
    assert sum(beside) > sum(alone) * 0.8


def memory_kb(proxy: Proxy) -> int:
    status = Path(f"/proc/{proxy.process.pid}/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
