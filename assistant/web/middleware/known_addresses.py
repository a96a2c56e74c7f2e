"""The only addresses that exist: our routes, our static files, and the few of Gradio's that the page really uses.

Gradio comes with routes to fetch files, send files, flag, relay to other machines, run the page's functions by name,
describe them, be developed: none of them is reachable. What is not listed here is "not found", whatever it is written
like: no address holds a percent, a backslash, two dots or two slashes once it is decoded.
"""

import re
from collections.abc import Iterable, Mapping

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

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
"""Found by watching the page in a browser: a test of the page fails when one is missing."""


class Doors:
    """ASGI wrapper; `own`: path -> methods of our routes; `files`: the names under /guichet/."""

    def __init__(self, app: ASGIApp, own: Mapping[str, Iterable[str]], files: Iterable[str]) -> None:
        self.app = app
        self.own = {path: frozenset(methods) for path, methods in own.items()}
        self.files = frozenset(files)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            status = self._status(scope["method"], scope["path"])
            await (self.app if status == 200 else _refusal(scope["path"], status))(scope, receive, send)
        elif scope["type"] == "websocket":  # the page has none
            await send({"type": "websocket.close", "code": 1008})

    def _status(self, method: str, path: str) -> int:
        """200, or 404 for what does not exist, 405 for what exists another way."""
        ways = [methods for methods, pattern in OF_GRADIO if pattern.fullmatch(path)]
        if path in self.own:
            ways.append(self.own[path])
        if path.startswith("/guichet/") and path.removeprefix("/guichet/") in self.files:
            ways.append(READ)
        if not ways:
            return 404
        return 200 if any(method in way for way in ways) else 405


def methods_of(routes: Iterable[BaseRoute]) -> dict[str, set[str]]:
    """Path -> methods of plain routes; what is mounted under a path is named apart."""
    found: dict[str, set[str]] = {}
    for route in routes:
        if isinstance(route, Route):
            found.setdefault(route.path, set()).update(route.methods or ())
    return found


def _refusal(path: str, status: int) -> Response:
    text = "Cette adresse n’existe pas." if status == 404 else "Cette adresse ne se demande pas ainsi."
    if path.startswith(("/api/", "/gradio_api/")):
        return JSONResponse({"erreur": text}, status_code=status)
    html = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Guichet</title><p>{text}</p></html>'
    return HTMLResponse(html, status_code=status)
