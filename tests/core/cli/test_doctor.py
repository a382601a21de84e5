"""`headroom doctor`: what it finds on a machine that is well, and what to do on one that isn't."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from headroom_core.compressors.source_code import grammars

from tests.conftest import free_port
from tests.core.ccr.redis_server import Server

KEY = base64.b64encode(b"k" * 32).decode()
OLD = base64.b64encode(b"o" * 32).decode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def a_patient_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a store is waited for isn't the point here, and the machine may be busy."""
    monkeypatch.setenv("HEADROOM_STORE_WAIT_MS", "5000")


def test_it_is_well_on_this_machine(headroom: Any) -> None:
    ran = headroom("doctor")
    assert ran.code == 0, ran.out
    assert "FIX" not in ran.out
    for said in (
        "ok   store: sqlite:///",
        "breaker: closed",
        "secret: 256 bits, kept with the store",
        "encryption: off",
        "has mode 0600",
        "GB free",
        "tokenizer: o200k_base",
        "extra code: every grammar parses",
        "extra encryption: installed",
        "extra mcp: installed",
        "extra redis: installed",
        "ok   litellm: 1.",
    ):
        assert said in ran.out


def test_it_leaves_nothing_behind(headroom: Any) -> None:
    headroom("doctor")
    assert "forgot 0 texts" in headroom("purge", "--yes", "--tenant", "headroom-doctor").out


def test_a_program_reads_it_as_json(headroom: Any) -> None:
    ran = headroom("doctor", "--json")
    found = {finding["what"]: finding for finding in json.loads(ran.out)}
    assert found["store"]["well"]
    assert set(found["store"]) == {"what", "found", "well", "mend"}


def test_a_store_that_can_not_be_used(headroom: Any, tmp_path: Path) -> None:
    """A folder stands where the file should be."""
    (tmp_path / "store.db").mkdir()
    ran = headroom("doctor", "--store", f"sqlite:///{tmp_path / 'store.db'}")
    assert ran.code == 1
    assert "FIX  store" in ran.out
    assert "check that the folder exists" in ran.out
    assert "FIX  breaker: open" in ran.out


def test_a_wrong_setting(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_ENCRYPTION_KEY", "a password")
    ran = headroom("doctor")
    assert ran.code == 1
    assert "FIX  settings: an encryption key is no base64" in ran.out
    assert headroom("doctor", "--json").code == 1


def test_encryption_says_its_keys_by_names_that_warnings_use(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_ENCRYPTION_KEY", f"{KEY},{OLD}")
    ran = headroom("doctor")
    assert ran.code == 0, ran.out
    assert re.search("encryption: on, under key [0-9a-f]{8}, and what [0-9a-f]{8} encrypted is read", ran.out)
    assert KEY not in ran.out


def test_a_secret_of_the_environment(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_SECRET", "a secret of the fleet")
    ran = headroom("doctor")
    assert "secret: from HEADROOM_SECRET" in ran.out
    assert "a secret of the fleet" not in ran.out


def test_a_file_that_was_set_aside_is_named(headroom: Any, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"this is no database, but it is long enough to look like one" * 200)
    assert f"damaged once: {path}.broken-1" in headroom("doctor", "--store", f"sqlite:///{path}").out


def test_a_disk_that_is_nearly_full(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 100 << 20}))
    ran = headroom("doctor")
    assert ran.code == 1
    assert "FIX  disk: 0.1 GB free" in ran.out


def test_grammars_that_are_missing_are_named(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = grammars.can_parse
    monkeypatch.setattr(
        "headroom_core.cli.doctor.can_parse", lambda language: language.name not in ("rust", "go") and real(language)
    )
    ran = headroom("doctor")
    assert ran.code == 0
    assert re.search("these languages go out as they come: (rust, go|go, rust)", ran.out)


def test_an_extra_that_is_missing_is_named(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headroom_core.cli.doctor._installed", lambda package: package != "mcp")
    assert "extra mcp: missing mcp; pip install 'headroom-core[mcp]'" in headroom("doctor").out


def test_a_framework_that_is_too_old(headroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headroom_core.cli.doctor.FRAMEWORKS", {"litellm": (99, 0)})
    ran = headroom("doctor")
    assert ran.code == 1
    assert "run: pip install -U 'litellm>=99.0'" in ran.out


def test_a_redis_that_would_lose_originals(headroom: Any, server: Server) -> None:
    """Without a file, and with a policy that takes whatever is old."""
    with server.client() as client:
        client.config_set("maxmemory", "100mb")
        client.config_set("maxmemory-policy", "allkeys-lru")
    ran = headroom("doctor", "--store", server.url)
    assert ran.code == 1
    assert "ok   redis: version " in ran.out
    assert "FIX  redis memory: maxmemory 105 MB, policy allkeys-lru" in ran.out
    assert "CONFIG SET maxmemory-policy volatile-lru" in ran.out
    assert "FIX  redis persistence: appendonly no, save never" in ran.out


def test_a_redis_that_is_set_up_well(headroom: Any, server: Server) -> None:
    with server.client() as client:
        client.config_set("maxmemory", "100mb")
        client.config_set("maxmemory-policy", "volatile-lru")
        client.config_set("appendonly", "yes")
    ran = headroom("doctor", "--store", server.url)
    assert ran.code == 0, ran.out


def test_a_redis_that_is_not_there_and_its_password_is_not_said(headroom: Any) -> None:
    port = free_port()
    ran = headroom("doctor", "--store", f"redis://:sesame@127.0.0.1:{port}/0")
    assert ran.code == 1
    assert f"FIX  store: redis://127.0.0.1:{port}/0" in ran.out
    assert "check that the server runs" in ran.out
    assert "sesame" not in ran.out + ran.err


def test_help_says_what_it_looks_at_and_what_the_exit_code_means(headroom: Any) -> None:
    said = " ".join(headroom("doctor", "--help").out.split())
    for word in ("encryption", "eviction", "breaker", "grammars", "exit code is 0 when all is well, else 1"):
        assert word in said
