"""The letters of the table form, said once for who writes it and who reads it back.

    [3 rows; id name state=open owner.team lines[{sku,qty}] coupon
    100 name "Pump A" owner.team north lines (x0,1)(x1,2)
    101 name Valve owner.team south lines [] coupon C335
    102 name Filter owner.team null lines (x0,4)
    ]

A table stands where its array stood in the minified JSON. A column is named by its path in the row. `name=value` is
the same in every row and not repeated. In a small table every cell but a row's first has its name before it, in the
order of the header, and what a row lacks isn't there. Larger tables, and those of few columns, have cells alone:

    [400 rows: id,name,state=open,owner.team,lines[{sku,qty}],coupon?
    100,Pump A,north,(x0,1)(x1,2)
    101,"Valve, old",south,[],coupon=C335

There `name?` stands as `name=value` at the end of the rows that have it, and `name?=usual` where a row's value is
another. `#name` stands as `#name=value` above the rows that have it. `name:str` holds strings only, however they look.
A cell is a bare string or a JSON value, or nothing where the row lacks the key; behind the last cell there are no
separators. Under `name[{...}]`, `name{...}` and `name{*,...}` each inner object is a
group in round brackets, and `{(...)}` is a single one where others are arrays.
`name=(same as other)` has in every row the value of the column `other`; `name=("/users/"+id+"/posts")` is made of it.
Outside of tables keys and strings are bare, too, where a colon, comma or bracket ends them. There `(same as path)`
stands for an object that was written in full before, `(url+"/posts")` for an address that goes on from another one of
the same object, and `(text of JSON spaced: {...})` for a string that holds a document, spelled that way.
"""

from __future__ import annotations

import re

from headroom_core.compressors.json_docs.lexemes import encode

# What reads as a JSON scalar, so that a string of these letters must be quoted to stay a string.
LITERAL = r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|null|true|false|NaN|-?Infinity)"
is_literal = re.compile(LITERAL).fullmatch
STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'  # of JSON

_UNSAFE = "\x00-\x1f\ud800-\udfff"
_FIRST = r"\"\[\]{}()# "  # a bare string begins with none of these; outer blanks would be lost on the way
_BARE_NAME = re.compile(rf"(?![#\s])[^{_UNSAFE}\".,=:?\[\]{{}}()*]+(?<!\s)").fullmatch

is_plain = re.compile(r"[A-Za-z_$][\w$]*").fullmatch  # a key by which the same object's other members may name it

_BARE_VALUE = re.compile(rf"(?![#:\s])[^{_UNSAFE}\",\[\]{{}}()]+(?<!\s)").fullmatch

has_bracket = re.compile(r"[\[\]{}()]").search

KEY: tuple[str, ...] = ()  # the path of the column that holds the keys of records
SMALL = 100  # rows; in so few it costs little that each says all of its own
JSON_KIND = "(json)"  # the header of the rows that are written as JSON, whatever they are


class Dialect:
    """How cells are written where a separator parts them: a table's own, or the comma inside round brackets."""

    __slots__ = ("bare", "mark", "needs_care", "separator")

    def __init__(self, separator: str, *, grouped: bool) -> None:
        inner = '()"' if grouped else ""  # what the end of a group is found by
        self.separator = separator
        self.mark = {"\t": ":\t", " ": "; "}.get(separator, ": ")  # before a header: it tells the separator
        # One search over a whole column, its cells on lines of their own, says whether any cell needs a closer look.
        self.needs_care = re.compile(
            rf"[\x00-\x09\x0b-\x1f\ud800-\udfff{re.escape(separator + inner)}]"
            rf"|^(?:[{_FIRST}]|$|{LITERAL}$)|\s$",
            re.MULTILINE,
        ).search
        self.bare = re.compile(
            rf"(?![{_FIRST}])[^{_UNSAFE}{re.escape(separator + inner)}]+(?<!\s)",
        ).fullmatch


COMMA = Dialect(",", grouped=False)
TAB = Dialect("\t", grouped=False)
BLANK = Dialect(" ", grouped=False)  # where cells have their names before them
GROUP = Dialect(",", grouped=True)


def cell(text: str, dialect: Dialect) -> str:
    """A string as a cell: bare where nothing else could be meant."""
    if dialect.bare(text) and not is_literal(text):
        return text
    return encode(text)


def text_cell(text: str, dialect: Dialect) -> str:
    """A string as a cell of a column that is declared to hold strings: only null must be told apart."""
    if dialect.bare(text) and text != "null":
        return text
    return encode(text)


def as_json(text: str) -> str:
    """A cell back as JSON; empty where the row lacks the key."""
    if not text or text[0] in '"[{' or is_literal(text):
        return text
    return encode(text)


def constant(text: str, dialect: Dialect) -> str:
    """A string in a header. What closes a header's own brackets can't stand in it bare."""
    return encode(text) if has_bracket(text) else cell(text, dialect)


def member(key: str) -> str:
    """A key outside of tables, where a colon ends it."""
    return key if _BARE_NAME(key) else encode(key)


def value(text: str, *, in_array: bool) -> str:
    """A string outside of tables: bare where it can be nothing else. In an array a colon would make a key of it."""
    bare = _BARE_VALUE(text) and not is_literal(text) and not (in_array and ":" in text)
    return text if bare else encode(text)


def name(key: str) -> str:
    """A key as a header shows it. Injective: a key that could be read as two, or as a mark, is a JSON string."""
    return key if _BARE_NAME(key) else encode(key)


def same_as(path: str) -> str:
    """What stands for an object that is written in full elsewhere."""
    return f"(same as {path})"


def made_of(before: str, path: str, after: str) -> str:
    """A text that follows from another value, `("https://example.com/users/"+id)`; the parts around it are JSON."""
    return f"({'+'.join(part for part in (before, path, after) if part)})"


def path_name(path: tuple[str, ...]) -> str:
    """The keys that lead from the row to the value."""
    return ".".join([name(key) for key in path])
