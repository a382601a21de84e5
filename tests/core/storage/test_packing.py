"""Texts as bytes, and back, letter for letter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from headroom_core.storage.packing import FLOOR, SHORT, pack, unpack
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(st.characters(codec=None))


@given(text=texts, times=st.sampled_from([1, 40, 4_000]))
def test_any_text_comes_back(text: str, times: int) -> None:
    assert unpack(pack(text * times)) == text * times


@pytest.mark.parametrize("length", [FLOOR - 1, FLOOR, SHORT - 1, SHORT, SHORT + 1, 10 * SHORT])
def test_around_every_threshold(length: int) -> None:
    text = ("line of a log\n" * length)[:length]
    assert unpack(pack(text)) == text
    assert (len(pack(text)) < length) == (length >= FLOOR)


def test_what_does_not_compress_stays_as_it_is() -> None:
    text = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(300))
    assert len(pack(text)) == 1 + len(text.encode())


@pytest.mark.parametrize("text", ["short", "long " * 1_000], ids=["plain", "packed"])
def test_every_damaged_byte_is_noticed_or_harmless(text: str) -> None:
    """A packed text has a checksum. A plain one is as sure as the file that holds it; its form byte is checked."""
    packed = pack(text)
    for place in range(len(packed)):
        damaged = bytearray(packed)
        damaged[place] ^= 0x10
        try:
            found = unpack(bytes(damaged))
        except ValueError:
            continue
        assert place > 0
        assert len(text) < FLOOR or found == text


@given(junk=st.binary(max_size=200))
def test_junk_is_refused_or_read_but_never_raises_otherwise(junk: bytes) -> None:
    try:
        unpack(junk)
    except ValueError:
        return
    assert junk[:1] == b"\0"


def test_threads_pack_at_once() -> None:
    made = [f"text {n} " * 2_000 for n in range(64)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: unpack(pack(text)), made)) == made
