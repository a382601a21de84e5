"""What we cost inside LiteLLM's own proxy: time per request and to the first byte, lag of its event loop, throughput.

    uv run python benchmarks/litellm_proxy.py [--requests 500] [--seconds 60] [--clients 50]

Two proxies run side by side, `litellm --config config.yaml` each, one of them with us and a SQLite file; behind each is
a provider on loopback that answers at once. Each figure is taken in turns from both in one run, and beside core alone.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from headroom_core import Headroom, compress_request

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else the proxies ask the network for prices, and wait
sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests' provider, content and process
from tests.content import log, records_json
from tests.litellm.conftest import litellm_proxy
from tests.provider import Provider
from tests.traffic import PATHS, body

LINES_10K = 400  # of the tests' log, that make about 10,000 tokens
LINES_1MB = 14_500  # that make a megabyte
RECORDS_1MB = 5_200
TURNS = 4  # of a conversation in the throughput: so many results make its 10,000 tokens
SPELLS = 4  # of the throughput, in which each proxy is asked by turns
FRESH = count()  # what makes a text new
KEY = {"authorization": "Bearer sk-somebody"}
METER = """
import asyncio, os, time
from array import array
from pathlib import Path
from litellm.integrations.custom_logger import CustomLogger

class Meter(CustomLogger):
    task = None

    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        if Meter.task is None:
            Path("pid").write_text(str(os.getpid()))
            Meter.task = asyncio.get_running_loop().create_task(sample())

async def sample():
    late = array("d")
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.002)
        late.append(time.perf_counter() - begun - 0.002)
        if len(late) >= 20:
            with Path("lag").open("ab") as file:
                late.tofile(file)
            late = array("d")

meter = Meter()
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two proxies."""

    name: str
    folder: Path
    url: str  # of its chat completions
    provider: Provider

    def lag(self) -> list[float]:
        """Seconds by which its event loop was late, each time that it was looked at since the start."""
        time.sleep(0.5)
        late = array("d")
        raw = (self.folder / "lag").read_bytes()
        late.frombytes(raw[: len(raw) // late.itemsize * late.itemsize])
        return list(late)

    def memory_mb(self) -> float:
        """Resident memory of its process."""
        return int(self._told("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def worked(self) -> float:
        """Seconds that its process has worked, on any core: what a busy machine can't stretch."""
        user, system = self._told("stat").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _told(self, file: str) -> str:
        return Path(f"/proc/{(self.folder / 'pid').read_text()}/{file}").read_text("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=500, help="for each figure")
    parser.add_argument("--seconds", type=float, default=60, help="of throughput, for each proxy")
    parser.add_argument("--clients", type=int, default=50, help="at once, in the throughput")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        sides = [stack.enter_context(started(Path(folder) / name)) for name in ("without", "with us")]
        with httpx.Client(timeout=120, headers=KEY) as client:
            latency(client, sides, asked.requests, Path(folder))
            lag(client, sides)
        throughput(sides, asked.seconds, asked.clients)


@contextmanager
def started(folder: Path) -> Iterator[Side]:
    """A proxy, warmed up: the first requests load half of LiteLLM."""
    folder.mkdir()
    (folder / "meter.py").write_text(METER, "utf-8")
    ours = ["headroom_litellm.proxy.handler_instance"] if folder.name == "with us" else []

    def config(provider: Provider) -> dict[str, Any]:
        model = {"model": "openai/gpt-4o", "api_base": provider.openai_url, "api_key": "nobody's"}
        return {
            "model_list": [{"model_name": "gpt-4o", "litellm_params": model}],
            "callback_settings": {"headroom": {"store": f"sqlite:///{folder / 'store.db'}"}},
            "litellm_settings": {"callbacks": [*ours, "meter.meter"]},
        }

    with litellm_proxy(folder, config) as made:
        side = Side(folder.name, folder, made.url + PATHS["chat"], made.provider)
        with httpx.Client(timeout=120, headers=KEY) as client:
            for _ in range(20):
                whole(client, side, body("chat", log(40)))
        yield side


def latency(client: httpx.Client, sides: list[Side], requests: int, folder: Path) -> None:
    """Print what is added to one request after another."""
    text = log()[: log().index("job 7400")]
    seen = body("chat", text)

    def new() -> dict[str, Any]:
        return body("chat", text.replace("job", f"job{next(FRESH)}"))

    print(f"{requests} requests each, one after another; p50 / p99 in ms")
    compare("10,000 tokens, new", client, sides, requests, new)
    compare("10,000 tokens, seen before", client, sides, requests, lambda: seen)
    stream = {**seen, "stream": True}
    compare("first byte of a stream, seen before", client, sides, requests, lambda: stream, first_byte)
    with Headroom(f"sqlite:///{folder / 'core.db'}") as headroom:
        for name, made in (("new", new), ("seen before", lambda: seen)):
            times = []
            for _ in range(requests):
                request = made()
                begun = time.perf_counter()
                compress_request(headroom, request, "openai", tenant="a", answers=True)
                times.append(time.perf_counter() - begun)
            print(f"core itself, 10,000 tokens, {name}: {percentiles(times)}")


def compare(
    name: str,
    client: httpx.Client,
    sides: list[Side],
    requests: int,
    make: Callable[[], dict[str, Any]],
    timed: Callable[..., float] | None = None,
) -> None:
    """One line: the proxy without us, with us, and what lies between."""
    timed, times = timed or whole, [list[float](), list[float]()]
    for _ in range(requests):
        request = make()
        for taken, side in zip(times, sides, strict=True):
            taken.append(timed(client, side, request))
    added = [b - a for a, b in zip(*map(sorted, times), strict=True)]
    print(f"{name}: {percentiles(times[0])} without, {percentiles(times[1])} with us, {percentiles(added)} added")


def whole(client: httpx.Client, side: Side, request: dict[str, Any]) -> float:
    begun = time.perf_counter()
    client.post(side.url, json=request).raise_for_status()
    side.provider.requests.clear()
    return time.perf_counter() - begun


def first_byte(client: httpx.Client, side: Side, request: dict[str, Any]) -> float:
    begun = time.perf_counter()
    with client.stream("POST", side.url, json=request) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        taken = time.perf_counter() - begun
        for _ in pieces:
            pass  # or the connection couldn't be used again
    side.provider.requests.clear()
    return taken


def lag(client: httpx.Client, sides: list[Side]) -> None:
    """Print how late the event loop is while results of a megabyte go through."""
    for name, text in (("log", log(LINES_1MB)), ("JSON", records_json(RECORDS_1MB))):
        for side in sides:
            before = len(side.lag())
            requests = [body("chat", text + " " * number) for number in range(1, 21)]
            taken = [whole(client, side, request) for request in requests]
            late = side.lag()[before:]
            print(
                f"event loop, {len(text) / 1e6:.1f} MB of {name}, {side.name}: {percentiles(late)} late, "
                f"at most {max(late) * 1e3:.0f}, over {len(late)} looks; {percentiles(taken)} a request"
            )


def throughput(sides: list[Side], seconds: float, clients: int) -> None:
    """Print how many requests each proxy answers when many ask at once, and its memory. Both take turns."""
    done, worked, memory = [0, 0], [0.0, 0.0], [[side.memory_mb()] for side in sides]
    for _ in range(SPELLS):
        for number, side in enumerate(sides):
            before = side.worked()
            done[number] += asyncio.run(crowd(side, seconds / SPELLS, clients))
            worked[number] += side.worked() - before
            memory[number].append(side.memory_mb())
    for number, side in enumerate(sides):
        each, memories = worked[number] / done[number] * 1e3, ", ".join(f"{mb:.0f}" for mb in memory[number])
        print(f"{clients} clients, {seconds:.0f} s, {side.name}: {done[number] / seconds:.1f} requests/s", end=", ")
        print(f"{each:.1f} ms of work each; memory in MB: {memories}")
    share, work = done[1] / done[0], worked[0] / done[0] / (worked[1] / done[1])
    print(f"throughput with us: {share:.2f} of that without, {work:.2f} by the work of the processes")


async def crowd(side: Side, seconds: float, clients: int) -> int:
    """How many requests were answered. Any error ends the run."""
    end, done = time.monotonic() + seconds, count()
    text = log(LINES_10K // TURNS)

    async def agent(client: httpx.AsyncClient) -> None:
        """Conversations of some turns each, of which every request brings one new result."""
        while True:
            results = [text.replace("job", f"job{next(FRESH)}") for _ in range(TURNS)]
            for turn in range(1, TURNS + 1):
                answer = await client.post(side.url, json=body("chat", *results[:turn]))
                answer.raise_for_status()
                if time.monotonic() > end:
                    return
                next(done)
                side.provider.requests.clear()

    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(timeout=120, headers=KEY, limits=limits) as client:
        await asyncio.gather(*(agent(client) for _ in range(clients)))
    return next(done)


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1e3:.1f} / {ordered[int(len(ordered) * 0.99)] * 1e3:.1f}"


if __name__ == "__main__":
    main()
