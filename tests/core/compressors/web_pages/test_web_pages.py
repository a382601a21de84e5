"""Pages are shown as a visitor sees them; no markup raises, and none is slow."""

from __future__ import annotations

import subprocess
import sys

import pytest
from headroom_core.compressors.web_pages import WebPages
from headroom_core.compressors.web_pages.parsing import tree_of
from headroom_core.errors import OutOfTime
from headroom_core.types import Fidelity, Guidance, Level, no_deadline
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work

SENTENCE = (
    "The garden shed stands behind the old house, and nobody has opened its green door since the spring of that year."
)
ELIDING = Guidance(may_elide=True)


def page(body: str) -> str:
    return (
        f"<!doctype html><html><head><title>Sheds</title><script>var x = 1;</script></head><body>{body}</body></html>"
    )


def shown(body: str, level: Level = "balanced") -> str:
    return WebPages().compress(page(body), Guidance(level=level, may_elide=True)).shown


def test_a_page_is_left_alone_without_a_way_back() -> None:
    """It can't be rebuilt from what is shown of it."""
    text = page(f"<p>{SENTENCE}</p>")
    assert WebPages().compress(text, Guidance()).fidelity is Fidelity.VERBATIM


def test_headings_lists_tables_code_and_links_are_markdown() -> None:
    """Structure is what a reader finds his way by."""
    body = f"<h2>Sizes &amp; prices</h2><p>{SENTENCE} See <a href='/sizes'>two sizes</a>.</p><ul><li>one</li></ul>"
    body += "<table><tr><th>Model</th><th>Price</th></tr><tr><td>A</td><td>7</td></tr></table><pre>if x:\n    y()</pre>"
    text = shown(body + f"<p>{SENTENCE} Twice.</p>")
    for said in ("## Sizes & prices", "[two sizes](/sizes)", "- one", "Model\tPrice", "A\t7", "if x:\n    y()"):
        assert said in text
    assert "title: Sheds" in text
    assert "var x" not in text


@pytest.mark.parametrize("around", ["main", "article", "div"])
def test_every_section_that_tells_something_has_its_heading_lists_and_tables(around: str) -> None:
    """Also the first and the last, past the stretch that holds most of the text."""
    chapters = "".join(
        f"<h2>Chapter {at}</h2><p>{SENTENCE * 3} {at}</p><ul><li>point {at}</li></ul><table><td>row {at}<td>7</table>"
        for at in range(8)
    )
    beside = "<div>" + "".join(f"<p><a href=/r{at}>Related {at}</a></p>" for at in range(20)) + "</div>"
    text = shown(f"{beside}<{around}><h1>Sheds of the north</h1><p>By Ann</p>{chapters}</{around}>{beside}")
    assert "# Sheds of the north" in text
    for at in range(8):
        assert f"## Chapter {at}\n" in text
        assert f"- point {at}\n" in text
        assert f"row {at}\t7\n" in text
    assert text.count("~ 20 links") == 2


def test_fields_and_buttons_are_shown_wherever_they_stand() -> None:
    """An agent acts by them; in a footer, too. What the browser hides isn't one."""
    body = "<footer><form action='/find' method=get><input name=q placeholder=Search required>"
    body += "<input type=hidden name=csrf>"
    body += (
        "<select name=n><option>One<option>Two</select><textarea name=t>hi</textarea><button name=go>Go now</button>"
    )
    text = shown(f"<p>{SENTENCE}</p>" + body + "</form></footer><div style='display: none'><input name=trap></div>")
    for said in ("<form get /find>", "<input q Search required>", "select n 'One / Two'", "textarea t 'hi'"):
        assert said in text
    assert "<button go 'Go now'>" in text
    assert "csrf" not in text
    assert "trap" not in text


def test_a_button_is_one_text_whatever_stands_in_it() -> None:
    """Designers put headings and links into buttons."""
    text = shown(
        f"<p>{SENTENCE}</p><button id=b><h1>Best</h1> <a href='/x'><div>picks</div></a></button><p>{SENTENCE}</p>"
    )
    assert "<button 'Best picks'>" in text


def test_navigation_is_folded_with_a_count() -> None:
    """Links that lead elsewhere are counted, and the first are named."""
    links = "".join(f"<li><a href='/p{number}'>Page {number}</a></li>" for number in range(30))
    text = shown(f"<nav><ul>{links}</ul></nav><p>{SENTENCE}</p>")
    assert "~ nav 30 links: Page 0, Page 1, Page 2" in text
    assert SENTENCE in text
    assert "Page 9" not in text


def test_a_page_without_long_text_is_shown_whole() -> None:
    """An app or a list of hits has no article, and its short texts are what it says."""
    text = shown("".join(f"<div><a href='/{number}'>Item {number}</a> {number} EUR</div>" for number in range(9)))
    assert all(f"[Item {number}](/{number}) {number} EUR" in text for number in range(9))


@pytest.mark.parametrize(
    "text",
    [
        "- The parser takes <html> and <body> tags now\n- Faster\n",
        "<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>",
        "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>",
        "<template>\n" + "  <div v-if='x'><span>{{ y }}</span></div>\n" * 9 + "</template>",
        "<div className='x'>\n" + "<p>{name}</p>\n" * 20 + "</div>",
        "<134>1 2031-02-03 host app - - <html> seen\n" * 9,
        "",
    ],
)
def test_other_markup_is_not_claimed(text: str) -> None:
    """Feeds, drawings, components and notes about pages are read for their source."""
    assert WebPages().claim(text) == 0


def test_pages_and_fragments_are_claimed() -> None:
    """With a root surely; a fragment by the share of its tags."""
    assert WebPages().claim("\n" + page("<p>x</p>")) >= 0.8
    assert WebPages().claim("<div class='hits'>" + "<div><a href='/x'>x</a></div>" * 9 + "</div>") >= 0.8


@pytest.mark.parametrize(
    "unit",
    [
        *("<table><tr><td>", "<div>", "<a href=x>", "<b><p>", "</div>", "<button>", "<p>a<nav>", "<div role=button>x"),
        *("<a href=x>b<table><tr><td>", "<script></script>", "<script>a</script>"),
    ],
)
def test_deep_and_broken_markup_is_read_in_linear_time(unit: str) -> None:
    """Ten thousand tables in each other end no stack and hold up no server: what is quadratic takes minutes."""
    with little_work(seconds=8):
        WebPages().compress(page(unit * 10_000 + "x"), ELIDING)


def test_a_script_that_is_one_long_word_is_read_once() -> None:
    """Looked at from each of its letters, it took as long as all other pages of a day."""
    with little_work(seconds=8):
        WebPages().compress(page(f"<script>{'a' * 400_000}</script>"), ELIDING)


def test_the_parser_is_no_way_round_the_end_of_time() -> None:
    """It can't be asked to stop, and its time grows with the square of the depth: this page would take it hours."""
    text = page("<ul><li>x" * 1_000_000)
    ticks = iter([None])

    def tick() -> None:
        if next(ticks, ticks) is not None:
            raise OutOfTime

    with pytest.raises(OutOfTime):
        WebPages().compress(text, Guidance(may_elide=True, tick=tick))


@pytest.mark.parametrize("spell", ["<b n={}>", "<I title='\">' n={}>", "<font a=\"'>'\" n={}>"])
def test_what_is_left_open_is_not_repeated_in_all_that_follows(spell: str) -> None:
    """HTML has it so: a small page becomes a tree that no memory holds. Its text is the same without."""
    text = "<!doctype html><body><p>" + "".join(map(spell.format, range(400))) + "".join(f"<p>{n}." for n in range(400))
    root = tree_of(text, no_deadline)
    assert root is not None
    assert sum(1 for _ in root.traverse()) < 20_000
    assert root.text().endswith("397.398.399.")


def test_bold_stays_bold_in_ordinary_pages() -> None:
    """What no page is made slow by isn't touched."""
    root = tree_of(page("<p><b class=x>a</b><i>b</i>" * 400), no_deadline)
    assert root is not None
    assert len(root.css("b, i")) == 800


_TAGS = [
    "p",
    "/p",
    "button",
    "/button",
    "table",
    "tr",
    "td",
    "/td",
    "/table",
    "nav",
    "/nav",
    "li",
    "pre",
    "form",
    "script",
    "/script",
    "!--",
    "svg",
    "/div",
    "head",
    "body",
]
_ODD = [
    "<a href='/x'>",
    "</a>",
    "<input name=a>",
    "<div hidden>",
    "-->",
    "&amp;",
    "&#0;",
    "\0",
    "\ud800",
    "\r\n",
    "<",
    ">",
]
_BITS = st.sampled_from(
    [*(f"<{tag}>" for tag in _TAGS), *_ODD, "<select><option>", "<div role>", "<h1>", "word ", SENTENCE]
)


@given(st.lists(_BITS, max_size=40), st.sampled_from(["balanced", "strong", "light"]))
def test_no_markup_raises_and_none_grows(bits: list[str], level: Level) -> None:
    """Whatever comes, the source stays whole and what is shown is no longer."""
    text = "<!doctype html>" + "".join(bits)
    view = WebPages().compress(text, Guidance(level=level, may_elide=True))
    assert view.source == text
    assert len(view.shown) <= len(text)


def test_the_parser_is_loaded_with_the_first_page() -> None:
    """Who never sees a page doesn't pay for it."""
    code = "import sys, headroom_core, headroom_core.compressors.web_pages; sys.exit('selectolax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
