"""The HTML document around Gradio's page, put right before it leaves the server. Knows nothing of its components.

Gradio hard-codes `<html lang="en">`, its own description, and scripts in the page: a screen reader must find French,
and the browser a policy that lets in these scripts and no others.
"""

import hashlib
import re
from base64 import b64encode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts.policy import VISITOR
from assistant.web.templating import render
from corpus.document import NAME

SCRIPTS = ("light.js", "guichet.js", "address.js", "memory.js", "opinion.js", "print.js", "account.js")
DESCRIPTION = f"Réponses aux questions du guichet sur le {NAME}, avec les fiches qui les prouvent."
# Gradio builds its handlers with Function() and writes styles into the page; its scripts are let in one by one.
GRADIO_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def gradio_policy(html: str) -> str:
    """The policy under which the scripts that stand in this document run, and no other one written into it."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(html))
    return GRADIO_POLICY.format(hashes=" ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests))


def french_document(html: str, visitor: str = "") -> str:
    """Gradio's HTML document, in French, under our title, without its descriptions and pictures.

    `visitor`: the name of who is logged in, which account.js shows in the header.
    """
    html = re.sub(r'<html\s+lang="en"', '<html lang="fr"', html, count=1)
    html = re.sub(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>", "", html)
    head = render("gradio_head.html", description=DESCRIPTION, visitor=visitor, scripts=SCRIPTS)
    return html.replace("</head>", f"{head}</head>", 1)


class GradioDocument:
    """ASGI middleware: rewrites the page at / with `french_document`, and sends it with `gradio_policy`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def send_french(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
                return
            if not start:  # an error, a redirection to the login: not Gradio's page
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            visitor = VISITOR.get()
            html = french_document(body.decode("utf-8"), visitor.name if visitor else "")
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(html.encode("utf-8")))
            headers["content-security-policy"] = gradio_policy(html)
            await send(start)
            await send({"type": "http.response.body", "body": html.encode("utf-8")})

        # the body is read here: nothing below may compress it
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, send_french)
