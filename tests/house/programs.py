"""Runs programs as `python -c` does, each in a process of its own, without each waiting for its imports.

One Python imports what they need and becomes a copy of itself (a fork) for every program. What is imported so must
read nothing of a program's environment as it is imported; ours is never among it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Done:
    """How a program ended."""

    code: int  # negative: the number of the signal that ended it
    errors: str


class Programs:
    """The Python that becomes them; `modules` are imported in it at once, in `env`."""

    def __init__(self, modules: Iterable[str], env: Mapping[str, str]) -> None:
        command = [sys.executable, __file__, *modules]
        self._parent = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, code: str, env: Mapping[str, str], folder: Path, seconds: float) -> Done:
        """Run a program to its end, which comes after so many seconds at the latest."""
        assert self._parent.stdin
        assert self._parent.stdout
        errors = folder / "errors"
        job = {"code": code, "env": dict(env), "folder": str(folder), "errors": str(errors), "seconds": int(seconds)}
        self._parent.stdin.write(json.dumps(job) + "\n")
        self._parent.stdin.flush()
        return Done(int(self._parent.stdout.readline()), errors.read_text("utf-8", "replace"))

    def close(self) -> None:
        """Let it end; no program of it runs any more."""
        self._parent.communicate()


def _serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(**json.loads(line))
            return  # and end as every Python does: threads are waited for, what was registered is called
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - the answer


def _become(code: str, env: dict[str, str], folder: str, errors: str, seconds: int) -> None:
    signal.alarm(seconds)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for standard, path, mode in ((0, os.devnull, os.O_RDONLY), (1, os.devnull, os.O_WRONLY)):
        os.dup2(os.open(path, mode), standard)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    sys.argv, sys.path[0] = ["-c"], ""
    main = sys.modules["__main__"] = ModuleType("__main__")
    exec(compile(code, "<string>", "exec"), main.__dict__)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        importlib.import_module(name)
    gc.freeze()  # else each copy looks through all of it as it ends: two seconds
    _serve()
