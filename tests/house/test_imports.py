"""An import takes in what it needs at once, and no more: the heavy parts come when they are first used."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("tiktoken", "bpe_openai", "pydantic", "typer", "rich", "litellm", "langchain", "langchain_core", "llama_index")


@pytest.mark.parametrize(("package", "heavy"), [("headroom_core", HEAVY), ("headroom_litellm", ("litellm",))])
def test_an_import_is_light(package: str, heavy: tuple[str, ...]) -> None:
    """Seconds at import are seconds at every start of every program that has us in it, used or not."""
    code = f"import {package}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert package in loaded
    assert loaded & set(heavy) == set()
