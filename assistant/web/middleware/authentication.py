"""Who sends a request, whether they may, and that no other site made their browser send it.

cookie of a session      a person who logged in on /connexion
a name from the proxy    the SSO (assistant/web/middleware/proxy_headers.py)
name and password        programs, on /api/ only (HTTP Basic), cached for a minute
"""

import asyncio
import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts.policy import VISITOR, Access, Visitor, need_of
from assistant.errors import LimitError
from assistant.service.limits import Clock
from assistant.service.logs import log
from assistant.web.error_responses import NO_STORE, error_response, is_for_a_person, login_error, status_of
from assistant.web.middleware.proxy_headers import SOURCE, SSO_NAME
from corpus.errors import GuichetError

T = TypeVar("T")
COOKIE, SECURE_COOKIE = "guichet", "__Host-guichet"
"""Browsers keep the second one to HTTPS and to this very host."""
CACHE_SECONDS = 60.0
"""For which a program's password is not checked again: a check is slow on purpose."""
MAX_CACHED = 1000
CONCURRENT_CHECKS = 2
"""Each takes 64 MiB and most of a core."""
WAITING_CHECKS = 16
_LOOPBACK = ("127.0.0.1", "::1")


class Authenticator:
    """Says who a request comes from, and checks passwords away from the event loop."""

    def __init__(self, access: Access, *, clock: Clock = time.monotonic) -> None:
        self.access = access
        self._clock = clock
        self._pool = ThreadPoolExecutor(CONCURRENT_CHECKS, thread_name_prefix="guichet-login")
        self._pending = 0
        self._key = secrets.token_bytes(32)
        self._cache: OrderedDict[bytes, tuple[Visitor, float]] = OrderedDict()

    async def login_is_needed(self) -> bool | None:
        if self.access.recent:
            return self.access.login_is_needed()
        return await asyncio.to_thread(self.access.login_is_needed)

    async def visitor_of(self, request: Request, *, program: bool) -> Visitor | None:
        """`program`: whether a name and a password sent along are accepted.

        Raises DatabaseError when it cannot be known, LimitError after too many wrong passwords.
        """
        if name := request.scope.get(SSO_NAME, ""):
            return Visitor(name, self.access.role_of(name))
        token = token_of(request)
        if token:
            session = self.access.sessions.cached(token) or await asyncio.to_thread(self.access.sessions.find, token)
            if session:
                return Visitor(session.name, session.role, token)
        return await self._program_of(request) if program else None

    async def check(self, name: str, password: str, address: str) -> Visitor | None:
        """The visitor of that name and password; counts the attempt. Raises LimitError, DatabaseError."""
        return await self.hash_in_turn(self._check, name, password, address)

    async def hash_in_turn(self, work: Callable[..., T], *arguments: str) -> T:
        """Runs what computes a hash: two at a time, a few that wait, LimitError for the others."""
        if self._pending >= CONCURRENT_CHECKS + WAITING_CHECKS:
            raise LimitError(
                "Un instant\u202f: beaucoup de connexions à la fois. Réessayez dans quelques secondes.",
                reason="login",
                retry_after=5,
            )
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
        finally:
            self._pending -= 1

    def _check(self, name: str, password: str, address: str) -> Visitor | None:
        self.access.attempts.begin(name, address)
        account = self.access.accounts.check(name, password)
        if account is None:
            log("login_refused")
            return None
        self.access.attempts.clear(name, address)
        return Visitor(account.name, account.role)

    async def _program_of(self, request: Request) -> Visitor | None:
        pair = _basic(request.headers.get("authorization", ""))
        if pair is None:
            return None
        key = hashlib.blake2b("\0".join(pair).encode("utf-8", "replace"), key=self._key).digest()
        visitor, until = self._cache.get(key, (None, 0.0))
        if visitor and self._clock() < until:
            return visitor
        visitor = await self.check(*pair, request.client.host if request.client else "")
        if visitor:
            self._cache[key] = (visitor, self._clock() + CACHE_SECONDS)
            if len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        return visitor


class LoginMiddleware:
    """ASGI middleware around all that a login protects; puts the visitor in VISITOR and in the scope, as "user"."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self.app = app
        self.authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        rejection, visitor = await self._authorize(request)
        if rejection is not None:
            await rejection(scope, receive, send)
            return
        VISITOR.set(visitor)  # the server runs each request in a task, thus in a context, of its own
        await self.app({**scope, "user": visitor}, receive, _without_cache(send) if visitor else send)

    async def _authorize(self, request: Request) -> tuple[Response | None, Visitor | None]:
        """The answer of a rejected request, else None; the visitor, None without a login."""
        path = request.scope["path"]
        if request.method not in ("GET", "HEAD", "OPTIONS") and not is_same_site(request):
            text = "Cette demande vient d’une autre page que celles de Guichet."
            return error_response(request, text, 403), None
        settings = self.authenticator.access.settings
        need = need_of(path, public=settings.public)
        if need == "nothing" and path != "/connexion":
            return None, None
        needed = await self.authenticator.login_is_needed()
        if needed is None and is_local(request):
            needed = False  # nothing is known of accounts: a person at the machine goes on, nobody else
        if needed is False and need == "operator" and not is_local(request):
            text = "Cette page ne s’ouvre que sur la machine où Guichet est installé."
            return error_response(request, text, 403), None
        if needed is False or (settings.open and need != "operator"):
            return None, await self._optional_visitor(request)
        try:
            visitor = await self.authenticator.visitor_of(request, program=need == "program")
        except GuichetError as error:
            if not isinstance(error, LimitError):
                log("access_unknown", error=error)
            return error_response(request, login_error(error), status_of(error), error=error), None
        if need == "nothing":
            return None, visitor
        if visitor is None:
            return _ask_to_log_in(request, sso=settings.sso_header != "", program=need == "program"), None
        if not visitor.may(need):
            return error_response(request, "Cette page est réservée aux opérateurs.", 403), visitor
        return None, visitor

    async def _optional_visitor(self, request: Request) -> Visitor | None:
        try:
            return await self.authenticator.visitor_of(request, program=False) if token_of(request) else None
        except GuichetError:
            return None


def is_same_site(request: Request) -> bool:
    """Whether a page of ours, or a program, sent this: browsers say from where whenever something is to be changed.

    A browser that holds our cookie, or fills in the form of the login, must say it.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    by_browser = token_of(request) != "" or request.scope["path"] in ("/connexion", "/deconnexion")
    return site is not None or not by_browser


def is_local(request: Request) -> bool:
    """Whether the browser is on this very machine, without a proxy in between, and knows that it talks to it.

    A page of another site can make its own name stand for 127.0.0.1 (DNS rebinding): the name must be one of ours.
    """
    host = request.client.host if request.client else ""
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return host in _LOOPBACK and name in (*_LOOPBACK, "localhost") and request.scope.get(SOURCE) == "direct"


def token_of(request: Request) -> str:
    """That of the session's cookie, "" without."""
    return request.cookies.get(cookie_name(request), "")[:200]


def cookie_name(request: Request) -> str:
    return SECURE_COOKIE if is_https(request) else COOKIE


def is_https(request: Request) -> bool:
    """As the browser sees it: said by a trusted proxy, or by GUICHET_HTTPS
    (assistant/web/middleware/proxy_headers.py).
    """
    return bool(request.scope["scheme"] == "https")


def _ask_to_log_in(request: Request, *, sso: bool, program: bool) -> Response:
    path = request.scope["path"]
    by_a_person = is_for_a_person(request) or (path == "/api/docs" and "text/html" in request.headers.get("accept", ""))
    if request.method == "GET" and by_a_person:
        after = path.lstrip("/") + (f"?{request.url.query}" if request.url.query else "")
        address = "../" * (path.count("/") - 1) + (f"connexion?suite={quote(after)}" if after else "connexion")
        return RedirectResponse(address, status_code=303, headers=NO_STORE)
    text = "La connexion est finie, ou n’a pas eu lieu. Connectez-vous\u202f: /connexion"
    if sso:
        text = "Le serveur d’authentification n’a pas dit qui vous êtes."
    answer = error_response(request, text, 401)
    if program:
        answer.headers["www-authenticate"] = 'Basic realm="Guichet", charset="UTF-8"'
    return answer


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None


def _without_cache(send: Send) -> Send:
    """Nothing that a login protects stays in the cache of a browser or a proxy."""

    async def send_without_cache(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("cache-control", "no-store")
        await send(message)

    return send_without_cache
