"""JSON to test with: made of the values, keys and shapes that have broken compressors."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import strategies as st

NUMBERS = ["0", "1", "-1", "1.0", "1e0", "-0", "-0.0", "1E400", "0.10", str(2**70), "3." + "1" * 33, "NaN", "-Infinity"]
STRINGS = [
    "", " ", "\n", "null", "NULL", "true", "1", "1.0", "-", "01", "[]", "{}", "[1]", "(", ")", "(a)", "]", "a,b",
    "a\tb", "a=b", "a]b", "a}b", '"', '"x"', "\\", "\\n", "x ", " x", "\u00a0", "\u2028", "\x7f", "\x00", "é", "😀",
    "\ud800", "*", "?", "[3 rows: a", "A,1", "%s", "%", "\ue000", "\ue001", "...", "/",
]  # fmt: skip
KEYS = [
    "id", "name", "a", "b", "c", "a.b", "a,b", "", "*", "a=b", "a?", "a:str", '"', "a\x00b", "a\tb", "a\n", " a",
    "(json)", "[", "{x}", "1", "null", "é", "\ud800", "%s", "owner", "state",
]  # fmt: skip

numbers = st.sampled_from(NUMBERS) | st.integers().map(str) | st.floats(allow_nan=False, allow_infinity=False).map(repr)
strings = st.sampled_from(STRINGS) | st.text(max_size=12)
keys = st.sampled_from(KEYS) | st.text(max_size=3)
scalars = (
    numbers | st.sampled_from(["null", "true", "false"]) | st.builds(json.dumps, strings, ensure_ascii=st.booleans())
)


def objects(values: Any, *, most: Any = 6) -> Any:
    """JSON texts of objects, keys doubled now and then."""
    members = st.lists(st.tuples(keys.map(json.dumps), values), max_size=most)
    return members.map(lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}")


def arrays(values: Any, *, most: Any = 6) -> Any:
    """JSON texts of arrays."""
    return st.lists(values, max_size=most).map(lambda inner: "[" + ",".join(inner) + "]")


@st.composite
def records(draw: Any, values: Any) -> Any:
    """JSON texts of arrays whose rows share most of their keys, in one order."""
    names = draw(st.lists(keys, min_size=1, max_size=5, unique=True))
    pools = [draw(st.lists(values, min_size=1, max_size=4)) for _ in names]
    gaps = draw(st.sampled_from([0, 0, 0, 3, 8]))
    rows = []
    for _ in range(draw(st.integers(2, 12))):
        here = [at for at in range(len(names)) if not gaps or draw(st.integers(0, 10)) >= gaps]
        members = [f"{json.dumps(names[at])}: {draw(st.sampled_from(pools[at]))}" for at in here]
        rows.extend(["{" + ", ".join(members) + "}"] * draw(st.sampled_from([1, 1, 1, 1, 6])))
    form = draw(st.sampled_from(["array", "array", "lines", "keyed"]))
    if form == "keyed":
        named = [f"{draw(keys)}{at}" for at in range(len(rows))]
        return "{" + ",\n".join(f"{json.dumps(key)}: {row}" for key, row in zip(named, rows, strict=True)) + "}"
    return "[" + ",\n ".join(rows) + "]" if form == "array" else "\n".join(rows)


@st.composite
def addressed(draw: Any) -> Any:
    """JSON texts of arrays and of objects whose members stand in each other, as ids stand in addresses."""
    base = draw(st.sampled_from(["https://h.example/u/", "/", "a/", ""])) + draw(st.text(max_size=3))
    rest = draw(st.sampled_from(["/posts", "{/id}", "", ".git", '"', "\ud800"]))
    odd = draw(st.sampled_from([0, 0, 0, 1]))
    names = draw(st.lists(keys, min_size=4, max_size=4, unique=True) | st.just(["id", "url", "html_url", "x"]))
    rows = []
    for at in range(draw(st.integers(1, 7))):
        number = draw(strings | st.integers().map(str))
        address = f"{base}{number}"
        values: list[Any] = [
            number,
            address,
            f"{address}{rest}",
            address if at % 3 else draw(st.just(address) | strings),
        ]
        if odd and draw(st.booleans()):
            values[draw(st.integers(0, 3))] = draw(st.sampled_from([None, 7, "", {}]))
        rows.append(json.dumps(dict(zip(names, values, strict=True))))
    form = draw(st.sampled_from(["array", "keyed", "apart"]))
    if form == "keyed":
        return "{" + ",".join(f"{json.dumps(str(at))}: {row}" for at, row in enumerate(rows)) + "}"
    return f"[{','.join(rows)}]" if form == "array" else f'{{"a": {rows[0]}, "b": [{rows[-1]}]}}'


@st.composite
def wrapped(draw: Any, texts: Any) -> Any:
    """JSON texts in which others stand inside strings, spelled as JSON writers spell, or nearly so."""
    held = []
    for text in draw(st.lists(texts, min_size=1, max_size=3)):
        indent = draw(st.sampled_from([None, None, 2, 4, "\t"]))
        separators = draw(st.sampled_from([None, (",", ":")])) if indent is None else None
        with contextlib.suppress(ValueError):  # of documents one after the other
            text = json.dumps(json.loads(text), indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
        held.append({"type": "text", "text": text + draw(st.sampled_from(["", "", "\n", " "]))})
    return json.dumps(
        draw(st.sampled_from([held, {"content": held, "isError": False}, held[0], {"x": held[0]["text"]}]))
    )


inner = scalars | objects(scalars, most=3) | arrays(scalars, most=3) | arrays(objects(scalars, most=2), most=3)
nested = st.recursive(scalars, lambda deeper: objects(deeper) | arrays(deeper) | arrays(objects(deeper)), max_leaves=30)
repeats = st.tuples(records(scalars) | objects(inner, most=12), keys, keys).map(
    lambda drawn: (
        f'{{{json.dumps(drawn[1])}: {drawn[0]}, "x": {{"deep": [{drawn[0]}], {json.dumps(drawn[2])}: {drawn[0]}}}}}'
    )
)
documents = (
    repeats.filter(lambda text: "\n{" not in text)
    | addressed()
    | records(inner)
    | records(scalars)
    | records(st.just("1") | records(scalars).filter(lambda text: text[0] != "{" or text.count("\n") == 0))
    | objects(nested)
    | arrays(nested)
    | st.lists(objects(nested) | arrays(nested), min_size=1, max_size=4).map("\n".join)
)
documents = documents | wrapped(documents)


@st.composite
def mutated(draw: Any, texts: Any) -> Any:
    """Texts in which pieces were taken out, doubled, swapped for others or put elsewhere."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 9)))
        piece = text[start:end]
        new = draw(
            st.sampled_from(
                ["", piece * 2, "[", "]", "{", "}", '"', ",", ":", "\\", "0", "null", " ", "\n", '"a":1,', "{},"]
            )
        )
        text = text[:start] + new + text[end:]
    return text
