"""The door: what goes in comes out smaller, and everything can be undone."""

from __future__ import annotations

import copy
import json
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from headroom_core import Fidelity, Headroom, OriginalMissing, Outcome, Policy, SettingError
from headroom_core.text.tokens import tokenizer_for

from tests.clocks import AGES, Clock
from tests.content import conversation, log, records_json


@pytest.fixture
def headroom() -> Any:
    with Headroom("memory://") as made:
        yield made


def test_tool_results_get_smaller_and_nothing_else_changes(headroom: Headroom) -> None:
    messages = conversation(records_json(), log())
    before = copy.deepcopy(messages)
    result = headroom.compress(messages)
    assert messages == before
    assert result.tokens_after < 0.55 * result.tokens_before
    assert len(result.messages) == len(messages)
    for ours, theirs in zip(result.messages, messages, strict=True):
        assert ours is theirs or {**ours, "content": theirs["content"]} == theirs
        assert (ours is theirs) == (theirs["role"] != "tool")


def test_without_a_way_back_nothing_is_left_out(headroom: Headroom) -> None:
    result = headroom.compress(conversation(records_json(2000), log(3000)))
    assert [receipt.fidelity for receipt in result.receipts] == [Fidelity.EQUIVALENT, Fidelity.EQUIVALENT]
    assert (result.handles, result.overhead) == ((), 0)
    assert "headroom" not in json.dumps(result.messages)


def test_with_a_way_back_every_original_is_given_back(headroom: Headroom) -> None:
    texts = [records_json(2000), log(3000)]
    result = headroom.compress(conversation(*texts), retrieval="tool")
    assert {receipt.fidelity for receipt in result.receipts} == {Fidelity.ELIDED}
    assert len(result.handles) == 2
    for receipt, text in zip(result.receipts, texts, strict=True):
        assert f"[headroom {receipt.handle}: " in str(result.messages[int(receipt.place[0])]["content"])
        assert headroom.retrieve(receipt.handle).text == text
        assert headroom.answer(json.dumps({"id": receipt.handle, "max_tokens": 1_000_000})) == text


def test_equivalent_blocks_can_be_undone_too(headroom: Headroom) -> None:
    text = records_json(40)
    shown = headroom.shrink(text)
    assert shown.receipt.fidelity is Fidelity.EQUIVALENT
    assert headroom.retrieve(shown.receipt.handle).text == text


def test_the_error_and_the_outlier_stay_readable(headroom: Headroom) -> None:
    result = headroom.compress(conversation(records_json(2000), log(3000)), retrieval="tool")
    table, lines = (str(result.messages[index]["content"]) for index in (3, 5))
    assert "98765.43" in table
    assert "refused" in table
    assert "ERROR pool.worker-0 job 9000 failed: disk quota exceeded on /var/spool/q7" in lines


def test_the_tokens_of_the_retrieve_tool_are_counted_in(headroom: Headroom) -> None:
    messages = conversation(log(3000))
    result = headroom.compress(messages, retrieval="tool")
    assert result.overhead > 0
    saved = sum(receipt.tokens_saved for receipt in result.receipts)
    assert result.tokens_saved == saved - result.overhead
    offered = headroom.compress(messages, retrieval="tool", tools=[headroom.retrieve_tool()])
    assert offered.overhead == 0


def test_a_model_that_asks_for_all_of_much_gets_the_best_part_and_the_way_to_the_rest(headroom: Headroom) -> None:
    """A whole original would be paid for with every turn from now on; the library's user still gets it."""
    text = log(3000)
    handle = headroom.shrink(text, retrieval="tool").receipt.handle
    said = headroom.answer({"id": handle})
    assert said == headroom.answer({"id": handle})
    assert 3_000 < tokenizer_for("gpt-4o").count(said) <= 4_000
    assert said.startswith("lines 1-")
    assert said.endswith(" did not fit: ask for some with lines=, search with query=, or raise max_tokens)")
    assert headroom.answer({"id": handle, "max_tokens": 1_000_000}) == headroom.retrieve(handle).text == text
    assert 20_000 < tokenizer_for("gpt-4o").count(headroom.answer({"id": handle, "lines": "1-2999"})) <= 25_000


def test_another_tenant_learns_nothing(headroom: Headroom) -> None:
    result = headroom.compress(conversation(log(3000)), tenant="a", retrieval="tool")
    with pytest.raises(OriginalMissing, match="Run the tool that produced it again"):
        headroom.retrieve(result.handles[0], tenant="b")
    assert "No original is kept" in headroom.answer({"id": result.handles[0]}, tenant="b")
    theirs = headroom.compress(conversation(log(3000)), tenant="b", retrieval="tool")
    assert theirs.handles != result.handles


@pytest.mark.parametrize("arguments", ["", "null", "{", "[]", "3", '{"id": 3}', '{"id": null}', {}, {"lines": "x"}])
def test_an_answer_to_nonsense_is_a_sentence(headroom: Headroom, arguments: Any) -> None:
    answer = headroom.answer(arguments)
    assert answer
    assert "\n" not in answer.strip()


@pytest.mark.parametrize(("arguments", "error"), [("no json", SettingError), ({"id": "3f9a1c07be42"}, OriginalMissing)])
def test_whoever_tells_failures_apart_is_told_the_same_sentence(
    headroom: Headroom, arguments: Any, error: type[Exception]
) -> None:
    """A framework marks a failed tool call as one, and the model reads the same text."""
    with pytest.raises(error) as raised:
        headroom.ask(arguments)
    assert str(raised.value) == headroom.answer(arguments)


def test_a_wrong_range_is_answered_with_what_is_expected(headroom: Headroom) -> None:
    (handle,) = headroom.compress(conversation(log(3000)), retrieval="tool").handles
    assert "16-40" in headroom.answer({"id": handle, "lines": "all of them"})


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"messages": "text"}, "expected a list of message dicts"),
        ({"messages": {"role": "user"}}, "expected a list of message dicts"),
        ({"messages": [], "tenant": ""}, "expected a name that isn't empty"),
        ({"messages": [], "retrieval": "yes"}, "expected one of none, tool"),
    ],
)
def test_wrong_arguments_are_refused_with_what_was_expected(
    headroom: Headroom, wrong: dict[str, Any], expected: str
) -> None:
    with pytest.raises(SettingError, match=expected):
        headroom.compress(**wrong)


def test_an_unknown_kind_is_refused_with_the_known_ones(headroom: Headroom) -> None:
    with pytest.raises(SettingError, match=r"expected one of .*json"):
        headroom.shrink("x", kind="jsn")


def test_a_kind_that_is_told_is_taken(headroom: Headroom) -> None:
    assert headroom.shrink(records_json(), kind="log").receipt.kind == "log"


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (Policy(exclude_tools=("fet*",)), Outcome.EXCLUDED),
        (Policy(only_tools=("search",)), Outcome.EXCLUDED),
        (Policy(min_tokens=1_000_000), Outcome.TOO_SMALL),
        (Policy(min_gain=0.99), Outcome.NO_GAIN),
        (Policy(kinds=("diff",)), Outcome.UNKNOWN_KIND),
    ],
)
def test_every_setting_has_its_effect(policy: Policy, outcome: Outcome) -> None:
    with Headroom("memory://", policy) as headroom:
        messages = conversation(records_json())
        result = headroom.compress(messages)
        assert [receipt.outcome for receipt in result.receipts] == [outcome]
        assert result.messages[3] is messages[3]
        assert result.tokens_saved == 0


@pytest.mark.parametrize(("megabytes", "first_is_kept"), [(1, False), (64, True)])
def test_a_quota_makes_the_oldest_original_go(
    megabytes: int, first_is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headroom_core.ccr.memory.SAFE_SECONDS", -1.0)  # as if an hour went by between two requests
    with Headroom("memory://", Policy(store_quota_mb=megabytes)) as headroom:
        first, *_, last = [headroom.shrink(log(3000 + n), retrieval="tool").receipt for n in range(10)]
        assert headroom.retrieve(last.handle).text == log(3009)
        assert ("No original" not in headroom.answer({"id": first.handle})) is first_is_kept


@pytest.mark.parametrize(("milliseconds", "outcome"), [(10_000, Outcome.COMPRESSED), (1, Outcome.STORE_DOWN)])
def test_a_store_that_is_busy_is_waited_for_as_long_as_the_policy_says(
    milliseconds: int, outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, clock = tmp_path / "store.db", Clock()
    monkeypatch.setattr("headroom_core.storage.database.time", clock)
    with Headroom(f"sqlite:///{path}", Policy(store_wait_ms=milliseconds)) as headroom:
        assert headroom.shrink(log(400)).receipt.outcome is Outcome.COMPRESSED
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            clock.at(clock.now + 0.3, other.rollback)
            assert headroom.shrink(log(500)).receipt.outcome is outcome


def test_levels_squeeze_harder_and_harder() -> None:
    after = []
    for level in ("light", "balanced", "strong"):
        with Headroom("memory://", Policy(level=level)) as headroom:
            after.append(headroom.compress(conversation(log(8000), records_json(8000)), retrieval="tool").tokens_after)
    assert after == sorted(after, reverse=True)
    assert len(set(after)) == 3


def test_an_original_is_gone_when_its_time_is_up() -> None:
    with Headroom("memory://", Policy(keep_for=timedelta(microseconds=1))) as headroom:
        receipt = headroom.shrink(log()).receipt
        with pytest.raises(OriginalMissing):
            headroom.retrieve(receipt.handle)


def test_purge_forgets_originals_and_decisions(headroom: Headroom) -> None:
    first = headroom.shrink(log())
    assert headroom.purge() > 0
    with pytest.raises(OriginalMissing):
        headroom.retrieve(first.receipt.handle)
    assert headroom.shrink(log()).receipt.outcome is Outcome.COMPRESSED


def test_the_tokenizer_is_named() -> None:
    with Headroom("memory://") as headroom:
        assert headroom.compress([], "gpt-4o").tokenizer == "o200k_base"
        assert headroom.compress([], "openai/gpt-4").tokenizer == "cl100k_base"
        assert headroom.compress([], "claude-9").tokenizer == "o200k_base (stand-in for claude-9)"


def test_a_session_is_named_in_the_log_and_changes_nothing(
    headroom: Headroom, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "headroom_core.headroom"):
        named = headroom.compress(conversation(log()), session="thread-7")
    assert named.messages == headroom.compress(conversation(log())).messages
    assert f"thread-7: {named.tokens_saved} of {named.tokens_before} tokens saved" in caplog.text


ENDS_SOON = """
import sys, threading, time
from headroom_core import Headroom

class Finder:
    @property
    def find_spec(self):  # is asked for with the lock held
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            time.sleep(0.2)
        return lambda *_: None

class Client:  # as some are that have connections
    def __del__(self):
        import wave

client = Client()
client.itself = client  # is no more when Python has looked for what nobody can reach
del client
begun = threading.Event()
sys.meta_path.insert(0, Finder())
Headroom("memory://")
begun.wait()
"""


def test_a_program_may_end_while_the_first_request_is_made_ready() -> None:
    """A thread that Python leaves behind as it ends may have the lock of imports: a destructor waited for ever."""
    done = subprocess.run([sys.executable, "-c", ENDS_SOON], capture_output=True, text=True, timeout=AGES, check=False)
    assert (done.returncode, done.stderr) == (0, "")
