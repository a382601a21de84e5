"""Parsers, loaded when the first text of a language comes.

A grammar counts as there when it parses, not when its package can be found: a binding may be older than the grammar,
a wheel made for another machine. Then that language isn't read, as if it were not installed.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Node

    from headroom_core.compressors.source_code.languages import Language


def can_parse(language: Language) -> bool:
    """Whether texts of the language can be parsed on this machine."""
    return _grammar(language.module, language.factory) is not None


def parse(language: Language, code: str) -> Node | None:
    """The root of the syntax tree, None where there is no parser. Its rows are the lines of the code, from 0."""
    grammar = _grammar(language.module, language.factory)
    if grammar is None:
        return None
    from tree_sitter import Parser

    # A parser belongs to one thread; a new one costs a microsecond. NUL ends a text for some scanners.
    return Parser(grammar).parse(code.replace("\0", " ").encode("utf-8", "surrogatepass")).root_node


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
