"""How often what the outline of source code hides is used next, in recorded coding sessions.

    uv run python benchmarks/coding_sessions.py --corpus DIR

DIR/trajectories holds conversations, one `{"messages": [...]}` a line. Every text that a tool gave back (or, in older
recordings, the user's messages behind the first two) is handed to the compressor of source code, twice: as it is
shipped, and without what keeps it from small files and ranges (`anyway`: no least size, no line numbers, no call).

A hidden line is *used next* when it stands letter for letter in a later message of the agent (to find, replace or
quote it), *aimed at* when one of the agent's next `NEXT` messages edits or opens its number, and *seen again* when it
stands in a later result of a tool: the agent opened the place once more, or an edit printed what is around it. Lines
under `LEAST_CHARS` characters stand everywhere and aren't counted. The same is counted for shown lines, to compare.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from headroom_core.compressors.source_code import SourceCode
from headroom_core.compressors.source_code.framing import unframe
from headroom_core.dialects.reading import read_blocks
from headroom_core.text.lines import pick, split_lines
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Block, Guidance

LEAST_CHARS = 12  # of a line without its indentation
NEXT = 3  # messages of the agent behind a text, whose line numbers are taken to mean that text
AIM = re.compile(r"\b(?:edit|goto)\s+(\d+)(?::(\d+))?|\"?(?:start_line|line_number)\\*\"?: *(\d+)")
COUNT = tokenizer_for("gpt-4o").count


@dataclass(slots=True)
class Tally:
    """What was found over all sessions."""

    code: int = 0  # texts that are claimed as code
    folded: int = 0  # of them
    touched: int = 0  # of those, with a hidden line that was used next
    aimed: int = 0  # with one that was aimed at
    reopened: int = 0  # with one that was seen again
    before: int = 0
    after: int = 0  # tokens of the folded ones
    hidden: int = 0  # lines
    hidden_used: int = 0
    hidden_again: int = 0
    shown: int = 0
    shown_used: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    options = parser.parse_args()
    heads = (
        "setting",
        "level",
        "texts of code",
        "folded",
        "tokens saved %",
        "with a hidden line used next",
        "aimed at",
    )
    print("| " + " | ".join((*heads, "seen again", "hidden lines used next %", "shown lines used next %")) + " |")
    print("|---" * 10 + "|")
    for anyway in (False, True):
        for level in ("light", "balanced", "strong"):
            total = Tally()
            for path in sorted((options.corpus / "trajectories").glob("*.jsonl")):
                for line in path.read_text("utf-8").splitlines():
                    total.add(measure(json.loads(line)["messages"], level, anyway=anyway))
            print(row("anyway" if anyway else "as shipped", level, total))


def observations(messages: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """What tools gave back, each with its place, the call and the question before it."""
    blocks = {block.place[0]: block for block in read_blocks(messages)}
    call = ""
    for index, message in enumerate(messages):
        content = message.get("content")
        if index in blocks:
            yield blocks[index]
        elif message["role"] == "assistant":
            call = str(content)
        elif message["role"] == "user" and index > 1 and isinstance(content, str):
            yield Block((index,), "tool", content, origin=call.rpartition("```")[0].rpartition("```")[2].strip())


def measure(messages: Sequence[dict[str, Any]], level: Any, *, anyway: bool) -> Tally:
    """One session."""
    tally = Tally()
    compressor = SourceCode(least_tokens=0) if anyway else SourceCode()
    for block in observations(messages):
        text = "".join(unframe(block.text).code) if anyway else block.text
        if compressor.claim(text) < 0.8:
            continue
        tally.code += 1
        guidance = Guidance(origin="" if anyway else block.origin, level=level, may_elide=True, count=COUNT)
        view = compressor.compress(text, guidance)
        hidden = view.regions[0].hidden
        if hidden is None:
            continue
        lines = split_lines(text)
        later = messages[int(block.place[0]) + 1 :]
        said = "\n".join(json.dumps(m) for m in later if m["role"] == "assistant")
        given = "\n".join(json.dumps(m) for m in later if m["role"] != "assistant")
        gone = _telling(pick(lines, hidden.ranges))
        left = _telling(lines) - gone
        used, again = _standing(gone, said), _standing(gone, given)
        aimed = _aims_at(hidden.ranges, max(1, unframe(block.text).number), later)
        tally.add(
            Tally(0, 1, used > 0, aimed, again > 0, COUNT(text), COUNT(view.shown), len(gone), used, again, len(left))
        )
        tally.shown_used += _standing(left, said)
    return tally


def _aims_at(ranges: Sequence[tuple[int, int]], first: int, later: Sequence[dict[str, Any]]) -> bool:
    """Whether the agent names a number of a hidden line next; `first` is the number of the text's first line."""
    said = [json.dumps(message) for message in later if message["role"] == "assistant"][:NEXT]
    aims = [int(next(filter(None, found.groups()))) for text in said for found in AIM.finditer(text)]
    return any(low + first - 1 <= number <= high + first - 1 for number in aims for low, high in ranges)


def _telling(lines: Any) -> set[str]:
    return {line.strip() for line in lines if len(line.strip()) >= LEAST_CHARS}


def _standing(lines: set[str], text: str) -> int:
    return sum(json.dumps(line)[1:-1] in text or json.dumps(json.dumps(line)[1:-1])[1:-1] in text for line in lines)


def row(setting: str, level: str, tally: Tally) -> str:
    """A tally as a row of the table."""

    def share(part: int, whole: int) -> str:
        return f"{100 * part / whole:.1f}" if whole else "-"

    cells = (
        *(setting, level, tally.code, tally.folded, share(tally.before - tally.after, tally.before)),
        *(
            f"{tally.touched} of {tally.folded}",
            f"{tally.aimed} of {tally.folded}",
            f"{tally.reopened} of {tally.folded}",
        ),
        *(share(tally.hidden_used, tally.hidden), share(tally.shown_used, tally.shown)),
    )
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main()
