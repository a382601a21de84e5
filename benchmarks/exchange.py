"""What becomes of an original that the model fetched, on later turns: put back at its place, or left out?

    uv run python benchmarks/exchange.py --corpus DIR [--share 0.25]

Replays the conversations of `DIR/trajectories` turn by turn. Each result of at least 500 tokens is taken to have been
elided and asked for once, in the turn that first shows it; the answer is a share of it. (At the levels as they are,
next to nothing in these conversations is long enough to be elided: this is the most that a gateway would have
to remember.)
The bill is input tokens, those of a cached prefix at a tenth. Told is what each way adds to it, and how often a model
would have to ask for the same again before putting back is the cheaper one.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headroom_core.text.tokens import tokenizer_for

CACHED = 0.1  # price of a token that the provider has in its cache, as a share of a fresh one's
LONG_TOKENS = 500
CALL_TOKENS = 40  # of the model's call of the tool


@dataclass(slots=True)
class Bill:
    """Of all conversations, in tokens at the price of fresh ones."""

    plain: float = 0.0
    left_out: float = 0.0  # beyond `plain`
    put_back: float = 0.0
    again: list[float] = field(default_factory=list)  # of each fetch: the times of asking again that cost as much

    def add(self, messages: Sequence[dict[str, Any]], share: float) -> None:
        """Add a conversation's."""
        count = tokenizer_for("gpt-4o").count
        sizes = [count(json.dumps(message)) for message in messages]
        turns = [number for number, message in enumerate(messages) if message["role"] == "assistant"]
        sent = 0
        for turn, end in enumerate(turns):
            size = sum(sizes[:end])
            self.plain += CACHED * sent + (size - sent)
            sent = size
            first = turns[turn - 1] if turn else 1
            for number in range(first, end):
                if messages[number]["role"] in ("tool", "user") and sizes[number] >= LONG_TOKENS:
                    self._fetch(size, share * sizes[number] + CALL_TOKENS, len(turns) - turn - 1)

    def _fetch(self, prefix: int, exchange: float, later_turns: int) -> None:
        once, remembered = CACHED * prefix + exchange, CACHED * exchange * later_turns
        self.left_out += once
        self.put_back += once + remembered
        self.again.append(remembered / once)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.25, help="of a result that an answer is")
    asked = parser.parse_args()
    bill = Bill()
    for path in sorted((asked.corpus / "trajectories").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            bill.add(json.loads(line)["messages"], asked.share)
    again = sorted(bill.again)
    print(f"{len(again)} fetched; bill without {bill.plain:,.0f}")
    print(f"left out +{bill.left_out / bill.plain:.1%}, put back +{bill.put_back / bill.plain:.1%}")
    tenths = [again[len(again) * tenth // 10] for tenth in (1, 5, 9)]
    print(
        "putting back pays if it is asked for again",
        ", ".join(f"{times:.2f}" for times in tenths),
        "times (p10 p50 p90)",
    )


if __name__ == "__main__":
    main()
