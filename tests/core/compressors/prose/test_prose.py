"""What is shown of a document, with a question and without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from headroom_core import Headroom, Outcome, Policy
from headroom_core.compressors.prose import Prose
from headroom_core.text.lines import split_lines
from headroom_core.text.sentences import split_sentences
from headroom_core.types import Fidelity, Guidance, Level

from tests.content import records_json
from tests.core.compressors.prose.material import ANSWER, PROSE, QUESTION, count, is_whole, manual, shown, view


@pytest.mark.parametrize(("level", "most"), [("balanced", 0.25), ("strong", 0.12)])
def test_a_question_is_answered_by_a_small_part(level: Level, most: float) -> None:
    """The sentence that answers stays, under its heading; most of the rest goes."""
    text = manual()
    short = shown(text, QUESTION, level)
    assert ANSWER in short
    assert "## Part 8: the crane" in short
    assert count(short) <= most * count(text) + 60


def test_half_of_the_words_still_find_the_answer() -> None:
    """Nobody asks in the words of the page."""
    assert ANSWER in shown(manual(), "colour crane oil?")
    assert ANSWER in shown(manual(), "what does the crane show")


def test_nothing_is_hidden_where_no_word_of_the_question_is_there() -> None:
    """The question is about something else, or in other words: nobody can say which sentence answers it."""
    assert is_whole(manual(), "Who wrote the sonata?")
    assert not is_whole(manual(), QUESTION)


@pytest.mark.parametrize(
    "question", ["", "What is in it?", "Summarize this document for me, please.", "Read the whole file"]
)
def test_a_question_about_everything_gets_the_outline(question: str) -> None:
    """Words that every request has in common choose nothing."""
    assert shown(manual(), question) == shown(manual())


def test_an_outline_keeps_headings_numbers_warnings_and_code() -> None:
    """And the first sentence of each paragraph. What goes on from there waits in the store."""
    text = manual()
    short = shown(text)
    assert count(short) < 0.8 * count(text)
    for number in range(12):
        assert f"## Part {number + 1}: " in short
        assert f"It weighs {number * 37 + 210} kg." in short
    assert short.count("Never open the ") == short.count("\nstart ") == short.count("stands near the wall") == 12
    assert "the sound of it" not in short


def test_each_level_shows_no_more_than_the_one_before() -> None:
    for question in ("", QUESTION):
        tokens = [count(shown(manual(30), question, level)) for level in ("light", "balanced", "strong")]
        assert tokens == sorted(tokens, reverse=True)


@pytest.mark.parametrize("question", ["", QUESTION])
def test_what_is_shown_are_whole_sentences_of_the_text(question: str) -> None:
    """Nothing is reworded and nothing is cut in its middle, whatever budget is left."""
    text = manual()
    whole = {sentence.strip() for line in split_lines(text) for sentence in split_sentences(line)}
    for budget in (1500, 700, 300):
        for line in split_lines(re.sub("…(?: [0-9]+(?:-[0-9]+)?\n)?", "", shown(text, question, budget=budget))):
            assert {sentence.strip() for sentence in split_sentences(line)} <= whole


@pytest.mark.parametrize("question", ["", QUESTION])
@pytest.mark.parametrize("budget", [1800, 900, 400, 200])
def test_a_budget_is_kept(question: str, budget: int) -> None:
    """Marker included; with the question's answer within it as long as there is any room."""
    short = shown(manual(), question, budget=budget)
    assert count(short) + 20 <= budget
    assert not question or ANSWER in short


def test_hidden_lines_are_named_and_come_back() -> None:
    """Every line of which something is missing is among those that the marker names."""
    text = manual()
    (region,) = view(text, QUESTION).regions
    assert region.hidden is not None
    lines = split_lines(text)
    assert region.hidden.total == len(lines)
    hidden = {number for first, last in region.hidden.ranges for number in range(first, last + 1)}
    for number, line in enumerate(lines, 1):
        assert number in hidden or line in region.shown
    assert str(region.hidden.ranges[0][0]) in region.shown


def test_lines_are_those_of_the_whole_that_a_part_is_cut_from() -> None:
    """Else a reader asks for the lines of what stands before."""
    text = manual()
    guidance = Guidance(QUESTION, may_elide=True, count=count)
    (alone,) = PROSE.compress(text, guidance).regions
    (part,) = PROSE.compress(text, replace(guidance, first_line=1001)).regions
    assert part.hidden == alone.hidden
    assert alone.hidden is not None
    first, last = alone.hidden.ranges[-1]
    assert f"… {first}-{last}\n" in alone.shown
    assert f"… {first + 1000}-{last + 1000}\n" in part.shown
    twice = PROSE.compress(text + text, replace(guidance, may_elide=False, first_line=1001))
    assert twice.fidelity is Fidelity.VERBATIM


def test_one_long_line_is_asked_back_by_its_words() -> None:
    """It has no lines that could be named; a query gives whole sentences of it."""
    text = " ".join(manual(40).split())
    with Headroom("memory://") as headroom:
        short = headroom.shrink(text, kind="text", question=QUESTION, retrieval="tool")
        assert ANSWER in short.text
        assert f"[headroom {short.receipt.handle}: parts not shown" in short.text
        back = headroom.retrieve(short.receipt.handle, query="heard across the river", max_tokens=300).text
        assert "and that the sound of it could be heard across the river. " in back


def test_a_sentence_that_came_before_is_shown_once() -> None:
    """Mirrors, quotes and boilerplate answer a question as often as they stand there."""
    boiler = (
        'The colour of the crane after a change of oil is shown by the light above its door, says the "manual".\n\n'
    )
    again = boiler.replace('"manual"', "manual")
    short = shown(boiler + manual() + again + manual().replace("crane", "barrow") + again, QUESTION)
    assert short.count("is shown by the light above its door") == 1


def test_passages_keep_their_labels() -> None:
    """A citation of a passage of which nothing is left must still mean that passage."""
    passages = "\n".join(f"[{number}] {part}" for number, part in enumerate(manual().split("## Part")[1:], 1))
    short = shown(passages, QUESTION)
    assert re.findall(r"^\[(\d+)\]", short, re.MULTILINE) == [str(number) for number in range(1, 13)]
    assert ANSWER in short


def test_scripts_without_blanks_are_read_too() -> None:
    """Chinese and Japanese sentences end without one, and words have none between them."""
    filler = "".join(f"第{number}台机器放在大厅的墙边，很多年以前从一家工厂买来。" for number in range(90))
    text = f"{filler}仓库的钥匙挂在红色的箱子里。{filler.replace('机器', '设备')}"
    assert PROSE.claim(text) >= 0.8
    short = shown(text, "钥匙在哪里？")
    assert "仓库的钥匙挂在红色的箱子里。" in short
    assert count(short) < 0.4 * count(text)


def test_little_texts_and_tables_of_json_are_left_alone() -> None:
    """A small text isn't worth a tool; what is asked back by rows isn't hidden by lines."""
    assert is_whole(manual(1), QUESTION)
    assert is_whole(records_json(200), "order 41000")


def test_without_a_way_back_every_sentence_stays() -> None:
    """Only what repeats is said once, and a decoder gives it back."""
    text = manual() + manual()
    (region,) = PROSE.compress(text, Guidance(QUESTION, count=count)).regions
    assert region.fidelity is Fidelity.EQUIVALENT
    assert PROSE.rebuilds(text, region.shown)
    assert count(region.shown) < 0.6 * count(text)
    assert PROSE.compress(manual(), Guidance(QUESTION, count=count)).fidelity is Fidelity.VERBATIM


class Synonyms:
    """A scorer that knows one more word."""

    def score(self, question: str, sentences: Sequence[str]) -> Sequence[float]:
        return [float("wall of the hall" in sentence and "crane" in sentence) for sentence in sentences]


class Wrong:
    def score(self, question: str, sentences: Sequence[str]) -> Sequence[float]:
        return [1.0]


def test_a_scorer_finds_what_no_word_does() -> None:
    """An embedding knows a lifting engine when it sees a crane."""
    guidance = Guidance("lifting engine", may_elide=True, count=count)
    assert PROSE.compress(manual(), guidance).fidelity is not Fidelity.ELIDED
    found = Prose(Synonyms()).compress(manual(), guidance)
    assert found.fidelity is Fidelity.ELIDED
    assert "The crane stands near the wall of the hall." in found.shown


def test_a_scorer_belongs_to_one_headroom_and_its_failure_is_no_exception() -> None:
    """Each `Headroom` has its own; one that gives the wrong number of scores leaves the block as it came."""
    policy = Policy(level="strong")
    with Headroom("memory://", policy, scorer=Synonyms()) as knowing, Headroom("memory://", policy) as plain:
        assert knowing.shrink(manual(), question="lifting engine", retrieval="tool").receipt.tokens_saved > 0
        assert plain.shrink(manual(), question="lifting engine", retrieval="tool").receipt.tokens_saved == 0
    with Headroom("memory://", policy, scorer=Wrong()) as wrong:
        left = wrong.shrink(manual(), question=QUESTION, retrieval="tool")
        assert left.text == manual()
        assert left.receipt.outcome is Outcome.FAILED
        assert "scorer" in left.receipt.reason
