"""Whether a page is wanted for reading or for acting, as the question and the call before it say."""

from __future__ import annotations

import re

from headroom_core.types import Guidance

QUESTION_CHARS = 4_000  # of a question that are looked at

_ACTING_TOOL = re.compile(
    r"\b(?:browser|playwright|puppeteer|selenium|webdriver|computer|page)[_.-]?(?:\w*[_.-])?"
    r"(?:click|fill|type|navigate|goto|go|open|snapshot|observe|act|press|select|hover|state|content|step)?\b"
    r"|(?:^|[_.-])(?:click|fill|submit|act|press|tap)(?:$|[_.\s{-])",
    re.IGNORECASE,
)
_ACTING = re.compile(
    r"""\b(?:
        click|press|tap|fill|submit|tick|untick|subscribe|register|buy|upload|crawl|check\ ?out|navigate\ to
      | log\ ?(?:me\ )?(?:in|out) | sign\ (?:me\ )?(?:in|up|out) | book\ (?:an?|me|the) | place\ (?:an|the)\ order
      | add\ .{1,60}\ to\ (?:the\ |my\ )?(?:cart|basket|bag) | select\ .{1,60}\ (?:from|in) | choose\ .{1,40}\ from
      | type\ .{1,60}\ into | enter\ .{1,60}\ (?:in|into) | go\ to\ the\ next\ page | form\ fields
      | (?:which|what|all|every|the)\ (?:links?|buttons?|fields?|forms?|inputs?)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def wants_to_act(guidance: Guidance) -> bool:
    """Whether every link, field and button is wanted. What the policy says comes first."""
    if guidance.pages != "auto":
        return guidance.pages != "read"
    tool = guidance.origin.partition("{")[0][:200]
    return _ACTING_TOOL.search(tool) is not None or _ACTING.search(guidance.question[:QUESTION_CHARS]) is not None
