"""What Headroom saves on listings and tables that are made here and now, tool by tool.

    uv run python benchmarks/listings.py [--modes none,balanced] [--growth] [--keep DIR]

Runs the tools that this machine has (`ls`, `find`, `du`, `ps`, `df`, `dpkg`, `netstat`, `git`, `tree`, `pip`) and makes
tables of values; nothing but Python's own library, the git repository and the machine's processes is looked at.
Measured as `run.py` does. `--keep` leaves the texts in DIR/listings: `run.py --corpus DIR --kinds listings` finds them.
`--growth` repeats each text to 1, 10 and 50 MB instead, and says how many times the floor it takes.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from run import Tally, measure, read_items, row

ROWS = 600
GROWN_MB = (1, 10, 50)
STDLIB = sysconfig.get_path("stdlib")
ROOT = Path(__file__).resolve().parents[1]

TOOLS: dict[str, list[str]] = {
    "ls-l": ["ls", "-la", STDLIB],
    "ls-lR": ["ls", "-lR", f"{STDLIB}/email", f"{STDLIB}/asyncio", f"{STDLIB}/json", f"{STDLIB}/lib2to3"],
    "find-ls": ["find", f"{STDLIB}/email", f"{STDLIB}/asyncio", f"{STDLIB}/json", f"{STDLIB}/encodings", "-ls"],
    "find": ["find", f"{STDLIB}/email", f"{STDLIB}/asyncio", f"{STDLIB}/lib2to3"],
    "du-a": ["du", "-a", f"{STDLIB}/asyncio", f"{STDLIB}/lib2to3"],
    "ps-aux": ["ps", "aux"],
    "ps-ef": ["ps", "-ef"],
    "df": ["df"],
    "dpkg-l": ["dpkg", "-l"],
    "netstat": ["netstat", "-an"],
    "pip-list": [sys.executable, "-m", "pip", "list"],
    "git-ls-files": ["git", "-C", str(ROOT), "ls-files"],
    "git-stat": ["git", "-C", str(ROOT), "diff", "--stat", "HEAD~5"],
    "tree": ["tree", "--noreport", str(ROOT / "packages")],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modes", default="none,balanced,strong")
    parser.add_argument("--growth", action="store_true", help="how the time grows with the size")
    parser.add_argument("--keep", type=Path, metavar="DIR")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = (options.keep or Path(temporary)) / "listings"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {**printed(), **made()}.items():
            (folder / f"{name}.txt").write_bytes(text.encode("utf-8", "surrogateescape"))
        print("| text | mode | saved % | kept % | larger | untouched | given back | rebuilt | x floor |")
        print("|---|---|---|---|---|---|---|---|---|")
        for mode in options.modes.split(","):
            if options.growth:
                grow(folder, mode)
            else:
                tabulate(folder, mode)


def tabulate(folder: Path, mode: str) -> None:
    """A row for each text, and one for all."""
    total = Tally()
    for item in read_items(folder, "listings"):
        one = measure(item, "listings", mode)
        print(row(item.name, mode, one), flush=True)
        total.add(one)
    print(row("**all**", mode, total))


def grow(folder: Path, mode: str) -> None:
    """The same for each text repeated to some size: linear where the multiple of the floor stays."""
    os.environ["HEADROOM_MAX_BLOCK_MS"] = "3600000"
    for path in sorted(folder.iterdir()):
        text = path.read_bytes()
        for size in GROWN_MB:
            with TemporaryDirectory() as temporary:
                grown = Path(temporary) / f"{path.stem}-{size}MB"
                grown.write_bytes(text * (size * 1_000_000 // len(text)))
                for item in read_items(Path(temporary), "listings"):
                    print(row(item.name, mode, measure(item, "listings", mode)), flush=True)


def printed() -> dict[str, str]:
    """What the tools print that this machine has."""
    texts = {}
    for name, command in TOOLS.items():
        if shutil.which(command[0]):
            done = subprocess.run(command, capture_output=True, check=False)
            texts[name] = done.stdout.decode("utf-8", "surrogateescape")
    return {name: text for name, text in texts.items() if text.count("\n") >= 5}  # a table


def made() -> dict[str, str]:
    """Tables of values, the same on every run."""
    rng = Random(7)
    names = ["alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine", "rowan", "willow"]
    orders = [["order", "placed", "country", "region", "status", "currency", "quantity", "total", "customer"]]
    pods = [["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"]]
    services = [["Service", "Owner", "Tier", "Status", "Latency"]]
    for number in range(ROWS):
        day = f"2031-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        place = rng.choice([("Norway", "EMEA"), ("France", "EMEA"), ("Japan", "APAC"), ("Chile", "LATAM")])
        state = rng.choices(["shipped", "pending", "cancelled"], [90, 9, 1])[0]
        customer = f"{rng.choice(names)} {rng.choice(names)}{', Inc' if number % 9 == 0 else ''}"
        orders.append(
            [
                f"{70_000 + number * 7}",
                day,
                *place,
                state,
                "EUR",
                f"{rng.randint(1, 9)}",
                f"{rng.uniform(1, 500):.2f}",
                customer,
            ]
        )
        pod = f"{rng.choice(names)}-{rng.getrandbits(40):010x}-{rng.getrandbits(20):05x}"
        phase = rng.choices([("Running", "0"), ("CrashLoopBackOff", "17")], [97, 3])[0]
        pods.append([rng.choice(["default", "payments"]), pod, "1/1", *phase, f"{rng.randint(2, 90)}d"])
        owner, tier = rng.choice(["platform", "payments", "search"]), rng.choice(["gold", "silver"])
        services.append([f"{rng.choice(names)}-{number}", owner, tier, "healthy", f"{rng.randint(3, 900)} ms"])
    return {
        "csv": separated(orders, ","),
        "tsv": separated(orders, "\t"),
        "kubectl": aligned(pods, "", "   ", ""),
        "markdown": aligned(services, "| ", " | ", " |", rule=True),
    }


def separated(rows: list[list[str]], separator: str) -> str:
    """The rows as the csv module writes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def aligned(rows: list[list[str]], before: str, between: str, behind: str, *, rule: bool = False) -> str:
    """The rows with their cells filled up with blanks."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = [
        before + between.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + behind
        for cells in rows
    ]
    if rule:
        lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(line if behind else line.rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    main()
