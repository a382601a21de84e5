"""What is shown of texts that were retrieved for one question."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

from headroom_core import Block, Fidelity, Headroom, Outcome
from headroom_core.compressors.prose import Prose
from headroom_core.types import Guidance
from hypothesis import given
from hypothesis import strategies as st

from tests.core.compressors.prose.material import ANSWER, PROSE, QUESTION, count, manual

PARTS = tuple(f"## {part}" for part in manual().split("## ")[1:])
PAGES = tuple("".join(PARTS[start : start + 4]) for start in range(0, len(PARTS), 4))
ANSWERING = next(number for number, page in enumerate(PAGES) if ANSWER in page)
TOGETHER = Guidance(question=QUESTION, may_elide=True, count=count, beside=PAGES)


def shown(guidance: Guidance = TOGETHER, prose: Prose = PROSE) -> list[str]:
    return [prose.compress(page, guidance).shown for page in PAGES]


def test_the_page_that_answers_takes_the_room_of_the_others() -> None:
    """Alone, each page shows its best, however little that has to do with the question."""
    together, alone = shown(), shown(replace(TOGETHER, beside=()))
    assert ANSWER in together[ANSWERING]
    assert sum(map(count, together)) < 0.7 * sum(map(count, alone))
    others = [text for number, text in enumerate(together) if number != ANSWERING]
    assert max(map(count, others)) < count(together[ANSWERING])


def test_each_page_is_still_its_own() -> None:
    """What is shown of one stands in it, and nothing of another's is shown."""
    for page in PAGES:
        view = PROSE.compress(page, TOGETHER)
        assert view.source == page
        assert all(line in page for line in view.shown.splitlines() if "…" not in line)


def test_small_pages_count_too() -> None:
    """Each is too small to be worth a marker by itself: together they are not."""
    pages = PARTS[:8]
    guidance = replace(TOGETHER, question="the oil of the crane", beside=pages)
    assert all(PROSE.compress(page, replace(guidance, beside=())).fidelity is Fidelity.VERBATIM for page in pages)
    views = [PROSE.compress(page, guidance) for page in pages]
    assert sum(view.fidelity is Fidelity.ELIDED for view in views) > 4


def test_nothing_is_hidden_where_no_page_has_a_word_of_the_question() -> None:
    assert shown(replace(TOGETHER, question="Who wrote the sonata?")) == list(PAGES)


def test_what_a_page_says_again_is_said_once() -> None:
    """A reader needs it once; it stays where the better scored page, or the earlier one, has it."""
    twice = (PAGES[ANSWERING], PAGES[0], f"# Copy\n\n{PAGES[ANSWERING]}")
    made = [PROSE.compress(page, replace(TOGETHER, beside=twice)).shown for page in twice]
    assert sum(ANSWER in text for text in made) == 1


def test_a_text_that_is_not_among_them_is_shown_as_alone() -> None:
    stranger = replace(TOGETHER, beside=("something else", "and more"))
    assert shown(stranger) == shown(replace(TOGETHER, beside=()))


def test_texts_of_more_letters_than_can_be_chosen_from_are_shown_as_alone() -> None:
    """They went out whole: the most tokens, and nothing of them was spared."""
    much = replace(TOGETHER, beside=(*PAGES, "It rains. " * 40_000))
    assert shown(much) == shown(replace(TOGETHER, beside=())) != list(PAGES)


def test_one_text_and_texts_with_a_budget_are_shown_as_alone() -> None:
    """Nothing is beside the one; and a budget is each text's own."""
    for page in PAGES:
        for budget, beside in ((None, (page,)), (120, PAGES)):
            alone = PROSE.compress(page, replace(TOGETHER, budget=budget, beside=()))
            assert PROSE.compress(page, replace(TOGETHER, budget=budget, beside=beside)) == alone


def test_few_tokens_are_shown_whole() -> None:
    assert shown(prose=Prose(least_tokens=100_000)) == list(PAGES)


def test_a_choice_is_for_one_level_and_one_tokenizer() -> None:
    """It is remembered for the others of the same texts, and for nothing else."""
    guidances = [TOGETHER, replace(TOGETHER, level="strong"), replace(TOGETHER, count=lambda text: 9 * count(text))]
    one = Prose()
    made = [shown(guidance, one) for guidance in guidances]
    assert made == [shown(guidance, Prose()) for guidance in guidances]
    assert made[0] not in made[1:]


class Counting:
    """Scores nothing, and counts how often it is asked. Not hashable, as some people's classes are."""

    __hash__ = None  # type: ignore[assignment]  # that's the point

    def __init__(self) -> None:
        self.asked = 0

    def score(self, question: str, sentences: Any) -> list[float]:
        self.asked += 1
        return [0.0] * len(sentences)


def test_a_scorer_is_asked_once_for_all_pages() -> None:
    """It may be a model: once a page, each time over all of them, would cost their square."""
    scorer = Counting()
    assert shown(prose=Prose(scorer)) == shown()
    assert scorer.asked == 1


@given(st.lists(st.sampled_from([*PARTS, "", " ", "[1] a crane", "- oil\n- crane\n", "é\r\n\ud800"]), max_size=6))
def test_any_pages_will_do(pages: list[str]) -> None:
    """Whatever stands beside a text, its regions are the text."""
    for page in pages:
        view = PROSE.compress(page, replace(TOGETHER, beside=tuple(pages)))
        assert view.source == page


def blocks(pages: tuple[str, ...]) -> list[Block]:
    return [Block((n,), "document", page, question=QUESTION, beside=pages) for n, page in enumerate(pages)]


def test_what_was_shown_beside_others_is_shown_again_only_beside_them() -> None:
    """The choice depends on them, so its key does too: else the order of questions would change what is shown."""
    with Headroom("memory://") as headroom:
        first = headroom.compress_blocks(blocks(PAGES), retrieval="tool")
        again = headroom.compress_blocks(blocks(PAGES), retrieval="tool")
        assert again.shown == first.shown
        assert {receipt.outcome for receipt in again.receipts} == {Outcome.REPLAYED}
        fewer = headroom.compress_blocks(blocks(PAGES[:2]), retrieval="tool")
        assert Outcome.REPLAYED not in {receipt.outcome for receipt in fewer.receipts}
        for receipt in (*first.receipts, *fewer.receipts):
            assert headroom.retrieve(receipt.handle).text == PAGES[int(receipt.place[0])]


class Page(str):
    """A text of which can be told whether anybody still holds it."""

    __slots__ = ("__weakref__",)


def test_a_purged_tenants_texts_are_not_held_any_more() -> None:
    """The choice is remembered for the next of them; a process lives longer than a request, and may be dumped."""
    pages = tuple(Page(f"{page}\nTheirs.\n") for page in PAGES)
    held = [weakref.ref(page) for page in pages]
    with Headroom("memory://") as headroom:
        assert headroom.compress_blocks(blocks(pages), retrieval="tool").shown
        headroom.purge()
        del pages
        gc.collect()
        assert not any(page() for page in held)
