"""What Headroom saves on a corpus, and what a reader still finds.

    uv run python benchmarks/run.py --corpus DIR [--kinds json,logs] [--modes none,balanced] [--items]

DIR holds a folder for every kind: files, and `needles.jsonl` with one `{"item", "why", "must_contain": [...]}` a line.
`trajectories` holds conversations, one `{"messages": [...]}` a line; `qa` holds `{"context", "questions"}`. The kind
`results` takes the JSON tool results out of `trajectories` and counts the tokens of each alone.

A file is sent as the tool result of a conversation (system, question, tool call, result); tokens are those of the
whole conversation, o200k. A needle is kept when all its strings stand in what is shown: as they are, JSON-escaped,
or after white space is collapsed. Time is the processor's, as a multiple of the floor in the same run: decoding the
bytes, parsing them (JSON only) and counting their tokens once.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import orjson
from headroom_core import Headroom, Policy
from headroom_core.compressors.json_docs import JsonDocs
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.explain import explain
from headroom_core.router.route import LEAST_CLAIM
from headroom_core.text import tokens
from headroom_core.types import Fidelity, Result

RESULTS = "results"  # not a folder: the JSON among the tool results of `trajectories`, each by itself
KINDS = ("json", "logs", "code", "html", "diff", "search", "text", "trajectories", "qa")
LEVELS = ("light", "balanced", "strong")  # modes with a way back
MODES = (
    "none",
    *LEVELS,
)  # `none`: without a way back; so is `visible`, where pages may be shown as a visitor sees them
MODEL = "gpt-4o"
HALF = "_half"  # behind `qa`: half of each question's words are gone
QUESTIONS = 12  # of each passage in `qa`


@dataclass(slots=True)
class Tally:
    """What was measured over the items of one kind in one mode."""

    before: int = 0
    after: int = 0
    needles: int = 0
    kept: int = 0
    kept_with_retrieve: int = 0
    items: int = 0
    larger: int = 0
    untouched: int = 0
    changed: int = 0
    given_back: int = 0
    rebuilt: int = 0
    equivalent: int = 0
    seconds: float = 0.0
    floor: float = 0.0
    failed: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the corpus."""

    name: str
    raw: bytes
    messages: list[dict[str, Any]]
    needles: tuple[tuple[str, ...], ...]
    alone: bool = False  # the tokens of its tool result are counted, not those of the conversation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--kinds", default=",".join(KINDS), help=f"of these and {RESULTS}: %(default)s")
    parser.add_argument("--modes", default=",".join(MODES), help="and visible, for html: %(default)s")
    parser.add_argument("--items", action="store_true", help="a line for every item too")
    parser.add_argument("--lost", action="store_true", help="name every needle that is no longer in the text")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"{options.corpus} is not a folder; --corpus names one with a folder for every kind")
    print("| kind | mode | saved % | kept % (with retrieve) | larger | untouched | given back | rebuilt | x floor |")
    print("|---|---|---|---|---|---|---|---|---|")
    for mode in options.modes.split(","):
        total = Tally()
        for kind in options.kinds.split(","):
            tally = Tally()
            folder = options.corpus / kind.removesuffix(HALF)
            for item in read_results(options.corpus) if kind == RESULTS else read_items(folder, kind):
                one = measure(item, kind, mode, lost=options.lost)
                tally.add(one)
                if options.items:
                    print(row(item.name, mode, one))
            print(row(f"**{kind}**", mode, tally), flush=True)
            total.add(tally)
        print(row("**all**", mode, total))
        for name in total.failed:
            print(f"FAILED: {name}")


def read_items(folder: Path, kind: str) -> Iterator[Item]:
    """The items of a kind, in the order of their names."""
    needles: dict[str, list[tuple[str, ...]]] = {}
    if (folder / "needles.jsonl").is_file():
        for line in (folder / "needles.jsonl").read_text("utf-8").splitlines():
            needle = json.loads(line)
            needles.setdefault(needle["item"], []).append(tuple(needle["must_contain"]))
    for path in sorted(folder.iterdir()):
        if path.name == "needles.jsonl" or path.name.endswith(".truth.txt"):
            continue
        raw = path.read_bytes()
        text = raw.decode("utf-8", "surrogateescape")
        if kind == "trajectories":
            for number, line in enumerate(text.splitlines()):
                yield Item(f"{path.name}:{number}", raw, json.loads(line)["messages"], ())
        elif kind.removesuffix(HALF) == "qa":
            passage = (
                json.loads(text) if path.suffix == ".json" else {"questions": []}
            )  # what else lies there is no page
            for asked in passage["questions"][:QUESTIONS]:
                question = half_of(asked["q"]) if kind.endswith(HALF) else asked["q"]
                answers = tuple((answer,) for answer in asked["answers"][:1])
                yield Item(path.name, raw, conversation(passage["context"], question), answers)
        else:
            yield Item(path.name, raw, conversation(text), tuple(needles.get(path.name, ())))


def read_results(corpus: Path) -> Iterator[Item]:
    """The JSON tool results of the trajectories, as they were given to the model."""
    claim = JsonDocs().claim
    for trajectory in read_items(corpus / "trajectories", "trajectories"):
        for number, message in enumerate(trajectory.messages):
            text = message.get("content")
            if message["role"] == "tool" and isinstance(text, str) and claim(text) >= LEAST_CLAIM:
                yield Item(f"{trajectory.name}:{number}", text.encode(), conversation(text), (), alone=True)


def half_of(question: str) -> str:
    """The question without half of its words: what somebody asks who doesn't have the page before him."""
    words = question.split()
    kept = Random(question).sample(range(len(words)), (len(words) + 1) // 2)
    return " ".join(words[index] for index in sorted(kept))


def conversation(text: str, question: str = "What is in it?") -> list[dict[str, Any]]:
    """The conversation in which a text is a tool result."""
    call = {"id": "call_1", "type": "function", "function": {"name": "read", "arguments": "{}"}}
    return [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": question},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_1", "content": text},
    ]


def measure(item: Item, kind: str, mode: str, *, lost: bool = False) -> Tally:
    """One item in one mode, with cold memories."""
    tokens._tokenizer.cache_clear()  # noqa: SLF001  # counts of the last item would make this one look fast
    tokens.tokenizer_for(MODEL).count("warm")
    policy = Policy.from_env({"none": {}, "visible": {"HEADROOM_PAGES": mode}}.get(mode, {"HEADROOM_LEVEL": mode}))
    with Headroom("memory://", policy) as headroom:
        started = process_time()
        result = headroom.compress(item.messages, MODEL, retrieval="tool" if mode in LEVELS else "none")
        seconds = process_time() - started
        alone = result.receipts[-1] if item.alone else None
        tally = Tally(
            before=alone.tokens_before if alone else result.tokens_before,
            after=alone.tokens_after if alone else result.tokens_after,
            items=1,
            larger=sum(receipt.tokens_after > receipt.tokens_before for receipt in result.receipts)
            + (result.tokens_after > result.tokens_before),
            seconds=seconds,
            floor=floor(item.raw, kind),
        )
        _originals(tally, item, result, headroom)
    shown = "\n".join(str(message.get("content")) for message in result.messages)
    back = "\n".join(str(message.get("content")) for message in item.messages) if result.handles else shown
    tally.needles = len(item.needles)
    tally.kept = kept(shown, item.needles, item.name if lost else "")
    tally.kept_with_retrieve = kept(back, item.needles)
    return tally


def _originals(tally: Tally, item: Item, result: Result, headroom: Headroom) -> None:
    """Count what was changed, given back by its handle, and rebuilt by its kind's decoder."""
    for receipt in result.receipts:
        if not receipt.handle:
            tally.untouched += 1
            tally.failed += [f"{item.name}: {receipt.reason}"] if receipt.reason else []
            continue
        source = item.messages[int(receipt.place[0])]["content"]
        tally.changed += 1
        given = headroom.retrieve(receipt.handle).text == source
        tally.given_back += given
        tally.failed += [] if given else [f"{item.name}: {receipt.handle} does not give back the original"]
        if receipt.fidelity is Fidelity.EQUIVALENT:
            tally.equivalent += 1
            tally.rebuilt += _rebuilds(
                str(source), str(result.messages[int(receipt.place[0])]["content"]), receipt.kind
            )


def _rebuilds(source: str, shown: str, kind: str) -> bool:
    """Whether the kind's decoder makes the source of what is shown; of a mixed text, whether that of each part did."""
    if any(compressor.kind == kind and compressor.rebuilds(source, shown) for compressor in COMPRESSORS):
        return True
    parts = "".join(region.shown for stage in explain(source) for region in stage.regions)
    return parts.rstrip("\n") == shown.rstrip("\n")


def floor(raw: bytes, kind: str) -> float:
    """Seconds of the least that anybody must do with these bytes."""
    count: Callable[[str], int] = tokens._bpe_openai("o200k_base") or tokens.tokenizer_for(MODEL).count  # noqa: SLF001
    started = process_time()
    text = raw.decode("utf-8", "surrogateescape")
    if kind in ("json", RESULTS):
        orjson.loads(raw)
    try:
        count(text)
    except UnicodeEncodeError:
        count(text.encode("utf-8", "replace").decode("utf-8"))
    return process_time() - started


def kept(shown: str, needles: tuple[tuple[str, ...], ...], lost_from: str = "") -> int:
    """How many needles still stand in what is shown."""
    collapsed = re.sub(r"\s+", " ", shown)
    found = 0
    for needle in needles:
        well = all(
            text in shown
            or json.dumps(text)[1:-1] in shown
            or json.dumps(text, ensure_ascii=False)[1:-1] in shown
            or re.sub(r"\s+", " ", text) in collapsed
            for text in needle
        )
        found += well
        if lost_from and not well:
            print(f"lost in {lost_from}: {needle}")
    return found


def row(name: str, mode: str, tally: Tally) -> str:
    """A tally as a row of the table."""

    def share(part: float, whole: float) -> str:
        return f"{100 * part / whole:.1f}" if whole else "-"

    cells = (
        name,
        mode,
        share(tally.before - tally.after, tally.before),
        f"{share(tally.kept, tally.needles)} ({share(tally.kept_with_retrieve, tally.needles)})",
        tally.larger,
        tally.untouched,
        f"{tally.given_back} of {tally.changed}",
        f"{tally.rebuilt} of {tally.equivalent}",
        f"{tally.seconds / tally.floor:.1f}" if tally.floor else "-",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


if __name__ == "__main__":
    main()
