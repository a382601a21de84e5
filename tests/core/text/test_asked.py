"""What a call and a question say of what the agent wants to see."""

from __future__ import annotations

from headroom_core.text.asked import file_ending, is_part, question_words
from hypothesis import given
from hypothesis import strategies as st

from tests.clocks import little_work


def test_the_file_that_a_call_names_tells_its_language() -> None:
    """The last one, since `cd` and tools name others before it; what isn't a file has no ending."""
    assert file_ending('read {"path": "/repo/src/ledger.py"}') == "py"
    assert file_ending('bash {"command": "cd /repo.git && cat lib/a.test.ts"}') == "ts"
    assert file_ending("cat C:\\repo\\Main.CS") == "cs"
    assert file_ending('read {"id": 4}') == ""
    assert file_ending("") == ""


def test_words_of_a_question() -> None:
    """What is spelled like code comes first; words that stand in any question don't come."""
    asked = question_words("Please fix the bug in this file: why does parse_header() lose cookies? See HttpClient")
    assert asked == ["parse_header", "HttpClient", "lose", "cookies"]
    assert question_words("What does this function do?") == []
    assert len(question_words(" ".join(f"word{n}" for n in range(999)))) == 32


def test_an_end_behind_the_last_line_is_no_range() -> None:
    """Agents pass large limits out of habit."""
    assert is_part('read {"limit": 100}', total=100)
    assert not is_part('read {"limit": 101}', total=100)
    assert not is_part('read {"limit": "2000", "offset": "1"}', total=100)
    assert not is_part('read {"offset": null, "limit": true}', total=100)
    assert is_part('read {"offset": 2}', total=100)


def test_calls_without_json_are_read_as_text() -> None:
    """Some agents write shell lines."""
    assert is_part("sed -n 10,40p x.py", total=100)
    assert is_part("head -50 x.py", total=100)
    assert not is_part("cat x.py", total=100)
    assert not is_part("open x.py {", total=100)
    assert not is_part("read [1, 2]", total=100)


@given(st.text(max_size=80), st.integers(0, 10**6))
def test_any_call_and_question_will_do(said: str, total: int) -> None:
    """They are written by models."""
    for origin in (said, f"read {{{said}", f'read {{"path": {said!r}}}'):
        assert is_part(origin, total) in (True, False)
        assert isinstance(file_ending(origin), str)
    assert all(word in said for word in question_words(said))


def test_a_call_that_holds_a_whole_file_is_read_once() -> None:
    """From each letter of what it writes, the name of a file was sought to the end."""
    with little_work(seconds=5):
        assert file_ending('write {"path": "a.py", "content": "' + "a" * 100_000 + '"}') == "py"
