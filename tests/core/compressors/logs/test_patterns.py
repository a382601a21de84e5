"""What becomes a pattern, and how blanks, folders, constants and records of several lines are written."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.logs.decoder import decode
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance

GUIDANCE = Guidance(count=tokenizer_for("gpt-4o").count)
NAMES = ["ann", "bob", "cleo", "dora", "edwin", "fred", "gustave", "hilda", "ivan", "jo"]


def encoded(lines: list[str]) -> str:
    text = "".join(f"{line}\n" for line in ["start", *lines, "stop"])
    view = Logs().compress(text, GUIDANCE)
    assert view.fidelity is Fidelity.EQUIVALENT
    assert decode(view.shown) == text
    return view.shown


def test_names_become_values_like_numbers() -> None:
    shown = encoded([f"user {NAMES[number % 10]} opened door {number} of the house" for number in range(40)])
    assert "A={} opened {} of the house\n" in shown
    assert "\nA,user cleo,door 2\n" in shown


def test_lines_that_differ_in_several_names_are_one_pattern() -> None:
    names = [f"{a}{b}{c}" for a in ("ba", "ce", "di") for b in ("fo", "gu", "ka") for c in ("le", "mi", "no")]
    lines = [f"test_{name} (tests.{name.title()}Test.test_{name}) ... ok" for name in names]
    assert "A={} ({}.{1}) ... ok\n" in encoded(lines)


def test_names_are_not_made_values_where_only_a_few_lines_are_alike() -> None:
    shown = encoded(
        [f"{name} started {NAMES[-1 - at]} at once" for at, name in enumerate(NAMES)]
        + [f"the worker took job {number}" for number in range(30)]
    )
    assert "ann started jo at once\n" in shown


def test_a_hyphen_is_no_sign() -> None:
    pods = [f"pod api-{number * 2654435761 % 2**32:08x} of the shop is ready" for number in range(100, 140)]
    temperatures = [f"temperature fell to {number} degrees this night" for number in range(-10, 10)]
    shown = encoded(pods + temperatures)
    assert shown.count(" of the shop is ready\n") == 1
    assert "=temperature fell to {} this night\n" in shown


def test_a_value_that_stands_twice_is_written_once() -> None:
    shown = encoded([f"block blk_{number * 7919} moved to /data/blk_{number * 7919} at once" for number in range(20)])
    assert "blk_{} moved to /data/blk_{1} at once" in shown


def test_columns_set_left_or_right_keep_their_blanks_by_rule() -> None:
    lines = [
        f"tests/{name}.py::test_{name} PASSED".ljust(60) + f"[{number * 9:3}%]" for number, name in enumerate(NAMES)
    ]
    assert "PASSED{>60}[{:4}]\n" in encoded(lines)


def test_blanks_without_a_rule_stay_as_they_are() -> None:
    encoded([f"{name}{' ' * (number * 7 % 4 + 1)}took its place in the queue" for number, name in enumerate(NAMES * 3)])


def test_lines_that_belong_together_are_one_record() -> None:
    lines = []
    for number in range(20):
        lines += [f"src/a.py:{number * 3}: note: Function is missing a type", "annotation  [no-untyped-def]"]
        lines += [f"other message number {number * 31} of this run"] * (number % 3 == 0)
    shown = encoded(lines)
    assert "note: Function is missing a type\n|annotation  [no-untyped-def]\n" in shown


def test_a_folder_that_many_rows_share_moves_into_the_pattern() -> None:
    lines = [
        f"copied /srv/shop/images/{'large' if number % 2 else 'small'}/{NAMES[number % 10]}-{number}.png"
        for number in range(60)
    ]
    shown = encoded(lines)
    assert "/srv/shop/images/large/" in shown.split("\n\n")[0]
    assert shown.count("/srv/shop/images/") == 2


def test_addresses_versions_words_and_decimals_stay_whole() -> None:
    lines = [
        f"peer 10.0.7.{number} has lib 2.4.{number} and key tok_ab{NAMES[number % 10]} for 0.{number:03} s"
        for number in range(30)
    ]
    assert "\nA,10.0.7.3,2.4.3,tok_abdora,0.003\n" in encoded(lines)


def test_values_of_one_another_line_are_not_cut_into_empty_cells() -> None:
    shown = encoded(
        [f"level {'x' if number % 3 else 'x/y'} of the building reached number {number}" for number in range(30)]
    )
    assert ",," not in shown


def test_a_huge_log_has_a_short_legend() -> None:
    lines = [
        f"worker {number % 97} of pool {number % 89} took job {number} from host h{number % 83}"
        for number in range(9_000)
    ]
    assert encoded(lines).split("\n\n")[0].count("\n") < 40


@pytest.mark.parametrize("end", ["", "\r"])
def test_line_ends_are_part_of_the_pattern(end: str) -> None:
    assert f"took job {{}}{end}\n" in encoded([f"the worker took job {number}{end}" for number in range(30)])
