from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, sys
before = set(sys.modules)
import headroom_litellm
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)))
"""


def test_22_importing_us_imports_nobody_else() -> None:
    """LiteLLM takes two seconds; who only asks for our version, or a command's help, doesn't pay for it."""
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert json.loads(ran.stdout) == ["headroom_litellm"]


def test_22_a_name_that_isnt_there_is_missed_as_usual() -> None:
    """`hasattr` and `from ... import` depend on it."""
    import headroom_litellm

    assert not hasattr(headroom_litellm, "Headroom")


def test_what_litellms_proxy_has_loaded_is_not_looked_through_for_garbage_again() -> None:
    """A full collection stops every thread, the one of the event loop too, for as long as it takes."""
    code = "import gc, headroom_litellm.proxy; print(gc.get_freeze_count() > 100_000)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout == "True\n"
