"""Finding what may be folded: bodies of functions, comments, long runs of values. Walks only what is not in a body.

Rows are lines of the code, counted from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from headroom_core.compressors.source_code.languages import Language, words
from headroom_core.compressors.source_code.measures import Measure

if TYPE_CHECKING:
    from tree_sitter import Node

OPENED_ROWS = 30  # a body of more rows, most of them in functions of its own, is shown as what holds those
OPENED_SHARE = 0.5  # of its rows
PLAIN_ROWS = 3  # a statement of more rows is shown for itself, not as one of a run
MOST_DEPTH = 200  # of nodes that are walked into: what is deeper is part of something that nobody reads
TEXT_ROWS = 3  # rows within which a comment's first words stand

_BODIES = words("block statement_block compound_statement function_body constructor_body body_statement")
_HOLDING = words(  # nodes whose children are statements or members
    "module program source_file translation_unit compilation_unit block statement_block compound_statement "
    "body_statement declaration_list class_body interface_body enum_body object_type field_declaration_list "
    "enumerator_list enum_variant_list template_body enum_class_body protocol_body enum_declaration_list "
    "enum_member_declaration_list enum_body_declarations annotation_type_body preproc_ifdef preproc_if preproc_else "
    "preproc_elif function_body constructor_body const_declaration var_declaration var_spec_list"
)
_VALUES = words(  # nodes in brackets whose children are values, one as good as the other
    "array object list dictionary set tuple argument_list arguments initializer_list array_initializer literal_value "
    "array_expression field_initializer_list token_tree hash array_creation_expression initializer_expression "
    "collection_literal array_literal dictionary_literal value_arguments string_array symbol_array "
    "type_arguments"
)
_TEXTS = words("string template_string raw_string_literal string_literal heredoc_body verbatim_string_literal")
_SEPARATORS = (",", ";", "\n")
_IMPORTING = re.compile(r"import|use_|using_|package|preproc_include|namespace_use")
_DEFINING = re.compile(
    r"function|method|class|interface|struct|enum_(?:item|decl|spec|def)|trait|impl|module|type_|signature|constructor|record|export"
)
_QUOTES = re.compile(r"[A-Za-z]{0,2}(\"\"\"|'''|[\"'])")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows that may be hidden."""

    first: int
    last: int
    form: str  # "body", "doc", "values" or "run"
    closing: str = ""  # with what the fold's line must end what was begun above it
    empty: bool = False  # of a body that has no statement left


class Walk:
    """One walk over a syntax tree."""

    def __init__(self, language: Language, measure: Measure, lines: Sequence[str], tick: Callable[[], None]) -> None:
        self._python = language.name == "python"
        self._functions = language.functions
        self._closed_calls = language.closed_calls
        self._measure = measure
        self._lines = lines
        self._tick = tick
        self.folds: list[Fold] = []
        self.heads = 0  # of functions, classes and the like, that were met outside of bodies

    def inside(self, node: Node, depth: int = 0, *, opened: bool = False) -> None:
        """Find what may be folded in the children of a node that is shown; of an opened body all that isn't a head."""
        self._tick()
        children = node.children
        holding = node.type in _HOLDING
        comments: list[tuple[int, int]] = []
        run: list[tuple[int, int]] = []
        for child in children:
            kind = child.type
            first, last = _rows(child)
            if "comment" in kind:
                if not self._lines[first][: child.start_point[1]].strip():
                    comments.append((first, last))
                continue
            long = last - first >= 2 and depth < MOST_DEPTH
            if not holding and not long:  # most nodes by far
                continue
            folded = told = self._python and kind == "expression_statement" and _is_text(child)
            if long and not told:
                folded = self._over_lines(child, depth + 1)
            if not holding:
                continue
            plain = kind in _SEPARATORS or (child.is_named and (opened or last - first < PLAIN_ROWS))
            if plain and not folded and (opened or not self._is_shown(child, kind)):
                run.append((first, last))
            else:
                self._fold_run(run, opened)
                run = []
        if holding:
            self._fold_run(run, opened)
            if self._python:
                self._fold_docstring(children)
        self._fold_comments(comments)

    def _over_lines(self, node: Node, depth: int) -> bool:
        """Find what may be folded in a node of several rows; whether there is something."""
        before = len(self.folds)
        kind = node.type
        if kind in self._functions:
            self._function(node, depth)
        elif kind in _TEXTS:
            self._fold_text(node)
        else:
            self.inside(node, depth)
            if self._holds_values(node, kind) and not any(fold.form == "body" for fold in self.folds[before:]):
                del self.folds[before:]
                if self._measure.values is not None:
                    self._fold_values(node, self._measure.values_head, self._measure.values, "values")
        return len(self.folds) > before

    def _holds_values(self, node: Node, kind: str) -> bool:
        """Whether what is in it is one as good as the other; so are the options in a parameter's type."""
        if kind == "object_type":
            return node.parent is not None and node.parent.type != "type_alias_declaration"
        return kind in _VALUES

    def _function(self, node: Node, depth: int) -> None:
        self.heads += 1
        body = node.child_by_field_name("body")
        if body is None:
            body = next((child for child in reversed(node.children) if child.type in _BODIES), node)
        if body.type == "function_body" and body.child_count == 1:  # Kotlin's, around a block
            body = body.children[0]
        first, last = _rows(body)
        if first - node.start_point[0] > PLAIN_ROWS:
            self._head(node, body, depth)
        opening = body.children[0].type if body.child_count else ""
        closing, empty = "", False
        if opening in ("{", "do", "macro_rules!"):
            first, last, empty = first + 1, last - 1, True
        elif self._python:
            if first == node.start_point[0]:
                return
            first, closing, empty = self._behind_docstring(body)
        elif body.type != "body_statement" or first == node.start_point[0]:
            self._expression_body(body, depth)
            return
        if last - first + 1 < self._measure.body:
            return
        if last - first > OPENED_ROWS and self._opened(body, depth, last - first + 1):
            return
        self.folds.append(Fold(first, last, "body", closing, empty))

    def _head(self, node: Node, body: Node, depth: int) -> None:
        """A long head is told in full, but for the options in its types and the values that they begin with."""
        for child in node.children:
            if child != body and child.end_point[0] - child.start_point[0] > PLAIN_ROWS:
                self._over_lines(child, depth + 1)

    def _opened(self, body: Node, depth: int, rows: int) -> bool:
        """Whether most of the body are functions of its own; then those are what is folded."""
        before = len(self.folds)
        self.inside(body, depth, opened=True)
        inner = sum(fold.last - fold.first + 1 for fold in self.folds[before:] if fold.form == "body")
        if inner >= OPENED_SHARE * rows:
            return True
        del self.folds[before:]
        return False

    def _expression_body(self, body: Node, depth: int) -> None:
        """A body that is one expression: what stands in its brackets is folded."""
        before = len(self.folds)
        for _ in range(MOST_DEPTH):
            if body.type in _VALUES:
                self._fold_values(body, 0, self._measure.body, "body")
            if len(self.folds) > before:
                return
            longest = max(body.children, key=lambda child: child.end_point[0] - child.start_point[0], default=None)
            if longest is None or longest.end_point[0] - longest.start_point[0] < 2:
                return
            if longest.type in self._functions:
                self._function(longest, depth + 1)
                return
            body = longest

    def _behind_docstring(self, body: Node) -> tuple[int, str, bool]:
        """Where what follows a docstring's first words begins, what ends the docstring, and whether there was none."""
        string = _docstring(body.children)
        if string is None:
            head = body.prev_sibling
            while head is not None and head.type == "comment":
                head = head.prev_sibling
            return body.start_point[0] if head is None else head.end_point[0] + 1, "", True
        first, last = _rows(string)
        shown = self._text_row(first, last)
        if shown < last:
            return shown + 1, self._quotes(string), False
        return last + 1, "", False

    def _fold_docstring(self, children: Sequence[Node]) -> None:
        string = _docstring(children)
        if string is None or self._measure.doc is None:
            return
        first, last = _rows(string)
        shown = self._text_row(first, last)
        if last - shown >= self._measure.doc:
            self.folds.append(Fold(shown + 1, last, "doc", self._quotes(string)))

    def _quotes(self, string: Node) -> str:
        """What a docstring ends with: only white space stands before it in its line."""
        row, column = string.start_point
        found = _QUOTES.match(self._lines[row], column)
        return found[1] if found else ""

    def _fold_comments(self, comments: Sequence[tuple[int, int]]) -> None:
        """Of each comment, and of each run of line comments, all behind its first words."""
        if self._measure.doc is None:
            return
        runs: list[tuple[int, int]] = []
        for first, last in comments:
            if runs and first == runs[-1][1] + 1 and not self._is_block(first) and not self._is_block(runs[-1][0]):
                runs[-1] = (runs[-1][0], last)
            else:
                runs.append((first, last))
        for first, last in runs:
            shown = self._text_row(first, last)
            if last - shown < self._measure.doc:
                continue
            if not self._is_block(first):
                self.folds.append(Fold(shown + 1, last, "doc"))
            elif self._lines[last].rstrip().endswith("*/"):
                self.folds.append(Fold(shown + 1, last, "doc", "*/"))

    def _is_block(self, row: int) -> bool:
        return self._lines[row].lstrip().startswith("/*")

    def _text_row(self, first: int, last: int) -> int:
        """The row on which a comment's first words stand."""
        for row in range(first, min(first + TEXT_ROWS, last + 1)):
            if _LETTERS.search(self._lines[row]):
                return row
        return first

    def _fold_run(self, run: Sequence[tuple[int, int]], opened: bool) -> None:
        """Of a run of short statements or fields all but the first."""
        measure = self._measure
        if run and measure.values is not None:
            head, least = (0, measure.body) if opened else (measure.run_head, measure.run)
            self._fold_rows(run, head, least, "run")

    def _fold_values(self, node: Node, head: int, least: int, form: str) -> None:
        """Of values in brackets all but the first; the brackets are shown, and the last argument where it must be."""
        rows = [_rows(child) for child in node.children]
        if ((self._closed_calls and "argument" in node.type) or node.type == "type_arguments") and len(rows) > 3:
            rows = [*rows[:-2], (rows[-2][0], rows[-1][1])]
        if len(rows) < 3:
            return
        done, start = rows[0][1], None
        end = -1
        for (first, last), (following, _) in pairwise(rows[1:]):
            if start is None and first > done and first - rows[0][1] > head:
                start = first
            done = max(done, last)
            if following > done:
                end = done
        if start is not None and end - start + 1 >= least:
            self.folds.append(Fold(start, end, form))

    def _fold_rows(self, rows: Sequence[tuple[int, int]], head: int, least: int, form: str) -> None:
        """Fold those of the rows that stand behind the first `head` of them and hold nothing of the first ones."""
        done, start = -1, None
        for first, last in rows:
            if start is None and first > done and first - rows[0][0] >= head:
                start = first
            done = max(done, last)
        if start is not None and done - start + 1 >= least:
            self.folds.append(Fold(start, done, form))

    def _fold_text(self, node: Node) -> None:
        """Of a text over many rows all but the first; where it holds code, nothing."""
        measure = self._measure
        first, last = _rows(node)
        head = max(1, measure.values_head)
        if measure.values is None or last - first - head < measure.values:
            return
        if all("content" in child.type or "fragment" in child.type or _is_short(child) for child in node.children):
            self.folds.append(Fold(first + head, last - 1, "values"))

    def _is_shown(self, node: Node, kind: str) -> bool:
        if _IMPORTING.match(kind):
            return not self._measure.imports
        if _DEFINING.match(kind):
            self.heads += 1
            return True
        declarator = node.child_by_field_name("declarator") if kind in ("declaration", "field_declaration") else None
        return declarator is not None and "(" in self._lines[declarator.start_point[0]]


def _rows(node: Node) -> tuple[int, int]:
    """First and last row of a node; one that ends with a line end doesn't reach into the next."""
    (first, _), (last, column) = node.start_point, node.end_point
    return first, last - 1 if column == 0 and last > first else last


def _is_short(node: Node) -> bool:
    return node.start_point[0] == node.end_point[0]


def _docstring(children: Sequence[Node]) -> Node | None:
    """The string that stands first in a Python module, class or function."""
    first = next((child for child in children if child.is_named and child.type != "comment"), None)
    return first.children[0] if first is not None and _is_text(first) else None


def _is_text(node: Node) -> bool:
    """Whether a statement of Python is a string and nothing else."""
    return node.type == "expression_statement" and node.child_count == 1 and node.children[0].type == "string"
