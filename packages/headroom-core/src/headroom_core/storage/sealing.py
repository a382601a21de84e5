"""Texts as a store keeps them: packed and, where there is a key, encrypted. Needs the extra `encryption` for that.

AES-256-GCM, after compression. What is encrypted begins with a mark, the sealed form and four bytes that name its
key; then a random nonce of 12 bytes, and the ciphertext. It is bound to the tenant and the key under which it is
kept: at another place it can't be read. Who only reads the store learns no text; who writes to it can still put back
an older text of the same place, or one of his own that isn't encrypted, as all were before there was a key. Nonces are
random: change the key before four billion texts are encrypted under it (NIST SP 800-38D, 8.3).
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from headroom_core.errors import SettingError
from headroom_core.storage.packing import pack, unpack

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

logger = logging.getLogger(__name__)

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12
MARK_BYTES = 5
_SEALED = b"\x02"  # where packed bytes have the form of theirs


class KeyMissing(ValueError):
    """A text is encrypted under a key that isn't at hand. It is as good as the day it was kept."""


class Sealing:
    """How texts become bytes and texts again; keys, the first one encrypts, each of them decrypts."""

    def __init__(self, keys: Sequence[bytes] = ()) -> None:
        """Raises SettingError: a key isn't 32 bytes long, or the `cryptography` library isn't there."""
        self._ciphers = {_mark(key): _cipher(key) for key in keys}
        self.mark = next(iter(self._ciphers), b"")  # with which what is sealed now begins; empty: not encrypted
        self._missed: set[bytes] = set()  # marks of other keys that were met, each told once

    def seal(self, text: str, tenant: bytes, key: bytes) -> bytes:
        """The text as bytes, for this place alone."""
        packed = pack(text)
        if not self.mark:
            return packed
        nonce = os.urandom(NONCE_BYTES)
        return self.mark + nonce + self._ciphers[self.mark].encrypt(nonce, packed, _place(tenant, key))

    def open(self, sealed: bytes, tenant: bytes, key: bytes) -> str:
        """The text that `seal` was given, also before there was a key.

        Raises:
            KeyMissing: its key isn't at hand.
            ValueError: the bytes are damaged, or were kept at another place.
        """
        mark = mark_of(sealed)
        if not mark:
            return unpack(sealed)
        cipher = self._ciphers.get(mark)
        if cipher is None:
            self._tell(mark)
            raise KeyMissing(f"a kept text is encrypted under key {name_of_key(mark)}, which isn't at hand")
        from cryptography.exceptions import InvalidTag

        nonce = sealed[MARK_BYTES : MARK_BYTES + NONCE_BYTES]
        try:
            return unpack(cipher.decrypt(nonce, sealed[MARK_BYTES + NONCE_BYTES :], _place(tenant, key)))
        except InvalidTag:
            raise ValueError("a kept text is damaged, or was moved: it can't be decrypted where it stands") from None

    def _tell(self, mark: bytes) -> None:
        if mark not in self._missed:
            self._missed.add(mark)
            logger.warning(
                "Kept texts count as missing: they are encrypted under key %s. "
                "Add that key to HEADROOM_ENCRYPTION_KEY, behind the others, to read them again",
                name_of_key(mark),
            )


def mark_of(sealed: bytes) -> bytes:
    """The mark that kept bytes begin with; empty where they are not encrypted. The first `MARK_BYTES` are enough."""
    return sealed[:MARK_BYTES] if sealed[:1] == _SEALED else b""


def name_of_key(mark: bytes) -> str:
    """How messages call a key: eight hex digits that tell nothing of it."""
    return mark[1:].hex()


def _mark(key: bytes) -> bytes:
    return _SEALED + hashlib.sha256(b"headroom encryption key " + key).digest()[: MARK_BYTES - 1]


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise SettingError(f"an encryption key has {len(key)} bytes; expected {KEY_BYTES}")
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        raise SettingError(
            f"encryption needs the cryptography library ({error}): pip install 'headroom-core[encryption]'"
        ) from error
    return AESGCM(key)


def _place(tenant: bytes, key: bytes) -> bytes:
    return len(tenant).to_bytes(8, "big") + tenant + key
