"""What was found out about texts, under their hashes: a process outlives its requests, and keeps no text by this."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


def hash_of(texts: Iterable[str]) -> blake2b:
    """A hash of 128 bits over the texts and where each ends."""
    hashed = blake2b(digest_size=16)
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        hashed.update(len(encoded).to_bytes(8, "big"))
        hashed.update(encoded)
    return hashed


class Remembered(Generic[Key, Found]):
    """The findings that were asked for last, `most` of them. Safe to call from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Key, Found] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Found | None:
        """What was found; None where it wasn't, or was pushed out."""
        with self._lock:
            known = self._found.get(key)
            if known is not None:
                self._found.move_to_end(key)
            return known

    def put(self, key: Key, found: Found) -> None:
        """Remember it, in the place of the one that was asked for longest ago."""
        with self._lock:
            self._found[key] = found
            if len(self._found) > self._most:
                self._found.popitem(last=False)
