"""No request may fill the memory: a body beyond its limit is refused before the application reads it.

By hand: Starlette's limit is raised inside the application, where Gradio's handlers catch it, and answers in English.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.error_responses import json_error

PAGE_LIMIT, PROGRAM_LIMIT = 8 * 2**20, 512 * 2**10
"""Bytes. The page sends its whole conversation with every question, a program a question and its history."""


class BodyLimit:
    """ASGI middleware: answers 413 in French to a body that is too long, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        limit = PROGRAM_LIMIT if scope["path"].startswith("/api/") else PAGE_LIMIT
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit():
            if int(announced) > limit:
                await _reject(scope, receive, send, f"{int(announced) // 1024}\u00a0Kio", limit)
            else:
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
                await _reject(scope, receive, send, "longueur non annoncée", limit)
                return
        read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Message:
            return read.pop() if read else await receive()

        await self.app(scope, receive_again, send)


async def _reject(scope: Scope, receive: Receive, send: Send, size: str, limit: int) -> None:
    text = f"La demande est trop longue ({size}\u202f; la limite est de {limit // 1024}\u00a0Kio). Raccourcissez-la."
    await json_error(text, 413)(scope, receive, send)
