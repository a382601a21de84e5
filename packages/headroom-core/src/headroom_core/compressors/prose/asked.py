"""What the question before a document asks for, as far as words say it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

QUESTION_CHARS = 4_000  # of a question that are read: a longer one is a task, and its beginning says which
MOST_WORDS = 64  # of it

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"^\W+|\W+$")
_ASKING = re.compile(
    r"(?:^|_)(?:q|query|question|prompt|search|keywords?|topic|topics|terms?|text|pattern)s?$", re.IGNORECASE
)
_OF_QUESTIONS = """
a about above after again all also am an and any are as at be because been before being below between both but by
can can't cannot could did do does doing don't down each few for from further get give had has have having he her
here hers him his how i i'd i'll i'm i've if in into is isn't it it's its just know let let's like made make many
may me might more most much must my no nor not now of off on once one only or other our out over own please same say
says she should so some such tell than that that's the their them then there these they this those through to too
under until up us use used using very want was we were what what's when where which while who whom whose why will
with would you your yours
"""
_OF_REQUESTS = """
answer check content contents describe detail details doc docs document documents explain file files find following
found information list look main need overview page pages point points question read result results see show
something summarise summarize summary text thing things translate understand whole work works
"""
_COMMON = frozenset((_OF_QUESTIONS + _OF_REQUESTS).split())  # they choose nothing


def asked_words(question: str, origin: str) -> str:
    """The telling words of the question and of what the call searched for, each once. Empty where nothing is asked."""
    texts = [question[:QUESTION_CHARS], *_searched(origin)]
    found = dict.fromkeys(word for text in texts for word in _WORD.findall(text[:QUESTION_CHARS]))
    telling = [
        word for word in found if (bare := _BARE.sub("", word)) and bare.lower().replace("’", "'") not in _COMMON
    ]
    return " ".join(telling[:MOST_WORDS])


def _searched(origin: str) -> Iterator[str]:
    """What stands in the arguments of a call as a question or a search: no paths, no ids."""
    _, brace, rest = origin.partition("{")
    try:
        arguments = json.loads(brace + rest) if brace else None
    except (ValueError, RecursionError):
        return
    if isinstance(arguments, dict):
        yield from (value for key, value in arguments.items() if isinstance(value, str) and _ASKING.search(key))
