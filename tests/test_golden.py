"""Goldens: what a model sees of a text, as a person reads it. One file a case, in `tests/golden/<kind>/`.

A title, a fenced block with the text before, one with the text after (backticks or tildes, three or more). The fence
above the text before may say how it is shown, defaults left out:

    ```json level=strong elide=true question="which order failed?" origin="list_orders" budget=200

`--update-golden` writes what is shown today; the diff is what gets reviewed. The last line end before a closing fence
belongs to the text, unless the fence says `newline=false`.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from headroom_core.compressors.table import COMPRESSORS
from headroom_core.pipeline import marked
from headroom_core.router.parts import Part
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Guidance, Level

GOLDEN = Path(__file__).parent / "golden"
CASE_LINES = 80  # a longer one is read by nobody
HANDLE = "3f9a1c07be42"  # of every golden's marker

_OPENING = re.compile(r"^(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$")
_KEYS = {"level", "elide", "question", "origin", "budget", "newline"}


class BadCase(ValueError):
    """A golden that isn't spelled as this module's docstring says."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block of a page: its lines, counted from 0, from the opening fence to the closing one."""

    first: int
    last: int
    info: str
    text: str


def fences(page: str) -> list[Fence]:
    """The fenced blocks of a page, in order."""
    found, opened = [], None
    lines = page.split("\n")
    for number, line in enumerate(lines):
        if opened is None:
            match = _OPENING.match(line)
            opened = (number, match["fence"], match["info"].strip()) if match else None
        elif line.strip() and not line.strip(opened[1][0]) and len(line) >= len(opened[1]):
            text = "".join(f"{inside}\n" for inside in lines[opened[0] + 1 : number])
            found.append(Fence(opened[0], number, opened[2], text))
            opened = None
    if opened is not None:
        raise BadCase(f"the fence of line {opened[0] + 1} is not closed")
    return found


def read_options(info: str) -> dict[str, str]:
    """What a fence says besides its language."""
    words = shlex.split(info)
    pairs = [word.partition("=") for word in words if "=" in word]
    if len(words) - len(pairs) > 1 or {key for key, _, _ in pairs} - _KEYS:
        raise BadCase(f"{info!r}: expected a language and any of {', '.join(sorted(_KEYS))}, as key=value")
    return {key: value for key, _, value in pairs}


def read_guidance(options: dict[str, str]) -> Guidance:
    """The guidance that a fence spells."""
    level: Any = options.get("level", "balanced")
    if level not in get_args(Level) or options.get("elide", "false") not in ("true", "false"):
        raise BadCase(f"{options}: level is light, balanced or strong, elide is true or false")
    return Guidance(
        question=options.get("question", ""),
        origin=options.get("origin", ""),
        level=level,
        budget=int(options["budget"]) if "budget" in options else None,
        may_elide=options.get("elide") == "true",
        count=tokenizer_for("gpt-4o").count,
    )


def check(page: str, kind: str) -> str:
    """The page with what is shown today as its text after. Raises BadCase if it isn't a case."""
    compressor = next((each for each in COMPRESSORS if each.kind == kind), None)
    if compressor is None:
        raise BadCase(f"no compressor is of kind {kind!r}: a case stands in the folder of its kind")
    found = fences(page)
    if not page.startswith("# ") or len(found) not in (1, 2):
        raise BadCase("expected a title `# ...` and two fenced blocks: the text before, and after")
    options = read_options(found[0].info)
    before = found[0].text.removesuffix("\n") if options.get("newline") == "false" else found[0].text
    # The way on which a block is shown in a request, marker included; only tokens aren't weighed.
    shown = marked([Part(before, compressor, 1.0, 1)], HANDLE, read_guidance(options)).text
    if not shown.endswith("\n"):
        shown += "\n"
    fence = "```"
    while fence in shown:
        fence += "`"
    lines = page.split("\n")
    if len(found) == 1:
        return "\n".join(lines[: found[0].last + 1]) + f"\n\n{fence}text\n{shown}{fence}\n"
    opening = f"{fence}{found[1].info}"
    return "\n".join([*lines[: found[1].first], opening, *shown.split("\n")[:-1], fence, *lines[found[1].last + 1 :]])


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.md")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_shown_is_what_was_reviewed(path: Path, request: pytest.FixtureRequest) -> None:
    """Whoever changes what a model sees, shows it to a reviewer as text."""
    page = path.read_text("utf-8")
    today = check(page, path.parent.name)
    if request.config.getoption("--update-golden"):
        path.write_text(today, "utf-8")
        page = today
    assert page.count("\n") <= CASE_LINES
    assert page == today


@pytest.mark.parametrize("compressor", COMPRESSORS, ids=lambda each: each.kind)
def test_every_kind_has_a_golden(compressor: Any) -> None:
    """A kind without one is a kind that nobody has looked at."""
    assert list((GOLDEN / compressor.kind).glob("*.md"))


KIND = COMPRESSORS[0].kind
CASE = "# A word stays\n\n~~~text level=light newline=false\nword\n~~~\n\nWhy: it is short.\n\n````\n{}````\n"


def test_a_case_that_holds_is_left_as_it_is() -> None:
    """Neither its prose nor its fences are touched but for what is shown."""
    assert check(CASE.format("word\n").replace("````", "```"), KIND) == CASE.format("word\n").replace("````", "```")


def test_a_case_that_does_not_hold_is_noticed() -> None:
    """What is shown stands where something else stood."""
    assert check(CASE.format("world\n"), KIND) == CASE.format("word\n").replace("````", "```")


def test_a_new_case_needs_no_text_after() -> None:
    """`--update-golden` writes it, in a fence that what is shown can't close."""
    page = "# A fence within\n\n~~~~\n```\nword\n~~~\n```\n~~~~\n"
    assert check(page, KIND) == page + "\n````text\n```\nword\n~~~\n```\n````\n"


@pytest.mark.parametrize(
    "page",
    [
        "word\n",
        "# No block\n",
        "# Not closed\n```\nword\n",
        "# Three\n```\na\n```\n```\nb\n```\n```\nc\n```\n",
        "# Unknown\n```json depth=3\nword\n```\n",
        "# Level\n```json level=hard\nword\n```\n",
    ],
)
def test_a_case_that_is_not_one_is_refused(page: str) -> None:
    """An option that is misspelled would else be a default, and the golden say what it doesn't show."""
    with pytest.raises(BadCase):
        check(page, KIND)
