"""What a reverse proxy says of who is behind it: believed from the proxies of GUICHET_PROXIES, from nobody else.

From a trusted proxy the address of the person, the scheme and the host become those of the request, as if there were no
proxy; from any other address those headers only mark the request as one that has come through a stranger. They, and the
header of the SSO, are taken out of every request: nothing behind reads them by mistake, Gradio's own reading included.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.accounts.policy import is_among

FORWARDING = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip")
VOUCHED, WAY = "guichet.vouched", "guichet.way"
"""In the scope: the name that a trusted proxy gives; how the request came, a `Way`."""
Way = Literal["direct", "proxy", "stranger"]
"""`stranger`: an address that is not trusted speaks for another one."""
LONGEST = 100
"""Characters of a name."""


class Forwarded:
    """ASGI wrapper; `proxies`: networks, as "10.0.0.0/8"; `header`: that of the SSO, in lower case, "" without one.

    `https`: every browser comes that way, whatever the last stretch is.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str], header: str = "", *, https: bool = False) -> None:
        self.app = app
        self.proxies = tuple(proxies)
        self.header = header.encode()
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
        kept = [pair for pair in headers if pair[0] not in FORWARDING and pair[0] != self.header]
        if not is_among(peer, self.proxies):
            speaks_for_another = any(name in FORWARDING for name, _ in headers)
            way: Way = "stranger" if speaks_for_another else "direct"
            return {**scope, "headers": kept, WAY: way, VOUCHED: ""}
        if host := _last(headers, b"x-forwarded-host"):
            kept = [pair for pair in kept if pair[0] != b"host"] + [(b"host", host.encode("latin-1"))]
        protocol = _last(headers, b"x-forwarded-proto")
        return {
            **scope,
            "headers": kept,
            "client": (self._person(headers, peer), 0),
            "scheme": protocol if protocol in ("http", "https") else scope["scheme"],
            WAY: "proxy",
            VOUCHED: _one_name(_values(headers, self.header)) if self.header else "",
        }

    def _person(self, headers: list[tuple[bytes, bytes]], peer: str) -> str:
        """The last address of the way that is no proxy of ours: what stands before it anybody can have written."""
        way = [_bare(each) for value in _values(headers, b"x-forwarded-for") for each in value.split(",")]
        for address in reversed(way):
            if not is_among(address, self.proxies):
                return address or peer
        return peer


def _bare(given: str) -> str:
    """An address without its port, « [2001:db8::1]:80 » or « 192.0.2.1:80 »; "" for what is none."""
    address = given.strip()
    address = address[1:].partition("]")[0] if address.startswith("[") else address
    address = address.partition(":")[0] if address.count(":") == 1 else address
    try:
        return f"{ip_address(address)}"
    except ValueError:
        return ""


def _values(headers: list[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for found, value in headers if found == name]


def _last(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    """What the nearest proxy said."""
    return ",".join(_values(headers, name)).rsplit(",", 1)[-1].strip()


def _one_name(values: list[str]) -> str:
    """The name, "" when there is none, or two (a proxy of the way may have joined them), or what is no name."""
    if len(values) != 1:
        return ""
    try:
        name = values[0].encode("latin-1").decode("utf-8").strip()
    except UnicodeDecodeError:
        name = values[0].strip()
    return name if name.isprintable() and "," not in name and len(name) <= LONGEST else ""
