"""Many clients at once, for a short time in every run, for ten minutes with `-m long`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.content import log
from tests.local_proxy import Proxy
from tests.provider import Answer, Call, Request
from tests.traffic import PATHS, SHAPES, body

CLIENTS = 50
LINES = log().splitlines(keepends=True)[:600]


def asks_for_all(request: Request) -> Answer | str:
    """The model fetches every original that it sees a marker of, once."""
    if len(request.tool_results) > 1:
        return "done"
    asked = tuple(Call("headroom_retrieve", {"id": handle, "lines": "300-301"}) for handle in request.handles)
    return Answer(calls=asked) if asked else "done"


async def converse(client: httpx.AsyncClient, url: str, number: int, until: float, turns: int) -> int:
    """One client's conversations, each of a few turns; gives back the number of requests."""
    sent = 0
    while sent < turns or monotonic() < until:
        shape = SHAPES[(number + sent) % len(SHAPES)]
        text = "".join(LINES).replace("job", f"{number}-{sent} job", 1)
        options: dict[str, Any] = {"stream": bool(sent % 2), "store": False} if shape != "messages" else {}
        answer = await client.post(url + PATHS[shape], json=body(shape, text, **options), timeout=120)
        assert answer.status_code == 200, answer.text
        assert "done" in answer.text
        assert "headroom" not in answer.text
        sent += 1
    return sent


async def run(proxy: Proxy, seconds: float, turns: int) -> None:
    proxy.provider.script(iter(lambda: asks_for_all, None))
    until = monotonic() + seconds
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=CLIENTS)) as client:
        sent = await asyncio.gather(*(converse(client, proxy.url, n, until, turns) for n in range(CLIENTS)))
    fetched = [request.tool_results for request in proxy.provider.requests if len(request.tool_results) > 1]
    assert len(fetched) == sum(sent)
    assert all(LINES[299].strip() in json.dumps(results) for results in fetched)


async def test_fifty_clients_at_once_lose_nothing(proxy: Proxy) -> None:
    """Every answer is whole, and every original that a model asked for was there."""
    await run(proxy, seconds=0, turns=3)


@pytest.mark.long
async def test_fifty_clients_for_ten_minutes(proxy: Proxy) -> None:
    """And memory stays flat once the first minute is over."""
    await run(proxy, seconds=60, turns=1)
    before = memory_kb(proxy)
    for _ in range(9):
        proxy.provider.requests.clear()
        await run(proxy, seconds=60, turns=1)
    assert memory_kb(proxy) < before * 1.05


def memory_kb(proxy: Proxy) -> int:
    status = Path(f"/proc/{proxy.process.pid}/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
