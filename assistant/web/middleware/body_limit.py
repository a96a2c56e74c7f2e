"""No request may fill the memory: a body beyond its limit is refused before the application reads it."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.api import failure

FORM = 65_536
"""Bytes of a form that are read."""
PAGE, PROGRAM = 8 * 2**20, 512 * 2**10
"""The page sends its whole conversation along with every question; a program sends a question and its history."""
_TEXT = "La demande est trop longue ({found}\u202f; la limite est de {limit}\u00a0Kio). Raccourcissez-la."


class BodyLimit:
    """ASGI wrapper: answers 413 in French to a body that is too long, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        limit = PROGRAM if scope["path"].startswith("/api/") else PAGE
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit():
            if int(announced) > limit:
                await _refuse(scope, receive, send, f"{int(announced) // 1024}\u00a0Kio", limit)
                return
            await self.app(scope, receive, send)
            return
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > limit:
                await _refuse(scope, receive, send, "longueur non annoncée", limit)
                return
        await self.app(scope, _Replay(body, receive), send)


async def short_body(request: Request) -> bytes:
    """At most FORM bytes: what is longer is cut."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM:
            return body[:FORM]
    return body


async def read_form(request: Request) -> dict[str, list[str]]:
    return parse_qs((await short_body(request)).decode("utf-8", "replace"))


class _Replay:
    """Gives the body that was read, then what comes from the network."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _refuse(scope: Scope, receive: Receive, send: Send, found: str, limit: int) -> None:
    await failure(_TEXT.format(found=found, limit=limit // 1024), 413)(scope, receive, send)
