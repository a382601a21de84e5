"""Counting tokens, exactly and offline.

The vocabularies of OpenAI's models come inside packages: `bpe-openai` counts fastest, `tiktoken` is what it is
judged by, and its stand-in where there is no wheel of the other. Nothing here ever asks the network.
Whoever needs a counter is handed one; this module only makes them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from headroom_core.text.remembered import Remembered, hash_of
from headroom_core.types import CountTokens

PIECE_CHARS = 100_000  # counted in 3 ms, in which no other thread can run: bpe-openai keeps the interpreter's lock
BORDER_CHARS = 1_000  # at the end of a piece, in which a border between two words is looked for
REMEMBERED_FROM = 512  # characters: a shorter text is counted faster than it is hashed and looked up
REMEMBERED_COUNTS = 8_192  # texts; some 100 bytes each

_O200K, _CL100K = "o200k_base", "cl100k_base"
_CL100K_MODELS = ("gpt-4-", "gpt-3.5", "text-embedding-3", "text-embedding-ada")
_O200K_MODELS = ("gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "chatgpt-", "o1", "o3", "o4")

# File names under which tiktoken keeps vocabularies: sha1 of the address that it would have asked.
_TIKTOKEN_FILES = {
    _O200K: "fb374d419588a4632f3f557e76b4b70aebbca790",
    _CL100K: "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
_LONE_SPACE = re.compile(r"(?<=\S) (?=\S)")
_COMPILED = (".so", ".pyd")
_SHIPPED_IN = (("litellm", "litellm_core_utils/tokenizers"), ("llama_index.core", "_static/tiktoken_cache"))


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Counts the tokens of one encoding."""

    name: str  # what `Result.tokenizer` says: the encoding, and whether it is a stand-in or an estimate
    count: CountTokens
    exact: bool  # False for estimates: then no vocabulary was at hand


def tokenizer_for(model: str) -> Tokenizer:
    """The tokenizer of a model: exact for OpenAI's, o200k as a stated stand-in for all others.

    A provider in front of the name (`openai/gpt-4o`, `azure/gpt-4o`) is passed over.
    """
    bare = model.rsplit("/", 1)[-1].lower()
    if bare == "gpt-4" or bare.startswith(_CL100K_MODELS):
        return _tokenizer(_CL100K)
    known = _tokenizer(_O200K)
    if not bare or bare.startswith(_O200K_MODELS):
        return known
    return Tokenizer(f"{known.name} (stand-in for {model})", known.count, known.exact)


@lru_cache(maxsize=4)
def _tokenizer(encoding: str) -> Tokenizer:
    raw = _bpe_openai(encoding) or _tiktoken(encoding)
    if raw is None:
        return Tokenizer("estimate", _Remembering(_estimate), exact=False)
    return Tokenizer(encoding, _Remembering(raw), exact=True)


def _bpe_openai(encoding: str) -> CountTokens | None:
    """The counter inside bpe-openai's compiled module, loaded without the package around it.

    The package parses two vocabularies in Python when it is imported, 0.4 s; the compiled module holds its own.
    """
    name = "bpe_openai._bindings"
    module = sys.modules.get(name)
    if module is None:
        package = importlib.util.find_spec("bpe_openai")
        folders = package.submodule_search_locations if package is not None else None
        files = [
            path for folder in folders or () for path in Path(folder).glob("_bindings*") if path.suffix in _COMPILED
        ]
        if not files:
            return None
        spec = importlib.util.spec_from_file_location(name, files[0])
        if spec is None or spec.loader is None:
            return None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module  # so that whoever imports the package afterwards gets the same one
    count: CountTokens = module.tokenizer_for_encoding(encoding).count
    return count


def _tiktoken(encoding: str) -> CountTokens | None:
    folder = next((folder for folder in _vocabulary_folders() if (folder / _TIKTOKEN_FILES[encoding]).is_file()), None)
    if folder is None:
        return None
    import tiktoken

    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    try:
        encode = tiktoken.get_encoding(encoding).encode_ordinary
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before
    return lambda text: len(encode(text))


def _vocabulary_folders() -> Iterator[Path]:
    """Folders in which tiktoken's vocabulary files may already lie, on this machine or inside packages."""
    if named := os.environ.get("TIKTOKEN_CACHE_DIR"):
        yield Path(named)
    for package, inside in _SHIPPED_IN:
        try:
            spec = importlib.util.find_spec(package)
        except ModuleNotFoundError:
            continue
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent / inside


def _estimate(text: str) -> int:
    """Bytes over 3.5: within 25 % on English, code and JSON. Where no vocabulary is at hand."""
    return int(len(text.encode("utf-8", "surrogatepass")) / 3.5 + 0.99)


class _Remembering:
    """A counter that counts a long text once: kept is its digest, not the text."""

    def __init__(self, raw: CountTokens) -> None:
        self._raw = raw
        self._counts: Remembered[int] = Remembered(REMEMBERED_COUNTS)

    def __call__(self, text: str) -> int:
        if len(text) < REMEMBERED_FROM:
            return self._count(text)
        digest = hash_of((text,)).digest()
        counted = self._counts.get(digest)
        if counted is None:
            counted = sum(map(self._count, _pieces(text)))
            self._counts.put(digest, counted)
        return counted

    def _count(self, text: str) -> int:
        try:
            return self._raw(text)
        except UnicodeEncodeError:  # a lone surrogate, which neither tokenizer takes: count what would be sent
            return self._raw(text.encode("utf-8", "replace").decode("utf-8"))


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of at most `PIECE_CHARS`, cut behind a line end, else before a lone space.

    A cut there moves no token border of either vocabulary, except inside runs of blank lines. Where there is neither,
    the sum differs from the whole by at most one token a cut.
    """
    start = 0
    while len(text) - start > PIECE_CHARS:
        cut = text.rfind("\n", start, start + PIECE_CHARS) + 1
        if cut <= start:
            cut = start + PIECE_CHARS
            for space in _LONE_SPACE.finditer(text, cut - BORDER_CHARS, cut):
                cut = space.start()
        yield text[start:cut]
        start = cut
    yield text[start:]
