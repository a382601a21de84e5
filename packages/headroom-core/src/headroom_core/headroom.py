"""The door: `compress`, `shrink`, `retrieve` and `answer`. What guests and adapters use."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Thread
from types import TracebackType
from typing import Any, Self, get_args

import orjson

from headroom_core.ccr.breaker import GuardedStore
from headroom_core.ccr.handles import is_handle
from headroom_core.ccr.retrieval import answer, usual_limit
from headroom_core.ccr.stores import open_store
from headroom_core.ccr.tool import read_arguments, schema
from headroom_core.compressors.table import COMPRESSORS, compressors
from headroom_core.dialects.reading import all_texts, put_back, read_blocks
from headroom_core.errors import HeadroomError, OriginalMissing, SettingError
from headroom_core.exchange.turns import Turn, read_turn
from headroom_core.pipeline import Pipeline, Request
from headroom_core.policy import Policy, Settings
from headroom_core.prefix.zones import at_or_before, breakpoint_place
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import (
    RETRIEVE_TOOL,
    Block,
    Changes,
    Dialect,
    Original,
    Result,
    Retrieval,
    Scorer,
    Shown,
    Store,
)

logger = logging.getLogger(__name__)

DEFAULT_MODEL = "gpt-4o"
DEFAULT_TENANT = "default"


def default_store() -> str:
    """The URL of the SQLite file in the user's data folder."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('headroom', appauthor=False) / 'headroom.db'}"


class Headroom:
    """Compresses what agents send to models, and keeps every original. Safe to share between threads.

    Args:
        store: where originals wait: a URL (`memory://`, `sqlite:///file.db`, `redis://host`) or a `Store`.
            None: a SQLite file in the user's data folder. It is opened at first use.
        policy: how blocks are treated.
        secret: what handles are made with, for machines that share conversations. None: the store's own. Another one
            makes other handles for new blocks; those that were shown are answered as before.
        encryption_keys: 32 bytes each, for a store that a URL names: the first one encrypts, all of them decrypt.
        scorer: a second opinion, beside words in common, on which sentences of a document a question is about.

    Raises:
        SettingError: the URL names no store, or a key is no key.
    """

    def __init__(
        self,
        store: str | Store | None = None,
        policy: Policy | None = None,
        secret: bytes | None = None,
        *,
        encryption_keys: Sequence[bytes] = (),
        scorer: Scorer | None = None,
    ) -> None:
        self.store_url = store if isinstance(store, str) else default_store() if store is None else type(store).__name__
        self.policy = policy or Policy()
        if store is None or isinstance(store, str):
            wait, quota = self.policy.store_wait_ms / 1_000, self.policy.store_quota_mb * 1_000_000
            store = open_store(self.store_url, wait=wait, quota=quota, encryption_keys=encryption_keys)
        self._store = GuardedStore(store)
        self._pipeline = Pipeline(compressors(scorer), self._store, self.policy, secret)
        Thread(target=_warm, name="headroom-warm-up").start()  # no daemon: that may die with the lock of imports

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, chosen: Mapping[str, Any] | None = None) -> Self:
        """One that is set up by the `HEADROOM_*` variables of `Settings` and `Policy`.

        Args:
            environ: the variables; None: those of the process.
            chosen: `store` and fields of `Policy` that somebody set elsewhere: they count more than the variables.

        Raises:
            SettingError: a variable or a choice is not what it must be.
        """
        return cls.from_settings(Settings.from_env(environ).with_chosen(chosen or {}))

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """One that is set up as the settings say."""
        return cls(settings.store, settings.policy, settings.secret, encryption_keys=settings.encryption_keys)

    def compress(
        self,
        messages: Sequence[Any],
        model: str = DEFAULT_MODEL,
        *,
        tools: Sequence[Any] | None = None,
        tenant: str = DEFAULT_TENANT,
        session: str | None = None,
        retrieval: Retrieval = "none",
    ) -> Result:
        """A conversation with its tool results made smaller; everything else is the object that came in.

        Args:
            messages: OpenAI chat messages, Anthropic messages or Responses input items, as plain dicts.
            model: whose tokenizer counts; exact for OpenAI's models, o200k as a stated stand-in for others.
            tools: the tools of the request: where the retrieve tool is among them it costs nothing more.
            tenant: whose originals these are; nobody else can ask for them.
            session: a name for the conversation, by which the log tells it from others. Changes nothing that is shown.
            retrieval: "tool" when something will run `headroom_retrieve` for this request: facts may then be left
                out. "none": every fact stays.

        Raises:
            SettingError: an argument is not what it must be. Nothing that a message holds raises.
        """
        if isinstance(messages, (str, bytes, Mapping)) or not isinstance(messages, Sequence):
            raise SettingError(f"messages is {type(messages).__name__}; expected a list of message dicts")
        mark = breakpoint_place(messages)
        blocks = read_blocks(messages)
        if mark is not None:
            blocks = [replace(block, frozen=at_or_before(block.place, mark)) for block in blocks]
        changes = self.compress_blocks(blocks, model, tenant=tenant, retrieval=retrieval)
        tokenizer = tokenizer_for(model)
        before = sum(tokenizer.count(text) for message in messages for text in all_texts(message))
        overhead = self._overhead(tools, tokenizer.count) if changes.handles else 0
        saved = sum(receipt.tokens_saved for receipt in changes.receipts)
        logger.debug("%s: %d of %d tokens saved", session or tenant, saved - overhead, before)
        return Result(
            messages=put_back(messages, changes.shown),
            receipts=changes.receipts,
            tokens_before=before,
            tokens_after=before - saved + overhead,
            overhead=overhead,
            tokenizer=tokenizer.name,
            handles=changes.handles,
        )

    def compress_blocks(
        self,
        blocks: Sequence[Block],
        model: str = DEFAULT_MODEL,
        *,
        tenant: str = DEFAULT_TENANT,
        retrieval: Retrieval = "none",
    ) -> Changes:
        """What to show for blocks that an adapter read from messages of its own; it puts them back by place."""
        _check(tenant, retrieval)
        request = Request(tenant, retrieval, tokenizer_for(model).count)
        shown, receipts = self._pipeline.run(blocks, request)
        return Changes(shown, receipts)

    def shrink(  # noqa: PLR0913  # the face that users see: keywords, each with a default
        self,
        text: str,
        *,
        kind: str | None = None,
        origin: str = "",
        question: str = "",
        budget: int | None = None,
        tenant: str = DEFAULT_TENANT,
        retrieval: Retrieval = "none",
        model: str = DEFAULT_MODEL,
    ) -> Shown:
        """One text instead of a conversation.

        Args:
            text: what a tool gave back.
            kind: what sort of text it is (`json`, `log`), where you know better than the router.
            origin: name and arguments of the call that produced it.
            question: what it was fetched for.
            budget: tokens that it may take; only with `retrieval="tool"`.
            tenant: whose original this is.
            retrieval: as in `compress`.
            model: whose tokenizer counts.
        """
        _check(tenant, retrieval)
        if not isinstance(text, str):
            raise SettingError(f"text is {type(text).__name__}; expected str")
        kinds = [compressor.kind for compressor in COMPRESSORS]
        if kind is not None and kind not in kinds:
            raise SettingError(f"kind is {kind!r}; expected one of {', '.join(kinds)}")
        block = Block(place=(), role="tool", text=text, origin=origin, question=question)
        request = Request(tenant, retrieval, tokenizer_for(model).count, kind, budget)
        shown, (receipt,) = self._pipeline.run([block], request)
        return Shown(shown.get((), text), receipt)

    def retrieve(
        self,
        handle: str,
        *,
        query: str | None = None,
        lines: str | None = None,
        fields: Sequence[str] | None = None,
        max_tokens: int | None = None,
        tenant: str = DEFAULT_TENANT,
    ) -> Original:
        """The original of a handle, whole and exact, or the part of it that is asked for.

        Args:
            handle: 12 to 24 hex digits, from a marker or a receipt.
            query: words to search for; the best matching rows or lines come back.
            lines: ranges of lines, or of rows where the original is a table: "16-40, 52".
            fields: names of the fields of each row.
            max_tokens: how long the answer may be; the best part then says how to get the rest.
            tenant: whose original it is.

        Raises:
            OriginalMissing: no handle, or an unknown, expired or another tenant's one.
            SettingError: `lines` or `fields` ask for what the original doesn't have.
            StoreUnavailable: the store can't be read.
        """
        _check(tenant, "none")
        text, count = self._kept(handle, tenant), tokenizer_for(DEFAULT_MODEL).count
        return answer(text, handle, query=query, lines=lines, fields=fields, max_tokens=max_tokens, count=count)

    def answer(self, arguments: str | Mapping[str, Any], *, tenant: str = DEFAULT_TENANT) -> str:
        """What to say to a model that calls `headroom_retrieve`. Never raises: a failure is one clear sentence.

        Args:
            arguments: of the tool call, as the JSON text of the wire or as a dict.
            tenant: whose conversation this is.
        """
        try:
            return self.ask(arguments, tenant=tenant).text
        except HeadroomError as error:
            return str(error)

    def ask(self, arguments: str | Mapping[str, Any], *, tenant: str = DEFAULT_TENANT) -> Original:
        """As `answer`, for who tells failures from answers: they are raised, their text meant for the model.

        Where the model names no `max_tokens`, a large original comes as its best part, and how to get the rest.

        Raises:
            SettingError: the arguments can't be read, or ask for what the original doesn't have.
            OriginalMissing: unknown, expired, or another tenant's.
            StoreUnavailable: the store can't be read.
        """
        asked = read_arguments(arguments)
        if isinstance(asked, str):
            raise SettingError(asked)
        _check(tenant, "none")
        text = self._kept(asked.handle, tenant)
        count, limit = tokenizer_for(DEFAULT_MODEL).count, asked.max_tokens
        if limit is None and not asked.query:
            limit = usual_limit(text, count, named=bool(asked.lines or asked.fields))
        return answer(
            text,
            asked.handle,
            query=asked.query,
            lines=asked.lines,
            fields=asked.fields,
            max_tokens=limit,
            count=count,
        )

    @staticmethod
    def retrieve_tool(dialect: Dialect = "openai") -> dict[str, Any]:
        """The schema of `headroom_retrieve`, to be offered to the model among the tools of a request."""
        return schema(dialect)

    def read_turn(self, answer: Mapping[str, Any], dialect: Dialect = "openai") -> Turn | None:
        """The model's answer as a turn that asks for originals; None where it doesn't call `headroom_retrieve`.

        For a gateway, which answers such calls itself: `answer` each of `calls`, and send `follow_up`.
        """
        return read_turn(answer, dialect)

    def purge(self, tenant: str = DEFAULT_TENANT) -> int:
        """Forget everything of a tenant; the number of texts that went."""
        return self._pipeline.forget(tenant)

    def close(self) -> None:
        """Close the store. Nothing can be compressed or retrieved afterwards."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _kept(self, handle: str, tenant: str) -> str:
        if not is_handle(handle):
            raise OriginalMissing(
                f"{handle[:80]!r} is no handle: give the 12 to 24 hex digits of a marker, "
                "[headroom 3f9a1c07be42: ...], or of a receipt."
            )
        text = self._store.get(tenant, [handle]).get(handle)
        if text is None:
            raise OriginalMissing(
                f"No original is kept under {handle}: it is unknown, or was not used for "
                f"{self.policy.kept} and is gone. Run the tool that produced it again."
            )
        return text

    def _overhead(self, tools: Sequence[Any] | None, count: Any) -> int:
        """Tokens of the retrieve tool's schema, where it isn't among the tools yet."""
        spelled = orjson.dumps(self.retrieve_tool()).decode()
        return 0 if any(RETRIEVE_TOOL in str(tool) for tool in tools or ()) else int(count(spelled))


def _check(tenant: object, retrieval: object) -> None:
    if not isinstance(tenant, str) or not tenant:
        raise SettingError(f"tenant is {tenant!r}; expected a name that isn't empty")
    if retrieval not in get_args(Retrieval):
        raise SettingError(f"retrieval is {retrieval!r}; expected one of {', '.join(get_args(Retrieval))}")


def _warm() -> None:
    """Load the tokenizer, so that the first request needn't."""
    tokenizer_for(DEFAULT_MODEL).count("warm")
