"""What a user may set, and what he is told when it can't be meant."""

from __future__ import annotations

import base64
import logging
from datetime import timedelta
from typing import Any

import pytest
from headroom_core.errors import SettingError
from headroom_core.policy import Policy, Settings


def test_every_field_can_be_set_in_the_environment() -> None:
    policy = Policy.from_env(
        {
            "HEADROOM_LEVEL": "strong",
            "HEADROOM_MIN_TOKENS": "50",
            "HEADROOM_MIN_GAIN": "0.2",
            "HEADROOM_KEEP_FOR": "2d",
            "HEADROOM_EXCLUDE_TOOLS": "read_*, edit",
            "HEADROOM_ONLY_TOOLS": "search",
            "HEADROOM_KINDS": "json,log",
            "HEADROOM_MAX_BLOCK_MS": "100",
            "HEADROOM_STORE_WAIT_MS": "20",
            "HEADROOM_STORE_QUOTA_MB": "64",
            "HEADROOM_PAGES": "act",
        }
    )
    assert policy == Policy(
        "strong", 50, 0.2, timedelta(days=2), ("read_*", "edit"), ("search",), ("json", "log"), 100, 20, 64, "act"
    )


def test_an_empty_environment_is_the_default_policy() -> None:
    assert Policy.from_env({}) == Policy()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HEADROOM_LEVEL", "hard", "expected one of light, balanced, strong"),
        ("HEADROOM_MIN_TOKENS", "many", "expected a whole number"),
        ("HEADROOM_MIN_TOKENS", "-1", "expected 0 or more"),
        ("HEADROOM_MIN_GAIN", "5", "0.05 for 5 %"),
        ("HEADROOM_KEEP_FOR", "forever", "expected a duration like 30m, 36h or 2d"),
        ("HEADROOM_KEEP_FOR", "", "expected a duration"),
        ("HEADROOM_KEEP_FOR", "0h", "expected a positive duration"),
        ("HEADROOM_MAX_BLOCK_MS", "0", "positive number of milliseconds"),
        ("HEADROOM_STORE_WAIT_MS", "0", "positive number of milliseconds"),
        ("HEADROOM_STORE_QUOTA_MB", "-1", "positive number of megabytes"),
        ("HEADROOM_PAGES", "all", "expected one of auto, read, act, visible"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingError, match=expected):
        Policy.from_env({name: value})


def test_a_lone_string_is_not_a_list_of_globs() -> None:
    """`exclude_tools="read"` would exclude the tools r, e, a and d."""
    with pytest.raises(SettingError, match="expected a tuple of globs"):
        Policy(exclude_tools="read")  # type: ignore[arg-type]


def test_globs_choose_tools_and_kinds() -> None:
    policy = Policy(exclude_tools=("read_*",), only_tools=("*_file", "search"), kinds=("json",))
    assert [policy.wants_tool(name) for name in ("read_file", "write_file", "search", "other")] == [
        False,
        True,
        True,
        False,
    ]
    assert policy.wants_kind("json")
    assert not policy.wants_kind("log")


def test_a_change_must_save_its_share_and_sixteen_tokens() -> None:
    policy = Policy(min_gain=0.1)
    assert not policy.earns(100, 85)
    assert policy.earns(100, 84)
    assert not policy.earns(1000, 901)
    assert policy.earns(1000, 900)


def test_store_and_secret_are_settings(caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings.from_env({"HEADROOM_STORE": "memory://", "HEADROOM_SECRET": "a secret of a fleet"})
    assert (settings.store, settings.secret) == ("memory://", b"a secret of a fleet")
    assert not caplog.records


def test_a_misspelled_setting_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Settings.from_env({"HEADROOM_LEVLE": "strong"})
    assert "HEADROOM_LEVLE" in caplog.text
    assert "HEADROOM_LEVEL" in caplog.text


@pytest.mark.parametrize("spelled", ["{0}", "{0},", " {0} ", "{1}", "{2}", "{0},{3}"])
def test_encryption_keys_are_base64_of_either_alphabet(spelled: str, caplog: pytest.LogCaptureFixture) -> None:
    """As `openssl rand -base64 32` and `Fernet.generate_key` write them; with or without padding."""
    key, other = b"\xfb\xff" * 16, b"o" * 32
    url_safe = base64.urlsafe_b64encode(key).decode()
    text = spelled.format(
        base64.b64encode(key).decode(), url_safe, url_safe.rstrip("="), base64.b64encode(other).decode()
    )
    settings = Settings.from_env({"HEADROOM_ENCRYPTION_KEY": text})
    assert settings.encryption_keys == ((key, other) if "{3}" in spelled else (key,))
    assert str(key) not in repr(settings)
    assert not caplog.records


@pytest.mark.parametrize("text", ["a password", "c2hvcnQ=", "!" * 44, "é" * 44])
def test_a_key_that_is_none_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(SettingError, match="make one: openssl rand -base64 32") as caught:
        Settings.from_env({"HEADROOM_ENCRYPTION_KEY": text})
    assert text not in str(caught.value)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(SettingError, match="at least 16"):
        Settings.from_env({"HEADROOM_SECRET": "short"})


def test_what_is_chosen_elsewhere_counts_more_than_a_variable() -> None:
    """Options of a config file, or of an adapter's settings."""
    settings = Settings.from_env({"HEADROOM_LEVEL": "light", "HEADROOM_MIN_TOKENS": "7", "HEADROOM_STORE": "memory://"})
    chosen = settings.with_chosen({"level": "strong", "store": "sqlite:///x.db"})
    assert (chosen.policy.level, chosen.policy.min_tokens, chosen.store) == ("strong", 7, "sqlite:///x.db")
    assert settings.with_chosen({}) == settings


def test_a_choice_may_be_spelled_as_in_the_environment_or_be_a_value_already() -> None:
    """YAML gives texts, numbers and lists; Python whatever the field holds."""
    spelled = {"keep_for": "36h", "min_gain": "0.1", "min_tokens": 9, "kinds": ["json", "log"], "only_tools": "a*, b"}
    policy = Settings().with_chosen(spelled).policy
    assert policy == Policy(
        keep_for=timedelta(hours=36), min_gain=0.1, min_tokens=9, kinds=("json", "log"), only_tools=("a*", "b")
    )
    assert Settings().with_chosen({"keep_for": timedelta(hours=1), "min_gain": 0}).policy.keep_for == timedelta(hours=1)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"levle": "strong"}, "levle: no setting"),
        ({"level": "x"}, "level is 'x'; expected one of light, balanced, strong"),
        ({"level": 3}, "level is 3; expected text"),
        ({"level": None}, "level is None; expected text"),
        ({"keep_for": "long"}, "keep_for is 'long'; expected a duration like 30m, 36h or 2d"),
        ({"keep_for": 36}, "keep_for is 36; expected a duration like 30m, 36h or 2d"),
        ({"keep_for": "nanh"}, "keep_for is 'nanh'; expected a duration"),
        ({"min_tokens": "many"}, "min_tokens is 'many'; expected a whole number"),
        ({"min_tokens": 1.5}, "min_tokens is 1.5; expected a whole number"),
        ({"min_tokens": True}, "min_tokens is True; expected a whole number"),
        ({"min_gain": [1]}, r"min_gain is \[1\]; expected a number"),
        ({"kinds": 3}, "kinds is 3; expected globs"),
        ({"kinds": ["json", 3]}, r"kinds is \('json', 3\); expected a tuple of globs"),
        ({"store": {"url": "redis://:sesame@host"}}, "store is a dict; expected the URL of a store$"),
        ({"store": None}, "store is a NoneType; expected the URL of a store$"),
    ],
)
def test_a_choice_that_cannot_be_meant_is_refused(chosen: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        Settings().with_chosen(chosen)


@pytest.mark.parametrize(("keep_for", "said"), [("2d", "48 hours"), ("90m", "1.5 hours"), ("24h", "24 hours")])
def test_a_duration_is_said_in_hours(keep_for: str, said: str) -> None:
    """Models and people read it, when an original is gone."""
    assert Policy.from_env({"HEADROOM_KEEP_FOR": keep_for}).kept == said
