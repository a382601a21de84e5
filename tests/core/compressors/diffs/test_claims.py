"""Diffs are told from what holds or looks like one."""

from typing import Any

import pytest
from headroom_core.compressors.diffs.claims import claim

from tests.core.compressors.diffs import patches


@pytest.mark.parametrize("name", [name for name in patches.ALL if name != "looks like ours"])
def test_diffs_of_every_spelling_are_claimed_surely(name: Any) -> None:
    assert claim(patches.ALL[name]) >= 0.8


NOT = {
    "a console log that holds a diff": "".join(f"$ step {n}\nran {n}\n" for n in range(40)) + patches.PLAIN,
    "Markdown with a fenced diff": "# Title\n\n" + "Words of prose.\n" * 60 + "```diff\n" + patches.PLAIN + "```\n",
    "a list": "".join(f"- item {n}\n+ other {n}\n" for n in range(60)),
    "YAML documents": "---\na: 1\n---\nb: 2\n" * 30,
    "headers without bodies": "@@ -1,3 +1,3 @@\nx\n" * 30,
    "statistics": "".join(f" src/pool_{n}.py | {n} ++--\n" for n in range(60)),
    "nothing": "",
}


@pytest.mark.parametrize("name", NOT)
def test_what_looks_like_one_is_not_claimed(name: Any) -> None:
    assert claim(NOT[name]) == 0


def test_a_long_diff_is_judged_by_its_middle_and_end_too() -> None:
    assert claim(patches.PLAIN * 200) >= 0.8
    assert claim(patches.PLAIN * 50 + "words of prose that are no diff\n" * 4000) == 0


def test_a_hunk_that_is_longer_than_the_sample_goes_on_in_the_middle_and_the_end() -> None:
    page = "".join(f"+Step {n} of the guide says what the pool does.\n" for n in range(3000))
    new = "diff --git a/guide.md b/guide.md\nnew file mode 100644\n--- /dev/null\n+++ b/guide.md\n@@ -0,0 +1,3000 @@\n"
    assert claim(patches.PLAIN * 15 + new + page) >= 0.8
    assert claim(patches.PLAIN * 15 + page.replace("+Step", "    Step")) == 0


@pytest.mark.parametrize("times", [1, 200])
def test_line_ends_of_windows_change_nothing(times: int) -> None:
    assert claim((patches.PLAIN * times).replace("\n", "\r\n")) >= 0.8
