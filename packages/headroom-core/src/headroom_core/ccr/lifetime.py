"""How long texts live, for all stores: from their last use on, and how a store that is full makes room."""

from __future__ import annotations

RENEW_SECONDS = 300.0  # a text's time is written anew at most this often, so that reads stay reads
RENEW_SHARE = 0.1  # of the time it is kept for, where that is sooner

QUOTA_BYTES = 1 << 30  # of a tenant, as they lie in the store: some 200,000 originals
QUOTA_SHARE = 0.9  # to which a store that is over its quota is emptied, the least recently used first
SAFE_SECONDS = 3_600.0 + RENEW_SECONDS  # what was used within the hour, which may be noted so late, is never taken


def is_due(idle: float, keep: float) -> bool:
    """Whether a text that was last renewed `idle` seconds ago, and is kept for `keep`, wants renewal when used."""
    return idle > RENEW_SECONDS or idle > RENEW_SHARE * keep
