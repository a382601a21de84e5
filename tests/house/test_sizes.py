"""A file fits into a head, a function onto a screen."""

from __future__ import annotations

import ast

from tests.house import named, python_files

FILE_LINES = 400
FUNCTION_LINES = 50  # docstring included, decorators not


def test_no_file_is_longer_than_a_head_holds() -> None:
    """A file that has grown past it holds two ideas: cut it between them."""
    sizes = {named(file): len(file.read_text("utf-8").splitlines()) for file in python_files()}
    assert {name: lines for name, lines in sizes.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """A function that doesn't fit is read by scrolling, and understood by nobody."""
    too_long = {}
    for file in python_files():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    too_long[f"{named(file)}:{node.lineno} {node.name}"] = lines
    assert too_long == {}
