"""Handles: stable, tenant's own, and short."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from headroom_core.ccr.handles import HANDLE_LENGTHS, REMEMBERED_KEYS, Handles
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(st.characters(codec=None))


def test_a_handle_is_the_same_on_any_day() -> None:
    """Shown text bears it: were it made otherwise tomorrow, every prefix would change."""
    assert Handles(b"secret" * 6).handle("me", "text") == "edc827cee49a"


def test_a_handle_is_an_hmac_under_the_tenants_key() -> None:
    key = hmac.new(b"s" * 32, b"me", hashlib.sha256).digest()
    expected = hmac.new(key, "ä\ud800".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    assert Handles(b"s" * 32).digest("me", "ä\ud800") == expected


@pytest.mark.parametrize("length", HANDLE_LENGTHS)
def test_longer_handles_begin_with_the_shorter(length: int) -> None:
    made = Handles(b"s" * 32).handle("me", "text", length)
    assert len(made) == length
    assert made.startswith(Handles(b"s" * 32).handle("me", "text"))


@given(text=texts, tenant=texts)
def test_a_handle_depends_on_text_tenant_and_secret(text: str, tenant: str) -> None:
    handles = Handles(b"s" * 32)
    made = handles.handle(tenant, text)
    assert made == Handles(b"s" * 32).handle(tenant, text)
    assert made not in (
        handles.handle(tenant, text + "x"),
        handles.handle(tenant + "x", text),
        Handles(b"t" * 32).handle(tenant, text),
    )


def test_many_tenants_do_not_pile_up() -> None:
    handles = Handles(b"s" * 32)
    first = handles.handle("0", "text")
    for number in range(2 * REMEMBERED_KEYS):
        handles.handle(str(number), "text")
    assert len(handles._keys) <= REMEMBERED_KEYS
    assert handles.handle("0", "text") == first
