"""Logs that stand in no corpus, and questions that a reader of them answers by looking one value up.

Everything comes from a seed. Every program writes four sorts of lines, a first and a last one, and a few errors.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from samples import Question, Sample

Draw = Callable[[random.Random, int], str]


@dataclass(frozen=True, slots=True)
class Hole:
    """A value in a line: how a question names it, and how it is drawn; the number makes the first hole unique."""

    words: str
    draw: Draw


@dataclass(frozen=True, slots=True)
class Template:
    """A sort of lines. The first hole is what the event is known by; `event` names it with that hole put in."""

    text: str
    event: str
    holes: tuple[Hole, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """What writes the log."""

    name: str
    stamp: str  # as `strftime`-like text around {clock}
    templates: tuple[Template, ...]
    errors: tuple[str, ...]
    first: str
    last: str


def between(low: int, high: int) -> Draw:
    return lambda draw, _: str(draw.randint(low, high))


def counted(prefix: str, start: int) -> Draw:
    return lambda _, number: f"{prefix}{start + number}"


def one_of(*values: str) -> Draw:
    return lambda draw, _: draw.choice(values)


PROGRAMS = (
    Program(
        "pool",
        "2031-05-06 {clock},104",
        (
            Template(
                "INFO pool: worker {} took job {} from {}",
                "job {} was taken",
                (
                    Hole("worker", between(1, 9)),
                    Hole("job", counted("", 4060)),
                    Hole("queue", one_of("/queue/red", "/queue/blue", "/queue/slow")),
                ),
            ),
            Template(
                "INFO pool: job {} finished in {} ms with {} rows",
                "job {} finished",
                (
                    Hole("job", counted("", 4860)),
                    Hole("duration in ms", between(40, 9000)),
                    Hole("number of rows", between(1, 900)),
                ),
            ),
            Template(
                "DEBUG cache: hit rate {} % for shard {}",
                "the hit rate of shard {} was logged",
                (Hole("hit rate", between(40, 99)), Hole("shard", counted("s", 11))),
            ),
            Template(
                "WARN disk: volume {} is at {} %",
                "the warning about volume {} was logged",
                (Hole("volume", counted("v", 70)), Hole("fill level", between(80, 99))),
            ),
        ),
        (
            "ERROR pool: worker 5 died with exit code 137",
            "ERROR disk: write to /var/spool/red failed, device is read-only",
        ),
        "INFO pool: started with 9 workers",
        "INFO pool: all queues are drained",
    ),
    Program(
        "web",
        "[06/May/2031:{clock}]",
        (
            Template(
                "10.2.0.{} GET /item/{} 200 {} ms",
                "item {} was requested",
                (
                    Hole("client", between(2, 99)),
                    Hole("item", counted("", 7310)),
                    Hole("duration in ms", between(3, 800)),
                ),
            ),
            Template(
                "session {} opened by {} from {}",
                "session {} was opened",
                (
                    Hole("session", counted("S", 640)),
                    Hole("user", one_of("ana", "bo", "cem", "dara", "elif")),
                    Hole("device", one_of("phone", "tablet", "desktop")),
                ),
            ),
            Template(
                "cart {} saved with {} items",
                "cart {} was saved",
                (Hole("cart", counted("K", 210)), Hole("number of items", between(1, 30))),
            ),
            Template(
                "slow query {} took {} ms on replica {}",
                "slow query {} was logged",
                (
                    Hole("query", counted("q", 33)),
                    Hole("duration in ms", between(900, 7000)),
                    Hole("replica", between(1, 4)),
                ),
            ),
        ),
        ("error: upstream billing-3 refused the connection", "error: session store is full, 40 sessions dropped"),
        "server started on port 8443",
        "server stopped by signal 15",
    ),
    Program(
        "sync",
        "May  6 {clock} depot7 syncd[311]:",
        (
            Template(
                "uploaded file {} to {} in {} parts",
                "file {} was uploaded",
                (
                    Hole("file", counted("img_", 5520)),
                    Hole("bucket", one_of("photos", "scans", "archive")),
                    Hole("number of parts", between(1, 24)),
                ),
            ),
            Template(
                "peer {} is in step, lag {} s",
                "the lag of peer {} was logged",
                (Hole("peer", counted("p", 41)), Hole("lag in s", between(0, 99))),
            ),
            Template(
                "retry {} of chunk {} for {}",
                "chunk {} was retried",
                (
                    Hole("number of the retry", between(1, 5)),
                    Hole("chunk", counted("c", 880)),
                    Hole("owner", one_of("gita", "hugo", "ines", "jon")),
                ),
            ),
            Template(
                "quota of {} now at {} MB",
                "the quota of {} was logged",
                (Hole("account", counted("acct-", 12)), Hole("quota in MB", between(100, 9900))),
            ),
        ),
        (
            "error: checksum of img_9001 does not match, file set aside",
            "error: peer p77 closed the channel without a reason",
        ),
        "syncd 4.2 started",
        "syncd is shutting down",
    ),
)
WHAT = {  # which hole names the event
    "10.2.0.{} GET /item/{} 200 {} ms": 1,
    "INFO pool: worker {} took job {} from {}": 1,
    "DEBUG cache: hit rate {} % for shard {}": 1,
    "retry {} of chunk {} for {}": 1,
}


def log(number: int) -> Sample:
    """The log of a number, counted from 0."""
    draw = random.Random(f"reading log {number}")
    program = PROGRAMS[number % len(PROGRAMS)]
    count = draw.randint(24, 28) if number % 4 else 36
    errors = dict(zip(sorted(draw.sample(range(3, count - 3), 2)), program.errors, strict=True))
    seconds = 8 * 3600 + draw.randint(0, 3000)
    lines: list[str] = []
    events: list[tuple[str, Template, list[str]]] = []
    failures: list[tuple[str, str]] = []
    for at in range(count):
        seconds += draw.randint(1, 40)
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        if at in (0, count - 1):
            message = program.first if at == 0 else program.last
        elif at in errors:
            message = errors[at]
            failures.append((clock, message))
        else:
            template = draw.choices(program.templates, (4, 4, 3, 1))[0]
            values = [hole.draw(draw, at) for hole in template.holes]
            message = template.text.format(*values)
            events.append((clock, template, values))
        lines.append(f"{program.stamp.format(clock=clock)} {message}")
    return Sample(f"log {number}", "\n".join(lines) + "\n", _questions(events, failures, draw), [])


def _questions(
    events: list[tuple[str, Template, list[str]]], failures: list[tuple[str, str]], draw: random.Random
) -> list[Question]:
    asked = []
    for clock, template, values in draw.sample(events, 5):
        event = template.event.format(values[_known_by(template)])
        asked.append(
            Question("time of event", f"At what time {_asked(event)}", f"{event[0].upper()}{event[1:]} at", clock)
        )
    for _, template, values in draw.sample(events, 8):
        known = _known_by(template)
        at = draw.choice([at for at in range(len(values)) if at != known])
        what = f"the {template.holes[at].words} of {template.holes[known].words} {values[known]}"
        asked.append(Question.about("value", what, values[at]))
    for clock, template, values in draw.sample(events, 3):
        known = _known_by(template)
        what = f"{template.holes[known].words} of the line at {clock}"
        asked.append(Question("which at a time", f"What is the {what}?", f"The {what} is", values[known]))
    for clock, message in failures:
        text = message.partition(": ")[2]
        asked.append(Question("error text", f"Which error is logged at {clock}?", f"The error at {clock} is:", text))
        asked.append(Question("error time", f"At what time is this logged: {text}?", "It is logged at", clock))
    draw.shuffle(asked)
    return asked


def _known_by(template: Template) -> int:
    return WHAT.get(template.text, 0)


def _asked(event: str) -> str:
    """`job 5 was taken` as `was job 5 taken?`."""
    for verb in ("was", "is", "finished"):
        head, found, tail = event.partition(f" {verb}")
        if found:
            return f"did {head} finish?" if verb == "finished" else f"{verb} {head}{tail}?"
    return f"{event}?"
