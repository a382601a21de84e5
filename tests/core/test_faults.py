"""A store that can't be used: the request goes out as it came, with one warning and a receipt that says why."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from headroom_core import Headroom, Outcome

from tests.content import conversation, log, records_json

MESSAGES = conversation(log(3000), records_json())


def a_folder_in_its_place(path: Path) -> object:
    path.mkdir()
    return None


def a_path_below_a_file(path: Path) -> object:
    path.parent.rmdir()
    path.parent.write_text("not a folder")
    return None


def locked_by_another(path: Path) -> object:
    with Headroom(f"sqlite:///{path}") as headroom:
        headroom.shrink(log(400))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


@pytest.mark.parametrize("fault", [a_folder_in_its_place, a_path_below_a_file, locked_by_another])
def test_the_request_goes_out_as_it_came(
    fault: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data" / "store.db"
    path.parent.mkdir()
    held = fault(path)
    caplog.clear()
    with Headroom(f"sqlite:///{path}") as headroom, caplog.at_level(logging.WARNING):
        for _ in range(3):
            result = headroom.compress(MESSAGES, retrieval="tool")
            assert all(ours is theirs for ours, theirs in zip(result.messages, MESSAGES, strict=True))
            assert [receipt.outcome for receipt in result.receipts] == [Outcome.STORE_DOWN] * 2
            assert all("store" in receipt.reason for receipt in result.receipts)
        assert headroom.answer({"id": "3f9a1c07be42"})
    assert len([record for record in caplog.records if record.name.startswith("headroom_core")]) == 1
    if isinstance(held, sqlite3.Connection):
        held.close()


def test_a_corrupt_file_is_set_aside_and_requests_go_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database, but it is long enough to look like one" * 200)
    with Headroom(f"sqlite:///{path}") as headroom:
        result = headroom.compress(MESSAGES, retrieval="tool")
        assert {receipt.outcome for receipt in result.receipts} == {Outcome.COMPRESSED}
        assert headroom.retrieve(result.handles[0]).text == log(3000)
    aside = [other for other in tmp_path.iterdir() if other.name.startswith("store.db") and other != path]
    assert any(other.read_bytes().startswith(b"this is no database") for other in aside if other.is_file())
    assert any(str(other) in caplog.text for other in aside)
