"""The headers that protect a browser, on every answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Nothing may come from, or go to, another machine; a page of ours has no script and no style of its own in it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# The public page may be framed by another site: nothing on it could be abused by a stolen click.
PUBLIC_POLICY = POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")


class SecurityHeaders:
    """ASGI middleware; an answer that names a policy of its own (Gradio's document) keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "same-origin"
                policy = PUBLIC_POLICY if scope["path"] == "/public" else POLICY
                headers.setdefault("content-security-policy", policy)
            await send(message)

        await self.app(scope, receive, send_with_headers)
