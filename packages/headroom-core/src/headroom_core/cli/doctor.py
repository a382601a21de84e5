"""What `headroom doctor` looks at: what was found, and how to mend what isn't well."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from time import perf_counter

from headroom_core.ccr.breaker import REST_SECONDS, GuardedStore
from headroom_core.ccr.stores import name_of, open_store
from headroom_core.compressors.source_code.grammars import can_parse
from headroom_core.compressors.source_code.languages import LANGUAGES
from headroom_core.errors import HeadroomError
from headroom_core.headroom import default_store
from headroom_core.policy import Settings
from headroom_core.storage.sealing import Sealing, name_of_key
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Store

FRAMEWORKS = {
    "litellm": (1, 108),
    "langchain-core": (1, 4),
    "llama-index-core": (0, 13),
}  # lowest versions known to work
OLDEST_REDIS = (6, 0)
LEAST_FREE_BYTES = 256 << 20  # on the disk of a file; under it the next burst of originals may fill it
TENANT = "headroom-doctor"
PROBE = "\ud800 probe " * 1_000

_REQUIREMENT = re.compile(r"([\w.-]+).*extra == ['\"]([\w-]+)['\"]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    well: bool = True
    mend: str = ""  # what to do, where it isn't well


def examine(store: str | None) -> list[Finding]:
    """Everything that must be well for Headroom to work, in the order in which it is needed."""
    try:
        settings = Settings.from_env()
    except HeadroomError as error:
        return [
            Finding("settings", str(error), well=False, mend="correct or unset the variable, then run doctor again")
        ]
    url = store or settings.store or default_store()
    return [
        Finding("settings", f"level {settings.policy.level}, originals kept for {settings.policy.kept}"),
        *_store(url, settings),
        *_tokenizer(),
        *_extras(),
        *_frameworks(),
    ]


def _store(url: str, settings: Settings) -> Iterator[Finding]:
    name, wait_ms = name_of(url), settings.policy.store_wait_ms
    try:
        store = open_store(url, wait=wait_ms / 1_000, encryption_keys=settings.encryption_keys)
    except HeadroomError as error:
        yield Finding("store", str(error), well=False, mend="correct HEADROOM_STORE or HEADROOM_ENCRYPTION_KEY")
        return
    guarded = GuardedStore(store)
    try:
        yield from _tried(guarded, name, wait_ms)
        yield _secret(guarded, settings)
        yield _encryption(url, settings)
        if url.startswith("sqlite:///"):
            yield from _files(Path(url.removeprefix("sqlite:///")).expanduser())
        elif url.startswith("redis"):
            yield from _redis(store, kept_secret=settings.secret is None)
    except HeadroomError as error:
        yield Finding("store", f"{name}: {error}", well=False, mend=_mend(url))
        found = f"open, requests go out as they come; the store is tried again every {REST_SECONDS:g} s"
        yield Finding("breaker", found, well=False, mend="it closes by itself once the store answers")
    finally:
        store.close()


def _tried(store: GuardedStore, name: str, wait_ms: int) -> Iterator[Finding]:
    store.secret()  # opens the file or connection, which takes longer than a request will wait later
    started = perf_counter()
    store.put(TENANT, {"probe": PROBE}, keep_for=timedelta(minutes=1))
    put = perf_counter()
    given_back = store.get(TENANT, ["probe"]).get("probe") == PROBE
    got = perf_counter()
    store.purge(TENANT)
    times = (
        f"put in {1e3 * (put - started):.1f} ms, got in {1e3 * (got - put):.1f} ms; a request waits {wait_ms} ms each"
    )
    yield Finding("store", f"{name} keeps and gives back, {times}", given_back, "the store loses texts: use another")
    yield Finding("breaker", f"closed; it opens at the first failure, for {REST_SECONDS:g} s")


def _secret(store: GuardedStore, settings: Settings) -> Finding:
    if settings.secret is not None:
        return Finding("secret", "from HEADROOM_SECRET; other machines that share conversations need the same")
    secret = store.secret()
    return Finding("secret", f"{len(secret) * 8} bits, kept with the store", len(secret) >= 16, "set HEADROOM_SECRET")


def _encryption(url: str, settings: Settings) -> Finding:
    if url.startswith("memory:"):
        return Finding("encryption", "not needed, nothing leaves the memory of the process")
    names = [name_of_key(Sealing([key]).mark) for key in settings.encryption_keys]
    if not names:
        return Finding("encryption", "off; HEADROOM_ENCRYPTION_KEY turns it on")
    older = f", and what {', '.join(names[1:])} encrypted is read" if names[1:] else ""
    return Finding("encryption", f"on, under key {names[0]}{older}")


def _files(path: Path) -> Iterator[Finding]:
    if not path.is_file():
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    yield Finding("permissions", f"{path} has mode {mode:04o}", not mode & 0o077, f"run: chmod 600 '{path}'")
    free = shutil.disk_usage(path.parent).free
    found = f"{free / 1e9:.1f} GB free, the file takes {path.stat().st_size / 1e6:.1f} MB"
    yield Finding(
        "disk", found, free >= LEAST_FREE_BYTES, "free some space; until then requests may go out as they come"
    )
    aside = sorted(path.parent.glob(f"{path.name}.broken-*[0-9]"))
    if aside:
        yield Finding("set aside", f"damaged once: {', '.join(map(str, aside))}; remove what nobody wants to look into")


def _redis(store: Store, *, kept_secret: bool) -> Iterator[Finding]:
    from headroom_core.ccr.redis import RedisStore

    if not isinstance(store, RedisStore):
        return
    about = store.about()
    wanted = ".".join(map(str, OLDEST_REDIS))
    well = _numbers(about["redis_version"]) >= OLDEST_REDIS
    yield Finding("redis", f"version {about['redis_version']}", well, f"use Redis {wanted} or later")
    yield _eviction(about, kept_secret=kept_secret)
    saved = about["aof_enabled"] != "0" or about["save"] != ""
    found = f"appendonly {'no' if about['aof_enabled'] == '0' else 'yes'}, save {about['save'] or 'never'}"
    mend = "a restart forgets every original: redis-cli CONFIG SET appendonly yes, and CONFIG REWRITE"
    yield Finding("redis persistence", found, saved, mend)


def _eviction(about: Mapping[str, str], *, kept_secret: bool) -> Finding:
    policy, limit = about["maxmemory_policy"], int(about["maxmemory"] or 0)
    found = f"maxmemory {f'{limit / 1e6:.0f} MB' if limit else 'unlimited'}, policy {policy}"
    well = not limit or not policy.startswith("allkeys")
    lost = "originals in use, and the secret" if kept_secret else "originals in use"
    mend = f"it evicts {lost}: redis-cli CONFIG SET maxmemory-policy volatile-lru, or noeviction"
    return Finding("redis memory", found, well, mend)


def _mend(url: str) -> str:
    if url.startswith("redis"):
        return "check that the server runs, and that address, login and network are right: redis-cli -u URL PING"
    return "check that the folder exists and can be written to, and that the disk isn't full"


def _tokenizer() -> Iterator[Finding]:
    tokenizer = tokenizer_for("gpt-4o")
    mend = "install bpe-openai, or point TIKTOKEN_CACHE_DIR at a folder that holds tiktoken's vocabulary files"
    yield Finding("tokenizer", tokenizer.name, tokenizer.exact, mend)


def _extras() -> Iterator[Finding]:
    """What each extra adds is there, or is named; nobody needs all of them."""
    wanted: dict[str, list[str]] = {}
    for requirement in requires("headroom-core") or ():
        found = _REQUIREMENT.match(requirement)
        if found:
            wanted.setdefault(found[2], []).append(found[1])
    for extra, packages in sorted(wanted.items()):
        missing = [package for package in packages if not _installed(package)]
        if extra == "code":
            unread = [language.name for language in LANGUAGES if not can_parse(language)]
            said = f"these languages go out as they come: {', '.join(unread)}" if unread else "every grammar parses"
        else:
            said = f"missing {', '.join(missing)}" if missing else "installed"
        how = f"; pip install 'headroom-core[{extra}]'" if missing else ""
        yield Finding(f"extra {extra}", said + how)


def _frameworks() -> Iterator[Finding]:
    for package, lowest in FRAMEWORKS.items():
        if not _installed(package):
            yield Finding(package, "not installed; only its adapter needs it")
            continue
        found, wanted = version(package), ".".join(map(str, lowest))
        yield Finding(package, found, _numbers(found) >= lowest, f"run: pip install -U '{package}>={wanted}'")


def _installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True


def _numbers(spelled: str) -> tuple[int, ...]:
    """The first two numbers of a version."""
    return tuple(int(piece) for piece in spelled.split(".")[:2] if piece.isdigit())
