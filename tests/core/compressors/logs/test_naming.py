"""In short logs a row's values carry the words that name them."""

from __future__ import annotations

import pytest
from headroom_core.compressors.logs import Logs
from headroom_core.compressors.logs.naming import SHORT_LINES
from headroom_core.text.tokens import tokenizer_for
from headroom_core.types import Guidance

GUIDANCE = Guidance(count=tokenizer_for("gpt-4o").count)


def rows(line: str, count: int = 60) -> list[str]:
    """What is shown of lines of one shape, but for the first and the last."""
    line = f"2031-02-03 {line} of the northern side of the old town hall (second floor)"
    text = "".join(line.format(at % 60, at * 37 % 91 + 5, at * 7 + 1000) + "\n" for at in range(count))
    shown = Logs().compress(text, GUIDANCE).shown
    assert Logs().rebuilds(text, shown)
    return shown.split("\n\n")[1].split("\n")[1:-2]


@pytest.mark.parametrize(
    ("line", "second"),
    [
        ("05:06:{:02} INFO found child {} in scoreboard slot {}", "A,05:06:01,child 42,slot 1007"),
        ("05:06:{:02} INFO job {} finished in {} ms", "A,05:06:01,job 42,1007 ms"),
        ("05:06:{:02} GET /item/{} by job_{}", "A,05:06:01,/item/42,job_1007"),
        ("05:06:{:02} served /detail.json status={} len: {}", "A,05:06:01,status=42,len: 1007"),
        ("05:06:{:02} INFO it is {} and {} (so)", "A,05:06:01,42,1007"),
        ("05:06:{0:02} INFO child {1:>5} in slot {2}", "A,05:06:01,42,slot 1007"),  # the pattern pads it
        ("05:06:{0:02} INFO job {1} in slot {2}, so {1} ends", "A,05:06:01,42,slot 1007"),  # and says this one twice
    ],
)
def test_a_value_says_what_it_is(line: str, second: str) -> None:
    """The name before it, or the unit behind it, or itself; nothing where the words would tell nothing."""
    assert rows(line)[0] == second


def test_rows_of_long_logs_have_bare_values() -> None:
    """There the words would cost a tenth of the log."""
    line = "05:06:{:02} INFO found child {} in scoreboard slot {}"
    assert rows(line, SHORT_LINES - 1)[0] == "A,05:06:01,child 42,slot 1007"
    assert rows(line, SHORT_LINES)[0] == "A,05:06:01,42,1007"
