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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from headroom_core.text.remembered import Remembered
from headroom_core.types import CountTokens

PIECE_CHARS = 100_000  # counted in 3 ms, in which no other thread can run: bpe-openai keeps the interpreter's lock
BORDER_CHARS = 1_000  # at the end of a piece, in which a border between two words is looked for
REMEMBERED_FROM = 512  # characters: a shorter text is counted faster than it is hashed and looked up
REMEMBERED_COUNTS = 8_192  # texts; some 100 bytes each
MOST_OTHER = 0.5  # of a text's characters, in lines that only it has or only the source: beyond, all is counted
PROBES = 8  # lines of a text that are looked for in another one

_O200K, _CL100K = "o200k_base", "cl100k_base"
_CL100K_MODELS = ("gpt-4-", "gpt-3.5", "text-embedding-3", "text-embedding-ada")
_O200K_MODELS = ("gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "chatgpt-", "o1", "o3", "o4")

# File names under which tiktoken keeps vocabularies: sha1 of the address that it would have asked.
_TIKTOKEN_FILES = {
    _O200K: "fb374d419588a4632f3f557e76b4b70aebbca790",
    _CL100K: "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
}
_LONE_SPACE = re.compile(r"(?<=\S) (?=\S)")
_BORDER = re.compile(r"\n(?=[^\s/]|[ \t]+\S)")  # a token may go on with a blank line, or with a slash
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


def beside(source: str, count: CountTokens) -> CountTokens:
    """The same counter, for views of a text that was counted: where most lines are equal, only the rest is counted."""
    return partial(count, source=source) if isinstance(count, _Remembering) else count


@lru_cache(maxsize=4)
def _tokenizer(encoding: str) -> Tokenizer:
    raw = _bpe_openai(encoding) or _tiktoken(encoding)
    if raw is None:
        return Tokenizer("estimate", _Remembering(_estimate, adds_up=False), exact=False)
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
    """A counter that counts a long text once: kept is its hash, not the text."""

    def __init__(self, raw: CountTokens, *, adds_up: bool = True) -> None:
        self._raw = raw
        self._adds_up = adds_up  # the counts of lines are that of the text
        self._counts: Remembered[tuple[int, int], int] = Remembered(REMEMBERED_COUNTS)

    def __call__(self, text: str, source: str = "") -> int:
        """The tokens of a text; `source` is a text that was counted, of which it may be a view."""
        if len(text) < REMEMBERED_FROM:
            return self._count(text)
        known = self._counts.get(_key(text))
        if known is not None:
            return known
        counted = self._of_view(text, source) if source and source != text and self._adds_up else None
        if counted is None:
            counted = self._in_pieces(text)
        self._counts.put(_key(text), counted)
        return counted

    def _of_view(self, text: str, source: str) -> int | None:
        """The tokens of a view, where little of it must be counted: its first line, or the lines that the source lacks.

        Counts of lines add up to that of a text: whatever stands between them, and in whatever order.
        """
        head, _, below = text.partition("\n")
        known = self._counts.get(_key(below))
        if known is not None and _BORDER.match(text, len(head)):  # a marker stands above it now
            return self._count(f"{head}\n") + known
        if len(source) - len(text) > MOST_OTHER * len(text) or not _is_alike(text, source):
            return None
        lines, source_lines = _BORDER.split(text), _BORDER.split(source)
        if min(len(lines), len(source_lines)) < 2:
            return None
        times, source_times = Counter(lines[1:-1]), Counter(source_lines[1:-1])
        other = [line for line, count in times.items() if source_times[line] != count]
        more = "".join([f"{line}\n" * (times[line] - source_times[line]) for line in other])
        other += [line for line in source_times if line not in times]
        less = "".join([f"{line}\n" * (source_times[line] - times[line]) for line in other])
        if len(more) + len(less) > MOST_OTHER * len(text):
            return None
        ends = self._count(f"{lines[0]}\n") + self._count(lines[-1])
        source_ends = self._count(f"{source_lines[0]}\n") + self._count(source_lines[-1])
        return self(source) + self._in_pieces(more) - self._in_pieces(less) + ends - source_ends

    def _in_pieces(self, text: str) -> int:
        return sum(map(self._count, _pieces(text)))

    def _count(self, text: str) -> int:
        try:
            return self._raw(text)
        except UnicodeEncodeError:  # a lone surrogate, which neither tokenizer takes: count what would be sent
            return self._raw(text.encode("utf-8", "replace").decode("utf-8"))


def _key(text: str) -> tuple[int, int]:
    """Computed once for a text object, however often its count is asked for."""
    return len(text), hash(text)


def _is_alike(text: str, source: str) -> bool:
    """Whether most of some lines from all over the text stand in the source too."""
    found = 0
    for probe in range(PROBES):
        start = text.find("\n", len(text) * probe // PROBES)
        end = text.find("\n", start + 1) + 1
        found += 0 <= start < end and text[start:end] in source
    return found > PROBES // 2


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
