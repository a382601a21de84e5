"""A manual of our own, as long as wanted, with facts that a question can ask for."""

from __future__ import annotations

from headroom_core.compressors.prose import Prose
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Fidelity, Guidance, Level, View

PROSE = Prose()
count = tokenizer_for("gpt-4o").count

THINGS = ("pump", "valve", "meter", "lamp", "gate", "belt", "oven", "crane", "press", "drill", "mixer", "hoist")
COLOURS = ("red", "amber", "green", "violet", "white", "brown")
QUESTION = "Which colour does the crane show after its oil was changed?"
ANSWER = "the crane shows a violet light"


def manual(sections: int = 12) -> str:
    """Headings, paragraphs, lists, code: one section for each thing."""
    parts = ["# Manual of the workshop\n"]
    for number in range(sections):
        thing = THINGS[number % len(THINGS)]
        colour = COLOURS[number * 3 % 6]
        parts.append(
            f"## Part {number + 1}: the {thing}\n\n"
            f"The {thing} stands near the wall of the hall. It was bought second hand from a mill that had closed. "
            "People who worked there remember it well. They say that it ran day and night in those years, and that the "
            "sound of it could be heard across the river.\n\n"
            f"When its oil was changed, the {thing} shows a {colour} light for a while. The light goes out by itself. "
            "You can watch it through the small window beside the door, which is kept clean for this purpose.\n\n"
            f"- ask for the key of the {thing}\n- look whether it is clean\n\n"
            f"```\nstart {thing} --slow\n```\n\n"
            f"Never open the {thing} while it runs. It weighs {number * 37 + 210} kg. Its place is marked on the floor "
            "with a line of paint that everybody can see from the gallery.\n"
        )
    return "\n".join(parts)


def shown(text: str, question: str = "", level: Level = "balanced", budget: int | None = None) -> str:
    """What is shown of a text where facts may be left out."""
    return view(text, question, level, budget).shown


def view(text: str, question: str = "", level: Level = "balanced", budget: int | None = None) -> View:
    """The view of a text where facts may be left out."""
    return PROSE.compress(text, Guidance(question, level=level, budget=budget, may_elide=True, count=count))


def is_whole(text: str, question: str = "") -> bool:
    """Whether nothing of a text is left out."""
    return view(text, question).fidelity is not Fidelity.ELIDED
