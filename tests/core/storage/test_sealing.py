"""Encrypted texts: back with the right key, at the right place, and in no other way."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from headroom_core.errors import SettingError
from headroom_core.storage.sealing import MARK_BYTES, KeyMissing, Sealing, mark_of
from hypothesis import given
from hypothesis import strategies as st

NEW, OLD = b"n" * 32, b"o" * 32
TEXT = "a line that repeats\n" * 100


@given(text=st.text(st.characters(codec=None)), tenant=st.binary(), key=st.binary())
def test_any_text_comes_back(text: str, tenant: bytes, key: bytes) -> None:
    sealing = Sealing([NEW])
    assert sealing.open(sealing.seal(text, tenant, key), tenant, key) == text


def test_nothing_of_the_text_is_in_the_bytes_and_no_two_are_alike() -> None:
    sealing = Sealing([NEW])
    first, second = (sealing.seal("secret", b"me", b"k") for _ in range(2))
    assert b"secret" not in first
    assert first != second
    assert len(sealing.seal(TEXT, b"me", b"k")) < len(TEXT) / 5, "it is compressed before"


def test_every_key_opens_and_the_first_one_seals() -> None:
    old = Sealing([OLD]).seal(TEXT, b"me", b"k")
    both = Sealing([NEW, OLD])
    assert both.open(old, b"me", b"k") == TEXT
    new = both.seal(TEXT, b"me", b"k")
    assert mark_of(new) == both.mark == Sealing([NEW]).mark != mark_of(old)
    assert Sealing([NEW]).open(new, b"me", b"k") == TEXT


def test_what_was_kept_before_there_was_a_key_is_read() -> None:
    plain = Sealing().seal(TEXT, b"me", b"k")
    assert Sealing([NEW]).open(plain, b"me", b"k") == TEXT
    assert mark_of(plain) == Sealing().mark == b""


@pytest.mark.parametrize("keys", [[], [OLD]])
def test_a_key_that_is_missing_is_told_once_and_by_a_name_that_gives_nothing_away(
    keys: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    sealed, other = Sealing([NEW]).seal(TEXT, b"me", b"k"), Sealing(keys)
    for _ in range(3):
        with pytest.raises(KeyMissing):
            other.open(sealed, b"me", b"k")
    (record,) = caplog.records
    assert "Add that key to HEADROOM_ENCRYPTION_KEY" in record.getMessage()
    assert NEW.hex() not in record.getMessage()


@pytest.mark.parametrize(("tenant", "key"), [(b"you", b"k"), (b"me", b"l"), (b"mek", b""), (b"", b"mek")])
def test_a_text_that_was_moved_is_refused(tenant: bytes, key: bytes) -> None:
    """Whoever can write to the store, but has no key, can't pass one tenant's text off as another's."""
    sealing = Sealing([NEW])
    with pytest.raises(ValueError, match="damaged, or was moved"):
        sealing.open(sealing.seal(TEXT, b"me", b"k"), tenant, key)


def test_every_damaged_byte_is_noticed() -> None:
    sealing = Sealing([NEW])
    sealed = sealing.seal("short", b"me", b"k")
    for place in range(len(sealed)):
        damaged = bytearray(sealed)
        damaged[place] ^= 0x10
        with pytest.raises(ValueError, match=r"."):
            sealing.open(bytes(damaged), b"me", b"k")


@given(junk=st.binary(max_size=100))
def test_junk_is_refused(junk: bytes) -> None:
    sealing = Sealing([NEW])
    for each in (sealing.mark + junk, sealing.mark[:MARK_BYTES] + junk[:5], b"\x02" + junk):
        with pytest.raises(ValueError, match=r"."):
            sealing.open(each, b"me", b"k")


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(SettingError, match="16 bytes; expected 32"):
        Sealing([b"k" * 16])


def test_without_the_library_it_is_said_which_extra_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError("No module named 'cryptography'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SettingError, match=r"headroom-core\[encryption\]"):
        Sealing([NEW])
    assert Sealing().open(Sealing().seal("x", b"", b""), b"", b"") == "x"
