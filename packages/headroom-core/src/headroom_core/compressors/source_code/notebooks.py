"""Notebooks: their cells as people read them, code letter for letter, outputs in short, pictures by their size.

Without a way back only the white space between the JSON's lexemes goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

END_CHARS = 2_000  # of the beginning and the end, in which a notebook says that it is one
OUTPUT_ENDS = 12  # lines of an output that are shown of its beginning, and as many of its end
LINE_CHARS = 300  # of such a line
TRACEBACK_LINES = 8  # of an error, its last ones

_LEXEME = re.compile(r'("(?:[^"\\]|\\.)*+"?)|[ \t\r\n]+')
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


def read_cells(text: str) -> list[Any] | None:
    """The cells as they stand in the JSON; None where it is no notebook after all."""
    try:
        document = orjson.loads(text.lstrip("\ufeff"))
    except ValueError:
        return None
    cells = document.get("cells")
    sound = isinstance(cells, list) and all(
        isinstance(cell, dict) and isinstance(cell.get("source"), str | list) for cell in cells
    )
    return cells if sound else None


def draw_cells(cells: list[Any]) -> str | None:
    """The cells as text; None where one isn't as notebooks have them."""
    try:
        parts = [_cell(number, cell) for number, cell in enumerate(cells, start=1)]
    except (KeyError, TypeError, AttributeError):
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
        yield from _short("\n".join(map(_joined, output.get("traceback") or ())), first=0, last=TRACEBACK_LINES)
    else:
        data = output["data"]
        said = next((kind for kind in _TEXTS if kind in data), None)
        if said is not None:
            yield from _short(_joined(data[said]))
        for kind, held in data.items():
            if kind not in _TEXTS:
                yield f"[{kind}, {len(str(held))} characters not shown]"


def _short(text: str, first: int = OUTPUT_ENDS, last: int = OUTPUT_ENDS) -> Iterator[str]:
    """The first and last lines of a text, and how many are between; what is cut of a line is marked."""
    lines = _COLOUR.sub("", text).rstrip("\n").split("\n")
    lines = [line if len(line) <= LINE_CHARS else line[:LINE_CHARS] + "…" for line in lines]
    if len(lines) <= first + last:
        yield from lines
        return
    yield from lines[:first]
    yield f"… {len(lines) - first - last} lines"
    yield from lines[-last:]


def _joined(held: Any) -> str:
    """What notebooks hold in one piece or line by line; of anything else its JSON."""
    if isinstance(held, list) and all(isinstance(line, str) for line in held):
        return "".join(held)
    return held if isinstance(held, str) else orjson.dumps(held).decode()
