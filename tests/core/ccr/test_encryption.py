"""Encryption at rest, as a team meets it: turned on, turned off, keys changed, a wrong one given."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from headroom_core import Headroom, OriginalMissing, Outcome, Policy
from headroom_core.ccr.stores import open_store
from headroom_core.types import Store

from tests.content import conversation, log, records_json
from tests.core.ccr.conftest import PATIENCE
from tests.core.ccr.redis_server import Server

DAY = timedelta(days=1)
NEW, OLD = b"n" * 32, b"o" * 32
MESSAGES = conversation(log(3000), records_json(3000))
PATIENT = Policy(store_wait_ms=int(PATIENCE * 1_000))

Opener = Callable[[Sequence[bytes]], Store]


@pytest.fixture(params=["sqlite", "redis"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store that outlives its process."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: Server = request.getfixturevalue("redis_server")
    with server.client() as client:
        client.flushall()
    return server.url


@pytest.fixture
def opened(url: str) -> Iterator[Opener]:
    made: list[Store] = []

    def opener(keys: Sequence[bytes]) -> Store:
        made.append(open_store(url, wait=PATIENCE, encryption_keys=keys))
        return made[-1]

    yield opener
    for store in made:
        store.close()


def everything_in(url: str, server: Server | None = None) -> bytes:
    """All bytes that a store keeps."""
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return path.read_bytes()
    assert server is not None
    with server.client() as client:
        return b"".join(bytes(client.get(key) or b"") for key in client.scan_iter("headroom:{*"))


def test_neither_originals_nor_what_was_shown_can_be_read_without_the_key(
    url: str, request: pytest.FixtureRequest
) -> None:
    """Short texts aren't compressed: without a key their letters stand there."""
    server = request.getfixturevalue("redis_server") if url.startswith("redis") else None
    secret = "TOKEN=sesame\n"
    for keys, readable in (((), True), ((NEW,), False)):
        with Headroom(url, PATIENT, encryption_keys=keys) as headroom:
            headroom.purge()
            result = headroom.compress(MESSAGES, retrieval="tool")
            headroom._store.put("default", {"short": secret}, keep_for=DAY)
            found = everything_in(url, server)
            assert (secret.encode() in found) is readable
            assert (b"compressed" in found) is readable, "the heads of decisions"
            assert [headroom.retrieve(handle).text for handle in result.handles] == [log(3000), records_json(3000)]


def test_a_store_that_was_plain_is_read_and_what_is_in_use_gets_encrypted(opened: Opener) -> None:
    opened(()).put("me", {"a": "1", "b": "2"}, keep_for=DAY)
    store = opened([NEW])
    assert store.get("me", ["a"]) == {"a": "1"}
    assert store.touch("me", ["a", "b"]) == frozenset(), "both want to be put again"
    store.put("me", {"a": "1"}, keep_for=DAY)
    assert store.touch("me", ["a", "b"]) == {"a"}
    assert opened(()).get("me", ["a", "b"]) == {"b": "2"}


def test_keys_are_changed_one_after_the_other(opened: Opener) -> None:
    opened([OLD]).put("me", {"a": "1", "idle": "2"}, keep_for=DAY)
    both = opened([NEW, OLD])
    assert both.get("me", ["a", "idle"]) == {"a": "1", "idle": "2"}
    assert both.touch("me", ["a"]) == frozenset()
    both.put("me", {"a": "1"}, keep_for=DAY)
    assert opened([NEW]).get("me", ["a", "idle"]) == {"a": "1"}
    assert opened([OLD, NEW]).get("me", ["a", "idle"]) == {"a": "1", "idle": "2"}


@pytest.mark.parametrize("keys", [[], [OLD]])
def test_with_a_wrong_key_texts_are_missing_and_wait_for_the_right_one(
    opened: Opener, keys: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    opened([NEW]).put("me", {"a": "1", "b": "2"}, keep_for=DAY)
    wrong = opened(keys)
    for _ in range(3):
        assert wrong.get("me", ["a", "b"]) == {}
        assert wrong.touch("me", ["a"]) == frozenset()
    assert caplog.text.count("HEADROOM_ENCRYPTION_KEY") == 1
    assert opened([NEW]).get("me", ["a", "b"]) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("keys", [[], [OLD]])
def test_a_request_goes_on_with_a_wrong_key(url: str, keys: list[bytes], caplog: pytest.LogCaptureFixture) -> None:
    with Headroom(url, PATIENT, encryption_keys=[NEW]) as headroom:
        before = headroom.compress(MESSAGES, retrieval="tool")
    with Headroom(url, PATIENT, encryption_keys=keys) as headroom, caplog.at_level(logging.WARNING):
        with pytest.raises(OriginalMissing):
            headroom.retrieve(before.handles[0])
        assert "No original is kept" in headroom.answer({"id": before.handles[0]})
        after = headroom.compress(MESSAGES, retrieval="tool")
        assert [receipt.outcome for receipt in after.receipts] == [Outcome.COMPRESSED] * 2
        assert headroom.retrieve(after.handles[0]).text == log(3000)
    assert caplog.text.count("Add that key to HEADROOM_ENCRYPTION_KEY") == 1


def test_a_running_conversation_outlives_a_change_of_keys(url: str) -> None:
    """What it uses is kept under the new key by and by, so that the old one can go; and it is shown as before."""
    with Headroom(url, PATIENT, encryption_keys=[OLD]) as headroom:
        shown = headroom.compress(MESSAGES, retrieval="tool")
    with Headroom(url, PATIENT, encryption_keys=[NEW, OLD]) as headroom:
        assert headroom.compress(MESSAGES, retrieval="tool").messages == shown.messages
    with Headroom(url, Policy(level="strong", store_wait_ms=10_000), encryption_keys=[NEW]) as headroom:
        assert headroom.compress(MESSAGES, retrieval="tool").messages == shown.messages
        assert headroom.retrieve(shown.handles[0]).text == log(3000)


def test_a_text_that_was_moved_to_another_tenant_is_not_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "store.db"
    with closing(open_store(f"sqlite:///{path}", encryption_keys=[NEW])) as store:
        store.put("me", {"a": "mine"}, keep_for=DAY)
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("UPDATE texts SET tenant = x'796f75'")
        assert store.get("you", ["a"]) == {}
    assert "was moved" in caplog.text
