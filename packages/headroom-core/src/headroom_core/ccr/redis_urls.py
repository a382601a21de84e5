"""Redis by URL: one server, a cluster, or a server that sentinels watch over. Needs the extra `redis`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from redis import Redis, Sentinel
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, RedisCluster
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from headroom_core.ccr.redis import RedisStore
from headroom_core.ccr.stores import EXPECTED_REDIS, is_plain, name_of
from headroom_core.errors import SettingError
from headroom_core.storage.sealing import Sealing

CONNECT_SECONDS = 0.25  # for a new connection, TLS included, at least: once in a while, not with every request
UNCLEAR = "where its host is can't be told; in a password write / ? # @ as %2F %3F %23 %40"
PORT, SENTINEL_PORT = 6379, 26379


def open_redis(url: str, wait: float, sealing: Sealing) -> RedisStore:
    """The store that a Redis URL names; nothing is reached before its first verb. `wait` is seconds for an answer.

    Raises:
        SettingError: the URL can't be read.
    """
    if not is_plain(url):
        raise SettingError(f"{name_of(url)} can't be read as a Redis URL ({UNCLEAR}); expected {EXPECTED_REDIS}")
    try:
        parts = urlsplit(url)
        connect = _MAKERS[parts.scheme](url, parts, _options(wait))
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{name_of(url)} can't be read as a Redis URL ({error}); expected {EXPECTED_REDIS}"
        raise SettingError(reason) from None
    return RedisStore(connect, name_of(url), sealing)


def _options(wait: float) -> dict[str, Any]:
    return {
        "socket_timeout": wait,
        "socket_connect_timeout": max(wait, CONNECT_SECONDS),
        # A connection that was cut while it was idle is made again, once; who is slow isn't asked twice.
        "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    }


def _server(url: str, parts: SplitResult, options: dict[str, Any]) -> Callable[[], Any]:
    if not parts.hostname:
        raise ValueError("no host")
    client = Redis.from_url(url, **options)  # connects at its first command, but refuses options it doesn't know
    return lambda: client


def _cluster(_: str, parts: SplitResult, options: dict[str, Any]) -> Callable[[], Any]:
    nodes = [ClusterNode(host, port) for host, port in _hosts(parts, PORT)]  # type: ignore[no-untyped-call]  # redis's
    options |= _login(parts)
    return lambda: RedisCluster(startup_nodes=nodes, **options)


def _sentinel(_: str, parts: SplitResult, options: dict[str, Any]) -> Callable[[], Any]:
    hosts, service = _hosts(parts, SENTINEL_PORT), parts.path.strip("/")
    of_server = options | _login(parts)
    if not service:
        raise ValueError("no name of a service")

    def connect() -> Any:
        watch = Sentinel(hosts, sentinel_kwargs=options, **of_server)  # type: ignore[no-untyped-call]  # redis's
        return watch.master_for(service)  # type: ignore[no-untyped-call]  # redis's

    return connect


_MAKERS = {"redis": _server, "rediss": _server, "redis+cluster": _cluster, "redis+sentinel": _sentinel}


def _hosts(parts: SplitResult, port: int) -> list[tuple[str, int]]:
    pieces = parts.netloc.rpartition("@")[2].split(",")
    found = [urlsplit(f"//{piece}") for piece in pieces]
    if not all(each.hostname for each in found):
        raise ValueError("no host")
    return [(each.hostname or "", each.port or port) for each in found]


def _login(parts: SplitResult) -> dict[str, str]:
    user, colon, password = parts.netloc.rpartition("@")[0].partition(":")
    if not colon:
        return {}
    return {"password": unquote(password), **({"username": unquote(user)} if user else {})}
