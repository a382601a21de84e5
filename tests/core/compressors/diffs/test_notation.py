"""The shorter spelling of diffs: what it looks like, and that every byte of the source follows from it."""

from typing import Any

import pytest
from headroom_core.compressors.diffs import Diffs
from headroom_core.compressors.diffs.notation import decode, encode
from headroom_core.compressors.diffs.reading import read
from headroom_core.types import no_deadline

from tests.core.compressors.diffs import patches


def spelled(text: str) -> str:
    crlf = text.endswith("\r\n") and text.count("\r\n") == text.count("\n")
    patch = read(text.replace("\r\n", "\n") if crlf else text, no_deadline)
    return encode(patch, newline=text.endswith("\n"), crlf=crlf, tick=no_deadline)


@pytest.mark.parametrize("name", patches.ALL)
def test_the_source_is_rebuilt(name: Any) -> None:
    text = patches.ALL[name]
    assert decode(spelled(text)) == text
    assert Diffs().rebuilds(text, spelled(text))
    assert not Diffs().rebuilds(text + "x", spelled(text))


def test_a_head_is_one_line_and_a_hunk_begins_with_its_line_and_its_function() -> None:
    assert (
        spelled(patches.PLAIN)
        == """\
[diff: === file; @@ line in new file]
=== src/pool.py 1f2e3d4..5a6b7c8
@@3 import time
 import os

 class Pool:
+    size = 4
     def take(self):
         return self.queue.pop()

@@41
     def give(self, job):
         self.queue.append(job)
         self.count += 1
-        return None
+        return job

     def close(self):
         self.queue.clear()
@@61
     def close(self):
         self.queue.clear()
-        self.open = False
\\ No newline at end of file
"""
    )


def test_what_a_history_says_twice_is_said_once() -> None:
    shown = spelled(patches.LOG).splitlines()
    assert "=== src/new.py new ..9a8b7c6" in shown
    assert shown.index("|") == shown.index("commit 0085eecb9f6a6e1ec90478a525dd73aae7194888") - 1
    assert "=== src/pool.py 0a1b2c3.." in shown, "the newer commit said what this one made of the file"


def test_renames_modes_and_deletions_keep_their_marks() -> None:
    heads = [line for line in spelled(patches.RENAMES).splitlines() if line.startswith("===")]
    assert heads == [
        "=== old name.py -> new name.py 87% 1f2e3d4..5a6b7c8 100755",
        "=== a.sh -> b.sh",
        "=== run.sh 100644->100755",
        "=== both.sh 100644->100755 1f2e3d4..5a6b7c8",
        "=== gone.py deleted 1f2e3d4..",
        "=== copy.py => copied.py 95% 1f2e3d4..5a6b7c8",
        "=== logo.png 1f2e3d4..5a6b7c8",
        "=== empty.txt new ..e69de29",
    ]


@pytest.mark.parametrize("name", patches.ALL)
def test_changed_lines_are_shown_letter_for_letter_and_in_order(name: Any) -> None:
    text = patches.ALL[name].replace("\r\n", "\n")
    shown = spelled(text).splitlines()
    patch = read(text, no_deadline)
    changed = [
        patch.lines[place]
        for part in patch.parts
        if hasattr(part, "tail")
        for place in range(part.start + 1, part.end)
        if patch.signs[place] in "+-"
    ]
    rest = iter(shown)
    assert all(line in rest for line in changed)


def test_changed_lines_that_came_before_are_shown_again() -> None:
    """A number in their place would save a little, and a reader would have to count."""
    body = "".join(f"+    queue.append(job_{number}, now())\n" for number in range(8))
    text = "".join(f"--- a/{name}\n+++ b/{name}\n@@ -0,0 +1,8 @@\n{body}" for name in ("x.py", "y.py"))
    assert spelled(text).count(body) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "[diff: === file; @@ line in new file]",
        "[diff: === file; @@ line in new file]\n@@1\n=7\n",
        "[diff: === file; @@ line in new file]\n@@1\n+x\n=7\n===\n=== x ..\n@@-1+2\n",
    ],
)
def test_reading_what_nobody_wrote_raises_nothing(text: Any) -> None:
    decode(text)
