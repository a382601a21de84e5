from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest
from headroom_core import Headroom
from headroom_core.proxy import models

from tests.content import conversation, log
from tests.local_proxy import inside
from tests.provider import Provider
from tests.traffic import PATHS, SHAPES, ask_for_it, body

LOG = log()


def fails(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError


@pytest.mark.parametrize("shape", SHAPES)
async def test_bodies_are_read_and_spelled_beside_the_event_loop(
    client: httpx.AsyncClient, provider: Provider, monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    """A large one takes long enough for others to wait."""
    places: list[str] = []

    def noted(name: str) -> None:
        doing = getattr(models, name)

        def does(given: Any) -> Any:
            places.append(threading.current_thread().name)
            return doing(given)

        monkeypatch.setattr(models, name, does)

    noted("read")
    noted("spelled")
    monkeypatch.setattr(models, "SMALL_BYTES", 0)
    provider.script([ask_for_it, "It was the disk."])
    assert (await client.post(PATHS[shape], json=body(shape, LOG))).status_code == 200
    assert len(places) == 6
    assert all(place.startswith("headroom") for place in places)


@pytest.mark.parametrize("failing", ["read", "compress_request", "spelled"])
async def test_whatever_fails_the_request_goes_as_it_came(
    client: httpx.AsyncClient, provider: Provider, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    monkeypatch.setattr(models, failing, fails)
    raw = json.dumps(body("chat", LOG), indent=1).encode()
    answer = await client.post(PATHS["chat"], content=raw)
    assert (answer.status_code, answer.headers["x-headroom-outcome"]) == (200, "failed")
    assert provider.requests[0].raw == raw


async def test_a_follow_up_that_cannot_be_spelled_is_not_sent(
    client: httpx.AsyncClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client gets the answer that there is, or is told in the stream; no call of ours."""

    monkeypatch.setattr(models.Sent, "follow_up", fails)
    provider.script([ask_for_it, ask_for_it])
    answer = await client.post(PATHS["messages"], json=body("messages", LOG))
    assert [part["type"] for part in answer.json()["content"]] == ["thinking", "text"]
    answer = await client.post(PATHS["messages"], json=body("messages", LOG, stream=True))
    assert "could not be made" in answer.text
    assert "headroom_retrieve" not in answer.text


async def test_where_the_sidecar_fails_messages_come_back_as_they_are(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway would hand an error of ours to its user."""
    headroom = Headroom("memory://")
    async with inside(provider, headroom, sidecar_retrieval="tool") as client:
        monkeypatch.setattr(headroom, "compress", fails)
        messages = conversation(LOG)
        answer = await client.post("/v1/compress", json={"messages": messages, "model": "gpt-4o"})
    assert answer.status_code == 200
    assert answer.json()["messages"] == messages
    assert (answer.json()["tokens_saved"], answer.json()["ccr_hashes"]) == (0, [])
    assert answer.headers["x-headroom-outcome"] == "failed"
