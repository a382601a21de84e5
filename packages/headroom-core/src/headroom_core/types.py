"""The words: the values and seams that every room of Headroom shares.

Nothing here does anything. A word means the same thing in every module; `docs/architecture.md` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

Place = tuple[int | str, ...]
"""Where a text stands in a list of messages: the keys and indices that lead to it, outermost first."""

Level = Literal["light", "balanced", "strong"]
"""How hard elision squeezes. Equivalent forms don't depend on it, but for dense ones, which are for `strong` only."""

Pages = Literal["auto", "read", "act", "visible"]
"""How pages are shown: for reading, for acting (every link, field and button), or as the question and the tool call
say; `visible` is for acting, and enough even where nothing gives back the rest."""

Retrieval = Literal["none", "tool"]
"""The way back of one request: nobody answers `headroom_retrieve`, or something will run it."""

Dialect = Literal["openai", "anthropic", "responses"]
"""Whose requests, answers and tools these are: OpenAI's chat completions, Anthropic's messages, OpenAI's Responses."""

RETRIEVE_TOOL = "headroom_retrieve"
"""The name of the tool with which a model asks for originals, as we offer it and as markers say it."""

CountTokens = Callable[[str], int]
"""Number of tokens of a text, 0 for an empty one."""


def rough_tokens(text: str) -> int:
    """A stand-in for a tokenizer: one token for four characters, rounded up. For tests and defaults only."""
    return (len(text) + 3) // 4


def no_deadline() -> None:
    """The `Guidance.tick` of somebody who has all the time in the world."""


class Fidelity(StrEnum):
    """How close what is shown stays to its source."""

    VERBATIM = "verbatim"  # the same letters
    EQUIVALENT = "equivalent"  # the same facts in other letters: a decoder rebuilds the source
    VISIBLE = "visible"  # all that a visitor of a page sees and can use: by leave of the policy, with no way back
    ELIDED = "elided"  # facts left out: only where something gives them back


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text in one message."""

    place: Place
    role: str  # "tool" for what a tool gave back, else the role of the message
    text: str
    tool_name: str = ""
    tool_call_id: str = ""
    origin: str = ""  # name and arguments of the tool call that produced it
    question: str = ""  # the last user message before it
    frozen: bool = False  # at or before a breakpoint of the provider's prefix: ours to replay, not to change
    beside: tuple[str, ...] = ()  # all texts that were retrieved for the question, this one among them


@dataclass(frozen=True, slots=True)
class Hidden:
    """What an elided region leaves out, in the source's own unit."""

    unit: str  # "rows" or "lines", as `headroom_retrieve(lines=...)` counts them
    ranges: tuple[tuple[int, int], ...]  # first and last of each hidden run, counted from 1, ascending
    total: int  # units in the whole source

    @property
    def count(self) -> int:
        """Number of hidden units."""
        return sum(last - first + 1 for first, last in self.ranges)


@dataclass(frozen=True, slots=True)
class Region:
    """A slice of the source and what is shown in its place."""

    source: str
    shown: str
    fidelity: Fidelity
    hidden: Hidden | None = None  # of an ELIDED region, where its units can be named

    @classmethod
    def verbatim(cls, text: str) -> Region:
        """A region that shows its source letter for letter."""
        return cls(text, text, Fidelity.VERBATIM)


@dataclass(frozen=True, slots=True)
class View:
    """What a compressor makes of a text: regions whose sources, joined, are that text."""

    regions: tuple[Region, ...]

    @classmethod
    def verbatim(cls, text: str) -> View:
        """The text as it came: what an unsure compressor gives back."""
        return cls((Region.verbatim(text),))

    @property
    def source(self) -> str:
        """The text that went in."""
        return "".join(region.source for region in self.regions)

    @property
    def shown(self) -> str:
        """The text that would be shown, markers not yet in it."""
        return "".join(region.shown for region in self.regions)

    @property
    def fidelity(self) -> Fidelity:
        """The weakest fidelity of any region."""
        found = {region.fidelity for region in self.regions}
        for fidelity in (Fidelity.ELIDED, Fidelity.VISIBLE, Fidelity.EQUIVALENT):
            if fidelity in found:
                return fidelity
        return Fidelity.VERBATIM


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a compressor may take into account besides the text. All of it precedes the text in the conversation."""

    question: str = ""  # the last user message before the text
    origin: str = ""  # name and arguments of the tool call that produced it
    level: Level = "balanced"
    budget: int | None = None  # tokens that the whole view may take; None: the compressor's own for the level
    pages: Pages = "auto"
    may_elide: bool = False  # facts may be left out, and dense forms used at `strong`: something gives them back
    count: CountTokens = rough_tokens  # the tokenizer of the request
    first_line: int = 1  # the text's first line, as its block counts lines: numbers of lines that are shown begin there
    tick: Callable[[], None] = no_deadline  # call it in long loops: raises `OutOfTime` when the block's time is up
    beside: tuple[str, ...] = ()  # all texts that were retrieved for the question, this one among them: one choice


@runtime_checkable
class Compressor(Protocol):
    """Knows one kind of content. Pure: the same text and guidance give the same view, and no input raises.

    Only `Guidance.tick` may raise through it.
    """

    @property
    def kind(self) -> str:
        """The name of the kind, as receipts and `Policy.kinds` spell it."""
        ...

    def claim(self, text: str) -> float:
        """How sure it is that the text is its kind, 0 to 1. Cheap: asked for every block. Under 0.5: not mine.

        Facts are left out only at 0.8 or more: a misrouted `EQUIVALENT` costs savings, a misrouted elision costs facts.
        """
        ...

    def compress(self, text: str, guidance: Guidance) -> View:
        """The regions of the text. At most one of them is `ELIDED`; it bears the marker above what it shows."""
        ...

    def rebuilds(self, source: str, shown: str) -> bool:
        """Whether a decoder that sees only `shown`, of an `EQUIVALENT` region, gives back the facts of `source`."""
        ...


class Scorer(Protocol):
    """A second opinion on what sentences have to do with a question: an embedding, a reranker, a model of your own."""

    def score(self, question: str, sentences: Sequence[str]) -> Sequence[float]:
        """One score for each sentence; 0 or less: nothing to do with it. Any scale: the best of a text counts as 1.

        Raises what it likes: the text is then shown as it came.
        """
        ...


class Outcome(StrEnum):
    """What happened to a block."""

    COMPRESSED = "compressed"
    REPLAYED = "replayed"  # shown as in an earlier request
    TOO_SMALL = "too small"
    NO_GAIN = "no gain"
    UNKNOWN_KIND = "unknown kind"
    EXCLUDED = "excluded"  # by the policy, or an answer of headroom_retrieve
    MARKED = "marked"  # bears a marker of ours already
    FROZEN = "frozen"  # at or before a cache breakpoint, and never shown otherwise
    OUT_OF_TIME = "out of time"
    STORE_DOWN = "store down"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What happened to one block. Tokens are those of the request's tokenizer, marker included."""

    place: Place
    outcome: Outcome
    tokens_before: int
    tokens_after: int
    kind: str = ""
    fidelity: Fidelity = Fidelity.VERBATIM
    handle: str = ""  # of the kept original, for every block that is shown changed
    tool_name: str = ""
    reason: str = ""  # a sentence, where the outcome alone leaves a question

    @property
    def tokens_saved(self) -> int:
        """Tokens before minus tokens after."""
        return self.tokens_before - self.tokens_after

    def note(self) -> dict[str, str | int]:
        """What a framework's own object may bear of a change, and so traces: counts and the key, never text."""
        return {
            "handle": self.handle,
            "kind": self.kind,
            "fidelity": str(self.fidelity),
            "tokens_before": self.tokens_before,
            "tokens_after": self.tokens_after,
        }


@dataclass(frozen=True, slots=True)
class Original:
    """What `retrieve` gives back."""

    handle: str
    text: str  # the whole original, or the part that was asked for
    unit: str = "lines"  # what `lines` counts in it: "lines" or "rows"
    total: int = 0  # units in the whole original
    whole: bool = True  # whether `text` is the whole original


@runtime_checkable
class Store(Protocol):
    """Keeps texts under (tenant, key) until their time is up. Safe to call from several threads.

    Every verb raises `StoreUnavailable` when the store can't do it in the time it was given.
    Texts are any `str`, lone surrogates included.
    """

    def secret(self) -> bytes:
        """The secret that lives with the store, 32 bytes, made at first use."""
        ...

    def put(self, tenant: str, texts: Mapping[str, str], *, keep_for: timedelta) -> None:
        """Keep all of the texts or none; they are durable on return. An equal key is written over."""
        ...

    def get(self, tenant: str, keys: Sequence[str]) -> dict[str, str]:
        """Those of the keys that are still kept. Being read starts their time anew."""
        ...

    def touch(self, tenant: str, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are still kept, their time started anew. Reads no text.

        A text that had better be put again may be missing, though it can be got: one under an old encryption key.
        """
        ...

    def purge(self, tenant: str) -> int:
        """Forget everything of a tenant; the number of texts that went."""
        ...

    def close(self) -> None:
        """Give back files and connections. The store can't be used afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """One text, compressed."""

    text: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be shown for the blocks that an adapter handed over."""

    shown: Mapping[Place, str]  # of the blocks that change; every other block stays as it is
    receipts: tuple[Receipt, ...]  # one for every block, in order

    @property
    def handles(self) -> tuple[str, ...]:
        """Originals that the model may ask for, each once: where there are any, it needs the retrieve tool."""
        elided = (receipt.handle for receipt in self.receipts if receipt.fidelity is Fidelity.ELIDED)
        return tuple(dict.fromkeys(elided))


@dataclass(frozen=True, slots=True)
class Result:
    """A compressed request."""

    messages: list[dict[str, object]]  # unchanged messages are the objects that came in
    receipts: tuple[Receipt, ...]  # one for every block that was looked at, in order
    tokens_before: int  # of all text in the messages
    tokens_after: int  # of the text as shown, plus `overhead`
    overhead: int  # tokens of what must be added to the request: the retrieve tool's schema
    tokenizer: str  # its name; "o200k_base (stand-in for ...)" where the model's own isn't public
    handles: tuple[str, ...] = ()  # originals that the model may ask for: where there are any, it needs the tool

    @property
    def tokens_saved(self) -> int:
        """Net tokens saved in this request."""
        return self.tokens_before - self.tokens_after
