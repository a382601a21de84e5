"""Repeated configuration is said once and rebuilt; what is left out is named, and a secret is copied nowhere."""

from __future__ import annotations

import logging
import re

import pytest
from headroom_core import Headroom
from headroom_core.compressors.configuration import Configuration
from headroom_core.compressors.configuration.notation import decode
from headroom_core.compressors.configuration.shapes import shape_of, title_shape_of
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Level
from hypothesis import given
from hypothesis import strategies as st

from tests.content import conversation
from tests.core.compressors.configuration.material import REPEATED, lock, manifests, sections, services, sitemap

count = tokenizer_for("gpt-4o").count
ELIDING = Guidance(may_elide=True, count=count)


def shown(text: str, guidance: Guidance | None = None) -> str:
    return Configuration().compress(text, guidance or Guidance(count=count)).shown


def test_eighty_services_take_less_than_half() -> None:
    """Repeated YAML is what this kind is for; nothing of it is left out."""
    view = Configuration().compress(services(80), Guidance(count=count))
    assert view.fidelity is Fidelity.EQUIVALENT
    assert count(view.shown) < 0.5 * count(services(80))
    assert decode(view.shown) == services(80)


@pytest.mark.parametrize("name", sorted(REPEATED))
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_format_is_said_in_rows_and_rebuilt(name: str, end: str) -> None:
    """No format is parsed: lines, indentation, sections and tags are enough for all of them."""
    text = REPEATED[name]().replace("\n", end)
    said = shown(text)
    assert decode(said) == text
    assert count(said) < 0.8 * count(text)


def test_values_stand_whole_in_their_rows() -> None:
    """Who looks for an image, a port or a path finds it letter for letter."""
    said = shown(services())
    for value in re.findall(r"image: (\S+)", services()) + re.findall(r'- "(\S+)"', services()):
        assert value in said


def test_what_only_some_blocks_have_is_said_with_its_key() -> None:
    """An exception reads like the line that it is."""
    said = shown(services())
    assert "=restart: on-failure" in said
    assert 'FEATURE_X: "true"' in said


def test_a_value_that_stands_twice_in_a_block_is_one_cell() -> None:
    """Names of manifests stand in five places."""
    rows = [line for line in shown(manifests()).split("\n") if line.startswith("A,")]
    assert len(rows) == 19
    assert all(row.count(row.split(",")[1]) == 2 for row in rows)  # its name, and the image


def test_comments_stay() -> None:
    """They are the part that people wrote for people."""
    text = sections(20).replace("[program:media10]", "; keep this one last\n[program:media10]")
    assert "; keep this one last" in shown(text)


@pytest.mark.parametrize("sign", ["\\", "A,", "A", "?", "{1}", "…", "⏎", "!", "=x: 1", "B: 3 lines", '"', ""])
def test_letters_of_the_notation_in_a_text_are_no_notation(sign: str) -> None:
    """They come back as they were, wherever they stand."""
    text = f"{sign}\n{services(12)}{sign}one\n" + services(9).replace("30s", sign)
    view = Configuration().compress(text, Guidance(count=count))
    assert view.fidelity is Fidelity.EQUIVALENT
    assert decode(view.shown) == text


def test_over_its_budget_a_file_shows_its_frame_and_what_is_asked_for() -> None:
    """First, last and rare rows, and the block that the question names; each gap with its lines."""
    guidance = Guidance(question="Which port has ledger-37?", may_elide=True, budget=900, count=count)
    view = Configuration().compress(services(), guidance)
    assert view.fidelity is Fidelity.ELIDED
    assert count(view.shown) <= 900
    for said in ("services:", "A,auth-00,", "A,ledger-37,", "=restart: on-failure", "driver: bridge"):
        assert said in view.shown
    hidden = view.regions[0].hidden
    assert hidden is not None
    gaps = [f"… {first}-{last}" for first, last in hidden.ranges if last > first]  # the others hold a secret
    assert len(gaps) > 3
    assert all(gap in view.shown.split("\n") for gap in gaps)


@pytest.mark.parametrize("level", ["balanced", "strong"])
def test_of_a_report_the_failing_tests_are_shown(level: Level) -> None:
    """They are why it is read; the first and the last hundred were shown."""
    cases = [f'  <testcase classname="shed" name="opens{n}" time="0.0{n * 7919 % 97}"/>' for n in range(2_000)]
    for n in (77, 903, 1311):
        told = f'<failure message="door {n} is shut">at shed.Door\n</failure>'
        cases[n] = f'  <testcase classname="shed" name="opens{n}" time="9.1">\n    {told}\n  </testcase>'
    cases[1500] = (
        '  <testcase classname="shed" name="opens1500" time="9.1">\n    <error message="gone"/>\n  </testcase>'
    )
    report = "\n".join(['<testsuite name="shed">', *cases, "</testsuite>\n"])
    view = Configuration().compress(report, Guidance(may_elide=True, level=level, count=count))
    assert view.fidelity is Fidelity.ELIDED
    for said in ("door 77 is", "door 903 is", "door 1311 is", '"gone"', 'name="opens903"', 'name="opens1500"'):
        assert said in view.shown


def test_a_file_without_repeats_shows_what_is_least_deep_first() -> None:
    """The headings of a file tell what can be asked for."""
    text = "".join(f"part{n}:\n  about{n * 977}: x\n  more{n}:\n    deep{n}: x\n    deeper{n}: y\n" for n in range(20))
    said = shown(text, Guidance(may_elide=True, budget=280, count=count))
    assert all(f"part{number}:" in said for number in range(20))
    assert "deep9:" not in said
    assert shown(text, Guidance(may_elide=True, budget=280, question="deep9", count=count)).count("deep9: x")


def test_secrets_are_left_out_of_what_is_left() -> None:
    """Only the store has them: no view with anything left out, no receipt and no log shows one."""
    text = services() + "vault:\n  token: tok-123456\n  keys:\n    - key-aaaa\n" + "x:\n  y: 1\n" * 400
    text += "url: postgres://app:s3cr3t@db.example/app\n"
    said = shown(text, Guidance(question="What is the token in the vault?", may_elide=True, budget=2000, count=count))
    assert "vault:" in said
    assert "token: …" in said
    for secret in ("hunter-", "tok-123456", "key-aaaa", "s3cr3t"):
        assert secret not in said


def test_the_data_of_a_manifest_of_secrets_are_secrets() -> None:
    """Their keys say nothing of it; the kind of the document does."""
    text = manifests() + "---\nkind: Secret\nmetadata:\n  name: app\ndata:\n  first: YWJjZGVm\n  second: Z2hpamts\n"
    said = shown(text, Guidance(question="first second", may_elide=True, budget=600, count=count))
    assert "first: …" in said
    assert "YWJj" not in said
    assert "Z2hp" not in said


def test_no_receipt_and_no_log_line_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    """They outlive the conversation, and others read them."""
    caplog.set_level(logging.DEBUG)
    with Headroom("memory://") as headroom:
        result = headroom.compress(conversation(services()), model="gpt-4o", retrieval="tool")
    assert result.receipts[-1].kind == "config"
    assert "hunter-" not in repr(result.receipts)
    assert "hunter-" not in caplog.text


def test_no_line_is_remembered_when_a_view_is_made() -> None:
    """A process outlives its requests, and its memory may be dumped."""
    view = Configuration().compress(services(), Guidance(count=count))
    assert Configuration().rebuilds(services(), view.shown)
    assert shape_of.cache_info().currsize == title_shape_of.cache_info().currsize == 0


def test_a_part_that_was_asked_for_is_shown_whole() -> None:
    """It may be said in rows, but nothing of it is left out."""
    guidance = Guidance(origin='read {"path": "a.yml", "offset": 40}', may_elide=True, budget=100, count=count)
    assert Configuration().compress(services(), guidance).fidelity is Fidelity.EQUIVALENT


def test_work_grows_with_the_text_and_no_faster() -> None:
    """Counted in looks at the time, of which every loop has one for so many lines."""

    def looks(text: str) -> int:
        ticks = 0

        def tick() -> None:
            nonlocal ticks
            ticks += 1

        Configuration().compress(text, Guidance(may_elide=True, count=count, tick=tick))
        return ticks

    assert looks(services(1600)) < 12 * looks(services(160))  # both are too long to be shown whole
    assert looks("<a>" * 20_000) < 500


@pytest.mark.parametrize("unit", [" ", ", ", "- ", "-", "a=", "'", '<a b="', "<a>x"])
@pytest.mark.parametrize("start", ["a: ", "- ", "<a>"])
def test_long_lines_are_read_once(start: str, unit: str) -> None:
    """Where each letter of a run was read again from all others, each of these took minutes."""
    line = start + unit * (200_000 // len(unit)) + "x"
    assert Configuration().compress(f"a: 1\n{line}\nb: 2\n", ELIDING).source == f"a: 1\n{line}\nb: 2\n"


@pytest.mark.parametrize("unit", ["<a>\n", "- ", "{\n", "[[", "a:\n ", "<a><b/>", "---\n", "[a.b]\n", '"', "\\\n"])
def test_runs_of_one_sign_end_no_stack(unit: str) -> None:
    """Nesting of any depth is read with a stack of our own."""
    text = unit * 10_000
    assert Configuration().compress(text, ELIDING).source == text


PIECES = [
    *("a: 1", "  b: x", "- c", "    - d: 2", "[s]", "[[s]]", "---", "k = v", 'K="v"', "<a b='1' c=\"2\">t</a>", "</a>"),
    *("}", "# c", "", "x {", "]", "A,1", "?", "\\", "…", "  {1}", "password: p", "a:", "  a:", "\ud800", "\x00\u2028"),
    "a,b\tc|d",
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6), max_size=6), st.integers(1, 4), st.booleans())
def test_any_blocks_any_times_come_back(blocks: list[list[str]], times: int, elide: bool) -> None:
    """What is said in rows is rebuilt; what isn't stays."""
    text = "\n".join(line for _ in range(times) for block in blocks for line in block)
    view = Configuration().compress(text, Guidance(may_elide=elide, budget=40 if elide else None, count=count))
    assert view.source == text
    if view.fidelity is Fidelity.EQUIVALENT:
        assert decode(view.shown) == text


def test_lock_files_and_one_line_markup_keep_their_ends() -> None:
    """The line end that isn't there at the end isn't there afterwards."""
    for text in (lock(), sitemap(), lock().rstrip("\n"), sitemap() + "\n"):
        assert decode(shown(text)) == text
