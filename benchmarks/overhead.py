"""What the adapters add to core's own work: a transform over messages, a postprocessor over nodes.

    uv run python benchmarks/overhead.py [--rounds 500]

Every message and node was seen before, as it is in all but one request of a conversation, and every text is shown
changed; core's share is `compress_blocks` with the same blocks, timed in turns with the adapter. In a chat, each turn
calls one tool, and a quarter of the messages are results; an agent calls tools only, and half are. A `RunnableLambda`
that hands on what it gets is what LangChain itself takes. Counted, too: how many texts any compressor read again, which
should be none. Times are the best of the rounds: what else the machine has to do is not ours.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import headroom_langchain
import headroom_llamaindex
from headroom_core import Block
from headroom_core.compressors.table import COMPRESSORS
from headroom_langchain.messages import Role, read_blocks
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableLambda
from llama_index.core.schema import NodeWithScore, TextNode

sys.path.insert(0, str(Path(__file__).parent.parent))  # the tests' content
from tests.content import log, records_json

ROLES: frozenset[Role] = frozenset(("tool", "human"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=500)
    rounds = parser.parse_args().rounds
    passing: RunnableLambda[None, None] = RunnableLambda(lambda given: given)
    print("| adapter | over | core ms | with the adapter ms | beyond core ms | read again |\n|---|---|---|---|---|---|")
    report("RunnableLambda | -", lambda: None, lambda: passing.invoke(None), rounds)
    for messages in (8, 100):
        for name, turn in (("chat", 4), ("agent", 2)):
            report(f"HeadroomTransform | {name}, {messages} messages", *transform(messages, turn), rounds)
    for nodes in (5, 20):
        report(f"HeadroomPostprocessor | {nodes} nodes", *postprocessor(nodes), rounds)


def transform(count: int, turn: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Core and the transform over as many messages, so many of which make a turn."""
    settings = headroom_langchain.HeadroomSettings(store="memory://")
    made, messages = headroom_langchain.HeadroomTransform(settings=settings), history(count, turn)
    blocks = read_blocks(messages, ROLES)
    return lambda: settings.open().compress_blocks(blocks), lambda: made.invoke(messages)


def postprocessor(count: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Core and the postprocessor over as many nodes."""
    settings = headroom_llamaindex.HeadroomSettings(store="memory://")
    made = headroom_llamaindex.HeadroomPostprocessor(settings=settings)
    nodes = [NodeWithScore(node=TextNode(text=text(number)), score=1 / (1 + number)) for number in range(count)]
    question = "What went wrong?"
    blocks = [
        Block((number,), "document", node.node.get_content(), question=question) for number, node in enumerate(nodes)
    ]
    return (
        lambda: settings.open().compress_blocks(blocks),
        lambda: made.postprocess_nodes(nodes, query_str=question),
    )


def history(count: int, turn: int) -> list[BaseMessage]:
    """So many messages; a turn is a call and its result, in a chat between a question and an answer."""
    messages: list[BaseMessage] = []
    for number in range(count // turn):
        call = {"name": "fetch", "args": {"page": number}, "id": f"call_{number}", "type": "tool_call"}
        made: list[BaseMessage] = [
            HumanMessage(f"What went wrong on page {number}?", id=f"h{number}"),
            AIMessage("", tool_calls=[call], id=f"a{number}"),
            ToolMessage(text(number), tool_call_id=f"call_{number}", name="fetch", id=f"t{number}"),
            AIMessage("The quota.", id=f"b{number}"),
        ]
        messages += made if turn == len(made) else made[1:3]
    return messages


def text(number: int) -> str:
    """A text of its own, of about 5 kB."""
    return (log(60) if number % 2 else records_json(25)).replace("4", f"4{number}")


@contextmanager
def counting() -> Any:
    """The number of texts that compressors read meanwhile, in a list of one."""
    read = [0]

    def counted(compress: Any) -> Any:
        def compress_and_count(self: Any, *arguments: Any) -> Any:
            read[0] += 1
            return compress(self, *arguments)

        return compress_and_count

    kinds: list[Any] = [type(compressor) for compressor in COMPRESSORS]
    patches = [patch.object(kind, "compress", counted(kind.compress)) for kind in kinds]
    for each in patches:
        each.start()
    yield read
    for each in patches:
        each.stop()


def report(name: str, core: Callable[[], Any], whole: Callable[[], Any], rounds: int) -> None:
    """One row."""
    whole()
    core()
    with counting() as read:
        whole()
    times = [(timed(core), timed(whole)) for _ in range(rounds)]
    alone, together = (min(each) * 1e3 for each in zip(*times, strict=True))
    print(f"| {name} | {alone:.2f} | {together:.2f} | {together - alone:.2f} | {read[0]} |", flush=True)


def timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
