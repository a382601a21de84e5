"""Texts that are nearly diffs: whatever they hold, nothing raises, and what is shown gives them back."""

from typing import Any

import pytest
from headroom_core.compressors.diffs import Diffs
from headroom_core.compressors.diffs.notation import decode
from headroom_core.compressors.diffs.reading import Hunk, read
from headroom_core.text.lines import split_lines
from headroom_core.types import Fidelity, Guidance, no_deadline
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clocks import little_work
from tests.core.compressors.diffs import patches

BODY = (
    *(
        " same",
        " ",
        "",
        "+",
        "-",
        "+new",
        "-old",
        "  indented",
        " def take(queue):",
        "-class Pool:",
        "+\t\tx",
        "\\ No newline at end of file",
    ),
    *(
        " a line that is long enough",
        "+a line that is long enough",
        "-a line that is long enough",
        " another such line of some length",
    ),
    *(
        "+++ b/x",
        "--- a/x",
        "++",
        "--",
        "-- ",
        " @@ -1 +1 @@",
        "+=== x",
        " |",
        "+=4",
        "\\",
        "+x\r",
        "\x1b[31m-old\x1b[m",
        "\x1b[32m+\x1b[m",
    ),
    *(" " + "x" * 100, "+" + "\u2028", " \ud800", "+…", "0", "00 of a line that was wrapped"),
)
BETWEEN = (
    *(
        "commit 1f2e3d4c5b6a",
        "    message",
        "",
        " ",
        "---",
        " a.py | 2 +-",
        " 1 file changed",
        "-- ",
        "2.39.1",
        "| raw",
        "|",
        "=== x",
        "=3",
    ),
    *(
        "@@",
        "@@5",
        "@@ -1 +1 @@",
        "@@ -1,2 +3,4 @@ tail",
        "@@@ -1 -1 +1 @@@",
        "@@-1+2",
        "+++ b/x",
        "--- a/x",
        "diff --git",
        "diff --git a/x b/x",
    ),
    *(
        "diff --git a/x y b/x y",
        "index 1f2e..3d4c 100644",
        "Binary files a/x and b/x differ",
        "+orphan",
        "-orphan",
        "\\ No newline",
        "\x1b[33mc\x1b[m",
    ),
    *("[diff: === file; @@ line in new file]", "new file mode 100644", "rename from x", "=", "= 5", "\r"),
)
PATHS = (
    "a.py",
    "src/a.py",
    "a b.py",
    "a b/c b/d",
    "x..y",
    "1f2e..3d4c",
    "new",
    "a -> b",
    "größe",
    "Cargo.lock",
    "vendor/a.c",
    "a.min.js",
)
TAILS = (
    "",
    "",
    "",
    " def take(queue):",
    " class Pool:",
    " @@",
    " ",
    "x",
    " a line that is long enough",
    " " + "x" * 90,
)
HASHES = st.sampled_from(["1f2e3d4", "0000000", "5a6b7c8", "0" * 40, "abcd"])


@st.composite
def hunks(draw: st.DrawFn) -> list[str]:
    """A hunk whose counts mostly hold, in git's spelling or near it."""
    body = draw(st.lists(st.sampled_from(BODY), max_size=9))
    if draw(st.integers(0, 3)) == 0:
        body += body
    same = sum(line[:1] in ("", " ") for line in body)
    old = same + sum(line[:1] == "-" for line in body)
    new = same + sum(line[:1] == "+" for line in body)
    if draw(st.integers(0, 5)) == 0:
        old, new = max(old + draw(st.integers(-2, 2)), 0), max(new + draw(st.integers(-2, 2)), 0)
    spelled = []
    for count in (old, new):
        start = draw(st.integers(0, 40)) if draw(st.integers(0, 2)) else 1
        left = count == 1 and draw(st.integers(0, 4)) > 0
        spelled.append(f"{start}" if left else f"{start},{count}")
    return [f"@@ -{spelled[0]} +{spelled[1]} @@{draw(st.sampled_from(TAILS))}", *body]


@st.composite
def heads(draw: st.DrawFn) -> list[str]:
    """The lines above the hunks of a file, mostly as git writes them."""
    path = draw(st.sampled_from(PATHS))
    other = draw(st.sampled_from([path, path, draw(st.sampled_from(PATHS))]))
    lines = [f"diff --git a/{path} b/{other}"]
    kind = draw(st.integers(0, 6))
    if kind == 1:
        lines.append(f"new file mode {draw(st.sampled_from(['100644', '100755']))}")
    if kind == 2:
        lines.append("deleted file mode 100644")
    if kind == 3:
        lines += ["old mode 100644", "new mode 100755"]
    if kind == 4:
        how = draw(st.sampled_from(["rename", "copy"]))
        lines += [f"similarity index {draw(st.sampled_from([100, 87]))}%", f"{how} from {path}", f"{how} to {other}"]
    if draw(st.integers(0, 4)):
        mode = draw(st.sampled_from(["", " 100644", " 100644", " 120000"]))
        lines.append(f"index {draw(HASHES)}..{draw(HASHES)}{mode}")
    if draw(st.integers(0, 4)):
        tab = "\t" if " " in path and draw(st.booleans()) else ""
        lines += ["--- /dev/null" if kind == 1 else f"--- a/{path}{tab}"]
        lines += ["+++ /dev/null" if kind == 2 else f"+++ b/{other}{tab}"]
    return lines


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Heads, hunks and other lines in nearly any order."""
    lines: list[str] = []
    for _ in range(draw(st.integers(0, 6))):
        part = draw(st.one_of(heads(), hunks(), hunks(), st.lists(st.sampled_from(BETWEEN), max_size=3)))
        lines += part
    end = "\r\n" if draw(st.integers(0, 6)) == 0 else "\n"
    text = end.join(lines) + draw(st.sampled_from(["", end, end, end, end * 2]))
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 6)) == 0 else text


def check(text: str) -> None:
    diffs = Diffs()
    assert 0 <= diffs.claim(text) <= 1
    for budget in (1, 60, None):
        for level in ("balanced", "strong"):
            view = diffs.compress(text, Guidance(may_elide=budget is not None, budget=budget, level=level))
            assert view.source == text
            for region in view.regions:
                if region.fidelity is Fidelity.EQUIVALENT:
                    assert diffs.rebuilds(region.source, region.shown)
                    assert len(region.shown) < len(region.source)
                if region.hidden is not None:
                    assert region.hidden.total == len(split_lines(text))
                    assert 0 < region.hidden.count <= region.hidden.total


@given(texts())
def test_nothing_is_lost_of_what_nearly_is_a_diff(text: Any) -> None:
    check(text)


@given(st.sampled_from(list(patches.ALL.values())), texts(), st.integers(0, 2000), st.integers(0, 2000))
def test_nor_of_diffs_that_are_cut_and_joined(first: Any, second: Any, cut: Any, rest: Any) -> None:
    check(first[:cut] + second + first[rest:])


@given(st.lists(st.sampled_from([*BODY, *BETWEEN]), max_size=12))
def test_nor_of_lines_in_any_order(lines: Any) -> None:
    check("\n".join(["@@ -3,9 +3,9 @@", *lines, ""]))


@given(texts(), st.text(alphabet="@=|+- \n1,.\\", max_size=8), st.integers(0, 400))
def test_the_decoder_takes_any_text(text: Any, other: Any, cut: Any) -> None:
    shown = Diffs().compress(text, Guidance()).shown
    decode(shown[:cut] + other + shown[cut:])
    decode("[diff: === file; @@ line in new file]\n" + text + other)


@given(texts())
def test_changed_lines_of_written_files_are_all_shown_at_balanced(text: Any) -> None:
    """Counted, since no needle of a benchmark can see a line that is missing."""
    patch = read(text, no_deadline)
    if any(word in text for word in ("Cargo.lock", "vendor/", ".min.", "\r")):
        return
    view = Diffs().compress(text, Guidance(may_elide=True, budget=None, count=lambda text: 10 * len(text)))
    shown = view.shown.split("\n") if view.fidelity is Fidelity.ELIDED else text.split("\n")
    for part in patch.parts:
        if isinstance(part, Hunk):
            for place in range(part.start + 1, part.end):
                if patch.signs[place] in "+-":
                    assert patch.lines[place] in shown


def test_a_line_in_a_hunk_may_begin_with_any_letter() -> None:
    """One of a mail, wrapped before a nought, was taken for an empty line of context."""
    head = "diff --git a/src/app.py b/src/app.py\n--- a/src/app.py\n+++ b/src/app.py\n@@ -3,2 +3,2 @@ def take():\n"
    check(f"{head}-old\n0 of them\n+new\n")


@pytest.mark.long
def test_thousands_of_them() -> None:
    for test in (
        test_nothing_is_lost_of_what_nearly_is_a_diff,
        test_nor_of_diffs_that_are_cut_and_joined,
        test_nor_of_lines_in_any_order,
        test_the_decoder_takes_any_text,
        test_changed_lines_of_written_files_are_all_shown_at_balanced,
    ):
        settings(max_examples=8_000, derandomize=False)(test)()


def test_a_long_line_of_a_lock_file_is_read_once() -> None:
    """Each sign in it that may stand before a version was a reason to read the rest again."""
    line = "@" * 200_000 + "x"
    head = "diff --git a/yarn.lock b/yarn.lock\n--- a/yarn.lock\n+++ b/yarn.lock\n@@ -1,3 +1,3 @@\n"
    text = f"{head} {line}\n-  version 1\n+  version 2\n {line}\n"
    with little_work(seconds=8):
        assert Diffs().compress(text, Guidance(level="strong", may_elide=True)).source == text
