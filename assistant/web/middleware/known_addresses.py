"""The only addresses that exist: our routes, our static files, and the few of Gradio's that the page really uses.

Gradio comes with routes to fetch files, send files, flag, relay to other machines, run the page's functions by name,
describe them, be developed: none of them is reachable. An address that is not listed here is "not found", however it is
written: none holds a percent, a backslash, two dots or two slashes once it is decoded.
"""

import re
from collections.abc import Iterable, Mapping

from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.error_responses import json_error
from assistant.web.templating import render

READ, WRITE = frozenset({"GET", "HEAD"}), frozenset({"POST"})
_FILE = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
OF_GRADIO = (
    (READ, re.compile("/")),
    (READ, re.compile("/(?:theme\\.css|favicon\\.ico)")),
    (READ, re.compile(f"/assets/{_FILE}")),
    (READ, re.compile(f"/static/(?:js|img|fonts)/(?:{_FILE}/)?{_FILE}")),
    (READ, re.compile("/gradio_api/(?:queue/data|app_id|heartbeat/[a-z0-9]+)")),
    (WRITE, re.compile("/gradio_api/(?:queue/join|run/predict|cancel)")),
)
"""Listed by watching the page in a browser: a test of the page fails when one is missing."""


class KnownAddresses:
    """ASGI middleware; `methods`: path -> methods of our routes; `files`: the names under /guichet/."""

    def __init__(self, app: ASGIApp, methods: Mapping[str, Iterable[str]], files: Iterable[str]) -> None:
        self.app = app
        self.methods = {path: frozenset(allowed) for path, allowed in methods.items()}
        self.methods |= {f"/guichet/{name}": READ for name in files}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            status = self._status(scope["method"], scope["path"])
            await (self.app if status == 200 else _rejection(scope["path"], status))(scope, receive, send)
        elif scope["type"] == "websocket":  # the page has none
            await send({"type": "websocket.close", "code": 1008})

    def _status(self, method: str, path: str) -> int:
        """200; 404 for an unknown address, 405 for a method that a known one does not take."""
        allowed = [methods for methods, pattern in OF_GRADIO if pattern.fullmatch(path)]
        if path in self.methods:
            allowed.append(self.methods[path])
        if not allowed:
            return 404
        return 200 if any(method in methods for methods in allowed) else 405


def methods_of(routes: Iterable[BaseRoute]) -> dict[str, set[str]]:
    """Path -> methods of plain routes; mounted applications are left out."""
    methods: dict[str, set[str]] = {}
    for route in routes:
        if isinstance(route, Route):
            methods.setdefault(route.path, set()).update(route.methods or ())
    return methods


def _rejection(path: str, status: int) -> Response:
    text = "Cette adresse n’existe pas." if status == 404 else "Cette adresse ne se demande pas ainsi."
    if path.startswith(("/api/", "/gradio_api/")):
        return json_error(text, status)
    return HTMLResponse(render("bare.html", text=text), status_code=status)
