"""Which replies are right, and how sure a share of them is."""

from __future__ import annotations

import re
from math import comb, sqrt

SLACK = 8  # characters of a reply besides the answer that may stand before it and around it
Z = 1.96  # standard deviations: 95 %
_NOTHING = re.compile(r"\W*(?:null|none|not|no|empty|missing|n/a|nothing|unknown)\b|\W*$", re.IGNORECASE).match


def is_right(reply: str, answer: str | None) -> bool:
    """Whether the answer stands near the beginning of the reply as a whole word; None: whether it says "nothing"."""
    if answer is None:
        return bool(_NOTHING(reply))
    near = re.sub(r"(\d)\.0+\b", r"\1", reply) if answer.isdigit() else reply  # 56.0 is right where 56 is
    near = near[: len(answer) + SLACK].lower()
    return re.search(rf"(?<![\w.-]){re.escape(answer.lower())}(?!\w|[.:-]\w)", near) is not None


def interval(right: int, asked: int) -> tuple[float, float]:
    """The share of right replies that is plausible (Wilson, 95 %), both ends between 0 and 1."""
    if not asked:
        return 0.0, 1.0
    share = right / asked
    middle = share + Z * Z / (2 * asked)
    spread = Z * sqrt(share * (1 - share) / asked + Z * Z / (4 * asked * asked))
    return (middle - spread) / (1 + Z * Z / asked), (middle + spread) / (1 + Z * Z / asked)


def sign_test(first: int, second: int) -> float:
    """How likely a split at least as uneven as `first` to `second` is where both are equally good; two-sided."""
    total = first + second
    tail = sum(comb(total, count) for count in range(min(first, second) + 1)) / 2**total
    return min(1.0, 2 * tail)
