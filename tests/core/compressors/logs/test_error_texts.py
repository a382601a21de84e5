"""Every distinct error text, numbers aside, stands verbatim at every level: counted by the test's own measure."""

from __future__ import annotations

import re
from random import Random

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Level

COUNT = tokenizer_for("gpt-4o").count
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "xu", "za"]
BAD = [
    "{stamp} ERROR {name}: cannot reach {other}, gave up after {n} tries",
    "{stamp} FATAL {name} ran out of memory at {n} MB",
    "{stamp} CRITICAL {name}: checksum of {other} is wrong",
    "{name}Exception: {other} was refused",
    "panic: {name} of {other} is nil",
    "error: {name}: no such {other}",
    "FAILED tests/test_{name}.py::test_{other} - assert {n} == 7",
    "--- FAIL: Test{name}/{other} (0.{n}s)",
    "{name}.c:{n}:3: error: unknown type name '{other}'",
    "npm ERR! {name} {other}",
]
SHAPES = ["one template", "many templates", "no template"]


def name(rng: Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(4))


def log_with_errors(seed: int, shape: str) -> tuple[str, list[str]]:
    """A log of 2,000 lines, and its lines of distinct errors; each comes up to three times, with other numbers."""
    rng = Random(seed)
    patterns = [f"{name(rng)} {name(rng)}" for _ in range(200)]
    lines, bad = [], []
    for number in range(2_000):
        stamp = f"2031-02-03 04:{number // 60 % 60:02}:{number % 60:02}"
        said = {"one template": "took job", "many templates": rng.choice(patterns), "no template": name(rng)}[shape]
        lines.append(f"{stamp} INFO {said} {number} in {number * 7 % 31} ms")
        if rng.random() < 0.06:
            template, one, other = rng.choice(BAD), name(rng), name(rng)
            for _ in range(rng.randint(1, 3)):
                lines.append(template.format(stamp=stamp, name=one, other=other, n=rng.randint(10, 99)))
                bad.append(lines[-1])
    return "\n".join(lines) + "\n", bad


def distinct(lines: list[str]) -> set[str]:
    return {re.sub(r"\d+", "#", line) for line in lines}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("level", ["light", "balanced", "strong", None])
def test_every_distinct_error_text_stands_verbatim(level: Level | None, shape: str) -> None:
    for seed in range(2):
        text, bad = log_with_errors(seed, shape)
        guidance = Guidance(count=COUNT, level=level or "balanced", may_elide=level is not None)
        view = Logs().compress(text, guidance)
        assert (view.fidelity is Fidelity.ELIDED) == (level is not None)
        source = set(text.split("\n"))
        shown = {re.sub(r"^L\d+ ", "", line) for line in view.shown.split("\n")} & source
        missing = distinct(bad) - distinct(list(shown))
        assert len(distinct(bad)) > 80
        assert not missing


@pytest.mark.parametrize(("level", "most"), [("balanced", 12_000), ("strong", 8_000)])
def test_findings_of_one_message_are_shown_as_far_as_there_is_room(level: Level, most: int) -> None:
    """Thousands of them were all shown, each of another place and name, and nothing was saved."""
    messages = ["Parameter '{}' implicitly has an 'any' type.", "Cannot find name '{}'.", "'{}' is possibly 'null'."]
    rng = Random(7)
    text = "".join(
        f"src/{name(rng)}.ts({number},7): error TS{7000 + number % 3}: {messages[number % 3].format(name(rng))}\n"
        for number in range(3_000)
    )
    view = Logs().compress(text, Guidance(count=COUNT, level=level, may_elide=True))
    assert COUNT(view.shown) < most
    assert all(f"error TS{code}: " in view.shown for code in (7000, 7001, 7002))
    assert re.search(r"1000x L\d+-\d+ src/.*error TS7000", view.shown)


def test_a_hundred_errors_are_all_shown() -> None:
    """Who mends them needs each."""
    rng = Random(8)
    errors = [
        f"src/{name(rng)}.ts({at},7): error TS7006: Parameter '{name(rng)}' has an 'any' type." for at in range(120)
    ]
    told = "".join(f"[12:00:{at % 60:02}] checked src/{name(rng)}.ts in {at} ms\n" for at in range(900))
    view = Logs().compress(told + "\n".join(errors), Guidance(count=COUNT, level="strong", may_elide=True))
    assert view.fidelity is Fidelity.ELIDED
    assert all(error in view.shown for error in errors)
