"""What whoever starts the proxy may choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from headroom_core.errors import SettingError
from headroom_core.gateway import Gateway
from headroom_core.types import Retrieval

OPENAI = "https://api.openai.com"
ANTHROPIC = "https://api.anthropic.com"


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """Where the proxy listens, where it sends requests, and whom it lets in."""

    host: str = "127.0.0.1"
    port: int = 8787
    openai: str = OPENAI  # where requests in OpenAI's shapes go, their path behind it
    anthropic: str = ANTHROPIC  # where those in Anthropic's go
    token: str | None = field(default=None, repr=False)  # what clients have to bring; needed beyond loopback
    sidecar_retrieval: Retrieval = "none"  # "tool": whoever asks `/v1/compress` offers `headroom_retrieve` himself
    seconds: float = Gateway.SECONDS  # a request that takes us longer goes as it came

    def __post_init__(self) -> None:
        """Refuse what can't be meant, or would let strangers in."""
        if not self.token and not is_loopback(self.host):
            raise SettingError(
                f"host is {self.host}, which others can reach; set HEADROOM_PROXY_TOKEN, "
                "and let clients send it as x-headroom-token, or listen on 127.0.0.1"
            )
        for name in ("openai", "anthropic"):
            parts = urlsplit(getattr(self, name))
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
                raise SettingError(f"{name} is {getattr(self, name)!r}; expected a URL like {OPENAI}")

    def upstream(self, path: str, headers: dict[str, str]) -> str:
        """Where a request goes: by its path, and by what only Anthropic's clients send. Never where it says itself."""
        anthropic = path.startswith("/v1/messages") or "anthropic-version" in headers
        return (self.anthropic if anthropic else self.openai).rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
