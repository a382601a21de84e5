"""What keeping an original costs: time beside the bare library, and bytes on disk.

    uv run python benchmarks/stores.py [--corpus DIR] [--redis URL] [--rounds 3000]

Puts and gets 10 KB originals, one at a time, turn about with the bare library doing the same to the same bytes: for
SQLite an `INSERT` of the text in a transaction of its own, WAL and `synchronous=NORMAL` as the store has them, and a
`SELECT`; for Redis a `SET` with a time to live, and a `GET`. With a corpus (a folder with texts, at any depth) the
originals are pieces of its files, and the size of a SQLite store that holds all of it is told; without, they are lines
of a made-up log. Times are microseconds.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from headroom_core.ccr.memory import MemoryStore
from headroom_core.ccr.sqlite import SqliteStore
from headroom_core.ccr.stores import open_store
from headroom_core.types import Store

KEEP = timedelta(days=1)
ORIGINAL_CHARS = 10_000
TENANT = "bench"

Verb = Callable[[str, str], str]  # gives back what it wrote or read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="folder with texts")
    parser.add_argument("--redis", help="URL of a Redis to measure as well; it is written to")
    parser.add_argument("--rounds", type=int, default=3_000)
    asked = parser.parse_args()
    originals = list(pieces(asked.corpus, asked.rounds))
    print(f"{'':28}{'p50':>8}{'p99':>8}   of the bare library's")
    with tempfile.TemporaryDirectory() as folder:
        with closing(MemoryStore()) as memory:
            measure("memory", memory, None, originals)
        bare, path = bare_sqlite(Path(folder) / "bare.db"), Path(folder) / "store.db"
        with closing(SqliteStore(path)) as store:
            measure("sqlite", store, bare, originals)
        bare = bare_sqlite(Path(folder) / "bare again.db")
        with closing(open_store(f"sqlite:///{folder}/sealed.db", encryption_keys=[os.urandom(32)])) as sealed:
            measure("sqlite, encrypted", sealed, bare, originals)
        if asked.redis:
            with closing(open_store(asked.redis)) as store_in_redis:
                measure("redis", store_in_redis, bare_redis(asked.redis), originals)
                store_in_redis.purge(TENANT)
        if asked.corpus:
            tell_size(Path(folder) / "corpus.db", asked.corpus)


def texts(corpus: Path) -> Iterator[str]:
    for path in sorted(corpus.rglob("*")):
        if path.is_file():
            yield path.read_bytes().decode("utf-8", "surrogateescape")


def pieces(corpus: Path | None, wanted: int) -> Iterator[tuple[str, str]]:
    """So many originals with their keys, all different."""
    whole = "".join(texts(corpus)) if corpus else "".join(log_lines(wanted))
    step = max(1, (len(whole) - ORIGINAL_CHARS) // wanted)
    for number in range(wanted):
        text = whole[number * step : number * step + ORIGINAL_CHARS]
        yield hashlib.sha256(f"{number}".encode()).hexdigest()[:12], text


def log_lines(wanted: int) -> Iterator[str]:
    for n in range(wanted * 60 + 200):
        digest = hashlib.md5(str(n).encode()).hexdigest()  # for variety only
        yield f"2026-03-17 {n // 3_600 % 24:02}:{n // 60 % 60:02}:{n % 60:02} INFO req={digest[:8]} "
        yield f"worker-{n % 17} served /api/items/{n * 7919 % 100_000} in {int(digest[:3], 16)} ms\n"


def bare_sqlite(path: Path) -> tuple[Verb, Verb]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE texts (key TEXT PRIMARY KEY, text BLOB)")

    def put(key: str, text: str) -> str:
        connection.execute("INSERT INTO texts VALUES (?, ?)", (key, text.encode("utf-8", "surrogatepass")))
        return text

    def get(key: str, _: str) -> str:
        found = connection.execute("SELECT text FROM texts WHERE key = ?", (key,)).fetchone()[0]
        return bytes(found).decode("utf-8", "surrogatepass")

    return put, get


def bare_redis(url: str) -> tuple[Verb, Verb]:
    from redis import Redis

    client = Redis.from_url(url)

    def put(key: str, text: str) -> str:
        client.set("bare:" + key, text.encode("utf-8", "surrogatepass"), ex=600)
        return text

    def get(key: str, _: str) -> str:
        return bytes(client.get("bare:" + key) or b"").decode("utf-8", "surrogatepass")  # type: ignore[arg-type]

    return put, get


def measure(name: str, store: Store, bare: tuple[Verb, Verb] | None, originals: list[tuple[str, str]]) -> None:
    def put(key: str, text: str) -> str:
        store.put(TENANT, {key: text}, keep_for=KEEP)
        return text

    def get(key: str, _: str) -> str:
        return store.get(TENANT, [key])[key]

    store.secret()
    for index, (verb, ours) in enumerate((("put", put), ("get", get))):
        times: list[float] = []
        bare_times: list[float] = []
        for key, text in originals:
            if bare is not None:
                bare_times.append(timed(bare[index], key, text))
            times.append(timed(ours, key, text))
        tell(f"{name} {verb}", times, bare_times)


def timed(verb: Verb, key: str, text: str) -> float:
    started = perf_counter()
    done = verb(key, text)
    took = perf_counter() - started
    assert done == text
    return took * 1e6


def tell(name: str, times: list[float], bare: list[float]) -> None:
    ours, theirs = quantiles(times), quantiles(bare)
    line = f"{name:28}{ours[0]:8.0f}{ours[1]:8.0f}"
    if bare:
        line += (
            f"   x {ours[0] / theirs[0]:.2f} (p50 {theirs[0]:.0f}), x {ours[1] / theirs[1]:.2f} (p99 {theirs[1]:.0f})"
        )
    print(line)


def quantiles(times: list[float]) -> tuple[float, float]:
    ordered = sorted(times) or [0.0]
    return ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]


def tell_size(path: Path, corpus: Path) -> None:
    size = 0
    with closing(SqliteStore(path)) as store:
        for number, text in enumerate(texts(corpus)):
            size += len(text.encode("utf-8", "surrogateescape"))
            store.put(TENANT, {str(number): text}, keep_for=KEEP)
    print(f"{'corpus on disk':28}{path.stat().st_size / size:8.3f}   of {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
