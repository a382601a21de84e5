"""Whoever acts on a page finds all that can be used on it; whoever reads one, every field and button."""

from __future__ import annotations

import re

import pytest
from headroom_core import Headroom, Policy, SettingError
from headroom_core.compressors.web_pages import WebPages
from headroom_core.compressors.web_pages.asked import wants_to_act
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Pages
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.content import conversation
from tests.core.compressors.web_pages.sites import SITES, application, dashboard, drawn_by_scripts, search, shop

count = tokenizer_for("gpt-4o").count


def shown(text: str, pages: Pages = "act") -> str:
    return WebPages().compress(text, Guidance(pages=pages, may_elide=True, count=count)).shown


def visible(page: str, selector: str) -> list[LexborNode]:
    """What a visitor sees of it: asked of the tree itself, not of our walk."""
    tree = LexborHTMLParser(page)
    hidden = {node.html for outer in tree.css("[style*=none]") for node in outer.css("*")}
    assert hidden
    return [node for node in tree.css(selector) if node.html not in hidden]


@pytest.mark.parametrize("pages", ["read", "act"])
@pytest.mark.parametrize("name", sorted(SITES))
def test_every_visible_field_and_button_is_shown(name: str, pages: Pages) -> None:
    """In both views, of every sort of page; and none that the browser hides."""
    page = SITES[name]()
    text = shown(page, pages)
    fields = visible(page, "input:not([type=hidden]), select, textarea")
    names = [str(node.attributes["name"]) for node in fields if node.attributes.get("name")]
    buttons = [" ".join(node.text().split()) for node in visible(page, "button, [role=button], [role=tab]")]
    assert names
    assert [
        name for name in names if not re.search(rf"<(?:input|select|textarea)[^>]*\b{re.escape(name)}\b", text)
    ] == []
    assert [said for said in set(buttons) if text.count(said) < buttons.count(said)] == []
    assert "trap" not in text.lower()
    assert "83cf1" not in text


@pytest.mark.parametrize("name", sorted(SITES))
def test_every_link_is_shown_for_acting(name: str) -> None:
    """With its address, seen from the page's host."""
    page = SITES[name]()
    text = shown(page)
    for link in visible(page, "a[href]"):
        href = str(link.attributes["href"]).removeprefix("https://shop.example")
        assert f"]({href})" in text


def test_a_link_without_words_or_address_can_be_used_too() -> None:
    """An icon with a script behind it; a mark in the text that leads nowhere is no link."""
    page = (
        "<html><body><p>Shed 7 <a href='' onclick='drop(7)' id=drop-7><svg></svg></a> <a name=seven></a></body></html>"
    )
    assert shown(page).strip() == "Shed 7 [](#drop-7)"


def test_rows_of_a_table_keep_their_buttons() -> None:
    """Which button belongs to which row is what an agent must know."""
    assert "job-7\tfailed\t91 s\t<button 'Retry' #retry-7>" in shown(dashboard())
    assert "job-8\tdone\t104 s\t<button 'Retry' disabled #retry-8>" in shown(dashboard())


def test_an_item_is_one_line_with_all_that_can_be_used_on_it() -> None:
    """Cards of a shop are read like rows."""
    line = "- [Shed 3 21 m of room](/p/3) 309 EUR <select size-3 'S / *M' @12> <button 'Add to cart' [add-3]>"
    assert re.sub(r"@\d+", "@12", line) in re.sub(r"@\d+", "@12", shown(shop()))


def test_states_and_labels_are_said() -> None:
    """A tab that is chosen, a switch that is on, a field by its label."""
    text = shown(dashboard())
    assert "<tab 'Jobs' selected @" in text
    assert "<switch Live updates checked @" in text
    assert "The email <input email required #f-email>" in shown(application())
    assert "<input email The email required>" in shown(application(), "read")


def test_a_link_in_a_button_says_where_it_leads() -> None:
    """Designers put links into buttons, too."""
    page = dashboard().replace("<span role=switch", "<button><a href='/tech'>Tech</a></button><span role=switch")
    assert re.search(r"<button 'Tech → /tech' @\d+>", shown(page))
    assert "<button 'Tech'>" in shown(page, "read")


def test_references_are_the_same_in_every_view() -> None:
    """They number what can be used on the page, not what is shown of it, or bears a number."""
    text = shop().replace(" data-testid=add-3", "")
    numbers = [int(number) for number in re.findall(r"@(\d+)", shown(text))]
    assert numbers == sorted(set(numbers))
    assert [int(number) for number in re.findall(r"@(\d+)", shown(text, "visible"))] == numbers
    named = [int(number) for number in re.findall(r"@(\d+)", shown(shop()))]
    assert [number for number in numbers if number not in named] == [13]
    assert set(named) < set(numbers)


@pytest.mark.parametrize("kind", ["password", "PASSWORD", "Password"])
def test_what_a_password_field_holds_is_not_said(kind: str) -> None:
    """It is nobody's business, and no help; HTML doesn't tell capitals from small letters."""
    page = application().replace("type=password", f"type={kind} value=hunter2")
    assert page != application()
    assert "hunter2" not in shown(page)
    assert "hunter2" not in shown(page, "read")


@pytest.mark.parametrize(
    ("question", "origin", "acts"),
    [
        ("Log in and add the green shed to my cart", "", True),
        ("Which links are on the page?", "", True),
        ("Who built the shed?", 'browser_click {"ref": "e3"}', True),
        ("Who built the shed?", 'playwright_navigate {"url": "https://a.example"}', True),
        ("Who built the shed?", 'fetch {"url": "https://a.example/click"}', False),
        ("Summarise the order of events in the book", 'web_fetch {"url": "https://a.example"}', False),
        ("", "", False),
    ],
)
def test_the_question_and_the_call_say_which_view_is_wanted(question: str, origin: str, acts: bool) -> None:
    """A reader of an article pays nothing for its links."""
    assert wants_to_act(Guidance(question=question, origin=origin)) is acts


def test_the_policy_decides_before_them() -> None:
    """Who always acts, or never does, says so once."""
    assert wants_to_act(Guidance(pages="act"))
    assert not wants_to_act(Guidance(question="Click on it", pages="read"))


def test_all_that_is_visible_may_be_enough() -> None:
    """By leave of the policy a page is shown without a way back: no marker, and no tool is needed for it."""
    messages = conversation(shop(60))
    with Headroom("memory://") as headroom:
        assert headroom.compress(messages, model="gpt-4o").messages == messages
    with Headroom("memory://", Policy(pages="visible")) as headroom:
        result = headroom.compress(messages, model="gpt-4o")
        text = str(result.messages[-1]["content"])
        assert result.receipts[-1].fidelity is Fidelity.VISIBLE
        assert result.handles == ()
        assert "headroom_retrieve" not in text
        assert text.count("Add to cart") == 60
        assert headroom.retrieve(result.receipts[-1].handle).text == shop(60)


def test_a_view_that_nobody_knows_is_refused() -> None:
    """A misspelt setting would else be a default."""
    with pytest.raises(SettingError):
        Policy(pages="all")  # type: ignore[arg-type]  # what is refused
    assert Policy.from_env({"HEADROOM_PAGES": "act"}).pages == "act"


def test_a_page_that_scripts_draw_is_read_by_its_data() -> None:
    """A browser would show them; the text of the page says nothing."""
    text = shown(drawn_by_scripts(), "read")
    assert "props.user.name: Anna Berg" in text
    assert "props.orders[3].state: shipped" in text
    assert "[20 more]" in text
    assert "data of the page" not in shown(search(), "read")


def test_long_pages_cost_work_in_proportion() -> None:
    """Counted in looks at the time, one for a thousand nodes."""

    def looks(text: str) -> int:
        ticks = 0

        def tick() -> None:
            nonlocal ticks
            ticks += 1

        WebPages().compress(text, Guidance(may_elide=True, tick=tick))
        return ticks

    assert looks(shop(4000)) < 11 * looks(shop(400))
