"""Cutting a text into sentences, by what stands at their ends. Joined, they are the text.

Rules of thumb, no model: where they leave it open, two sentences stay one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_500  # characters of a sentence; a longer one is a list, a table or no prose, and is cut between words

_MARKS = ".!?…।။።؟۔。！？｡"
_CLOSERS = r"""(?:["'”’»」』）】)\]*_`]|\[[^\[\]\n]{1,24}\])*+"""
_END = re.compile(  # begins with one set of characters: so the search for it is fast; and once in a run of them
    rf"""[{_MARKS}](?<![{_MARKS}].)[{_MARKS}]*+{_CLOSERS}
      (?: \s+ (?=[^\sa-z,;:.)\]}}|=+&])                              # a new one doesn't begin in lower case
        | (?<=[。！？｡」』）】]) | (?<=[。！？｡][”’]) )              # and in these scripts needs no blank before it
    """,
    re.VERBOSE,
)
_NO_END = re.compile(  # what a full stop stands behind within a sentence
    r"""(?: (?<![^\W_]) (?: [^\W\d_]                                               # J. Smith, the U.S. Army
          | [Mm]rs? | [Mm]s | [DdJS]r | [Ss]t | [Pp]rof | [Gg]en | [Cc]ol | [Ss]gt | [Cc]apt | [Ll]t | [Rr]ev | [Hh]on
          | [Nn]os? | [Ff]igs? | [Ee]qs? | [Ss]ecs? | [Cc]h | [Vv]ols? | [Pp]p? | [Ee]d s? | [Aa]rt | [Cc]f | [Cc]a
          | [Vv]s? | al | etc | approx | e\.g | i\.e | resp | incl | Inc | Ltd | Co | Corp | Dept | Est
          | bzw | usw | z\.\s?B | d\.\s?h | ca | Nr | Abs
          | Jan | Feb | Mar | Apr | Jun | Jul | Aug | Sept? | Oct | Nov | Dec )
      | (?:^|\n)[ \t]*[0-9]{1,3}                                                  # 1. the number of an item
    )\.\Z""",
    re.VERBOSE,
)
_BEFORE = 12  # characters before a full stop that tell an abbreviation


def split_sentences(text: str) -> list[str]:
    """The sentences of one paragraph, white space behind each included."""
    return [piece for sentence in _sentences(text) for piece in _cut(sentence)]


def _sentences(text: str) -> Iterator[str]:
    start = 0
    ticks = 0  # of code spans so far: no sentence ends within one
    seen = 0
    spans = "`" in text and text.count("`") % 2 == 0
    for found in _END.finditer(text):
        at, end = found.span()
        if spans:
            ticks += text.count("`", seen, at + 1)
            seen = at + 1
        shortens = text[at] == "." and text[at + 1 : at + 2].isspace()
        if ticks % 2 or (shortens and _NO_END.search(text, max(0, at - _BEFORE), at + 1)):
            continue
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _cut(sentence: str) -> Iterator[str]:
    """A sentence that is far too long, in pieces that end with a word where it has any."""
    while len(sentence) > LONGEST:
        end = max(sentence.rfind(mark, LONGEST // 2, LONGEST) for mark in (" ", "\n", "，", "、")) + 1 or LONGEST
        yield sentence[:end]
        sentence = sentence[end:]
    yield sentence
