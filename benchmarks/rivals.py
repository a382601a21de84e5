"""Time and savings beside a rival's, on the same items in one run.

    uv venv DIR/rival && uv pip install --python DIR/rival/bin/python headroom-ai==0.42.0
    uv run python benchmarks/rivals.py --corpus DIR --python DIR/rival/bin/python

`--python` is an interpreter of an environment of its own, in which the rival is installed: it owns the import name
`headroom`, and nothing of it comes into ours. Both sides compress every item of each kind once as the tool result of a
conversation, after a first call that loads what they need; the interpreters take turns, item by item, so that a busy
machine slows both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

from headroom_core import Headroom
from headroom_core.text.tokens import tokenizer_for
from run import read_items

MODEL = "gpt-4o"
SIDES = ("rival", "no way back", "balanced")
TOOL = "list_items"  # the rival leaves tools alone whose names say that they read files
RIVAL = """
import json, sys
from time import perf_counter
from headroom import compress
for line in sys.stdin:
    messages = json.loads(line)
    started = perf_counter()
    done = compress(messages, model="gpt-4o")
    seconds = perf_counter() - started
    print(json.dumps({"seconds": seconds, "shown": done.messages[-1]["content"]}), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--python", required=True, help="the interpreter of the rival's environment")
    parser.add_argument("--kinds", default="json,logs,search,diff,code,html,text", help="folders of DIR: %(default)s")
    options = parser.parse_args()
    litellm = find_spec("litellm")  # ships the vocabulary for which the rival's tiktoken would ask the network
    home = Path(litellm.origin if litellm and litellm.origin else "").parent
    rival = subprocess.Popen(  # stderr is ours: it says why a rival doesn't start
        [options.python, "-c", RIVAL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TIKTOKEN_CACHE_DIR": str(home / "litellm_core_utils" / "tokenizers")},
    )
    total = Counter[str]()
    for kind in options.kinds.split(","):
        tally = _beside(rival, options.corpus, kind)
        total += tally
        _print(kind, tally)
    _print("all", total)


def _beside(rival: subprocess.Popen[str], corpus: Path, kind: str) -> Counter[str]:
    """What each side takes and leaves of the items of a kind: tokens, and microseconds by the clock."""
    tally = Counter[str]()
    count = tokenizer_for(MODEL).count
    items = list(read_items(corpus / kind, kind))
    with Headroom("memory://") as headroom:
        for number, item in enumerate([items[0], *items]):
            messages = item.messages
            messages[2]["tool_calls"][0]["function"]["name"] = TOOL
            found = _asked(rival, messages)
            started = perf_counter()
            whole = headroom.compress(messages, MODEL)
            between = perf_counter()
            some = headroom.compress(messages, MODEL, retrieval="tool")
            done = perf_counter()
            if number == 0:
                continue  # it loaded what each of them needs
            tally["before"] += count(str(messages[-1]["content"]))
            for side, seconds, shown in (
                ("rival", found["seconds"], found["shown"]),
                ("no way back", between - started, whole.messages[-1]["content"]),
                ("balanced", done - between, some.messages[-1]["content"]),
            ):
                tally[side] += int(1e6 * seconds)
                tally[f"{side} after"] += count(str(shown))
    return tally


def _print(kind: str, tally: Counter[str]) -> None:
    for side in SIDES:
        saved = 100 * (1 - tally[f"{side} after"] / tally["before"])
        share = tally[side] / tally["rival"]
        print(
            f"{kind}, {side}: {saved:.1f} % saved, {tally[side] / 1e6:.2f} s, {share:.3f} of the rival's time",
            flush=True,
        )


def _asked(rival: subprocess.Popen[str], messages: list[dict[str, Any]]) -> dict[str, Any]:
    if rival.stdin is None or rival.stdout is None:
        sys.exit("the rival has no pipes")
    rival.stdin.write(json.dumps(messages) + "\n")
    rival.stdin.flush()
    line = rival.stdout.readline()
    if not line:
        sys.exit("the rival gave up: is it installed in the environment that --python names?")
    answer: dict[str, Any] = json.loads(line)
    return answer


if __name__ == "__main__":
    main()
