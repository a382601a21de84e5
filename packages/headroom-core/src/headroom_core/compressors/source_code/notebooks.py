"""Notebooks: their cells as people read them, code letter for letter, outputs in short, pictures by their size.

Without a way back only the white space between the JSON's lexemes goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

END_CHARS = 2_000  # of the beginning and the end, in which a notebook says that it is one
OUTPUT_LINES = 24  # of an output that are shown, half of them its first ones
LINE_CHARS = 300  # of such a line
TRACEBACK_LINES = 8  # of an error, its last ones

_LEXEME = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TEXTS = ("text/plain", "text/markdown", "text/latex", "application/json", "text/html")


def is_notebook(text: str) -> bool:
    """Whether a text is the JSON of a notebook, by its ends."""
    if text[:64].lstrip("\ufeff \t\r\n")[:1] != "{" or '"nbformat"' not in text[:END_CHARS] + text[-END_CHARS:]:
        return False
    return '"cell_type"' in text and '"cells"' in text


def minify(text: str) -> str:
    """The JSON without white space between its lexemes."""
    return _LEXEME.sub(lambda found: found[1] or "", text)


def draw_notebook(text: str) -> str | None:
    """The cells as text; None where it is no notebook after all."""
    try:
        document = orjson.loads(text.lstrip("\ufeff"))
        parts = [_cell(number, cell) for number, cell in enumerate(document["cells"], start=1)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return "\n".join(parts) + "\n"


def _cell(number: int, cell: Mapping[str, Any]) -> str:
    run = cell.get("execution_count")
    head = f"[cell {number} {cell['cell_type']}{f' run {run}' if run is not None else ''}]"
    outputs = [line for output in cell.get("outputs", ()) for line in _output(output)]
    said = [f"[output of cell {number}]", *outputs] if outputs else []
    return "\n".join([head, _joined(cell["source"]), *said])


def _output(output: Mapping[str, Any]) -> Iterator[str]:
    """An output in lines."""
    if output["output_type"] == "stream":
        yield from _short(_joined(output["text"]))
    elif output["output_type"] == "error":
        yield f"{output['ename']}: {output['evalue']}"
        trace = _COLOUR.sub("", "\n".join(output.get("traceback", ()))).split("\n")
        yield from (line[:LINE_CHARS] for line in trace[-TRACEBACK_LINES:])
    else:
        data = output["data"]
        said = next((kind for kind in _TEXTS if kind in data), None)
        if said is not None:
            held = data[said]
            yield from _short(orjson.dumps(held).decode() if isinstance(held, dict) else _joined(held))
        for kind, held in data.items():
            if kind not in _TEXTS:
                yield f"[{kind}, {len(str(held))} characters not shown]"


def _short(text: str) -> Iterator[str]:
    lines = _COLOUR.sub("", text).rstrip("\n").split("\n")
    lines = [line if len(line) <= LINE_CHARS else line[:LINE_CHARS] + "…" for line in lines]
    half = OUTPUT_LINES // 2
    if len(lines) <= OUTPUT_LINES:
        yield from lines
        return
    yield from lines[:half]
    yield f"… {len(lines) - 2 * half} lines"
    yield from lines[-half:]


def _joined(held: str | list[str]) -> str:
    return held if isinstance(held, str) else "".join(held)
