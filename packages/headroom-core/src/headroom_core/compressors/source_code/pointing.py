"""Which bodies a question points at: by their names, and by words that stand in few of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from headroom_core.compressors.source_code.walking import Fold

HEAD_ROWS = 3  # above a body, in which its name stands
NAMED = 4.0  # times that a word in the head counts
COMMON_SHARE = 0.15  # of the bodies: a word in more of them points at none
FEWEST = 3  # bodies in which a word may stand all the same
CLOSE = 0.4  # of the best score, from which a body is pointed at as well


def pointed_at(words: Sequence[str], folds: Sequence[Fold], code: str, starts: Sequence[int], room: int) -> set[int]:
    """Indices of the folds that the words point at, best first as long as there is room, in characters.

    `folds` ascend and don't overlap; `starts` are the places where rows begin, and the length of the code.
    """
    firsts = [fold.first for fold in folds]
    scores: dict[int, float] = {}
    for word in words:
        found: dict[int, float] = {}
        for row in _rows_with(word, code, starts):
            index = bisect_right(firsts, row) - 1
            if index >= 0 and row <= folds[index].last:
                found[index] = max(found.get(index, 0.0), 1.0)
            elif index + 1 < len(folds) and row >= firsts[index + 1] - HEAD_ROWS:
                found[index + 1] = NAMED
        if len(found) <= max(FEWEST, COMMON_SHARE * len(folds)):
            for index, score in found.items():
                scores[index] = scores.get(index, 0.0) + score / len(found)
    chosen: set[int] = set()
    best = max(scores.values(), default=0.0)
    for index in sorted(scores, key=lambda each: (-scores[each], each)):
        fold = folds[index]
        size = starts[fold.last + 1] - starts[fold.first]
        if fold.form == "body" and scores[index] >= CLOSE * best and size <= room:
            chosen.add(index)
            room -= size
    return chosen


def _rows_with(word: str, code: str, starts: Sequence[int]) -> Iterator[int]:
    """Rows in which the word stands, or a longer one begins with it: `cookie` in `set_cookie`, `CookieJar`."""
    plain = word.lower()
    if plain == word and len(word) > 4 and word.endswith("s"):
        word = plain = word[:-1]
    for spelled in dict.fromkeys((word, plain, word[0].upper() + word[1:], word.upper())):
        at = code.find(spelled)
        while at >= 0:
            before = code[at - 1 : at]
            if not before.isalpha() or (before.islower() and spelled[0].isupper()):
                row = bisect_right(starts, at) - 1
                yield row
                at = code.find(spelled, starts[row + 1])
            else:
                at = code.find(spelled, at + 1)
