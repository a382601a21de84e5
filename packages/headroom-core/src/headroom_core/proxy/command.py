"""`headroom proxy`: the proxy as a command."""

from __future__ import annotations

import ctypes
import gc
import sys
from dataclasses import replace
from typing import Annotated, Any

import typer

from headroom_core.errors import SettingError
from headroom_core.headroom import Headroom
from headroom_core.policy import Settings
from headroom_core.proxy.settings import ANTHROPIC, OPENAI, ProxySettings
from headroom_core.types import Retrieval

HELP = """Make smaller what your agents send, on this machine.

Start it, then tell your client where it is; your keys stay your own, and any model works:

    export OPENAI_BASE_URL=http://127.0.0.1:8787/v1

    export ANTHROPIC_BASE_URL=http://127.0.0.1:8787

Send the header x-headroom-bypass: true to leave one request alone. What was saved stands in the headers
x-headroom-tokens-* of each answer and, added up, under /metrics; /healthz and /readyz say how it is.
"""

M_ARENA_MAX = -8  # of glibc's malloc.h
KEEP_ALIVE_SECONDS = 75  # longer than clients keep a connection: who hangs up first must not meet a request


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="proxy", help=HELP)(proxy)


def proxy(  # noqa: PLR0913  # one parameter an option
    host: Annotated[str, typer.Option(help="Beyond loopback HEADROOM_PROXY_TOKEN has to be set.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8787,
    openai: Annotated[str, typer.Option(help="Where requests in OpenAI's shapes go.", metavar="URL")] = OPENAI,
    anthropic: Annotated[str, typer.Option(help="Where those in Anthropic's go.", metavar="URL")] = ANTHROPIC,
    store: Annotated[str | None, typer.Option(help="Where originals wait.", metavar="URL")] = None,
    sidecar_retrieval: Annotated[
        bool, typer.Option("--sidecar-retrieval", help="Whoever calls /v1/compress offers headroom_retrieve himself.")
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=0.0, help="A request that takes Headroom longer goes as it came.", metavar="SECONDS")
    ] = 5.0,
) -> None:
    """Serve until it is stopped."""
    libc = _frugal()
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # its command: a third of our start, for nothing
    try:
        import uvicorn

        from headroom_core.proxy.app import make_app
    except ImportError as error:
        raise SettingError(f"{error.name} is missing; the proxy needs: pip install 'headroom-core[proxy]'") from error
    settings = Settings.from_env()
    retrieval: Retrieval = "tool" if sidecar_retrieval else "none"
    chosen = ProxySettings(host, port, openai, anthropic, settings.proxy_token, retrieval, seconds)
    headroom = Headroom.from_settings(replace(settings, store=store or settings.store))
    typer.echo(
        f"Headroom listens on http://{host}:{port}; OpenAI's requests go to {openai}, Anthropic's to {anthropic}"
    )
    options: dict[str, Any] = {"log_level": "warning", "access_log": False, "timeout_keep_alive": KEEP_ALIVE_SECONDS}
    options |= {"server_header": False, "date_header": False}  # the provider says these himself
    served = make_app(headroom, chosen)
    settle()
    if libc is not None:
        libc.malloc_trim(0)  # what loading left: 4 MB
    uvicorn.run(served, host=host, port=port, **options)


def settle() -> None:
    """Let work in threads hold up the event loop as little as Python allows, in a process of our own.

    What has been loaded stays to the end, and is not looked through for garbage again and again; nor is what one
    request needs, which is seldom in rings: a collection stops every thread, for 40 ms where a megabyte of JSON is
    being read. And a thread that works gives way after 1 ms, not 5.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)  # of Python's 700, 10, 10
    sys.setswitchinterval(0.001)


def _frugal() -> ctypes.CDLL | None:
    """The C library where it is glibc, told to keep what threads free in one place, not in eight: they take turns."""
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    libc.mallopt(M_ARENA_MAX, 1)
    return libc
