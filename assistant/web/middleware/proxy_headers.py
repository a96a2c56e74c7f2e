"""What a reverse proxy says of the client: used from the proxies of GUICHET_PROXIES, from nobody else.

From a trusted proxy the address of the client, the scheme and the host become those of the request, as if there were no
proxy; from any other address those headers only mark the request as one of an untrusted proxy. They, and the header of
the SSO, are taken out of every request: no code behind reads them by mistake, Gradio's own included.

By hand: uvicorn's middleware ignores X-Forwarded-Host and IPv4 within IPv6, and takes « unknown » for an address.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.policy import is_among

FORWARDING = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip")
SSO_NAME, SOURCE = "guichet.sso_name", "guichet.source"
"""Keys of the scope: the name that a trusted proxy gives, "" for none; how the request came, a `Source`."""
Source = Literal["direct", "trusted proxy", "untrusted proxy"]
MAX_NAME = 100
"""Characters of a name."""


class ProxyHeaders:
    """ASGI middleware; `proxies`: networks, as "10.0.0.0/8"; `sso_header`: in lower case, "" without one.

    `https`: every browser uses HTTPS, whatever the proxy uses.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str], sso_header: str = "", *, https: bool = False) -> None:
        self.app = app
        self.proxies = tuple(proxies)
        self.sso_header = sso_header.encode()
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._read(scope)
            if self.https:
                scope["scheme"] = "https"
        await self.app(scope, receive, send)

    def _read(self, scope: Scope) -> Scope:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        peer = (scope.get("client") or ("", 0))[0]
        others = [pair for pair in headers if pair[0] not in FORWARDING and pair[0] != self.sso_header]
        if not is_among(peer, self.proxies):
            forwarded = any(name in FORWARDING for name, _ in headers)
            source: Source = "untrusted proxy" if forwarded else "direct"
            return {**scope, "headers": others, SOURCE: source, SSO_NAME: ""}
        if host := _last(headers, b"x-forwarded-host"):
            others = [pair for pair in others if pair[0] != b"host"] + [(b"host", host.encode("latin-1"))]
        scheme = _last(headers, b"x-forwarded-proto")
        return {
            **scope,
            "headers": others,
            "client": (self._client(headers, peer), 0),
            "scheme": scheme if scheme in ("http", "https") else scope["scheme"],
            SOURCE: "trusted proxy",
            SSO_NAME: _only_name(_values(headers, self.sso_header)) if self.sso_header else "",
        }

    def _client(self, headers: list[tuple[bytes, bytes]], peer: str) -> str:
        """The last address that is no proxy of ours: anybody can have written what stands before it."""
        addresses = [_address(text) for value in _values(headers, b"x-forwarded-for") for text in value.split(",")]
        for address in reversed(addresses):
            if not is_among(address, self.proxies):
                return address or peer
        return peer


def _address(text: str) -> str:
    """An address without its port, « [2001:db8::1]:80 » or « 192.0.2.1:80 »; "" for what is none."""
    address = text.strip()
    address = address[1:].partition("]")[0] if address.startswith("[") else address
    address = address.partition(":")[0] if address.count(":") == 1 else address
    try:
        return f"{ip_address(address)}"
    except ValueError:
        return ""


def _values(headers: list[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name == wanted]


def _last(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    """What the nearest proxy wrote."""
    return ",".join(_values(headers, name)).rsplit(",", 1)[-1].strip()


def _only_name(values: list[str]) -> str:
    """The name; "" when there is none, when there are two (a proxy may have joined them), or when it is no name."""
    if len(values) != 1:
        return ""
    try:
        name = values[0].encode("latin-1").decode("utf-8").strip()
    except UnicodeDecodeError:
        name = values[0].strip()
    return name if name.isprintable() and "," not in name and len(name) <= MAX_NAME else ""
