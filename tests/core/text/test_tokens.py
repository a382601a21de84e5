"""Counting tokens: exactly, offline, and whatever the text is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from headroom_core.text import tokens
from headroom_core.text.tokens import tokenizer_for
from hypothesis import given
from hypothesis import strategies as st

from tests.content import log, records, records_json

JUDGES = {name: tokens._tiktoken(name) for name in ("o200k_base", "cl100k_base")}


@pytest.mark.parametrize(("model", "encoding"), [("gpt-4o", "o200k_base"), ("gpt-4", "cl100k_base")])
@given(text=st.text(max_size=900))
def test_counts_are_those_of_tiktoken(model: str, encoding: str, text: str) -> None:
    judge = JUDGES[encoding]
    assert judge is not None, "no package on this machine ships a vocabulary for tiktoken"
    assert tokenizer_for(model).count(text) == judge(text)


@pytest.mark.parametrize(
    "text", [log(500), records_json(), "日本語のログ 🎌 e\u0301 \ufeff\x00\r\n\t" * 40, "<|endoftext|>" * 99]
)
def test_content_that_agents_meet_is_counted_exactly(text: str) -> None:
    judge = JUDGES["o200k_base"]
    assert judge is not None
    assert tokenizer_for("gpt-4o").count(text) == judge(text)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("gpt-4o-mini", "o200k_base"),
        ("openai/gpt-4o", "o200k_base"),
        ("azure/gpt-4.1", "o200k_base"),
        ("o3", "o200k_base"),
        ("gpt-5-codex", "o200k_base"),
        ("", "o200k_base"),
        ("gpt-4", "cl100k_base"),
        ("gpt-4-turbo", "cl100k_base"),
        ("gpt-3.5-turbo", "cl100k_base"),
        ("claude-sonnet-9", "o200k_base (stand-in for claude-sonnet-9)"),
        ("llama-3-70b", "o200k_base (stand-in for llama-3-70b)"),
    ],
)
def test_every_model_has_a_tokenizer_and_its_name_says_which(model: str, name: str) -> None:
    assert tokenizer_for(model).name == name


def test_a_long_text_is_counted_in_pieces_with_the_right_sum() -> None:
    text = log(9000)
    assert len(text) > tokens.PIECE_CHARS
    judge = JUDGES["o200k_base"]
    assert judge is not None
    assert tokenizer_for("gpt-4o").count(text) == judge(text)


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4"])
def test_a_long_line_of_words_is_counted_in_pieces_with_the_right_sum(model: str) -> None:
    """Documents that were dumped without a line end are the commonest large results."""
    text = json.dumps(records(2_000))
    assert len(text) > 2 * tokens.PIECE_CHARS
    judge = JUDGES["o200k_base" if model == "gpt-4o" else "cl100k_base"]
    assert judge is not None
    assert tokenizer_for(model).count(text) == judge(text)


def test_a_long_line_without_a_space_is_counted_within_a_token_a_cut() -> None:
    text = "abc-def." * 60_000
    judge = JUDGES["o200k_base"]
    assert judge is not None
    cuts = len(text) // tokens.PIECE_CHARS
    assert abs(tokenizer_for("gpt-4o").count(text) - judge(text)) <= cuts


def test_lone_surrogates_are_counted() -> None:
    assert tokenizer_for("gpt-4o").count("a\ud800b") > 0
    assert tokenizer_for("gpt-4o").count("a\ud800b" * 1000) > 1000


def test_without_any_vocabulary_an_estimate_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_bpe_openai", lambda _: None)
    monkeypatch.setattr(tokens, "_vocabulary_folders", lambda: iter([]))
    tokens._tokenizer.cache_clear()
    try:
        estimate = tokenizer_for("gpt-4o")
        assert (estimate.name, estimate.exact) == ("estimate", False)
        assert 0.5 < estimate.count(log()) / (JUDGES["o200k_base"] or len)(log()) < 1.5
    finally:
        tokens._tokenizer.cache_clear()


def test_the_package_can_be_imported_beside_our_counter() -> None:
    """Its compiled module was loaded without it; both must be the same one."""
    program = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from headroom_core.text.tokens import tokenizer_for\n"
        "tokenizer_for('gpt-4o').count('x')\n"
        "import bpe_openai; assert bpe_openai.get_encoding('o200k_base').encode('hello world') == [24912, 2375]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_tiktoken_is_never_asked_for_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without vocabulary files there is no tiktoken counter, instead of one that would fetch them."""
    monkeypatch.setattr(tokens, "_SHIPPED_IN", (("no_such_package", "x"),))
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert tokens._tiktoken("o200k_base") is None


_PIECES = ["", " ", "\t", "/", "};", " {", "'s", "\r", "\u2028", "\x85", "\x1f", "12", "日本", "a b", "//", "\u0301"]
_LINES = st.tuples(st.lists(st.sampled_from(_PIECES), max_size=3).map("".join), st.sampled_from(["", "", " and words"]))


@pytest.mark.parametrize("encoding", ["o200k_base", "cl100k_base"])
@given(source=st.lists(_LINES.map("".join), min_size=1, max_size=8), others=st.lists(_LINES.map("".join), max_size=4))
def test_a_view_is_counted_exactly_by_what_its_source_lacks(
    encoding: str, source: list[str], others: list[str]
) -> None:
    """Lines may share a token with the next one: blank ones, and those that begin with a slash."""
    judge = JUDGES[encoding]
    assert judge is not None
    rows = [f"{number} {line}" for number, line in enumerate(source * 12)]
    text = "\n".join([*source, *rows])
    count = tokens.beside(text, tokens._tokenizer(encoding).count)
    view = "\n".join([*others, *rows[:30], *others, *source, *rows[30:]])
    for each in (view, f"[marker]\n{view}", f"{view}\n\n"):
        assert count(each) == judge(each)


def test_only_the_lines_that_the_source_lacks_are_counted() -> None:
    counted: list[int] = []
    raw = tokens._bpe_openai("o200k_base")
    assert raw is not None

    def watched(text: str) -> int:
        counted.append(len(text))
        return raw(text)

    text = log(400)
    count = tokens.beside(text, tokens._Remembering(watched))
    count(text)
    assert sum(counted) == len(text)
    view = "[log]\n" + text.replace("ERROR", "error")
    count(view)
    assert sum(counted) < 1.1 * len(text)
    count("[marker]\n" + view)
    assert sum(counted) < 1.1 * len(text)
