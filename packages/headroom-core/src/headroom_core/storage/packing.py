"""Texts as the bytes that a store keeps: compressed where that pays, and exact, lone surrogates included.

The first byte says which form follows, so a form can be added without touching what is already kept.
"""

from __future__ import annotations

from threading import local

import zstandard

FLOOR = 256  # bytes; a frame header and a checksum eat what a shorter text would save
SHORT = 16_384  # bytes; most originals are shorter, and of them the time to read and write is what is felt
SHORT_LEVEL, LEVEL = -1, 3  # of zstd: at -1 a tenth of what is kept is larger by a quarter, and read in two thirds

_PLAIN = b"\x00"
_ZSTD = b"\x01"

_thread = local()  # zstd's contexts are costly to make and belong to one thread at a time


def pack(text: str) -> bytes:
    """The text as bytes."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) >= FLOOR:
        packed = _compressor(SHORT_LEVEL if len(raw) < SHORT else LEVEL).compress(raw)
        if len(packed) < len(raw):
            return _ZSTD + packed
    return _PLAIN + raw


def unpack(packed: bytes) -> str:
    """The text that `pack` was given. Raises ValueError on bytes that it did not make, or that were damaged."""
    form, body = packed[:1], packed[1:]
    if form == _ZSTD:
        try:
            body = _decompressor().decompress(body)
        except zstandard.ZstdError as error:
            raise ValueError(f"a kept text is damaged: {error}") from error
    elif form != _PLAIN:
        raise ValueError(f"a kept text begins with {form!r}, which this version can't read")
    return body.decode("utf-8", "surrogatepass")


def _compressor(level: int) -> zstandard.ZstdCompressor:
    made: dict[int, zstandard.ZstdCompressor] | None = getattr(_thread, "compressors", None)
    if made is None:
        made = _thread.compressors = {
            level: zstandard.ZstdCompressor(level=level, write_checksum=True) for level in (SHORT_LEVEL, LEVEL)
        }
    return made[level]


def _decompressor() -> zstandard.ZstdDecompressor:
    made: zstandard.ZstdDecompressor | None = getattr(_thread, "decompressor", None)
    if made is None:
        made = _thread.decompressor = zstandard.ZstdDecompressor()
    return made
