"""The server: takes a request down, asks the script, and spells the answer in the dialect of the path."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from threading import Lock, Thread
from typing import Any, Protocol
from urllib.parse import urlsplit

from tests.provider import chat, messages, responses
from tests.provider.script import Answer, Event, Failure, Frame, Request, Step


class Wire(Protocol):
    """A dialect of requests and answers."""

    def complaint(self, body: dict[str, Any]) -> str | None: ...
    def failure(self, failed: Failure) -> dict[str, Any]: ...
    def whole(self, answer: Answer, frame: Frame) -> dict[str, Any]: ...
    def events(self, answer: Answer, frame: Frame) -> Iterator[Event]: ...


WIRES: dict[str, Wire] = {"/chat/completions": chat, "/messages": messages, "/responses": responses}


class Provider:
    """A provider on a free port of loopback. Says "ok" until it is given a script."""

    def __init__(self) -> None:
        self.requests: list[Request] = []  # in the order in which they arrived
        self.failures: list[
            BaseException
        ] = []  # of the provider itself, or of a script's callable: none, if all is well
        self.cut: int | None = None  # bytes of a stream that go out together; None: whole events
        self.packs = False  # with gzip, though nobody asked for it
        self.coding = "gzip"  # what a packed answer calls it
        self._steps: Iterator[Step] = repeat("ok")
        self._lock = Lock()
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), name="fake-provider", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """For clients that write `/v1` themselves: Anthropic's."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def openai_url(self) -> str:
        """For clients that expect `/v1` in it: OpenAI's."""
        return f"{self.url}/v1"

    def script(self, steps: Iterable[Step]) -> None:
        """What to answer from now on, one step a request; endless ones are welcome, a script at its end refuses."""
        with self._lock:
            self._steps = iter(steps)

    def take_down(self, method: str, path: str, headers: dict[str, str], raw: bytes) -> Request:
        """Record a request."""
        with self._lock:
            request = Request(len(self.requests) + 1, method, path, headers, raw)
            self.requests.append(request)
        return request

    def answer(self, request: Request, wire: Wire) -> Answer | Failure:
        """What to say to a request: its mistakes first, then the script's next step."""
        if refused := wire.complaint(request.body):
            return Failure(400, refused)
        with self._lock:
            step = next(self._steps, None)
        if step is None:
            return Failure(400, f"request {request.serial} came after the end of the script")
        said = step(request) if callable(step) else step
        return Answer(said) if isinstance(said, str) else said

    def close(self) -> None:
        """Stop, and hang up on whoever is still connected."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 256  # many clients at once is something that we test
    daemon_threads = False  # joined on close: no test leaves a thread behind

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has gone by itself


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections, as real ones do
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._take_down()
        self._send_json(200, {"object": "list", "data": [{"id": "fake", "object": "model", "owned_by": "nobody"}]})

    def do_POST(self) -> None:
        request = self._take_down()
        path = urlsplit(self.path).path
        wire = next((wire for ending, wire in WIRES.items() if path.endswith(ending)), None)
        if wire is None:
            self._send_json(404, chat.failure(Failure(404, f"Unknown path {self.path}")))
            return
        said = self.server.provider.answer(request, wire)
        body = request.body
        if isinstance(said, Failure):
            self._send_json(said.status, wire.failure(said), said.headers)
            return
        counts = bool((body.get("stream_options") or {}).get("include_usage"))
        frame = Frame(request.serial, str(body.get("model", "")), len(request.raw) // 4, counts)
        if body.get("stream"):
            self._send_stream(said, wire.events(said, frame))
        else:
            self._send_json(200, wire.whole(said, frame))

    def _take_down(self) -> Request:
        chunked = self.headers.get("transfer-encoding") == "chunked"
        raw = b"".join(self._chunks()) if chunked else self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.server.provider.take_down(self.command, self.path, headers, raw)

    def _chunks(self) -> Iterator[bytes]:
        """A body of which nobody said how long it is."""
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _send_json(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        pack = self._packer()
        raw = pack(json.dumps(body).encode())
        self.send_response(status)
        for name, value in {"content-type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self._say_packed()
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def _send_stream(self, answer: Answer, events: Iterator[Event]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self._say_packed()
        self.end_headers()
        pack = self._packer()
        for number, event in enumerate(events):
            answer.before_event(number)
            spelled = pack(event.spelled)
            size = self.server.provider.cut or len(spelled)
            for start in range(0, len(spelled), size):
                piece = spelled[start : start + size]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _say_packed(self) -> None:
        if self.server.provider.packs:
            self.send_header("content-encoding", self.server.provider.coding)

    def _packer(self) -> Callable[[bytes], bytes]:
        """What is done to each piece of one body."""
        if not self.server.provider.packs:
            return lambda raw: raw
        packer = zlib.compressobj(wbits=31)
        return lambda raw: packer.compress(raw) + packer.flush(zlib.Z_SYNC_FLUSH)

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            return  # the client hung up, or the script broke the stream off
        except Exception as error:  # noqa: BLE001  # told by the fixture: a thread's own would be lost
            self.server.provider.failures.append(error)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name that the base class gives it
        """Nothing: the test has the requests."""
