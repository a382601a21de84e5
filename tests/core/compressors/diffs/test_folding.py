"""What is shown of a diff where not all may be: every change that a person made, and files by name where not."""

import re
from typing import Any

import pytest
from headroom_core.compressors import diffs
from headroom_core.compressors.diffs import Diffs
from headroom_core.compressors.diffs.files import Sort, sort_of
from headroom_core.compressors.diffs.notation import encode
from headroom_core.compressors.diffs.reading import Patch, read
from headroom_core.text.lines import pick
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Region

from tests.core.compressors.diffs import patches

COUNT = tokenizer_for("gpt-4o").count


def hunk(start: int, shift: int, body: str, tail: str = "") -> str:
    lines = body.splitlines()
    old = sum(line[:1] in " -" for line in lines)
    new = sum(line[:1] in " +" for line in lines)
    return f"@@ -{start},{old} +{start + shift},{new} @@{tail}\n{body}"


def file(path: str, *hunks: str) -> str:
    return f"diff --git a/{path} b/{path}\nindex 1f2e3d4..5a6b7c8 100644\n--- a/{path}\n+++ b/{path}\n{''.join(hunks)}"


def edits(path: str, count: int = 6) -> str:
    around = " before {0} one\n before {0} two\n before {0} three\n"
    return file(
        path,
        *(
            hunk(
                number * 50 + 1,
                number,
                around.format(number)
                + f"-    old = take({number})\n+    new = take({number})\n+    more({number})\n"
                + around.format(number).replace("before", "after"),
                f" def job_{number}():",
            )
            for number in range(count)
        ),
    )


LOCK = file(
    "Cargo.lock",
    *(
        hunk(
            number * 20 + 1,
            0,
            f' \n [[package]]\n name = "crate-{number}"\n-version = "1.0.{number}"\n+version = "1.1.{number}"\n'
            f' source = "registry+https://example.com/index"\n-checksum = "{"ab" * 32}"\n+checksum = "{"cd" * 32}"\n',
        )
        for number in range(8)
    ),
)


def folded(text: str, **guidance: Any) -> Region:
    view = Diffs().compress(text, Guidance(may_elide=True, count=COUNT, **({"budget": 1} | guidance)))
    assert [region.fidelity for region in view.regions] == [Fidelity.ELIDED]
    return view.regions[0]


def test_at_balanced_every_changed_line_is_shown_and_context_is_not() -> None:
    text = edits("src/pool.py", count=40)
    shown = folded(text, budget=None).shown.splitlines()
    for line in text.splitlines():
        if re.match(r"[+-](?![+-])", line):
            assert line in shown
    assert " before 3 three" in shown
    assert not any(line.startswith((" before 3 one", " after")) for line in shown)


BARE = file("src/pool.py", *(hunk(number * 9 + 1, 0, f"-a{number}\n+b{number}\n") for number in range(200)))


@pytest.mark.parametrize("text", [*patches.ALL.values(), edits("src/pool.py", 90), LOCK, BARE])
def test_no_equivalent_form_is_shorter_than_what_is_taken_for_the_least(text: Any) -> None:
    guidance = Guidance(count=COUNT)
    shown = Diffs().compress(text, guidance).shown
    assert diffs._least(read(text, guidance.tick), text, guidance) <= COUNT(shown)


def test_no_equivalent_form_is_made_where_folding_is_surely_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def watched(patch: Patch, **options: Any) -> str:
        asked.append("encode")
        return encode(patch, **options)

    monkeypatch.setattr(diffs, "encode", watched)
    folded(edits("src/pool.py", 90), budget=1_500)
    assert asked == []
    folded(BARE, budget=2_000)  # nearly all of it is headers: the other form could be shorter
    assert asked == ["encode"]


def test_a_file_is_named_with_its_counts_and_a_hunk_with_its_line_and_function() -> None:
    shown = folded(edits("src/pool.py", count=40), budget=None).shown
    assert "=== src/pool.py +80 -40\n@@3 def job_0():\n before 0 three\n-    old = take(0)\n" in shown
    assert "@@54 def job_1():\n" in shown


def test_a_hunk_of_two_changes_far_apart_becomes_two() -> None:
    body = "-a\n+b\n" + " same {}\n" * 20 + "+c\n"
    shown = folded(edits("src/x.py", 40) + file("src/y.py", hunk(1, 0, body)), budget=None).shown
    assert shown.endswith("=== src/y.py +2 -1\n@@1\n-a\n+b\n@@21\n same {}\n+c\n")


def test_a_lock_file_is_names_and_versions() -> None:
    shown = folded(LOCK).shown
    assert "=== Cargo.lock +16 -16 (lock file: checksums and addresses not shown)" in shown
    assert ' name = "crate-3"\n-version = "1.0.3"\n+version = "1.1.3"\n' in shown
    assert "checksum =" not in shown
    assert "example.com" not in shown


def test_generated_files_are_named_and_counted_only() -> None:
    text = file("api_pb2.py", hunk(1, 0, "".join(f"+x_{n} = {n}\n" for n in range(200)))) + edits("src/pool.py")
    shown = folded(text, budget=None).shown
    assert "=== api_pb2.py +200 (generated: not shown)\n=== src/pool.py" in shown


def test_harder_folds_follow_until_the_budget_is_met() -> None:
    added = "".join(f"+    call_{n}(argument)\n" for n in range(120))
    text = file("src/new.py", hunk(1, 0, added)) + edits("src/pool.py", 30)
    sizes = [COUNT(folded(text, budget=budget, level="balanced").shown) for budget in (2_000, 1_200)]
    assert sizes[0] <= 2_000
    assert sizes[1] < sizes[0]


def test_of_a_long_run_the_definitions_stay_and_the_rest_is_counted() -> None:
    body = [f"+    call_{n}(argument, another)" for n in range(60)]
    body[40] = "+def take(queue):"
    text = file("src/new.py", hunk(1, 0, "\n".join(body) + "\n"))
    shown = folded(text, level="strong").shown
    assert "+    call_0(argument, another)\n" in shown
    assert "+def take(queue):\n... 18 added lines\n+    call_59(argument, another)\n" in shown


def test_moved_lines_are_shown_once_at_strong() -> None:
    moved = [f"    line_{n} of what moves" for n in range(8)]
    gone = "".join(f"-{line}\n" for line in moved)
    come = "".join(f"+{line}\n" for line in moved)
    text = file("a.py", hunk(1, 0, gone)) + file("b.py", hunk(1, 0, come)) + edits("src/pool.py", 50)
    assert (
        "+    line_0 of what moves\n... 7 added lines, as further above\n"
        in folded(text, level="strong", budget=None).shown
    )
    assert come in folded(text, budget=None).shown


def test_what_is_hidden_is_what_is_not_shown() -> None:
    text = edits("src/pool.py", count=40) + LOCK
    region = folded(text, budget=None)
    lines = text.splitlines()
    assert region.hidden is not None
    hidden = list(pick(lines, region.hidden.ranges))
    assert "index 1f2e3d4..5a6b7c8 100644" in hidden
    assert " before 3 one" in hidden
    assert not any(re.match(r"[+-] +(old|new|more)", line) for line in hidden)
    shown = region.shown.splitlines()
    assert all(
        line in shown for line in set(lines) - set(hidden) if line[:1] in " +-" and not line.startswith(("+++", "---"))
    )


def test_statistics_that_the_heads_repeat_go_and_messages_stay() -> None:
    text = "commit 1f2e3d4\n\n    Say why\n\n src/pool.py | 60 ++++---\n 1 file changed\n\n" + edits("src/pool.py", 50)
    shown = folded(text, budget=None).shown
    assert "    Say why\n" in shown
    assert "60 ++++---" not in shown


@pytest.mark.parametrize(
    ("path", "sort"),
    [
        *(
            (path, Sort.LOCK)
            for path in ("Cargo.lock", "web/package-lock.json", "yarn.lock", "pnpm-lock.yaml", "go.sum")
        ),
        *(
            (path, Sort.LOCK)
            for path in ("poetry.lock", "uv.lock", "Gemfile.lock", "composer.lock", "npm-shrinkwrap.json")
        ),
        *(
            (path, Sort.GENERATED)
            for path in ("a.min.js", "site.css.map", "x_pb2.py", "api.pb.go", "src/__generated__/q.ts")
        ),
        *((path, Sort.VENDORED) for path in ("vendor/a.c", "node_modules/x/i.js", "third_party/z.h")),
        *(
            (path, Sort.WRITTEN)
            for path in ("lock.py", "src/locks/file.py", "go.mod", "generate.py", "vendors.py", "a.json")
        ),
    ],
)
def test_the_sort_of_a_file_follows_from_its_path(path: Any, sort: Any) -> None:
    assert sort_of(path, ["+x"]) is sort


def test_a_file_that_says_it_was_generated_is_believed_and_a_minified_one_seen() -> None:
    assert sort_of("a.go", ["+// Code generated by stringer; DO NOT EDIT."]) is Sort.GENERATED
    assert sort_of("a.js", ["+" + "x()," * 400]) is Sort.GENERATED
    assert sort_of("a.py", ["+" + "x()," * 400]) is Sort.WRITTEN
