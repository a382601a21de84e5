"""Arrays of records that stand in no corpus, and questions that a reader of them answers by looking one value up.

Everything comes from a seed: the same number gives the same records and questions on any machine.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from samples import Question, Record, Sample, spelled

Draw = Callable[[random.Random], object]

USUAL_SHARE = 0.8  # of the rows: how often a column with a usual value has it
SET_SHARE = 0.5  # of the rows: how often a nullable column holds something
SPARSE_SHARE = 0.25  # of the rows: how often an optional key is there
FIRST_NAMES = ("Ana", "Bo", "Cem", "Dara", "Elif", "Finn", "Gita", "Hugo", "Ines", "Jon", "Kira", "Leo", "Mona", "Nils")


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record: `role` says how its values are spread over the rows, `draw` gives one."""

    key: str
    words: str  # how a question names it
    role: str  # id, plain, usual, slow, constant, nullable, sparse, text
    draw: Draw
    usual: object = None  # of `usual`
    under: str = ""  # the key of the object that it stands in


@dataclass(frozen=True, slots=True)
class Domain:
    """What the records are about. The fields stand in the order of the keys."""

    noun: str
    fields: tuple[Field, ...]


def one_of(*values: object) -> Draw:
    return lambda draw: draw.choice(values)


def whole(low: int, high: int) -> Draw:
    return lambda draw: draw.randint(low, high)


def decimal(low: int, high: int, places: int) -> Draw:
    return lambda draw: round(draw.uniform(low, high) + 10**-places * draw.randint(1, 9) / 1, places)


def code(letters: str, low: int, high: int) -> Draw:
    return lambda draw: f"{letters}{draw.randint(low, high)}"


DOMAINS = (
    Domain(
        "order",
        (
            Field("id", "id", "id", whole(5700, 5740)),
            Field("customer", "customer", "plain", one_of(*FIRST_NAMES)),
            Field("status", "status", "usual", one_of("refunded", "pending", "cancelled"), usual="delivered"),
            Field("total", "total", "plain", decimal(5, 400, 2)),
            Field("currency", "currency", "constant", one_of("EUR", "CHF", "SEK")),
            Field("city", "city", "plain", one_of("Lyon", "Graz", "Oulu", "Porto", "Turin"), under="address"),
            Field("zip", "zip", "plain", whole(10000, 99999), under="address"),
            Field("warehouse", "warehouse", "slow", one_of("north", "east", "harbour")),
            Field("coupon", "coupon", "nullable", code("C", 200, 899)),
            Field("items", "number of items", "plain", whole(1, 9)),
            Field(
                "note",
                "note",
                "text",
                one_of(
                    "leave at the door, do not ring",
                    "call before delivery, gate code needed",
                    "gift, keep the invoice out of the box",
                ),
            ),
            Field("discount", "discount", "sparse", one_of(5, 10, 15, 20)),
        ),
    ),
    Domain(
        "host",
        (
            Field("host", "name", "id", code("web-", 11, 48)),
            Field("zone", "zone", "slow", one_of("eu-1a", "eu-1b", "eu-1c")),
            Field("cpu", "cpu", "plain", decimal(1, 97, 1)),
            Field("state", "state", "usual", one_of("draining", "down", "booting"), usual="running"),
            Field("kernel", "kernel", "constant", one_of("6.8.0-41", "6.6.12-9")),
            Field("team", "team", "plain", one_of("search", "billing", "media", "login"), under="owner"),
            Field("lead", "lead", "plain", one_of(*FIRST_NAMES), under="owner"),
            Field("disk_pct", "disk percentage", "plain", whole(10, 97)),
            Field("last_alert", "last alert", "nullable", one_of("disk full", "high load", "clock skew", "link flap")),
            Field("maintenance", "maintenance", "sparse", one_of("kernel", "disk swap", "rack move")),
        ),
    ),
    Domain(
        "ticket",
        (
            Field(
                "title",
                "title",
                "text",
                one_of(
                    "Login page shows a blank screen after the update",
                    "Export of invoices stops at page two",
                    "Search gives no hits for names with an accent",
                    "Mail to the whole team is sent twice",
                ),
            ),
            Field("key", "key", "id", code("OPS-", 410, 450)),
            Field("project", "project", "constant", one_of("portal", "backoffice")),
            Field("priority", "priority", "usual", one_of("urgent", "low"), usual="medium"),
            Field("assignee", "assignee", "nullable", one_of(*FIRST_NAMES)),
            Field("sprint", "sprint", "slow", one_of("S31", "S32", "S33")),
            Field("points", "number of points", "plain", one_of(1, 2, 3, 5, 8, 13)),
            Field("reporter", "reporter", "plain", one_of(*FIRST_NAMES)),
            Field("name", "component", "plain", one_of("auth", "reports", "index", "mailer"), under="component"),
            Field("version", "component version", "plain", decimal(1, 9, 1), under="component"),
            Field("blocked_by", "blocking ticket", "sparse", code("OPS-", 300, 399)),
        ),
    ),
    Domain(
        "service",
        (
            Field("port", "port", "plain", whole(7000, 9899)),
            Field("service", "name", "id", code("svc-", 61, 99)),
            Field("healthy", "value of healthy", "usual", one_of("false"), usual="true"),
            Field("replicas", "number of replicas", "plain", whole(1, 12)),
            Field("region", "region", "constant", one_of("eu-west", "us-east")),
            Field(
                "version",
                "version",
                "plain",
                lambda draw: f"{draw.randint(1, 4)}.{draw.randint(0, 20)}.{draw.randint(0, 9)}",
            ),
            Field("tier", "tier", "slow", one_of("edge", "core", "batch")),
            Field("p50", "p50 latency", "plain", whole(2, 90), under="latency_ms"),
            Field("p99", "p99 latency", "plain", whole(91, 2400), under="latency_ms"),
            Field("error", "error", "nullable", one_of("connection reset", "out of memory", "certificate expired")),
            Field("canary", "canary share", "sparse", one_of(5, 10, 25, 50)),
        ),
    ),
    Domain(
        "parcel",
        (
            Field("parcel", "number", "id", code("PX", 3301, 3360)),
            Field("weight_g", "weight in g", "plain", whole(80, 9800)),
            Field("route", "route", "slow", one_of("R7", "R8", "R12")),
            Field("stage", "stage", "usual", one_of("returned", "customs", "lost"), usual="in transit"),
            Field("carrier", "carrier", "constant", one_of("Nordpost", "Velo Express")),
            Field("insured", "insured sum", "nullable", one_of(100, 250, 500, 750)),
            Field("name", "receiver name", "plain", one_of(*FIRST_NAMES), under="receiver"),
            Field("country", "receiver country", "plain", one_of("FI", "PT", "AT", "NL", "CZ"), under="receiver"),
            Field(
                "remark",
                "remark",
                "text",
                one_of(
                    "box is dented on one side, content looks fine",
                    "address label hard to read, checked by hand",
                    "two parcels tied together, cut before sorting",
                ),
            ),
            Field("held_by", "holder", "sparse", one_of(*FIRST_NAMES)),
        ),
    ),
)


def records(number: int) -> Sample:
    """The array of a number, counted from 0. Every fifth is about the same things."""
    draw = random.Random(f"reading {number}")
    domain = DOMAINS[number % len(DOMAINS)]
    rows = draw.randint(12, 13)
    columns = {id(field): _values(field, rows, draw) for field in domain.fields}
    made = [_record(domain, columns, row) for row in range(rows)]
    identity = next(field for field in domain.fields if field.role == "id")
    questions = _Questions(domain, identity, columns, draw).all()
    text = json.dumps(made, separators=(",", ":"))
    return Sample(f"records {number}", text, questions, made, domain.noun, identity.key)


def _values(field: Field, rows: int, draw: random.Random) -> list[object]:
    """The column of a field; a missing key is `...`."""
    fresh = [field.draw(draw) for _ in range(rows)]
    if field.role == "id":
        found: dict[object, None] = {}
        while len(found) < rows:
            found[field.draw(draw)] = None
        return sorted(found, key=str)
    if field.role == "constant":
        return fresh[:1] * rows
    if field.role == "usual":
        rare = set(draw.sample(range(rows), max(2, round((1 - USUAL_SHARE) * rows))))
        chosen = [fresh[row] if row in rare else field.usual for row in range(rows)]
        return [value == "true" if value in ("true", "false") else value for value in chosen]
    if field.role == "slow":
        values = list(dict.fromkeys([field.draw(draw) for _ in range(50)]))[:3]
        return [values[row * len(values) // rows] for row in range(rows)]
    if field.role == "nullable":
        held = set(draw.sample(range(rows), round(SET_SHARE * rows)))
        return [fresh[row] if row in held else None for row in range(rows)]
    if field.role == "sparse":
        held = set(draw.sample(range(rows), max(2, round(SPARSE_SHARE * rows))))
        return [fresh[row] if row in held else ... for row in range(rows)]
    return fresh


def _record(domain: Domain, columns: dict[int, list[object]], row: int) -> Record:
    record: Record = {}
    for field in domain.fields:
        value = columns[id(field)][row]
        if value is ...:
            continue
        if field.under:
            inner = record.setdefault(field.under, {})
            assert isinstance(inner, dict)
            inner[field.key] = value
        else:
            record[field.key] = value
    return record


class _Questions:
    """Draws the questions about one array, every sort the same number of times in every array."""

    def __init__(self, domain: Domain, identity: Field, columns: dict[int, list[object]], draw: random.Random) -> None:
        self._noun = domain.noun
        self._fields = domain.fields
        self._ids = columns[id(identity)]
        self._columns = columns
        self._draw = draw

    def all(self) -> list[Question]:
        asked = [
            *self._about("usual value", "usual", 2, lambda field, value: value == self._usual(field)),
            *self._about("rare value", "usual", 1, lambda field, value: value != self._usual(field)),
            *self._about("plain", "plain", 5, lambda field, _: not field.under),
            *self._about("nested", "plain", 2, lambda field, _: bool(field.under)),
            *self._about("column in runs", "slow", 1, lambda _field, _value: True),
            *self._about("constant", "constant", 1, lambda _field, _value: True),
            *self._about("null", "nullable", 2, lambda _, value: value is None),
            *self._about("set, else null", "nullable", 2, lambda _, value: value is not None),
            *self._about("key there", "sparse", 1, lambda _, value: value is not ...),
            *self._about("key missing", "sparse", 1, lambda _, value: value is ...),
            *self._about("text", "text", 1, lambda _field, _value: True),
            *self._reverse(),
        ]
        self._draw.shuffle(asked)
        return asked

    def _usual(self, field: Field) -> object:
        return field.usual == "true" if field.usual in ("true", "false") else field.usual

    def _about(self, sort: str, role: str, count: int, fits: Callable[[Field, object], bool]) -> list[Question]:
        found = [
            (field, row)
            for field in self._fields
            if field.role == role
            for row, value in enumerate(self._columns[id(field)])
            if fits(field, value)
        ]
        asked = []
        for field, row in self._draw.sample(found, min(count, len(found))):
            value = self._columns[id(field)][row]
            what = f"the {field.words} of {self._noun} {self._ids[row]}"
            asked.append(Question.about(sort, what, value))
        return asked

    def _reverse(self) -> list[Question]:
        """Which record has a value that only one has."""
        found = []
        for field in self._fields:
            values = self._columns[id(field)]
            if field.role in ("plain", "nullable") and not field.under:
                found += [
                    (field, row) for row, value in enumerate(values) if value is not None and values.count(value) == 1
                ]
        field, row = self._draw.choice(found)
        value = spelled(self._columns[id(field)][row])
        return [
            Question(
                "reverse",
                f"Which {self._noun} has the {field.words} {value}?",
                f"The {self._noun} with the {field.words} {value} is",
                spelled(self._ids[row]),
            )
        ]
