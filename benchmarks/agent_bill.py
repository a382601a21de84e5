"""What an agent's input costs with us and without, over a whole run, retrievals included.

    uv run python benchmarks/agent_bill.py [--corpus DIR] [--steps 30] [--asks 0.2] [--level balanced]

An agent of LangGraph (`create_agent`) calls a tool so many times, one call a step; its model is the fake provider on
loopback. Results are whole files of five kinds in turn, `DIR/json`, `logs`, `search`, `diff`, `code`, up to `--most`
letters each; without DIR they are found and made on this machine. With us, whenever a result has a marker the model
asks for the original, by its id alone, with a chance of `--asks`; each such exchange is one more request.

Billed are the texts, calls and tools of every request, in tokens of o200k. Providers charge less for a prefix that
they have seen: `automatic` takes what a request shares with the one before, message for message, in steps of 128
tokens from 1,024 on, at a tenth of the price; `marked` is a mark on the last message of every request, with 1.25 for
what is written and a tenth for what is read. `state` tells whether the run ended in the same messages, the exchanges
with `headroom_retrieve` aside.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import json
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from random import Random
from typing import Any

import orjson
from headroom_core.cli import demo_content
from headroom_core.dialects.reading import all_texts
from headroom_core.text.tokens import tokenizer_for
from headroom_langchain import HeadroomMiddleware, HeadroomSettings
from langchain.agents import create_agent
from langchain_core.messages import BaseMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests' provider
from tests.provider import Answer, Call, Provider, Request

KINDS = ("json", "logs", "search", "diff", "code")
LEAST = 4_000  # letters of a file: smaller results cost little either way
STEP, SHORTEST = 128, 1_024  # tokens of a prefix that is kept without being asked for
READ, WRITTEN = 0.1, 1.25  # of the price of a token
QUESTION = "The nightly run went wrong. Find out where, and what has to change."
COUNT = tokenizer_for("gpt-4o").count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, metavar="DIR")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--most", type=int, default=40_000, metavar="LETTERS", help="of a result")
    parser.add_argument("--asks", type=float, default=0.2, help="chance that the model asks for an original")
    parser.add_argument("--level", default="balanced")
    parser.add_argument("--ways", default=",".join(WAYS))
    options = parser.parse_args()
    found = from_folder(options.corpus, options.most) if options.corpus else found_here(options.most)
    results = [text for _, text in zip(range(options.steps), found, strict=False)]
    settings = HeadroomSettings(store="memory://", level=options.level)
    plain = run(results, None, "invoke", 0)
    print(f"{len(results)} results, {sum(map(COUNT, results)):,} tokens")
    print("| | requests | asked back | billed | automatic | marked | state |\n|---|---|---|---|---|---|---|")
    print(row("without", plain, plain))
    for way in options.ways.split(","):
        for asks in dict.fromkeys((0.0, options.asks)):
            middleware = HeadroomMiddleware(settings.model_copy(update={"tenant": f"{way} {asks}"}))
            print(row(f"with, {way}, asks {asks:.0%}", run(results, middleware, way, asks), plain), flush=True)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the agent sent, and what it ended with."""

    bodies: list[dict[str, Any]]
    messages: list[BaseMessage]
    asked: int  # originals that the model asked for
    shown: int  # of those that it was shown a marker of

    def bill(self) -> tuple[int, float, float]:
        """Tokens of all requests; the same with a prefix that is kept by itself, and with one that is marked."""
        whole = 0
        automatic = marked = 0.0
        before: dict[str, Any] | None = None
        for body in self.bodies:
            sizes = [COUNT(orjson.dumps(body["tools"]).decode()), *map(size, body["messages"])]
            shared = equal(parts(before), parts(body)) if before is not None else 0
            total, known = sum(sizes), sum(sizes[:shared])
            kept = known // STEP * STEP if known >= SHORTEST else 0
            whole += total
            automatic += total - kept * (1 - READ)
            marked += (total - known) * WRITTEN + known * READ
            before = body
        return whole, automatic, marked


def size(message: dict[str, Any]) -> int:
    """Tokens of a message: its texts, and its calls."""
    calls = [call["function"] for call in message.get("tool_calls") or ()]
    return sum(map(COUNT, all_texts(message))) + sum(COUNT(call["name"] + call["arguments"]) for call in calls)


def parts(body: dict[str, Any]) -> list[bytes]:
    """The tools of a request and its messages: what a prefix is made of, in order."""
    return [orjson.dumps(part) for part in (body["tools"], *body["messages"])]


def equal(earlier: list[bytes], later: list[bytes]) -> int:
    """How many parts two requests begin with alike."""
    pairs = enumerate(zip(earlier, later, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(earlier), len(later)))


def run(results: list[str], middleware: HeadroomMiddleware | None, way: str, asks: float) -> Run:
    """The agent, once, from the question to its answer."""

    @tool(response_format="content_and_artifact")
    def look(number: int) -> tuple[str, dict[str, int]]:
        """Look at what step NUMBER produced."""
        return results[number], {"letters": len(results[number])}

    provider, model = Provider(), Model(len(results), asks)
    try:
        provider.script(repeat(model))
        client = ChatOpenAI(model="gpt-4o", base_url=provider.openai_url, api_key="any", max_retries=0)  # type: ignore[arg-type]  # a str for a secret
        agent = create_agent(client, [look], middleware=[middleware] if middleware else [])
        messages = WAYS[way](agent, {"messages": [("user", QUESTION)]}, {"recursion_limit": 10 * len(results)})
        assert not provider.failures, provider.failures
        return Run([request.body for request in provider.requests], messages, model.asked, len(model.seen))
    finally:
        provider.close()


class Model:
    """Calls the tool once a step, and asks for some of the originals that it is shown a marker of."""

    def __init__(self, steps: int, asks: float) -> None:
        self._numbers = iter(range(steps))
        self._asks = asks
        self.seen: set[str] = set()  # originals that it was shown a marker of
        self.asked = 0

    def __call__(self, request: Request) -> Answer:
        """What it says to a request."""
        fresh = [handle for handle in request.handles if handle not in self.seen]
        self.seen.update(fresh)
        if fresh and Random(f"{len(self.seen)}").random() < self._asks:
            self.asked += 1
            return Answer(calls=(Call("headroom_retrieve", {"id": fresh[-1]}, id=f"asked_{self.asked}"),))
        number = next(self._numbers, None)
        if number is None:
            return Answer("It was the disk.")
        return Answer(calls=(Call("look", {"number": number}, id=f"step_{number}"),))


def by_invoke(agent: Any, asked: Any, config: Any) -> list[BaseMessage]:
    return list(agent.invoke(asked, config)["messages"])


def by_ainvoke(agent: Any, asked: Any, config: Any) -> list[BaseMessage]:
    return list(asyncio.run(agent.ainvoke(asked, config))["messages"])


def by_stream(agent: Any, asked: Any, config: Any) -> list[BaseMessage]:
    *_, last = agent.stream(asked, config, stream_mode="values")
    return list(last["messages"])


def by_astream(agent: Any, asked: Any, config: Any) -> list[BaseMessage]:
    async def last() -> Any:
        return [state async for state in agent.astream(asked, config, stream_mode="values")][-1]

    return list(asyncio.run(last())["messages"])


WAYS: dict[str, Callable[[Any, Any, Any], list[BaseMessage]]] = {
    "invoke": by_invoke,
    "ainvoke": by_ainvoke,
    "stream": by_stream,
    "astream": by_astream,
}


def told(messages: list[BaseMessage]) -> list[Any]:
    """What a run's messages say; without ids and usage, and the exchanges about originals."""
    said = []
    for message in messages:
        calls = getattr(message, "tool_calls", [])
        if message.name != "headroom_retrieve" and all(call["name"] != "headroom_retrieve" for call in calls):
            artifact, status = getattr(message, "artifact", None), getattr(message, "status", None)
            said.append((message.type, message.content, message.name, calls, artifact, status))
    return said


def row(name: str, made: Run, plain: Run) -> str:
    figures = [
        f"{ours:,.0f} ({100 * ours / theirs:.1f} %)" for ours, theirs in zip(made.bill(), plain.bill(), strict=True)
    ]
    state = "the same" if told(made.messages) == told(plain.messages) else "OTHER"
    return "| " + " | ".join((name, str(len(made.bodies)), f"{made.asked} of {made.shown}", *figures, state)) + " |"


def from_folder(folder: Path, most: int) -> Iterator[str]:
    """Files of the kinds in turn, each kind in the order of its names."""
    rows = []
    for kind in KINDS:
        files = (path for path in sorted((folder / kind).iterdir()) if path.name != "needles.jsonl")
        texts = (path.read_text("utf-8", "replace") for path in files)
        rows.append([text for text in texts if LEAST <= len(text) <= most])
    return in_turn(rows)


def found_here(most: int) -> Iterator[str]:
    """Content of this machine: its packages, a web server's log, and Python's own library read in three ways."""
    modules = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    sources = [text for path in modules if LEAST <= len(text := path.read_text("utf-8", "replace")) <= most]
    lines = [
        f"{path.name}:{number}:{line}"
        for path in modules
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if "raise " in line
    ]
    packages = json.loads(demo_content.packages_as_json())
    log = demo_content.access_log().splitlines(keepends=True)
    return in_turn(
        [
            [json.dumps(packages[start : start + 60], indent=2) for start in range(0, len(packages), 60)],
            ["".join(log[start : start + 100]) for start in range(0, len(log), 100)],
            ["\n".join(lines[start : start + 200]) for start in range(0, len(lines), 200)],
            [changed(source) for source in sources],
            sources,
        ]
    )


def changed(source: str) -> str:
    """A diff that renames what a module returns."""
    before, after = source.splitlines(), source.replace("return ", "return  ").splitlines()
    return "\n".join(difflib.unified_diff(before, after, "a/module.py", "b/module.py", lineterm=""))


def in_turn(rows: list[list[str]]) -> Iterator[str]:
    """One of each row, then the second of each; a row that is at its end begins again."""
    for number in range(max(map(len, rows))):
        for texts in rows:
            yield texts[number % len(texts)]


if __name__ == "__main__":
    main()
