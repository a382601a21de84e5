"""What it costs to begin: the import, and the first compression in a fresh process.

    uv run python benchmarks/startup.py [--runs 9]

Each figure is the median over fresh processes, beside a bare interpreter in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from time import perf_counter

BLOCK = """
import json
rows = [{"id": n, "name": f"row {n * 37 % 101}", "state": "on" if n % 7 else "off"} for n in range(440)]
text = json.dumps(rows)  # some 10,000 tokens
"""
PROGRAMS = {
    "a bare interpreter": "pass",
    "import headroom_core": "import headroom_core",
    "import headroom_core, Headroom made": "from headroom_core import Headroom; Headroom('memory://')",
    "first compress of a 10K-token block": BLOCK
    + "from headroom_core import Headroom\nassert Headroom('memory://').shrink(text).receipt.tokens_saved",
    "the same with the SQLite store": BLOCK
    + "import tempfile, pathlib\nfrom headroom_core import Headroom\n"
    + "with tempfile.TemporaryDirectory() as folder, Headroom(f'sqlite:///{folder}/store.db') as headroom:\n"
    + "    assert headroom.shrink(text).receipt.tokens_saved",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    medians: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(options.runs):
        for name, program in PROGRAMS.items():
            started = perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            medians[name].append(perf_counter() - started)
    bare = statistics.median(medians["a bare interpreter"])
    print("| what | ms | above a bare interpreter |")
    print("|---|---|---|")
    for name, seconds in medians.items():
        median = statistics.median(seconds)
        print(f"| {name} | {1000 * median:.0f} | {1000 * (median - bare):.0f} |")


if __name__ == "__main__":
    main()
