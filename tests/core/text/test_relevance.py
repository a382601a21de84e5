"""Which units is a question about?"""

from __future__ import annotations

import pytest
from headroom_core.text.relevance import rank
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work

texts = st.text(st.characters(codec=None), max_size=80)


def best(query: str, units: list[str]) -> list[int]:
    return [index for index, _ in rank(query, units)]


def test_a_rare_word_outweighs_frequent_ones() -> None:
    """Real inverse document frequency: what every line says, no line is about."""
    units = ["the worker started"] * 20 + ["the checksum differs"] + ["the worker stopped the worker"] * 20
    assert best("the checksum of the worker", units)[0] == 20


def test_a_short_unit_outweighs_a_long_one() -> None:
    assert best("quota", ["quota " + "and much else " * 30, "quota hit", "nothing"]) == [1, 0]


def test_more_of_a_word_counts_for_less_and_less() -> None:
    (_, many), (_, one) = rank("disk", ["disk " * 40 + "x " * 40, "disk x", "z"])[:2]
    assert 1 < many / one < 2.5 or 1 < one / many < 2.5


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        ("connections refused", "connection refuses"),
        ("http status", "getHTTPStatusCode()"),
        ("retry count", "max_retry_count = 3"),
        ("maxRetryCount", "max_retry_count"),
        ("RETRIES", "retry"),
        ("ERR-4021", "failed with err-4021."),
        ("a1c07", "id=3f9a1c07be42"),
        ("10.0.0.7", "from 10.0.0.7:80"),
        ("src/app/main.py", "  File src/app/main.py, line 3"),
        ("größe", "Größe: 3"),
        ("接続", "サーバへの接続が切れた"),
        ("50%", "at 50% of"),
    ],
)
def test_what_is_meant_is_found(query: str, unit: str) -> None:
    assert best(query, ["something else", unit, "and more"]) == [1]


def test_an_exact_id_comes_before_its_parts() -> None:
    units = ["10 0 0 10 14 03", "10.0.0.1", "peer 10.0.0.1403 left", "0.0.10.1"]
    assert best("10.0.0.1403", units)[0] == 2


def test_equals_keep_their_order() -> None:
    assert best("a", ["a b", "c", "a b", "a b"]) == [0, 2, 3]


@pytest.mark.parametrize(("query", "units"), [("", ["a"]), ("a", []), ("a", ["", "b"]), ("...", ["a"]), ("a", [""])])
def test_nothing_in_common(query: str, units: list[str]) -> None:
    assert rank(query, units) == []


@given(query=texts, units=st.lists(texts, max_size=12))
def test_any_text(query: str, units: list[str]) -> None:
    """Never raises; scores are positive and fall; the same question has the same answer."""
    ranked = rank(query, units)
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    assert len({index for index, _ in ranked}) == len(ranked)
    assert ranked == rank(query, units)


def test_long_texts_take_linear_time() -> None:
    units = [f"worker {n} finished task_{n % 977} in {n * 7 % 1000} ms" for n in range(100_000)]
    with little_work(seconds=10):
        assert best("task_500 finished late", units)[0] == 500
        rank("a_a" * 5_000, ["a_" * 100_000, "aA" * 100_000, "." * 200_000])
