"""Data inside what a person wrote: found where it is sure, and nowhere else."""

from __future__ import annotations

import json

import pytest
from headroom_langchain.machine_data import data_spans
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work
from tests.content import log, records, records_json

LOG = log(60).rstrip("\n")
ACCESS = "\n".join(f'10.0.0.{n} - - [03/Feb/2031:04:05:{n:02d} +0000] "GET /a/{n} HTTP/1.1" 200 {n}' for n in range(12))
HITS = "\n".join(f"src/pool/worker_{n % 4}.py:{n * 7}:    raise QuotaExceeded(path, limit={n})" for n in range(12))
TABLE = "\n".join(f"| host-{n} | up since a while ago | {n * 37 % 11} |" for n in range(20))
JSONL = "\n".join(json.dumps(row) for row in records(12))
PAGE = "<!DOCTYPE html>\n<html><body>" + "<p>Some text of a page.</p>\n" * 20 + "</body></html>"
DATA = {
    "a JSON document": records_json(20),
    "a minified one": records_json(20, indent=None),
    "rows inside an object": json.dumps({"page": 1, "items": records(12)}),
    "a log": LOG,
    "a log with traces": LOG.replace("ERROR", 'ERROR\n  File "a.py", line 3\n\n    raise\nTraceback'),
    "an access log": ACCESS,
    "a log that bears JSON": LOG.replace(
        "done in", 'done {"ids": [1, 2, 3, 4, 5, 6, 7], "note": "' + "x" * 400 + '"} in', 1
    ),
    "search hits": HITS,
    "a table": TABLE,
    "rows of JSON": JSONL,
    "a page": PAGE,
}

SCHEMA = json.dumps(
    {"properties": {f"field_{n}": {"enum": list("abcdefgh")} for n in range(30)}, "required": ["a"] * 9}
)
TALK = {
    "instructions": "\n".join(
        f"{n}. Look at step {n} and say what you think of it: be short, and be kind." for n in range(20)
    ),
    "prose": "The worker stopped at 04:05:06 on 2031-02-03, and nobody knows why. " * 30,
    "a schema to fill in": f"Answer with JSON of this schema:\n{SCHEMA}",
    "an example of an answer": 'Answer like {"name": "' + "x" * 500 + '", "tags": ["a", "b"]} and nothing else.',
    "a few log lines": "\n".join(LOG.splitlines()[:4]) + "\nWhat is this? " + "Say more. " * 60,
    "citations": "As was said [1], and [2, 3], and {braces} too. " * 40,
    "code": "\n".join(
        f"def step_{n}(rows: list[int]) -> list[int]:\n    return [{n} * row for row in rows]" for n in range(12)
    ),
    "nothing": "",
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("Look:\n\n", "\n\nWhat went wrong?"), ("```\n", "\n```\n")])
def test_data_is_found_in_its_borders(data: str, before: str, after: str) -> None:
    """Not a letter of the person's own is taken for data."""
    text = before + data + after
    assert [text[first:last] for first, last in data_spans(text)] == [data]


@pytest.mark.parametrize("name", ["a JSON document", "a minified one", "rows inside an object", "a page"])
def test_a_document_may_begin_and_end_within_a_line(name: str) -> None:
    text = f"Look at this: {DATA[name]} and say what went wrong."
    assert [text[first:last] for first, last in data_spans(text)] == [DATA[name]]


@pytest.mark.parametrize("talk", TALK.values(), ids=TALK)
def test_what_a_person_says_is_no_data(talk: str) -> None:
    assert data_spans(talk) == []


def test_several_are_found_in_order() -> None:
    text = f"First:\n{LOG}\nthen {DATA['a minified one']} and\n{HITS}\n. And?"
    assert [text[first:last] for first, last in data_spans(text)] == [LOG, DATA["a minified one"], HITS]


def test_between_the_users_own_markers_all_is_data() -> None:
    """Whoever names markers knows what stands between them, a short prose as well."""
    text = "Answer from these.\n<doc>\nOnce upon a time.\n</doc>\n<doc>The end.</doc>\n[[x]] <doc> never closed"
    spans = data_spans(text, [("<doc>", "</doc>"), ("[[", "]]")])
    assert [text[first:last] for first, last in spans] == ["Once upon a time.", "The end.", "x"]


@given(
    st.lists(st.one_of(st.sampled_from([*DATA.values(), *TALK.values()]), st.text(max_size=40)), max_size=5),
    st.sampled_from([(), (("<doc>", "</doc>"),), (("{", "}"), ("[", "]"))]),
)
def test_spans_are_in_order_and_apart(pieces: list[str], documents: tuple[tuple[str, str], ...]) -> None:
    text = "\n".join(pieces)
    spans = data_spans(text, documents)
    borders = [0, *(border for span in spans for border in span), len(text)]
    assert borders == sorted(borders)
    assert all(first < last for first, last in spans)


@pytest.mark.parametrize(
    "piece",
    [
        "[1,",
        "[1] ",
        '{"a":',
        "[[",
        "| x ",
        "<html>",
        "[INFO] ",
        "2031-02-03 04:05:06 x\n",
        '{"a":1}\n',
        "a.b:1:",
        "   \n",
        '[\x00"',
    ],
)
def test_the_time_it_takes_is_linear(piece: str) -> None:
    """A text that is made to be slow is a text that stops a server."""
    text = piece * (1_000_000 // len(piece))
    with little_work(seconds=5):  # none takes one
        data_spans(text)
