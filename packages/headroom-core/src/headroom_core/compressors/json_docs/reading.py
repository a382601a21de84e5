"""The table form read back into minified JSON: the proof that nothing got lost on the way.

It sees nothing but what is shown. Its answer is compared letter for letter with the minified source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from headroom_core.compressors.json_docs.embedding import CLOSING, OPENING, read_spelling, spell
from headroom_core.compressors.json_docs.headers import Spec, read_header
from headroom_core.compressors.json_docs.lexemes import encode, parse
from headroom_core.compressors.json_docs.mentions import read_mention, with_mentions
from headroom_core.compressors.json_docs.notation import JSON_KIND, STRING, as_json

_START = re.compile(
    rf"{STRING}|([\[{{])(\d+) (rows|documents)(?:: |[:;]([\t ])|, (\d+) kinds:$)|{OPENING.pattern}|[()]"
)
_BARE = re.compile(  # strings, brackets and numbers are passed over in long runs
    rf"{STRING}|(?:[\[\]{{}},:]|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?=[,\]}}]))+"
    r"|(?P<key>(?<=[{,])[^\",:\[\]{}]+):|(?P<value>(?<=[:\[,])[^\",\[\]{}]+)"
)
_QUOTE = '"'
_KIND = re.compile(r"([A-Z]):([ \t])")
_STRING_OR_BRACKET = re.compile(rf"{STRING}|[()]")
_CAREFUL = re.compile(r'["(\[{]').search
_ANY_LITERAL = re.compile(r"^(?:-?\d|-I|[ntfNI])", re.MULTILINE).search
_raw_decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode


@dataclass(frozen=True, slots=True)
class _Node:
    key: str
    column: int  # of a leaf; -1 where objects are inside
    inside: list[_Node]


def rebuild(shown: str) -> str:
    """Minified JSON of what is shown. Raises ValueError where it isn't the table form."""
    lines = shown.split("\n")
    text, at, _ = _documents(lines, 0, 0)
    if at < len(lines):
        raise ValueError("a bracket is closed that nobody opened")
    return text


def _documents(lines: list[str], at: int, position: int) -> tuple[str, int, int]:
    """The documents that begin there, up to the end or a round bracket that closes; and where they end."""
    out: list[str] = []
    mentions = False
    while at < len(lines):
        found = _next_special(lines[at], position)
        out.append(_BARE.sub(_quoted, lines[at][position : found.start() if found else None]))
        if found is None:
            at, position = at + 1, 0
            if at < len(lines):
                out.append("\n")
        elif found[1]:
            at, position = _table(found, lines, at, out), 1
        elif found[0] == CLOSING:
            position = found.end()
            break
        elif found["spelling"]:
            inside, at, position = _documents(lines, at, found.end())
            out.append(encode(spell(parse(inside)[0], read_spelling(found["spelling"]))))
        else:
            mention, position = read_mention(lines[at], found.start())
            out.append(mention)
            mentions = True
    text = "".join(out)
    return with_mentions(text) if mentions else text, at, position


def _quoted(found: re.Match[str]) -> str:
    """A key or a string that stands bare, in its quotes."""
    if found["key"]:
        return f"{encode(found['key'])}:"
    return as_json(found["value"]) if found["value"] else found[0]


def _next_special(line: str, position: int) -> re.Match[str] | None:
    """The next table or mention, strings passed over."""
    for found in _START.finditer(line, position):
        if not found[0].startswith('"'):
            return found
    return None


def _table(found: re.Match[str], lines: list[str], at: int, out: list[str]) -> int:
    """Read the table that starts on line `at`; the line of its closing bracket."""
    opening, count, kinds = found[1], int(found[2]), int(found[5] or 0)
    body = at + 1 + kinds
    specs = () if kinds else read_header(lines[at][found.end() :], found[4] or ",")
    end = body + count
    if any(spec.heading for spec in specs):
        end = _behind_rows(lines, body, count)
    if end >= len(lines) or lines[end][:1] != ("]" if opening == "[" else "}"):
        raise ValueError("the table does not end where its count says")
    shown = lines[body:end]
    rows = _kinds(lines[at + 1 : body], shown) if kinds else _rows(specs, shown, found[4] or ",")
    if found[3] == "documents":
        out.append("\n".join(rows))
    else:
        out.append(f"{opening}{','.join(rows)}{']' if opening == '[' else '}'}")
    return end


def _behind_rows(lines: list[str], body: int, count: int) -> int:
    """Where the rows end, the headings between them not counted."""
    for at in range(body, len(lines)):
        if not lines[at].startswith("#"):
            if count == 0:
                return at
            count -= 1
    raise ValueError("the table has too few rows")


def _kinds(headers: list[str], body: list[str]) -> list[str]:
    rows = [""] * len(body)
    for header in headers:
        start = _KIND.match(header)
        if start is None:
            raise ValueError("a kind has a letter")
        separator = "\t" if start[2] == "\t" else ","
        numbers = [number for number, line in enumerate(body) if line.startswith(start[1] + separator)]
        lines = [body[number][2:] for number in numbers]
        if header[start.end() :] != JSON_KIND:
            lines = _rows(read_header(header[start.end() :], separator), lines, separator)
        for number, line in zip(numbers, lines, strict=True):
            rows[number] = line
    return rows


def _rows(specs: tuple[Spec, ...], lines: list[str], separator: str) -> list[str]:
    """Each row as JSON."""
    above = [spec for spec in specs if spec.heading]
    fixed = [spec for spec in specs if spec.constant is None and not spec.label and not spec.follows]
    optional = [spec for spec in specs if spec.label and not spec.heading]
    headings: list[list[str]] = []
    if above:
        lines, headings = _from_headings(above, lines, separator)
    if optional or _CAREFUL("\n".join(lines)):
        cut = [_cut(line, len(fixed), optional, separator) for line in lines]
    else:
        cut = [line.split(separator) for line in lines]
        for cells in cut:
            cells.extend([""] * (len(fixed) - len(cells)))
    listed = fixed + optional
    raw: dict[int, Sequence[str]] = dict(zip(map(id, listed), zip(*cut, strict=True), strict=True)) if cut else {}
    raw.update(zip(map(id, above), zip(*headings, strict=True), strict=True) if headings else [])
    columns: list[list[str]] = []
    for spec in specs:
        if spec.follows:
            columns.append([])
        elif spec.constant is not None:
            columns.append([spec.constant] * len(lines))
        else:
            column = _column(spec, raw[id(spec)])
            columns.append([value or spec.default for value in column] if spec.default else column)
    for spec, column in zip(specs, columns, strict=True):
        if spec.follows and not column:
            _follow(spec, specs, columns)
    return _assemble(specs, columns)


def _follow(spec: Spec, specs: tuple[Spec, ...], columns: list[list[str]]) -> list[str]:
    """Fill a column that follows from another one; what it follows from comes first, and may follow itself."""
    column = columns[specs.index(spec)]
    before, source, after = spec.follows or ("", (), "")
    at = next(at for at, other in enumerate(specs) if (other.path, other.key) == (source, not source))
    parts = columns[at] or _follow(specs[at], specs, columns)
    if before or after:
        parts = [f'"{before}{part[1:-1] if part[0] == _QUOTE else part}{after}"' for part in parts]
    column.extend(parts)
    return column


def _from_headings(above: list[Spec], lines: list[str], separator: str) -> tuple[list[str], list[list[str]]]:
    """The rows without the headings, and for each row the cells of the heading above it."""
    rows: list[str] = []
    headings: list[list[str]] = []
    current = [""] * len(above)
    for line in lines:
        if line.startswith("#"):
            fresh = _cut(line[1:], 0, above, separator)
            current = [new or old for new, old in zip(fresh, current, strict=True)]
        else:
            rows.append(line)
            headings.append(current)
    return rows, headings


def _cut(line: str, fixed: int, optional: list[Spec], separator: str) -> list[str]:
    """The raw cells of a row: the fixed ones, then one for each optional column, empty where it is absent."""
    cells: list[str] = []
    position = 0
    for _ in range(fixed):
        end = _cell_end(line, position, separator)
        cells.append(line[position:end])
        position = min(end, len(line)) + 1
    for spec in optional:
        if line.startswith(spec.label, position):
            position += len(spec.label)
            end = _cell_end(line, position, separator)
            cells.append(line[position:end])
            position = end + 1
        else:
            cells.append("")
    if position != len(line) + 1:
        raise ValueError("a row has too many cells")
    return cells


def _cell_end(line: str, position: int, separator: str) -> int:
    first = line[position : position + 1]
    if first == "(":
        return _groups_end(line, position)
    if line.startswith("{(", position):
        return _groups_end(line, position + 1) + 1
    if first and first in '"[{':
        return _raw_decode(line, position)[1]
    end = line.find(separator, position)
    return len(line) if end < 0 else end


def _groups_end(line: str, position: int) -> int:
    """Behind the groups that begin there: `(a,b)(c,d)`."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(line, position):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0 and line[found.end() : found.end() + 1] != "(":
            return found.end()
    raise ValueError("a group is not closed")


def _column(spec: Spec, raw: Sequence[str]) -> list[str]:
    """The cells of a column as JSON; empty where the row lacks the key."""
    if spec.spelling:
        spelling = read_spelling(spec.spelling)
        inside = _column(replace(spec, spelling=""), raw)
        return [text and encode(spell(parse(text)[0], spelling)) for text in inside]
    if spec.key:
        return [text if text[:1] == '"' else encode(text) for text in raw]
    if spec.inner:
        return _groups(spec, raw)
    if spec.text:
        return [text if text in ("", "null") or text[0] == '"' else encode(text) for text in raw]
    if not _ANY_LITERAL("\n".join(raw)):
        return [text if not text or text[0] in '"[{' else encode(text) for text in raw]
    return [as_json(text) for text in raw]


def _groups(spec: Spec, raw: Sequence[str]) -> list[str]:
    """Inner objects as JSON: in each cell an array of them, a single one, or members by key. All are read at once."""
    lines: list[str] = []
    spans: list[tuple[int, int] | None] = []
    for text in raw:
        first = len(lines)
        is_group = text.startswith(("(", "{("))
        if is_group:
            lines += _split_groups(text.strip("{}"))
        spans.append((first, len(lines)) if is_group else None)
    rows = _rows(spec.inner, lines, ",") if lines else []
    return [
        _group(spec, text, rows[span[0] : span[1]]) if span else as_json(text)
        for text, span in zip(raw, spans, strict=True)
    ]


def _group(spec: Spec, text: str, rows: list[str]) -> str:
    if spec.opening == "[{" and text[0] == "(":
        return f"[{','.join(rows)}]"
    return "{" + ",".join(rows) + "}" if spec.inner[0].key else rows[0]


def _split_groups(text: str) -> Iterator[str]:
    depth, start = 0, 1
    for found in _STRING_OR_BRACKET.finditer(text):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0 and found[0] == ")":
            yield text[start : found.start()]
            start = found.end() + 1


def _assemble(specs: tuple[Spec, ...], columns: list[list[str]]) -> list[str]:
    keys = columns[0] if specs and specs[0].key else None
    if keys is not None:
        specs, columns = specs[1:], columns[1:]
    nameless = len(specs) == 1 and not specs[0].path  # rows that are arrays themselves
    rows = columns[0] if nameless else _objects(specs, columns)
    return rows if keys is None else [f"{key}:{row}" for key, row in zip(keys, rows, strict=True)]


def _objects(specs: tuple[Spec, ...], columns: list[list[str]]) -> list[str]:
    tree = _tree([(spec.path, number) for number, spec in enumerate(specs)])
    if all(all(column) for column in columns):
        pattern = _pattern(tree)
        return [pattern % row for row in zip(*columns, strict=True)]
    return [_emit(tree, row) for row in zip(*columns, strict=True)]


def _tree(paths: list[tuple[tuple[str, ...], int]]) -> list[_Node]:
    nodes: list[_Node] = []
    at = 0
    while at < len(paths):
        path, number = paths[at]
        end = at + 1
        if len(path) == 1:
            nodes.append(_Node(path[0], number, []))
        else:
            while end < len(paths) and len(paths[end][0]) > 1 and paths[end][0][0] == path[0]:
                end += 1
            nodes.append(_Node(path[0], -1, _tree([(inner[1:], column) for inner, column in paths[at:end]])))
        at = end
    return nodes


def _pattern(nodes: list[_Node]) -> str:
    members = [f"{node.key.replace('%', '%%')}:{_pattern(node.inside) if node.column < 0 else '%s'}" for node in nodes]
    return "{" + ",".join(members) + "}"


def _emit(nodes: list[_Node], row: tuple[str, ...]) -> str:
    members = []
    for node in nodes:
        value = row[node.column] if node.column >= 0 else _emit(node.inside, row)
        if value and not (node.column < 0 and value == "{}"):
            members.append(f"{node.key}:{value}")
    return "{" + ",".join(members) + "}"
