"""What is Redis's own: its faults, its bounds, its logins, and a cluster and sentinels."""

from __future__ import annotations

import os
import signal
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
import trustme
from headroom_core.ccr.stores import open_store
from headroom_core.errors import SettingError, StoreUnavailable
from headroom_core.types import Store
from hypothesis import given
from hypothesis import strategies as st
from redis.connection import Connection

from tests.conftest import free_port
from tests.core.ccr.conftest import PATIENCE, verbs
from tests.core.ccr.redis_server import SentinelServer, Server, behind_tls, wait_until

DAY = timedelta(days=1)
SHORT = 0.2  # seconds: how long a store waits that is to give up


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may break."""
    made = Server(tmp_path)
    yield made
    made.stop()


def refusals(store: Store) -> None:
    """Every verb refuses, and with the one error."""
    for verb in verbs(store):
        with pytest.raises(StoreUnavailable):
            verb()


@given(texts=st.dictionaries(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)), max_size=5))
def test_any_text_under_any_key(texts: dict[str, str], redis_server: Server) -> None:
    with closing(open_store(redis_server.url, wait=PATIENCE)) as store:
        store.put("me", texts, keep_for=DAY)
        assert store.get("me", list(texts)) == texts


def test_nothing_is_reached_before_the_first_verb() -> None:
    port = free_port()
    for url in (
        f"redis://127.0.0.1:{port}",
        f"redis+cluster://127.0.0.1:{port}",
        f"redis+sentinel://127.0.0.1:{port}/x",
    ):
        with closing(open_store(url)) as store:
            refusals(store)


def test_a_server_that_hangs_is_not_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb has given up before the server goes on, and none has asked it twice; then all is as it was."""
    send, sent = Connection.send_packed_command, list[object]()

    def counted(self: Connection, *given: Any, **options: Any) -> None:
        sent.append(given)
        send(self, *given, **options)  # type: ignore[no-untyped-call]  # redis's

    with (
        closing(open_store(server.url, wait=PATIENCE)) as patient,
        closing(open_store(server.url, wait=SHORT)) as store,
    ):
        patient.put("me", {"a": "1"}, keep_for=DAY)
        awake = Timer(60, server.process.send_signal, [signal.SIGCONT])
        server.process.send_signal(signal.SIGSTOP)
        awake.start()
        monkeypatch.setattr("redis.connection.Connection.send_packed_command", counted)
        try:
            refusals(store)
            assert len(sent) == len(verbs(store))
            assert not awake.finished.is_set()
        finally:
            awake.cancel()
            server.process.send_signal(signal.SIGCONT)
        assert patient.get("me", ["a"]) == {"a": "1"}
        wait_until(lambda: works(store), "the store did not come back")


def test_a_server_that_goes_and_comes_back(server: Server) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        server.stop()
        refusals(store)
        server.start()
        store.put("me", {"b": "2"}, keep_for=DAY)
        assert store.get("me", ["a", "b"]) == {"b": "2"}


def test_connections_that_were_cut_are_made_again(server: Server) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        for _ in range(5):
            with server.client() as client:
                client.client_kill_filter(_type="normal", skipme=True)
            assert store.get("me", ["a"]) == {"a": "1"}


def test_out_of_memory_keeps_all_or_none(server: Server) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        with server.client() as client:
            client.config_set("maxmemory", "1")
        with pytest.raises(StoreUnavailable, match=r"can't be used: command not allowed") as caught:
            store.put("me", {"a": "new, and nobody's business", "b": "2"}, keep_for=DAY)
        assert "business" not in str(caught.value)
        assert store.get("me", ["a", "b"]) == {"a": "1"}


def test_a_replica_is_read_but_not_written(server: Server) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        with server.client() as client:
            client.replicaof("127.0.0.1", free_port())
        with pytest.raises(StoreUnavailable, match=r"(?i)read.?only"):
            store.put("me", {"b": "2"}, keep_for=DAY)
        assert store.get("me", ["a"]) == {"a": "1"}


def test_a_damaged_text_counts_as_gone(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "a line that repeats\n" * 100, "b": "2"}, keep_for=DAY)
        with server.client() as client:
            (name,) = client.scan_iter("*:a")
            client.setrange(name, 20, b"\0\0\0\0")
        assert store.get("me", ["a", "b"]) == {"b": "2"}
        assert "lost 'a'" in caplog.text
        assert store.touch("me", ["a", "b"]) == {"b"}


def test_what_another_program_put_there_is_not_ours(server: Server) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        with server.client() as client:
            (name,) = client.scan_iter("*:a")
            client.delete(name)
            client.rpush(name, "a list")
            client.set("theirs", "1")
        with pytest.raises(StoreUnavailable, match="WRONGTYPE"):
            store.get("me", ["a"])
        assert store.purge("me") == 1
        with server.client() as client:
            assert client.get("theirs") == b"1"


def test_reads_write_at_most_once_in_some_minutes(server: Server) -> None:
    with closing(open_store(server.url, wait=PATIENCE)) as store, server.client() as client:
        store.put("me", {"a": "1"}, keep_for=DAY)
        (name,) = client.scan_iter("*:a")
        client.pexpire(name, 86_200_000)
        for _ in range(3):
            store.get("me", ["a"])
            assert store.touch("me", ["a"]) == {"a"}
        assert client.execute_command("PTTL", name) <= 86_200_000
        client.pexpire(name, 80_000_000)
        store.touch("me", ["a"])
        assert client.execute_command("PTTL", name) > 86_300_000


def test_keeping_for_ever_and_for_an_instant(server: Server) -> None:
    """Redis counts in milliseconds, and refuses what overflows, and nothing."""
    with closing(open_store(server.url, wait=PATIENCE)) as store:
        store.put("me", {"a": "1"}, keep_for=timedelta.max)
        assert store.get("me", ["a"]) == {"a": "1"}
        store.put("me", {"b": "1"}, keep_for=timedelta(microseconds=1))
        time.sleep(0.01)
        assert store.get("me", ["b"]) == {}


def test_a_password_opens_the_door_and_is_never_said(tmp_path: Path) -> None:
    server = Server(tmp_path, "--requirepass", "open/sesame")
    try:
        with closing(open_store(f"redis://:open%2Fsesame@127.0.0.1:{server.port}/0", wait=PATIENCE)) as store:
            store.put("me", {"a": "1"}, keep_for=DAY)
            assert store.get("me", ["a"]) == {"a": "1"}
        for login in (":wrong@", "default:wrong@", ""):
            url = f"redis://{login}127.0.0.1:{server.port}/0"
            with closing(open_store(url, wait=PATIENCE)) as store, pytest.raises(StoreUnavailable) as caught:
                store.put("me", {"a": "1"}, keep_for=DAY)
            assert "wrong" not in str(caught.value).replace("WRONGPASS", "")
            assert f"redis://127.0.0.1:{server.port}/0" in str(caught.value)
    finally:
        server.stop()


def test_tls_and_only_with_a_certificate_that_is_known(redis_server: Server, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    known = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(known)
    with behind_tls(redis_server.port, context) as port:
        with closing(open_store(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={known}", wait=PATIENCE)) as store:
            store.put("me", {"a": "1" * 100_000}, keep_for=DAY)
            assert store.get("me", ["a"]) == {"a": "1" * 100_000}
        stranger = open_store(f"rediss://127.0.0.1:{port}/0", wait=PATIENCE)
        with closing(stranger), pytest.raises(StoreUnavailable, match=r"(?i)certificate"):
            stranger.get("me", ["a"])


@pytest.mark.parametrize(
    "url",
    [
        "redis://",
        "redis://host:port",
        "redis://host:6379/0?socket_timeout=soon",
        "redis+cluster://",
        "redis+cluster://a:1,,b:2",
        "redis+cluster://a:1,b:x",
        "redis+sentinel://host:26379",
        "redis+other://host",
    ],
)
def test_a_url_that_can_not_be_read(url: str) -> None:
    with pytest.raises(SettingError, match="expected redis://:password@host"):
        open_store(url)


def test_a_bad_url_does_not_say_its_password() -> None:
    with pytest.raises(SettingError) as caught:
        open_store("redis://:sesame@host:port/0")
    assert "sesame" not in str(caught.value)


def test_a_cluster_takes_tenants_to_several_nodes(redis_cluster: list[Server]) -> None:
    url = "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in redis_cluster)
    with closing(open_store(url, wait=PATIENCE)) as store:
        for number in range(30):
            store.put(f"tenant {number}", {"a": str(number), "b": "x"}, keep_for=DAY)
        for number in range(30):
            assert store.get(f"tenant {number}", ["a"]) == {"a": str(number)}
        assert all(server.client().dbsize() > 0 for server in redis_cluster)
        assert sum(store.purge(f"tenant {number}") for number in range(30)) == 60


def test_one_seed_of_a_cluster_is_enough(redis_cluster: list[Server]) -> None:
    with closing(
        open_store(f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{redis_cluster[1].port}", wait=PATIENCE)
    ) as store:
        store.put("me", {"a": "1"}, keep_for=DAY)
        assert store.get("me", ["a"]) == {"a": "1"}


def test_sentinels_name_the_server(server: Server, tmp_path: Path) -> None:
    """Also after they have made another server the one that is written."""
    replica = Server(tmp_path, "--replicaof", "127.0.0.1", str(server.port))
    sentinel = SentinelServer(tmp_path / "sentinel", server)
    try:
        with closing(open_store(f"redis+sentinel://127.0.0.1:{sentinel.port}/kept", wait=PATIENCE)) as store:
            store.put("me", {"a": "1"}, keep_for=DAY)
            wait_until(lambda: replica.client().dbsize() == 1, "the replica did not follow")
            wait_until(lambda: sentinel_knows(sentinel), "the sentinel did not find the replica")
            server.stop()
            wait_until(lambda: works(store), "the sentinel did not fail over")
            assert store.get("me", ["a"]) == {"a": "1"}
            store.put("me", {"b": "2"}, keep_for=DAY)
            assert store.get("me", ["b"]) == {"b": "2"}
    finally:
        sentinel.stop()
        replica.stop()


def sentinel_knows(sentinel: Server) -> bool:
    with sentinel.client() as client:
        return len(client.execute_command("SENTINEL", "REPLICAS", "kept")) == 1


def works(store: Store) -> bool:
    try:
        store.put("me", {"probe": "1"}, keep_for=DAY)
    except StoreUnavailable:
        return False
    return True


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process")
def test_a_fork_has_connections_of_its_own(redis_server: Server) -> None:
    with closing(open_store(redis_server.url, wait=PATIENCE)) as store:
        store.put("fork", {"before": "1"}, keep_for=DAY)
        child = os.fork()
        if child == 0:
            good = False
            try:
                store.put("fork", {"child": "2"}, keep_for=DAY)
                good = store.get("fork", ["before", "child"]) == {"before": "1", "child": "2"}
            finally:
                os._exit(0 if good else 1)
        for number in range(50):
            store.put("fork", {"parent": str(number)}, keep_for=DAY)
            assert store.get("fork", ["parent"]) == {"parent": str(number)}
        assert os.waitpid(child, 0)[1] == 0
