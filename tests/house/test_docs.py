"""The pages are true: every Python snippet in them runs, on a machine where nothing of ours was ever used.

A notebook is one snippet: its cells, in order. Whatever model a snippet asks, the fake provider answers, and first
calls the tool that it was offered. One under a line `<!-- no-run: reason -->` is only compiled.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from textwrap import dedent

import pytest
from headroom_core import is_retrieve_tool

from tests.clocks import AGES
from tests.conftest import own_folders
from tests.house import ROOT, named
from tests.house.programs import Programs
from tests.provider import Answer, Call, Provider, Request

NOTEBOOKS = "docs/*.ipynb"
PAGES = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "packages/*/README.md")
SNIPPET = re.compile(r"^(?P<indent> *)```python[^\n]*\n(?P<code>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL)
NO_RUN = re.compile(r"<!-- no-run: \S.*-->\s*\Z")
PROGRAMS = tuple(
    f"docs/{name}.{kind}" for name in ("langchain", "llamaindex") for kind in ("md", "ipynb")
)  # whole programs: each has a model read a long log
READ_LETTERS = 90_000  # of that log, at least


@dataclass(frozen=True, slots=True)
class Snippet:
    """One fenced block of Python, and where its code begins."""

    page: str
    line: int
    code: str
    runs: bool

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def snippets_of(page: str, text: str) -> Iterator[Snippet]:
    """The Python snippets of a page, in order."""
    for found in SNIPPET.finditer(text):
        before = text[: found.start()]
        runs = NO_RUN.search(before) is None
        yield Snippet(page, before.count("\n") + 2, dedent(found["code"]), runs)


def notebook(page: str, text: str) -> Snippet:
    """The code of a notebook. What its cells gave is not kept in it: it would be as old as its last run."""
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
    return Snippet(page, 1, "\n".join("".join(cell["source"]) for cell in cells), runs=True)


SNIPPETS = [
    snippet
    for pattern in PAGES
    for page in sorted(ROOT.glob(pattern))
    for snippet in snippets_of(named(page), page.read_text("utf-8"))
] + [notebook(named(page), page.read_text("utf-8")) for page in sorted(ROOT.glob(NOTEBOOKS))]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_a_snippet_compiles(snippet: Snippet) -> None:
    """Also one that can't be run here is at least Python."""
    compile(snippet.code, str(snippet), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """Where snippets run: the frameworks that they import stand ready, each took seconds in each snippet."""
    theirs = {name for snippet in SNIPPETS if snippet.runs for name in imported(snippet.code)}
    started = Programs(sorted(theirs), os.environ | own_folders(tmp_path_factory.mktemp("programs")))
    yield started
    started.close()


def imported(code: str) -> Iterator[str]:
    """The modules that a program imports; none of ours, which is what it tries."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (name for name in names if not name.startswith("headroom"))


@pytest.mark.parametrize("snippet", [snippet for snippet in SNIPPETS if snippet.runs], ids=str)
def test_a_snippet_runs(snippet: Snippet, tmp_path: Path, provider: Provider, programs: Programs) -> None:
    """Whoever copies it into an empty file on a fresh machine sees it work."""
    home = tmp_path / "snippet"
    home.mkdir()
    provider.script(repeat(obliging))
    done = programs.run(snippet.code, os.environ | own_folders(home) | models_at(provider), home, AGES)
    assert done.code == 0, f"{snippet}\n{done.errors}"
    if snippet.page in PROGRAMS:
        assert "worker-" in provider.requests[-1].raw.decode()
        assert len(provider.requests[-1].raw) < 0.6 * READ_LETTERS  # half of its tokens, if openings are cut


def obliging(request: Request) -> Answer:
    """The model calls the tool that it is offered, which needs no arguments, and is content with what it gets."""
    own = [name for name in request.tool_names if not is_retrieve_tool(name)]
    return Answer("Every job ended.") if request.tool_results or not own else Answer(calls=(Call(own[0]),))


def models_at(provider: Provider) -> dict[str, str]:
    """The variables by which the clients of OpenAI, Anthropic and LiteLLM find their provider."""
    openai = dict.fromkeys(("OPENAI_BASE_URL", "OPENAI_API_BASE"), provider.openai_url)
    anthropic = dict.fromkeys(("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"), provider.url)
    return {**openai, **anthropic, "OPENAI_API_KEY": "any", "ANTHROPIC_API_KEY": "any"}


def test_a_snippet_finds_the_fake_provider(provider: Provider, tmp_path: Path, programs: Programs) -> None:
    """Each client asks where the page's reader would ask the real one."""
    code = """
import anthropic, litellm, openai
ask = [{"role": "user", "content": "?"}]
openai.OpenAI().chat.completions.create(model="gpt-4o", messages=ask)
anthropic.Anthropic().messages.create(model="claude-sonnet-4-5", max_tokens=9, messages=ask)
litellm.completion(model="gpt-4o", messages=ask)
litellm.completion(model="claude-sonnet-4-5", messages=ask)
"""
    test_a_snippet_runs(Snippet("page.md", 1, code, runs=True), tmp_path, provider, programs)
    assert [request.path for request in provider.requests] == ["/v1/chat/completions", "/v1/messages"] * 2


PAGE = """\
```python
run()
```
* a list

  <!-- no-run: needs a key -->
  ```python
  ask()
  ```
```text
not ours
```
"""


def test_snippets_are_found_where_they_stand() -> None:
    """A finder that finds nothing would call every page true."""
    assert list(snippets_of("page.md", PAGE)) == [
        Snippet("page.md", 2, "run()\n", runs=True),
        Snippet("page.md", 8, "ask()\n", runs=False),
    ]
