"""What the local proxy costs: its start, its memory, and the time that it adds to a request.

    uv run python benchmarks/proxy.py [--requests 500]

A provider on loopback answers at once; each figure is taken in turns, directly and through the proxy, in one run.
How long the event loop waits while megabytes are compressed is told twice: on the wall, where other programs count
too, and as the time that this process worked meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from headroom_core import Headroom
from headroom_core.proxy.app import make_app
from headroom_core.proxy.command import settle
from headroom_core.proxy.settings import ProxySettings

sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests' provider, content and process
from tests.content import log
from tests.local_proxy import Proxy, started
from tests.provider import Provider
from tests.traffic import PATHS, body

MEGABYTE = 14_000  # lines of the tests' log
TURN_SECONDS = 0.001  # between two looks at the clock of the event loop
TOKENS_10K = 400  # lines of the tests' log that make about 10,000 tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=500, help="for each figure")
    count = parser.parse_args().requests
    begun = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        started(
            Path(folder), "--store", f"sqlite:///{folder}/store.db"
        ) as proxy,  # one in memory grows by what it keeps
    ):
        print(f"start to first answer: {time.perf_counter() - begun:.2f} s")
        print(f"memory: {memory_mb(proxy)} at the start", end=", ")
        with httpx.Client(timeout=60) as client:
            measure(client, proxy, count)
        print(f"memory: {memory_mb(proxy)} at the end")
    settle()  # as the command does
    asyncio.run(lag(max(1, count // 50)))


async def lag(count: int) -> None:
    """Print how long the event loop of a proxy in this process waits, idle and at work."""
    provider = Provider()
    app = make_app(Headroom("memory://"), ProxySettings(openai=provider.url))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            ended = asyncio.Event()
            looks = asyncio.create_task(look(ended))
            await asyncio.sleep(2)
            ended.set()
            print(f"event loop's lag, idle: {told(await looks)}")
            bodies = [json.dumps(body("chat", log(MEGABYTE).replace("job", f"job{n}"))).encode() for n in range(count)]
            ended = asyncio.Event()
            looks = asyncio.create_task(look(ended))
            outcomes = [(await client.post(PATHS["chat"], content=each)).headers for each in bodies]
            ended.set()
            saved = sum("x-headroom-tokens-saved" in headers for headers in outcomes)
            print(
                f"event loop's lag, {len(bodies[0]) / 1e6:.1f} MB, {saved} of {count} compressed: {told(await looks)}"
            )
    provider.close()


async def look(ended: asyncio.Event) -> list[tuple[float, float]]:
    """How much later than asked the loop came round, on the wall and in work of this process."""
    found = []
    while not ended.is_set():
        wall, work = time.perf_counter(), time.process_time()
        await asyncio.sleep(TURN_SECONDS)
        found.append((time.perf_counter() - wall - TURN_SECONDS, time.process_time() - work))
    return found


def told(looks: list[tuple[float, float]]) -> str:
    walls, works = zip(*looks, strict=True)
    return f"wall {percentiles(list(walls))}, work {percentiles(list(works))}, most {max(works) * 1e3:.1f} ms"


def measure(client: httpx.Client, proxy: Proxy, count: int) -> None:
    """Print the time that the proxy adds to requests of several sorts."""
    short: dict[str, Any] = body("chat")
    text = "".join(log().splitlines(keepends=True)[:TOKENS_10K])
    fresh = iter(range(10**6))

    def new() -> dict[str, Any]:
        return body("chat", text.replace("job", f"job{next(fresh)}"))

    print(f"{count} requests each; added p50 / p99 in ms, and the share of core's own work in it")
    report("left alone", client, proxy, count, lambda: short)
    report("10,000 tokens, new", client, proxy, count, new)
    seen = body("chat", text)
    report("10,000 tokens, seen before", client, proxy, count, lambda: seen)
    with Headroom("memory://") as headroom:
        times = []
        for _ in range(count):
            request = new()
            begun = time.perf_counter()
            headroom.compress(request["messages"], "gpt-4o", tools=request["tools"], retrieval="tool")
            times.append(time.perf_counter() - begun)
    print(f"core itself, 10,000 tokens, new: {percentiles(times)}")
    stream = {**short, "stream": True}
    report("first byte of a stream", client, proxy, count, lambda: stream, first_byte)


def report(
    name: str,
    client: httpx.Client,
    proxy: Proxy,
    count: int,
    request: Callable[[], dict[str, Any]],
    timed: Callable[..., float] | None = None,
) -> None:
    """One line: directly, through the proxy, and the difference of the medians."""
    timed = timed or whole
    direct, through = [], []
    for _ in range(count):
        made = request()
        direct.append(timed(client, proxy.provider.url, made))
        through.append(timed(client, proxy.url, made))
    added = [b - a for a, b in zip(sorted(direct), sorted(through), strict=True)]
    print(f"{name}: direct {percentiles(direct)}, through {percentiles(through)}, added {percentiles(added)}")


def whole(client: httpx.Client, url: str, request: dict[str, Any]) -> float:
    begun = time.perf_counter()
    client.post(url + PATHS["chat"], json=request).raise_for_status()
    return time.perf_counter() - begun


def first_byte(client: httpx.Client, url: str, request: dict[str, Any]) -> float:
    begun = time.perf_counter()
    with client.stream("POST", url + PATHS["chat"], json=request) as answer:
        next(answer.iter_raw())
        return time.perf_counter() - begun


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1e3:.1f} / {ordered[int(len(ordered) * 0.99)] * 1e3:.1f} ms"


def memory_mb(proxy: Proxy) -> str:
    """Resident memory of the process, and what of it is its own: the rest is pages of files, which it may share."""
    lines = Path(f"/proc/{proxy.process.pid}/smaps_rollup").read_text("utf-8").splitlines()
    megabytes = {line.partition(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
    return f"{megabytes['Rss']:.0f} MB, {megabytes['Private_Dirty']:.0f} its own,"


if __name__ == "__main__":
    main()
