from __future__ import annotations

import json
import subprocess
import sys

SECONDS = 0.2

CODE = """
import json, sys, time
begun = time.perf_counter()
import headroom_litellm
print(json.dumps([time.perf_counter() - begun, "litellm" in sys.modules]))
"""


def test_22_importing_us_is_quick_and_doesnt_import_litellm() -> None:
    """LiteLLM takes two seconds; who only asks for our version, or a command's help, doesn't pay for it."""
    commands = [[sys.executable, "-c", CODE]] * 3
    runs = [json.loads(subprocess.run(each, capture_output=True, check=True).stdout) for each in commands]
    assert min(seconds for seconds, _ in runs) < SECONDS
    assert not any(loaded for _, loaded in runs)


def test_22_a_name_that_isnt_there_is_missed_as_usual() -> None:
    """`hasattr` and `from ... import` depend on it."""
    import headroom_litellm

    assert not hasattr(headroom_litellm, "Headroom")
