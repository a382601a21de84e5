"""The words that everything here shares: a text, and what is asked about it."""

from __future__ import annotations

from dataclasses import dataclass

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, how the reply is begun for the model, and what is right."""

    sort: str
    text: str
    stem: str
    answer: str | None  # None: there is null, or nothing

    @classmethod
    def about(cls, sort: str, what: str, answer: object) -> Question:
        """The question what something is; `what` begins with "the"."""
        return cls(sort, f"What is {what}?", f"{what[0].upper()}{what[1:]} is", spelled(answer))


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as a tool gives it back, and what is asked about it."""

    name: str  # its kind and number
    text: str
    questions: list[Question]
    records: list[Record]  # of an array of records, for the encoders; else none
    noun: str = ""  # what a record is
    id_key: str = ""  # the key that holds its id


def spelled(value: object) -> str | None:
    """A value as a right answer spells it; a missing key is `...`."""
    if value is None or value is ...:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
