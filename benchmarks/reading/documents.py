"""Documents that aren't one flat array: arrays inside rows, an object that comes twice, JSON inside a string."""

from __future__ import annotations

import json
import random

from records import FIRST_NAMES, records
from samples import Question, Sample

GOODS = ("AX-12", "AX-19", "BD-40", "CK-7", "CK-71", "DL-3", "EM-55", "FT-8")


def nested(number: int) -> Sample:
    """Invoices with their lines."""
    draw = random.Random(f"reading nested {number}")
    invoices, asked = [], []
    for at in range(9):
        lines = [
            {"sku": sku, "qty": draw.randint(1, 40), "price": round(draw.uniform(1, 90), 2)}
            for sku in draw.sample(GOODS, draw.randint(1, 4))
        ]
        name = f"F-{310 + at * 3}"
        invoices.append(
            {"invoice": name, "buyer": draw.choice(FIRST_NAMES), "lines": lines, "due_days": draw.randint(5, 60)}
        )
        line = draw.choice(lines)
        key, words = draw.choice((("qty", "quantity"), ("price", "price")))
        what = f"the {words} of {line['sku']} on invoice {name}"
        asked.append(Question.about("inner value", what, line[key]))
        if at % 2:
            key, words = draw.choice((("buyer", "buyer"), ("due_days", "number of days until invoice is due")))
            asked.append(Question.about("outer value", f"the {words} of invoice {name}", invoices[-1][key]))
    return _sample(f"nested {number}", invoices, asked)


def repeated(number: int) -> Sample:
    """A change to a repository, whose people and repositories stand in it more than once."""
    draw = random.Random(f"reading repeated {number}")
    owner, repo = _owner(draw), _repository(draw)
    sides = {
        side: {
            "ref": f"{side}-{draw.randint(10, 99)}",
            "sha": f"{draw.getrandbits(40):010x}",
            "user": owner,
            "repo": repo,
        }
        for side in ("head", "base")
    }
    change = {"number": draw.randint(100, 999), "state": "open", "user": owner, **sides, "merged_by": owner}
    asked = [
        Question.about("said once", "the ref of the head", sides["head"]["ref"]),
        Question.about("said once", "the sha of the base", sides["base"]["sha"]),
    ]
    for side, sort in (("head", "in full"), ("base", "same as")):
        keys = draw.sample(["language", "default_branch", "open_issues", "license", "stars"], 3)
        asked += [Question.about(sort, f"the {key.replace('_', ' ')} of the {side} repo", repo[key]) for key in keys]
    for whose, sort in (("user", "in full"), ("base user", "same as"), ("merged_by", "same as")):
        keys = draw.sample(["login", "location", "company", "joined"], 2)
        asked += [Question.about(sort, f"the {key} of {whose}", owner[key]) for key in keys]
    return _sample(f"repeated {number}", change, asked)


def _owner(draw: random.Random) -> dict[str, object]:
    return {
        "login": f"{draw.choice(FIRST_NAMES).lower()}-{draw.randint(10, 99)}",
        "id": draw.randint(10_000, 99_999),
        "type": "User",
        "location": draw.choice(("Oulu", "Porto", "Graz")),
        "company": draw.choice(("Nordwind", "Helix", "Tala")),
        "site_admin": draw.random() < 0.5,
        "joined": f"2021-{draw.randint(1, 12):02d}-03",
    }


def _repository(draw: random.Random) -> dict[str, object]:
    return {
        "id": draw.randint(100_000, 999_999),
        "name": draw.choice(("gatehouse", "pinecone-ui", "tidewater")),
        "language": draw.choice(("Rust", "Go", "Elm")),
        "default_branch": draw.choice(("trunk", "stable", "develop")),
        "open_issues": draw.randint(1, 90),
        "license": draw.choice(("MIT", "BSD-2", "MPL-2.0")),
        "has_wiki": draw.random() < 0.5,
        "stars": draw.randint(10, 9000),
    }


def embedded(number: int) -> Sample:
    """What a tool server gives back: a text that is itself an array of records."""
    inner = records(20 + number)
    given = {"content": [{"type": "text", "text": json.dumps(inner.records)}], "isError": False}
    return _sample(f"embedded {number}", given, inner.questions)


def _sample(name: str, value: object, asked: list[Question]) -> Sample:
    return Sample(name, json.dumps(value, separators=(",", ":")), asked, [])
