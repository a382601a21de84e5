"""What the question before a document asks for, as far as words say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headroom_core.text.asked import ASKING, read_call

QUESTION_CHARS = 4_000  # of a question that are read: a longer one is a task, and its beginning says which
MOST_WORDS = 64  # of it

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"^\W+|\W+$")
_SEARCHING = re.compile(
    r"(?:^|_)(?:q|query|question|prompt|search|keywords?|topic|topics|terms?|text|pattern)s?$", re.IGNORECASE
)
_OF_QUESTIONS = """
about above after again all also am as because been before being below between both but can't cannot doing don't
down each few further give having he her here hers him his i'd i'll i'm i've isn't it's just know let let's like
made make many may might more most much must my no nor not now off once one only other our out over own same say
says she should some such that's their through too under until up use used using very want was were what's while
whom whose will yours
"""
_OF_REQUESTS = """
answer check content contents describe detail details doc docs document documents explain file files following
found information list main need overview page pages point points question read result results something
summarise summarize summary text thing things translate understand whole work works
"""
_COMMON = ASKING | frozenset((_OF_QUESTIONS + _OF_REQUESTS).split())  # they choose nothing


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
    _, arguments = read_call(origin)
    for key, value in (arguments or {}).items():
        if isinstance(value, str) and _SEARCHING.search(key):
            yield value
