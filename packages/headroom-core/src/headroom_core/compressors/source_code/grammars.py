"""Parsers, loaded when the first text of a language comes.

A grammar counts as there when it parses, not when its package can be found: a binding may be older than the grammar,
a wheel made for another machine. Then that language isn't read, as if it were not installed.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from headroom_core.errors import OutOfTime
from headroom_core.types import no_deadline

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Node

    from headroom_core.compressors.source_code.languages import Language

CHUNK_BYTES = (
    4_096  # that the parser is handed at a time: a run of comments is read again from each, and time asked for
)


def can_parse(language: Language) -> bool:
    """Whether texts of the language can be parsed on this machine."""
    return _grammar(language.module, language.factory) is not None


def parse(language: Language, code: str, tick: Callable[[], None] = no_deadline) -> Node | None:
    """The root of the syntax tree, None where there is no parser. Its rows are the lines of the code, from 0.

    What is no code of the language may take ten times as long as what is: so time is asked for while it is read.
    """
    grammar = _grammar(language.module, language.factory)
    if grammar is None:
        return None
    from tree_sitter import Parser

    source = code.replace("\0", " ").encode("utf-8", "surrogatepass")  # NUL ends a text for some scanners
    late: list[OutOfTime] = []

    def read(start: int, _: object) -> bytes:
        try:
            tick()
        except OutOfTime as error:  # it would not get through the parser: the text ends here instead
            late.append(error)
        return b"" if late else source[start : start + CHUNK_BYTES]

    tree = Parser(grammar).parse(read)  # a parser belongs to one thread; a new one costs a microsecond
    if late:
        raise late[0]
    return tree.root_node


@lru_cache(maxsize=64)
def _grammar(module: str, factory: str) -> Grammar | None:
    """The grammar, None where it isn't installed or doesn't fit."""
    try:
        from tree_sitter import Language as Grammar
        from tree_sitter import Parser

        grammar = Grammar(getattr(importlib.import_module(module), factory)())
        Parser(grammar).parse(b"x")
    except (ImportError, AttributeError, ValueError, TypeError, OSError):
        return None
    return grammar
