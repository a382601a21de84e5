"""Whether an outline says of its text what is true."""

from __future__ import annotations

import re
from itertools import pairwise

from headroom_core.compressors.source_code import SourceCode
from headroom_core.text.lines import split_lines
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Level, View

count = tokenizer_for("gpt-4o").count
CODE = SourceCode()


def outlined(text: str, *, level: Level = "balanced", question: str = "", origin: str = "") -> str:
    """What is shown of a text that must be shortened."""
    view = CODE.compress(text, Guidance(question, origin, level, may_elide=True, count=count))
    assert view.fidelity is Fidelity.ELIDED
    check(view, text)
    return view.shown


def left_alone(text: str, *, question: str = "", origin: str = "", budget: int | None = None) -> bool:
    """Whether a text is shown as it came, though facts might be left out."""
    view = CODE.compress(text, Guidance(question, origin, budget=budget, may_elide=True, count=count))
    check(view, text)
    return view == View.verbatim(text)


def check(view: View, text: str) -> None:
    """Every line that isn't hidden stands, letter for letter and in order; one line stands for each that is."""
    assert view.source == text
    if view.fidelity is Fidelity.VERBATIM:
        assert view.shown == text
        return
    (region,) = view.regions
    assert region.hidden is not None
    lines, shown = split_lines(text), split_lines(region.shown)
    assert (region.hidden.unit, region.hidden.total) == ("lines", len(lines))
    assert all(first <= last < following for (first, last), (following, _) in pairwise(region.hidden.ranges))
    done = at = 0
    for first, last in region.hidden.ranges:
        kept = lines[done : first - 1]
        assert shown[at : at + len(kept)] == kept
        at += len(kept) + 1
        numbers = f"{first}-{last}" if last > first else f"{first}"
        assert re.search(rf"… {numbers}(?![0-9-])| characters of line {numbers} …", shown[at - 1])
        done = last
    assert shown[at:] == lines[done:]
    assert count(region.shown) < count(text)
