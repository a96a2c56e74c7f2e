"""The HTTP side of the page: the port, the French document around Gradio's, the static files, the headers.

Gradio hard-codes `<html lang="en">` and its own description: the page is put right before it leaves the server, so
that a screen reader and the first paint have it at once. Knows nothing of Gradio's components.
"""

import errno
import hashlib
import re
import signal
import socket
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts.policy import VISITOR
from assistant.errors import ServerError
from assistant.service.logs import configure_logs
from assistant.settings.settings import Settings
from assistant.web.middleware.draining import DRAIN, Draining, end_at_last

STATIC = Path(__file__).parent / "static"
STYLES = ("theme.css", "guichet.css", "pages.css")
SCRIPTS = ("light.js", "guichet.js", "address.js", "memory.js", "opinion.js", "print.js", "account.js")
TITLE = "Guichet – Contrat de ville Seine-Amont"
DESCRIPTION = "Réponses aux questions du guichet sur le Contrat de ville 2015-2020, avec les fiches qui les prouvent."
# Nothing may come from, or go to, another machine; a page of ours has no script and no style of its own in it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# Gradio builds its handlers with Function() and writes styles into the page; its own scripts are let in one by one.
GRADIO_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
REASONS = {
    errno.EADDRINUSE: "un autre programme l’occupe",
    errno.EACCES: "il est réservé au système",
    errno.EADDRNOTAVAIL: "cette adresse n’est pas celle de cette machine",
}
_LOOPBACK = ("127.0.0.1", "::1")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


# The public face may stand in a frame of another site: it has nothing that a click could be stolen for.
PUBLIC_POLICY = POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")


def headers_for(path: str, body: str = "") -> dict[str, str]:
    """`body`: Gradio's page, whose own scripts are recognised by what they say; "" for any other answer."""
    policy = PUBLIC_POLICY if path == "/public" else POLICY
    return {**HEADERS, "content-security-policy": gradio_policy(body) if body else policy}


def gradio_policy(body: str) -> str:
    """The policy under which the scripts that stand in this document run, and no other one written into it."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(body))
    return GRADIO_POLICY.format(hashes=" ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests))


def is_local(request: Request) -> bool:
    """Whether the browser is on this very machine, without a proxy in between, and knows that it talks to it.

    A page of another site can make its own name stand for 127.0.0.1 (DNS rebinding): the name must be one of ours.
    """
    host = request.client.host if request.client else ""
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return host in _LOOPBACK and named in (*_LOOPBACK, "localhost") and request.scope.get("guichet.way") == "direct"


def static_address(name: str) -> str:
    """The address of a static file; it changes when the file does, so that no browser keeps an old one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"guichet/{name}?v={digest}"


def french_document(page: str, visitor: str = "") -> str:
    """Gradio's HTML document, in French, under our title, without its descriptions and pictures.

    `visitor`: who is logged in, whom account.js names in the header.
    """
    page = re.sub(r'<html\s+lang="en"', '<html lang="fr"', page, count=1)
    page = re.sub(r"\s*<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>", "", page)
    head = (
        f'<title>{escape(TITLE)}</title><meta name="description" content="{escape(DESCRIPTION)}">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'
        f'<link rel="icon" href="{static_address("guichet.svg")}" type="image/svg+xml">'
        + (f'<meta name="guichet-account" content="{escape(visitor)}">' if visitor else "")
        + "".join(f'<link rel="stylesheet" href="{static_address(name)}">' for name in STYLES)
        + "".join(f'<script src="{static_address(name)}"></script>' for name in SCRIPTS)
    )
    return page.replace("</head>", f"{head}</head>", 1)


class FrenchPages:
    """ASGI wrapper: rewrites HTML documents with `french_document`, and puts HEADERS on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_page = scope["method"] == "GET" and scope["path"] == "/"
        if is_page:  # the body is read here: let nobody below compress it
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        rewriter = _Rewriter(send, scope["path"])
        await self.app(scope, receive, rewriter.page if is_page else rewriter.other)


class _Rewriter:
    def __init__(self, send: Send, path: str) -> None:
        self.send = send
        self.path = path
        self.start: Message = {}
        self.body = b""

    async def other(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *_encoded(headers_for(self.path))]}
        await self.send(message)

    async def page(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] == 200:
                self.start = message
            else:
                await self.other(message)
            return
        if not self.start:  # a refusal, a way to the login: no page of Gradio's
            await self.send(message)
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        kept = [pair for pair in self.start.get("headers", []) if pair[0].lower() != b"content-length"]
        visitor = VISITOR.get()
        text = french_document(self.body.decode("utf-8"), visitor.name if visitor else "")
        body = text.encode("utf-8")
        headers = [*kept, *_encoded(headers_for(self.path, text)), (b"content-length", str(len(body)).encode())]
        await self.send({**self.start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def open_port(host: str, port: int) -> socket.socket:
    """A listening socket, so that nobody can take the port in between; raises ServerError, one French line."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except socket.gaierror as error:
        raise ServerError(f"L’adresse GUICHET_HOST={host} est inconnue ; attendu : par exemple 127.0.0.1.") from error
    except OSError as error:
        raise ServerError(
            f"Le port {port} n’est pas libre sur {host} ({REASONS.get(error.errno or 0, 'refusé par le système')}). "
            f"Choisissez-en un autre : GUICHET_PORT={port % 65535 + 1} guichet serve"
        ) from error


def check_port(settings: Settings) -> None:
    """Raises ServerError when the port is taken, before anything heavy is loaded for nothing."""
    open_port(settings.host, settings.port).close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stop: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready
        self.stop = stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends on the first signal; uvicorn's own raises it again once all is closed, which shows a traceback.

        SIGHUP (the terminal was closed) ends it as well as SIGTERM does; under `nohup` it stays ignored.
        """
        ending = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            ending.append(signal.SIGHUP)
        kept = {each: signal.signal(each, self.handle_exit) for each in ending}
        try:
            yield
        finally:
            for each, handler in kept.items():
                signal.signal(each, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_at_last()
        self.stop()
        await super().shutdown(sockets=sockets)


def run(app: ASGIApp, host: str, port: int) -> None:
    """Serves until interrupted; says where on standard output. Raises ServerError when the port is not free."""
    listening = open_port(host, port)
    shown = f"[{host}]" if ":" in host else host

    def ready() -> None:
        with suppress(OSError):  # standard output on a full disk, or a pipe that nobody reads any more
            sys.stdout.write(f"Guichet est prêt : http://{shown}:{listening.getsockname()[1]}\n")
            sys.stdout.flush()

    configure_logs()
    draining = Draining(FrenchPages(app))
    config = uvicorn.Config(
        draining, log_config=None, access_log=False, proxy_headers=False, timeout_graceful_shutdown=DRAIN
    )
    try:
        _Server(config, ready, draining.stop).run(sockets=[listening])
    finally:
        listening.close()
