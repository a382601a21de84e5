"""What the local proxy costs: its start, its memory, and the time that it adds to a request.

    uv run python benchmarks/proxy.py [--requests 200]

A provider on loopback answers at once; each figure is taken in turns, directly and through the proxy, in one run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from headroom_core import Headroom

sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests' provider, content and process
from tests.content import log
from tests.local_proxy import Proxy, started
from tests.traffic import PATHS, body

TOKENS_10K = 400  # lines of the tests' log that make about 10,000 tokens


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=200, help="for each figure")
    count = parser.parse_args().requests
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as proxy:
        print(f"start to first answer: {time.perf_counter() - begun:.2f} s")
        print(f"memory: {memory_mb(proxy):.0f} MB at the start", end=", ")
        with httpx.Client(timeout=60) as client:
            measure(client, proxy, count)
        print(f"memory: {memory_mb(proxy):.0f} MB at the end")


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


def memory_mb(proxy: Proxy) -> float:
    """Resident memory of the process."""
    status = Path(f"/proc/{proxy.process.pid}/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


if __name__ == "__main__":
    main()
