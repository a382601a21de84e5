"""The table form read back into minified JSON: the proof that nothing got lost on the way.

It sees nothing but what is shown. Its answer is compared letter for letter with the minified source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headroom_core.compressors.json_docs.lexemes import Doubled, dump, encode, parse
from headroom_core.compressors.json_docs.notation import JSON_KIND, is_literal
from headroom_core.text.rows import spell_path

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_START = re.compile(rf"{_STRING}|([\[{{])(\d+) (rows|documents)(?:: |:(\t)|, (\d+) kinds:$)|\(same as ")
_SAME = re.compile(rf"\(same as ((?:{_STRING}|[^\")])+)\)")
_MARK = "\x00same as "  # begins the string that stands for a repeated object while the text is put together
_SEGMENT = re.compile(rf"{_STRING}|[^\".,=:?\[\]{{}}*\t\n]+")
_KIND = re.compile(r"([A-Z]):([ \t])")
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[()]")
_CAREFUL = re.compile(r'["(\[{]').search
_ANY_LITERAL = re.compile(r"^(?:-?\d|-I|[ntfNI])", re.MULTILINE).search
_raw_decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode


@dataclass(frozen=True, slots=True)
class Spec:
    """One column as a header declares it. Keys, constants and labels are JSON or header text, ready to be put in."""

    path: tuple[str, ...]
    constant: str | None = None
    text: bool = False
    label: str = ""
    default: str = ""  # of a column with a label: the value where a row doesn't have it; empty: none
    opening: str = ""  # of inner objects: `[{`, `{`
    inner: tuple[Spec, ...] = ()
    key: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Node:
    key: str
    column: int  # of a leaf; -1 where objects are inside
    inside: list[_Node]


def rebuild(shown: str) -> str:
    """Minified JSON of what is shown. Raises ValueError where it isn't the table form."""
    lines = shown.split("\n")
    out: list[str] = []
    at, position, repeats = 0, 0, False
    while True:
        found = _next_special(lines[at], position)
        if found is None:
            out.append(lines[at][position:])
            at += 1
            if at == len(lines):
                break
            out.append("\n")
            position = 0
            continue
        out.append(lines[at][position : found.start()])
        if found[1]:
            at = _table(found, lines, at, out)
            position = 1
        else:
            position = _repeat(lines[at], found.start(), out)
            repeats = True
    return _with_repeats("".join(out)) if repeats else "".join(out)


def _next_special(line: str, position: int) -> re.Match[str] | None:
    """The next table or repeated object, strings passed over."""
    for found in _START.finditer(line, position):
        if not found[0].startswith('"'):
            return found
    return None


def _repeat(line: str, position: int, out: list[str]) -> int:
    found = _SAME.match(line, position)
    if found is None:
        raise ValueError("a path does not end")
    out.append(encode(_MARK + found[1]))
    return found.end()


def _with_repeats(text: str) -> str:
    """The JSON with every mark replaced by the object that stands at its path."""
    known: dict[str, object] = {}

    def resolved(value: object, steps: tuple[str | int, ...]) -> object:
        if isinstance(value, str) and value.startswith(_MARK):
            return known[value.removeprefix(_MARK)]
        if isinstance(value, list) and not isinstance(value, Doubled):
            return [resolved(inner, (*steps, at)) for at, inner in enumerate(value)]
        if isinstance(value, dict):
            full = {key: resolved(inner, (*steps, key)) for key, inner in value.items()}
            known[spell_path(steps)] = full
            return full
        return value

    documents = parse(text)
    if len(documents) == 1:
        return dump(resolved(documents[0], ()))
    return "\n".join([dump(resolved(document, (at,))) for at, document in enumerate(documents)])


def _table(found: re.Match[str], lines: list[str], at: int, out: list[str]) -> int:
    """Read the table that starts on line `at`; the line of its closing bracket."""
    opening, count, kinds = found[1], int(found[2]), int(found[5] or 0)
    body = at + 1 + kinds
    specs = () if kinds else _header(lines[at][found.end() :], found[4] or ",")
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
            lines = _rows(_header(header[start.end() :], separator), lines, separator)
        for number, line in zip(numbers, lines, strict=True):
            rows[number] = line
    return rows


def _rows(specs: tuple[Spec, ...], lines: list[str], separator: str) -> list[str]:
    """Each row as JSON."""
    above = [spec for spec in specs if spec.heading]
    fixed = [spec for spec in specs if spec.constant is None and not spec.label]
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
        if spec.constant is not None:
            columns.append([spec.constant] * len(lines))
        else:
            column = _column(spec, raw[id(spec)])
            columns.append([value or spec.default for value in column] if spec.default else column)
    return _assemble(specs, columns)


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
    if spec.key:
        return [text if text[:1] == '"' else encode(text) for text in raw]
    if spec.inner:
        return [_groups(spec, text) if text[:1] == "(" or text[:2] == "{(" else _json(text) for text in raw]
    if spec.text:
        return [text if text in ("", "null") or text[0] == '"' else encode(text) for text in raw]
    if not _ANY_LITERAL("\n".join(raw)):
        return [text if not text or text[0] in '"[{' else encode(text) for text in raw]
    return [_json(text) for text in raw]


def _json(text: str) -> str:
    if not text or text[0] in '"[{' or is_literal(text):
        return text
    return encode(text)


def _groups(spec: Spec, text: str) -> str:
    """Inner objects: an array of them, a single one, or members by key."""
    lines = list(_split_groups(text.strip("{}")))
    rows = _rows(spec.inner, lines, ",")
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


def _header(text: str, separator: str) -> tuple[Spec, ...]:
    specs, end = _specs(text, 0, separator)
    if end != len(text):
        raise ValueError("a header goes on behind its end")
    return specs


def _specs(text: str, position: int, separator: str) -> tuple[tuple[Spec, ...], int]:
    specs: list[Spec] = []
    while True:
        spec, position = _spec(text, position, separator)
        specs.append(spec)
        if text[position : position + 1] != separator:
            return tuple(specs), position
        position += 1


def _spec(text: str, position: int, separator: str) -> tuple[Spec, int]:
    if text[position : position + 1] == "*":
        return Spec((), key=True), position + 1
    heading = text[position : position + 1] == "#"
    position += heading
    start = position
    path, position = _path(text, position)
    label = f"{text[start:position]}="
    opening = ""
    inner: tuple[Spec, ...] = ()
    if text[position : position + 1] in ("[", "{"):
        opening = "[{" if text[position] == "[" else "{"
        inner, position = _specs(text, position + len(opening), ",")
        position += len(opening)
    is_text = text.startswith(":str", position)
    position += 4 * is_text
    if text[position : position + 1] == "=":
        constant, position = _constant(text, position + 1, separator)
        return Spec(path, constant), position
    if text[position : position + 1] != "?":
        return Spec(path, None, is_text, label if heading else "", "", opening, inner, heading=heading), position
    default, position = "", position + 1
    if text[position : position + 1] == "=":
        start = position + 1
        default, position = _constant(text, start, separator)
        if is_text and text[start] != '"' and text[start:position] != "null":
            default = encode(text[start:position])
    return Spec(path, None, is_text, label, default, opening, inner), position


def _path(text: str, position: int) -> tuple[tuple[str, ...], int]:
    steps: list[str] = []
    while (found := _SEGMENT.match(text, position)) is not None:
        steps.append(found[0] if found[0][0] == '"' else encode(found[0]))
        position = found.end()
        if text[position : position + 1] != ".":
            break
        position += 1
    return tuple(steps), position


def _constant(text: str, position: int, separator: str) -> tuple[str, int]:
    if text[position : position + 1] in ('"', "[", "{"):
        end: int = _raw_decode(text, position)[1]
        return text[position:end], end
    end = position
    while end < len(text) and text[end] != separator and text[end] not in "}]":
        end += 1
    return _json(text[position:end]), end
