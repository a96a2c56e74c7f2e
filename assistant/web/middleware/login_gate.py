"""The gate in front of every address: who is there, whether they may, and that no other site sent them.

cookie of a session      a person who logged in on /connexion
a name from the proxy    the SSO (assistant/web/middleware/proxy_headers.py)
name and password        programs, on /api/ask only (HTTP Basic), believed again for a minute
"""

import asyncio
import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.accounts.policy import VISITOR, Access, Visitor, need_of
from assistant.accounts.sessions import form_token
from assistant.errors import LimitError
from assistant.service.limits import Clock
from assistant.service.logs import log
from assistant.web.middleware.proxy_headers import VOUCHED
from assistant.web.pages.frame import render_message
from assistant.web.server import is_local
from corpus.errors import GuichetError

T = TypeVar("T")
PLAIN, SECURE = "guichet", "__Host-guichet"
"""The name of the cookie; the second one browsers keep to HTTPS and to this very host."""
BELIEVED = 60.0
"""Seconds for which a program's password is not checked again: a check is slow on purpose."""
CHECKING = 2
"""Passwords checked at the same time: each takes 64 MiB and most of a core."""
WAITING_CHECKS = 16


class Doorkeeper:
    """Says who a request comes from, and checks passwords away from the event loop."""

    def __init__(self, access: Access, *, clock: Clock = time.monotonic) -> None:
        self.access = access
        self._clock = clock
        self._pool = ThreadPoolExecutor(CHECKING, thread_name_prefix="guichet-login")
        self._working = 0
        self._key = secrets.token_bytes(32)
        self._believed: OrderedDict[bytes, tuple[Visitor, float]] = OrderedDict()

    async def login_is_needed(self) -> bool | None:
        if self.access.recent:
            return self.access.login_is_needed()
        return await asyncio.to_thread(self.access.login_is_needed)

    async def visitor(self, request: Request, *, program: bool) -> Visitor | None:
        """Raises DatabaseError when it cannot be known, LimitError after too many wrong passwords."""
        if vouched := request.scope.get(VOUCHED, ""):
            return Visitor(vouched, self.access.role_of(vouched))
        token = token_of(request)
        if token:
            session = self.access.sessions.cached(token) or await asyncio.to_thread(self.access.sessions.find, token)
            if session:
                return Visitor(session.name, session.role, token)
        return await self._program(request) if program else None

    async def check(self, name: str, password: str, address: str) -> Visitor | None:
        """Whose name and password it is; counts the attempt. Raises LimitError, DatabaseError."""
        return await self.in_turn(self._check, name, password, address)

    async def in_turn(self, work: Callable[..., T], *given: str) -> T:
        """What computes a hash: two at a time, a few that wait, the others sent back."""
        if self._working >= CHECKING + WAITING_CHECKS:
            raise LimitError(
                "Un instant\u202f: beaucoup de connexions à la fois. Réessayez dans quelques secondes.",
                reason="login",
                retry_after=5,
            )
        self._working += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)
        finally:
            self._working -= 1

    def _check(self, name: str, password: str, address: str) -> Visitor | None:
        self.access.attempts.begin(name, address)
        account = self.access.accounts.check(name, password)
        if account is None:
            log("login_refused")
            return None
        self.access.attempts.clear(name, address)
        return Visitor(account.name, account.role)

    async def _program(self, request: Request) -> Visitor | None:
        pair = _basic(request.headers.get("authorization", ""))
        if pair is None:
            return None
        key = hashlib.blake2b("\0".join(pair).encode("utf-8", "replace"), key=self._key).digest()
        visitor, until = self._believed.get(key, (None, 0.0))
        if visitor and self._clock() < until:
            return visitor
        visitor = await self.check(*pair, request.client.host if request.client else "")
        if visitor:
            self._believed[key] = (visitor, self._clock() + BELIEVED)
            if len(self._believed) > 1000:
                self._believed.popitem(last=False)
        return visitor


class Gate:
    """ASGI wrapper around everything that a login protects."""

    def __init__(self, app: ASGIApp, keeper: Doorkeeper) -> None:
        self.app = app
        self.keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        refusal, visitor = await self._judge(request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        with _shown_to(visitor):
            await self.app(scope, receive, _unkept(send) if visitor else send)

    async def _judge(self, request: Request) -> tuple[Response | None, Visitor | None]:
        path = request.scope["path"]
        if request.method not in ("GET", "HEAD", "OPTIONS") and not is_ours(request):
            return failed(request, "Cette demande vient d’une autre page que celles de Guichet.", 403), None
        settings = self.keeper.access.settings
        need = need_of(path, public=settings.public)
        if need == "nothing" and path != "/connexion":
            return None, None
        needed = await self.keeper.login_is_needed()
        if needed is None and is_local(request):
            needed = False  # nothing is known of accounts: whoever is at the machine goes on, nobody else
        if needed is False and need == "operator" and not is_local(request):
            return failed(request, "Cette page ne s’ouvre que sur la machine où Guichet est installé.", 403), None
        if needed is False or (settings.open and need != "operator"):
            return None, await self._optional(request)
        try:
            visitor = await self.keeper.visitor(request, program=need == "program")
        except LimitError as error:
            return failed(request, str(error), 429, retry_after=error.retry_after), None
        except GuichetError as error:
            log("access_unknown", error=error)
            return failed(request, "La base des comptes ne répond pas\u202f; réessayez dans un instant.", 503), None
        if need == "nothing":
            return None, visitor
        if visitor is None:
            return _asked_to_log_in(request, settings.sso_header != "", program=need == "program"), None
        if not visitor.may(need):
            return failed(request, "Cette page est réservée aux opérateurs.", 403), visitor
        return None, visitor

    async def _optional(self, request: Request) -> Visitor | None:
        try:
            return await self.keeper.visitor(request, program=False) if token_of(request) else None
        except GuichetError:
            return None


def is_ours(request: Request) -> bool:
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


def token_of(request: Request) -> str:
    return request.cookies.get(cookie_name(request), "")[:200]


def cookie_name(request: Request) -> str:
    return SECURE if is_https(request) else PLAIN


def is_https(request: Request) -> bool:
    """As the browser sees it: said by a trusted proxy, or by GUICHET_HTTPS
    (assistant/web/middleware/proxy_headers.py).
    """
    return bool(request.scope["scheme"] == "https")


def is_from_our_form(values: Mapping[str, list[str]]) -> bool:
    """Whether what was sent holds `current_form_token` of this very session."""
    return secrets.compare_digest(
        values.get("jeton", [""])[0].encode("utf-8", "replace"), current_form_token().encode()
    )


def current_form_token() -> str:
    """The hidden field `jeton` of every form of a page that changes something.

    Without a session (at the machine itself, behind an SSO) there is none: `is_ours` has judged those alone."""
    visitor = VISITOR.get()
    return form_token(visitor.token) if visitor and visitor.token else ""


def failed(request: Request, text: str, status: int, *, retry_after: int = 0) -> Response:
    """One French line: as JSON for scripts and programs, as a page for people."""
    headers = {"cache-control": "no-store"} | ({"retry-after": str(retry_after)} if retry_after else {})
    if not _is_for_a_person(request):
        return JSONResponse({"erreur": text}, status_code=status, headers=headers)
    return HTMLResponse(render_message("Accès refusé", text), status_code=status, headers=headers)


def _asked_to_log_in(request: Request, sso: bool, *, program: bool) -> Response:
    if request.method == "GET" and _is_for_a_person(request):
        after = request.scope["path"].lstrip("/") + (f"?{request.url.query}" if request.url.query else "")
        address = f"connexion?suite={quote(after)}" if after else "connexion"
        return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})
    text = "La connexion est finie, ou n’a pas eu lieu. Connectez-vous\u202f: /connexion"
    if sso:
        text = "Le serveur d’authentification n’a pas dit qui vous êtes."
    answer = failed(request, text, 401)
    if program:
        answer.headers["www-authenticate"] = 'Basic realm="Guichet", charset="UTF-8"'
    return answer


def _is_for_a_person(request: Request) -> bool:
    return not request.scope["path"].startswith(("/api/", "/gradio_api/", "/avis"))


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, coded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None


@contextmanager
def _shown_to(visitor: Visitor | None) -> Iterator[None]:
    token = VISITOR.set(visitor)
    try:
        yield
    finally:
        VISITOR.reset(token)


def _unkept(send: Send) -> Send:
    """Nothing that a login protects stays in a browser's cache, or a proxy's."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("cache-control", "no-store")
        await send(message)

    return sent
