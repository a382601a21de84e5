"""Tables and listings of our own, as the tools print them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

NAMES = ("adduser", "apt", "base", "bash", "coreutils", "dash", "debconf", "diffutils", "dpkg", "findutils", "grep")
FOLDERS = ("src", "src/app", "src/app/static", "tests", "docs")


def ls_l(count: int = 40) -> str:
    """`ls -l` of one folder."""
    return f"total {count * 4}\n" + "".join(f"{line}\n" for line in _long(count, 0))


def ls_lr() -> str:
    """`ls -lR`: in each folder sizes and owners are as wide as its widest."""
    parts = [f"{path}:\ntotal {8 * at}\n" + "\n".join(_long(4 + 5 * at, at)) for at, path in enumerate(FOLDERS)]
    return "\n\n".join(parts) + "\n"


def _long(count: int, seed: int) -> list[str]:
    sizes = [str((at * 7919 + seed * 31) % 10 ** (2 + seed)) for at in range(count)]
    owners = ["deploy" if seed % 2 and at % 5 == 1 else "root" for at in range(count)]
    wide, broad = max(map(len, sizes)), max(map(len, owners))
    return [
        f"{'drwxr-xr-x' if at % 7 == 3 else '-rw-r--r--'} {1 + (at % 7 == 3)} {owner:<{broad}} root "
        f"{size:>{wide}} Feb {1 + at % 28:>2} 04:05 {NAMES[at % len(NAMES)]}_{at}.py"
        for at, (size, owner) in enumerate(zip(sizes, owners, strict=True))
    ]


def find_ls(count: int = 80) -> str:
    """`find -ls`, folder by folder."""
    return "".join(
        f"{5_351_681 + at:>9} {at % 9 * 4:>6} -rw-r--r--   1 root     root     {at * 7919 % 90_000:>8} Feb  3 04:05 "
        f"./{FOLDERS[at * len(FOLDERS) // count]}/{NAMES[at % len(NAMES)]}_{at}.py\n"
        for at in range(count)
    )


def ps(count: int = 60) -> str:
    """`ps aux`: the 30th eats the processor, the 41st is a zombie, long names push the line."""
    lines = ["USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"]
    for at in range(count):
        user = "verylongname" if at == 12 else "postgres" if at % 4 == 1 else "root"
        load, state = ("97.0" if at == 30 else "0.0"), ("Z" if at == 41 else "S")
        what = "[broken] <defunct>" if at == 41 else f"worker --slot {at}"
        lines.append(
            f"{user:<8} {1000 + at * 7:>7} {load:>4} {'0.1':>4} {at * 1511 % 90_000:>6} {2000 + at:>5} "
            f"{'?':<8} {state:<4} {'04:05':<5} {'0:00':>6} {what}"
        )
    return "\n".join(lines) + "\n"


def set_by_heads(rows: Sequence[Sequence[str]], gap: int = 3) -> str:
    """Columns as wide as their widest cell, as docker and kubectl print them."""
    widths = [max(map(len, cells)) + gap for cells in zip(*rows, strict=True)]
    return "".join(
        "".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)) + row[-1] + "\n"
        for row in rows
    )


def pods(count: int = 40) -> str:
    """`kubectl get pods`; the 7th crashes."""
    rows = [["NAME", "READY", "STATUS", "RESTARTS", "AGE"]]
    for at in range(count):
        state, times = ("CrashLoopBackOff", "17") if at == 7 else ("Running", "0")
        rows.append([f"{NAMES[at % len(NAMES)]}-{at * 7919 % 9973:04d}", "1/1", state, times, f"{at % 30 + 1}d"])
    return set_by_heads(rows)


def containers(count: int = 20) -> str:
    """`docker ps`: cells hold blanks, and some are empty."""
    rows = [["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"]]
    rows += [
        [
            f"{at * 104_729:012x}",
            f"shop/{NAMES[at % len(NAMES)]}:1.{at % 3}",
            '"/entrypoint.sh"',
            f"{at % 9 + 2} hours ago",
            f"Up {at % 9 + 2} hours",
            "80/tcp" if at % 3 else "",
            f"{NAMES[at % len(NAMES)]}_{at}",
        ]
        for at in range(count)
    ]
    return set_by_heads(rows)


def packages(count: int = 60) -> str:
    """`dpkg -l`."""
    heads = (
        "Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst\n"
        f"||/ {'Name':<20} {'Version':<18} {'Architecture':<12} Description\n"
        f"+++-{'=' * 20}-{'=' * 18}-{'=' * 12}-{'=' * 40}\n"
    )
    return heads + "".join(
        f"ii  {f'{NAMES[at % len(NAMES)]}{at}':<20} {f'2.{at % 5}.40-1+deb12':<18} {('amd64', 'all')[at % 2]:<12} "
        f"the {NAMES[at * 5 % len(NAMES)]} of this system\n"
        for at in range(count)
    )


def orders(count: int = 60, end: str = "\n") -> str:
    """Separated values with quotes; the 34th was cancelled, the 21st is far too dear."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(["order", "placed", "country", "status", "currency", "total", "customer"])
    for at in range(count):
        state, total = ("cancelled" if at == 34 else "shipped"), (98_765.5 if at == 21 else 10 + at * 7 % 60)
        country = ("Norway", "France", "Austria")[at % 3]
        placed = f"2031-02-{at % 28 + 1:02d} 04:05:{at % 60:02d}"
        writer.writerow([7000 + at, placed, country, state, "EUR", f"{total:.2f}", f'{NAMES[at % len(NAMES)]}, "Inc"'])
    return out.getvalue()


def markdown(count: int = 30) -> str:
    """A table of Markdown, its cells filled up with blanks."""
    rows = [["Service", "Owner", "Tier", "Latency"]]
    rows += [
        [f"{NAMES[at % len(NAMES)]}-{at}", ("platform", "payments")[at % 2], "gold", f"{at * 53 % 400} ms"]
        for at in range(count)
    ]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    lines = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in rows]
    lines.insert(1, f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    return "\n".join(lines) + "\n"


def database(count: int = 30) -> str:
    """What psql draws: numbers at the right, the last column without its blanks."""
    rows = [(str(at * 37), NAMES[at % len(NAMES)], "active" if at % 4 else "locked") for at in range(count)]
    lines = [f" {'id':^4} | {'user':^10} | {'state':^6} ", "-" * 6 + "+" + "-" * 12 + "+" + "-" * 8]
    lines += [f" {number:>4} | {user:<10} | {state}" for number, user, state in rows]
    return "\n".join([*lines, f"({count} rows)", "", ""])


def paths(count: int = 60) -> str:
    """`git ls-files`."""
    return "".join(
        f"packages/shop/{FOLDERS[at * 5 // count]}/{NAMES[at % len(NAMES)]}_{at}.py\n" for at in range(count)
    )


def pytest_list(count: int = 60) -> str:
    """`pytest --collect-only -q`: functions, methods, and tests with parameters."""
    lines = []
    for at in range(count):
        path = f"tests/{FOLDERS[at * 5 // count]}/test_{NAMES[at * 11 // count]}.py"
        name = f"TestShop::test_{at}_is_sold" if at % 11 == 3 else f"test_{NAMES[at % len(NAMES)]}_{at}_is_sold"
        cases = ["once", "two times", "a/b::c]", "[d"] if at % 7 == 5 else []
        lines += [f"{path}::{name}[{case}]" for case in cases] or [f"{path}::{name}"]
    return "\n".join([*lines, "", f"{len(lines)} tests collected in 0.31s", ""])


def cargo_list(count: int = 60) -> str:
    """`cargo test -- --list`: tests of modules, and of the documentation."""
    lines = [f"store::{NAMES[at * 11 // count]}::tests::sells_{at}: test" for at in range(count)]
    lines += [f"src/store/{name}.rs - store::{name} (line {at * 7}): test" for at, name in enumerate(NAMES)]
    return "\n".join([*lines, "", f"{len(lines)} tests, 0 benchmarks", ""])


def go_list(count: int = 60) -> str:
    """`go test -list . ./...`."""
    lines = [f"Test{NAMES[at % len(NAMES)].title()}Is{at}" for at in range(count)]
    lines[20:20] = ["BenchmarkSale", "ok  \texample.org/shop/store\t0.012s"]
    return "\n".join([*lines, "ok  \texample.org/shop\t0.007s", ""])


def tree(count: int = 12, passing: str = "│   ") -> str:
    """`tree`: folders of three files, one inside the other now and then."""
    lines = ["."]
    for at in range(count):
        last = at == count - 1
        lines.append(f"{'└' if last else '├'}── {NAMES[at % len(NAMES)]}")
        before = "    " if last else passing
        lines.append(f"{before}├── inner_{at}")
        lines += [f"{before}{passing}{sign}── part_{at}_{sign == '└'}.py" for sign in "├└"]
        lines += [f"{before}├── a_{at}.py", f"{before}└── b_{at}.py"]
    return "\n".join([*lines, "", f"{count * 2} directories, {count * 4} files", ""])


TABLES = {
    "ls -l": ls_l(),
    "ls -lR": ls_lr(),
    "find -ls": find_ls(),
    "ps": ps(),
    "kubectl": pods(),
    "docker": containers(),
    "dpkg": packages(),
    "CSV": orders(),
    "CSV, CRLF": orders(end="\r\n"),
    "TSV": orders().replace(",", "\t"),
    "Markdown": markdown(),
    "psql": database(),
    "paths": paths(),
    "wc": "".join(f"{n * 7919 % 4000:7} {path}\n" for n, path in enumerate(paths().splitlines())) + " 123456 total\n",
    "pytest": pytest_list(),
    "cargo": cargo_list(),
    "go": go_list(),
}
TREES = {"tree": tree(), "wide": tree(passing="│\xa0\xa0 "), "cut off": "\n".join(tree().split("\n")[:33])}
