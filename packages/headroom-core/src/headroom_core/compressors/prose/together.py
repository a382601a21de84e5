"""What is shown of texts that were retrieved for one question: the best sentences of all of them, wherever they stand.

Each alone would show its best, however little that has to do with the question, beside the one that answers it. The
texts are read as the passages of one document.
"""

from __future__ import annotations

from collections.abc import Sequence

from headroom_core.compressors.prose.choosing import Answer, Document, Score, answering, scores
from headroom_core.compressors.prose.reading import Role, Unit, read_units
from headroom_core.types import no_deadline

Choice = tuple[tuple[bool, ...], ...]

LABEL = "[0] "  # stands before each text: what is beside it in another text is no neighbour


def chosen(texts: Sequence[str], words: str, answer: Answer, tokens: int, score: Score | None) -> Choice:
    """For each text which of its units are shown; nothing at all where nobody can say what answers.

    `tokens`: of all texts together.
    """
    units: list[Unit] = []
    counts = []
    start = block = 0
    for text in texts:
        own = read_units(text, no_deadline)
        units.append(Unit(start, start + len(LABEL), Role.LABEL, block))
        units += _moved(own, start + len(LABEL), block)
        counts.append(len(own))
        start += len(LABEL) + len(text)
        block += 1 + max((unit.block for unit in own), default=0)
    document = Document("".join(LABEL + text for text in texts), units, no_deadline)
    found = scores(document, words, score)
    if not any(found):
        return ()
    kept = answering(document, found, answer, tokens)
    made = []
    position = 0
    for count in counts:
        made.append(tuple(kept[position + 1 : position + 1 + count]))
        position += 1 + count
    return tuple(made)


def _moved(units: Sequence[Unit], chars: int, blocks: int) -> list[Unit]:
    return [unit._replace(start=unit.start + chars, end=unit.end + chars, block=unit.block + blocks) for unit in units]
