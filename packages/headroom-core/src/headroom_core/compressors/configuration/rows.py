"""A configuration as its repeated blocks, said once, and what stands between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headroom_core.compressors.configuration.blocks import units_of
from headroom_core.compressors.configuration.families import Family, Member, Rows, families_of, write
from headroom_core.compressors.configuration.notation import Signs, Template, cut_tags, escape, spell_legend
from headroom_core.text.labels import LABELS
from headroom_core.types import Guidance

LEAST_GAIN = 8  # tokens that a family must save


@dataclass(frozen=True, slots=True)
class Source:
    """A text as lines, without their ends."""

    lines: tuple[str, ...]
    cut: bool  # whether they were cut between tags

    @classmethod
    def of(cls, text: str) -> Source:
        """The lines of a text."""
        cut = cut_tags(text)
        return cls(tuple(text.split("\n") if cut is None else cut), cut is not None)


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of what is shown, and the lines of the source that it stands for."""

    shown: str
    first: int  # counted from 0
    count: int = 1
    label: str = ""  # of the block that it is a row of
    rare: bool = False  # a row that says more than its block has


@dataclass(frozen=True, slots=True)
class Drawn:
    """A text, written in rows."""

    source: Source
    pieces: tuple[Piece, ...]
    legend: dict[str, Template]
    signs: Signs

    def spell(self) -> str:
        """The equivalent form."""
        return "\n".join([*self.head(), *(piece.shown for piece in self.pieces)])

    def head(self, labels: Sequence[str] | None = None) -> list[str]:
        """The first line and the legend, of some of the blocks or of all."""
        templates = {label: each for label, each in self.legend.items() if labels is None or label in labels}
        plain = all(template.is_plain for template in self.legend.values()) and not any(p.rare for p in self.pieces)
        legend = [spell_legend(label, template, self.signs) for label, template in templates.items()]
        return [self.signs.header(plain=plain, cut=self.source.cut), *legend, ""]


def draw(source: Source, guidance: Guidance) -> Drawn | None:
    """The text in rows; None where no blocks repeat, or no sign is free."""
    lines = source.lines
    members = [Member.of(first, list(lines[first:end])) for first, end in units_of(lines, guidance.tick)]
    signs = Signs.free(
        "\n".join(lines), [value for member in members for shape in member.shapes for value in shape.values]
    )
    if signs is None:
        return None
    written = [found for family in families_of(members, guidance.tick) if (found := _paying(family, signs, guidance))]
    if not written:
        return None
    labels = LABELS[: len(written)]
    pieces: list[Piece | None] = [Piece(escape(line, labels, signs), at) for at, line in enumerate(lines)]
    for label, found in zip(labels, written, strict=True):
        holes = found.template.holes
        for member, cells in found.rows:
            count = len(member.lines)
            row = signs.row(label, cells)
            pieces[member.first : member.first + count] = [
                Piece(row, member.first, count, label, rare=len(cells) > holes),
                *[None] * (count - 1),
            ]
    legend = {label: found.template for label, found in zip(labels, written, strict=True)}
    return Drawn(source, tuple(piece for piece in pieces if piece is not None), legend, signs)


def _paying(family: Family, signs: Signs, guidance: Guidance) -> Rows | None:
    """The family, written, where that saves tokens."""
    guidance.tick()
    found = write(family, signs)
    if found is None:
        return None
    before = "\n".join("\n".join(member.lines) for member, _ in found.rows)
    after = "\n".join([spell_legend("A", found.template, signs), *(signs.row("A", cells) for _, cells in found.rows)])
    saves = len(after) < len(before) and guidance.count(before) - guidance.count(after) >= LEAST_GAIN
    return found if saves else None


def undrawn(source: Source) -> Drawn:
    """The text as its lines, where no blocks repeat."""
    pieces = tuple(Piece(line, at) for at, line in enumerate(source.lines))
    return Drawn(source, pieces, {}, Signs(",", "{}"))
