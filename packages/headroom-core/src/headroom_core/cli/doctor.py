"""What `headroom doctor` looks at: what was found, and how to mend what isn't well."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from headroom_core.ccr.stores import open_store
from headroom_core.errors import HeadroomError
from headroom_core.headroom import default_store
from headroom_core.policy import Settings
from headroom_core.text.tokens import tokenizer_for

FRAMEWORKS = {
    "litellm": (1, 108),
    "langchain-core": (1, 4),
    "llama-index-core": (0, 13),
}  # lowest versions known to work
TENANT = "headroom-doctor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    well: bool = True
    mend: str = ""


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
        Finding("settings", f"level {settings.policy.level}, originals kept for {settings.policy.keep_for}"),
        *_store(url),
        *_tokenizer(),
        *_frameworks(),
    ]


def _store(url: str) -> Iterator[Finding]:
    try:
        store = open_store(url)
        try:
            store.put(TENANT, {"probe": "\ud800 probe"}, keep_for=timedelta(minutes=1))
            given_back = store.get(TENANT, ["probe"]).get("probe") == "\ud800 probe"
            store.purge(TENANT)
            secret = len(store.secret())
        finally:
            store.close()
    except HeadroomError as error:
        yield Finding("store", f"{url}: {error}", well=False, mend="check that the folder exists and can be written to")
        return
    yield Finding("store", f"{url} keeps and gives back", given_back, "the store loses texts: use another file")
    yield Finding("secret", f"{secret * 8} bits, kept with the store", secret >= 16, "set HEADROOM_SECRET")
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and path.is_file():
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Finding("permissions", f"{path} has mode {mode:04o}", not mode & 0o077, f"run: chmod 600 {path}")


def _tokenizer() -> Iterator[Finding]:
    tokenizer = tokenizer_for("gpt-4o")
    mend = "install bpe-openai, or point TIKTOKEN_CACHE_DIR at a folder that holds tiktoken's vocabulary files"
    yield Finding("tokenizer", tokenizer.name, tokenizer.exact, mend)


def _frameworks() -> Iterator[Finding]:
    for package, lowest in FRAMEWORKS.items():
        try:
            found = version(package)
        except PackageNotFoundError:
            yield Finding(package, "not installed; only its adapter needs it")
            continue
        numbers = tuple(int(piece) for piece in found.split(".")[:2] if piece.isdigit())
        wanted = ".".join(map(str, lowest))
        yield Finding(package, found, numbers >= lowest, f"run: pip install -U '{package}>={wanted}'")
