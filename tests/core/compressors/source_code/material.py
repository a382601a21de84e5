"""Programs of every language that is read, of as many functions as asked for, each with a body to fold.

A file of `programs` holds what stands before the functions, a function whose number is `@n`, and what stands behind
them, with a line `%%` between the three.
"""

from __future__ import annotations

from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
LANGUAGES = [
    *("python", "javascript", "typescript", "tsx", "go", "rust", "java", "c"),
    *("cpp", "csharp", "ruby", "php", "kotlin", "swift", "scala", "bash"),
]
FUNCTIONS = 40  # of a program of more than 1,500 tokens

AWKWARD = (PROGRAMS / "awkward_python.txt").read_text("utf-8")
"""Python that is hard to fold: short, odd docstrings, texts that cross borders, no line end at its end."""


def program(language: str, functions: int = FUNCTIONS) -> str:
    """A program of so many functions."""
    before, function, behind = (PROGRAMS / f"{language}.txt").read_text("utf-8").split("%%\n")
    return before + "".join(function.replace("@n", str(number)) for number in range(functions)) + behind
