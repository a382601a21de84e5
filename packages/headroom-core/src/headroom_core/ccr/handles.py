"""Handles: the keys under which a model asks for an original.

A handle is the beginning of an HMAC of the text under the tenant's own key. So equal texts have equal handles, in
any process and on any day, and nobody without the secret can guess, plant or redeem one.
"""

from __future__ import annotations

import hmac
import re

HANDLE_LENGTHS = (12, 16, 20, 24)  # hex digits; longer ones only where two texts of a tenant would share a handle
REMEMBERED_KEYS = 1_024  # tenants; one hash each is what forgetting costs

_HANDLE = re.compile("[0-9A-Fa-f]{12,24}")


def is_handle(word: str) -> bool:
    """Whether the word can be a handle."""
    return _HANDLE.fullmatch(word) is not None


class Handles:
    """Makes handles under one secret. Safe to call from several threads."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._keys: dict[str, bytes] = {}

    def digest(self, tenant: str, text: str) -> str:
        """All 64 hex digits, of which a handle is the beginning."""
        return hmac.digest(self._key(tenant), text.encode("utf-8", "surrogatepass"), "sha256").hex()

    def handle(self, tenant: str, text: str, length: int = HANDLE_LENGTHS[0]) -> str:
        """The handle of a text, of one of `HANDLE_LENGTHS`."""
        return self.digest(tenant, text)[:length]

    def _key(self, tenant: str) -> bytes:
        key = self._keys.get(tenant)
        if key is None:
            if len(self._keys) >= REMEMBERED_KEYS:
                self._keys.clear()
            key = self._keys[tenant] = hmac.digest(self._secret, tenant.encode("utf-8", "surrogatepass"), "sha256")
        return key
