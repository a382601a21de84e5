"""Real content for the demo, found or made on the machine that runs it.

The metadata of the installed packages as JSON, and the access log of a web server that serves Python's standard
library to this process. Nothing is fetched from outside, nothing is made up.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from importlib.metadata import distributions
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

PAGES = 400  # files asked for: some seconds of a busy server's log
QUESTION = "Which packages are installed here, and did our web server fail on any request?"


def conversation() -> list[dict[str, Any]]:
    """A conversation in which an agent looked at this machine: two tool calls and what they gave back."""
    return [
        {"role": "system", "content": "You look after this machine."},
        {"role": "user", "content": QUESTION},
        _call("call_1", "list_packages"),
        {"role": "tool", "tool_call_id": "call_1", "content": packages_as_json()},
        _call("call_2", "read_access_log"),
        {"role": "tool", "tool_call_id": "call_2", "content": access_log()},
    ]


def packages_as_json() -> str:
    """Name, version, summary and the like of every installed package, as a tool would print it."""
    rows = []
    for found in distributions():
        head = found.metadata
        rows.append(
            {
                "name": head["Name"],
                "version": found.version,
                "summary": head["Summary"],
                "license": head["License-Expression"] or "",
                "requires_python": head["Requires-Python"],
                "requires": len(found.requires or ()),
                "installer": (found.read_text("INSTALLER") or "").strip(),
            }
        )
    return json.dumps(sorted(rows, key=lambda row: str(row["name"]).lower()), indent=2)


def access_log() -> str:
    """What a real web server writes while it is asked for files of the standard library, some of them missing."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    names = sorted(path.name for path in folder.glob("*.py"))
    wanted = [names[index % len(names)] for index in range(PAGES)]
    wanted[PAGES // 3] = "no_such_module.py"
    with _server(folder) as (port, process):
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        for name in wanted:
            connection.request("HEAD", f"/{name}")
            connection.getresponse().read()
        connection.close()
        process.terminate()
        return process.communicate()[1].decode("utf-8", "replace")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, Popen[bytes]]]:
    """Python's own web server on a free loopback port, its log in a pipe."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    with Popen(command, stdout=PIPE, stderr=PIPE, env=environment) as process:  # noqa: S603  # this very Python
        try:
            assert process.stdout is not None  # noqa: S101  # asked for above
            first_line = process.stdout.readline().decode()  # "Serving HTTP on 127.0.0.1 port 40000 (...) ..."
            yield int(first_line.split(" port ")[1].split()[0]), process
        finally:
            process.kill()


def _call(call_id: str, name: str) -> dict[str, Any]:
    function = {"name": name, "arguments": "{}"}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }
