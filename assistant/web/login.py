"""The pages of the login: /connexion, /deconnexion, and /compte, where a person changes their password.

They work without JavaScript. What is wrong is told without saying whether the name exists.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.accounts.accounts import LONGEST, SHORTEST
from assistant.accounts.policy import VISITOR
from assistant.errors import AccountError, LimitError
from assistant.service.logs import log
from assistant.web.error_responses import error_response
from assistant.web.forms import form_field, is_from_our_form, read_form
from assistant.web.middleware.authentication import Authenticator, cookie_name, is_https
from assistant.web.pages.frame import SUBTITLE, document, page
from corpus.errors import GuichetError

_AFTER = re.compile(r"(?:\./)?[a-z]{0,20}(?:\.[a-z]{2,4})?(?:\?[^\s\\]{0,4000})?")
"""A page of ours, with what it shows: what could lead elsewhere does not match."""
_AWAY = "La base des comptes ne répond pas\u202f; réessayez dans un instant."
_WRONG = "Nom de compte ou mot de passe incorrect."
_UNKEPT = {"cache-control": "no-store"}


@dataclass(frozen=True)
class Login:
    authenticator: Authenticator

    def routes(self) -> list[Route]:
        return [
            Route("/connexion", self.show, methods=["GET"]),
            Route("/connexion", self.enter, methods=["POST"]),
            Route("/deconnexion", self.leave, methods=["POST"]),
            Route("/compte", self.account, methods=["GET"]),
            Route("/compte", self.change, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        after = _after(request.query_params.get("suite", ""))
        if VISITOR.get() or await self.authenticator.login_is_needed() is False:
            return RedirectResponse(after, status_code=303, headers=_UNKEPT)
        told = "Vous êtes déconnecté." if "fin" in request.query_params else ""
        return HTMLResponse(render_login(after, told=told), headers=_UNKEPT)

    async def enter(self, request: Request) -> Response:
        values = await read_form(request)
        name, after = _first(values, "nom"), _after(_first(values, "suite"))
        try:
            visitor = await self.authenticator.check(name, _first(values, "passe"), _address(request))
            if visitor and (before := VISITOR.get()) and before.token:
                await asyncio.to_thread(self.authenticator.access.sessions.close, before.token)
            token = await asyncio.to_thread(self.authenticator.access.sessions.open, visitor.name) if visitor else ""
        except GuichetError as error:
            limit = isinstance(error, LimitError)
            wrong = str(error) if limit else _AWAY
            headers = _UNKEPT | ({"retry-after": f"{error.retry_after}"} if isinstance(error, LimitError) else {})
            html = render_login(after, name=name, wrong=wrong)
            return HTMLResponse(html, status_code=429 if limit else 503, headers=headers)
        if not token:
            return HTMLResponse(render_login(after, name=name, wrong=_WRONG), status_code=401, headers=_UNKEPT)
        log("login")
        answer = RedirectResponse(after, status_code=303, headers=_UNKEPT)
        give_cookie(request, answer, token)
        return answer

    async def leave(self, request: Request) -> Response:
        visitor = VISITOR.get()
        if not is_from_our_form(await read_form(request)):
            return error_response(request, "Ce formulaire n’est plus bon\u202f; rouvrez la page.", 403)
        if visitor and visitor.token:
            try:
                await asyncio.to_thread(self.authenticator.access.sessions.close, visitor.token)
            except GuichetError as error:
                log("logout_failed", error=error)
                return error_response(request, _AWAY, 503)
        answer = RedirectResponse("connexion?fin", status_code=303, headers=_UNKEPT)
        answer.delete_cookie(cookie_name(request), secure=is_https(request), httponly=True, samesite="lax")
        return answer

    async def account(self, request: Request) -> Response:
        return self._account(request)

    def _account(self, request: Request, *, wrong: str = "", status: int = 200) -> Response:
        visitor = VISITOR.get()
        if visitor is None:
            return error_response(request, "Aucune connexion n’est demandée ici.", 404)
        return HTMLResponse(
            page("compte", "Votre compte", render_account(visitor.name, visitor.role, bool(visitor.token), wrong)),
            status_code=status,
            headers=_UNKEPT,
        )

    async def change(self, request: Request) -> Response:
        """A new password: every session of the account ends, and this one begins anew."""
        visitor, values = VISITOR.get(), await read_form(request)
        if not is_from_our_form(values) or visitor is None or not visitor.token:
            return error_response(request, "Ce formulaire n’est plus bon\u202f; rouvrez la page.", 403)
        new = _first(values, "nouveau")
        if new != _first(values, "encore"):
            return self._account(request, wrong="Les deux nouveaux mots de passe diffèrent.", status=400)
        access = self.authenticator.access
        try:
            if not await self.authenticator.check(visitor.name, _first(values, "passe"), _address(request)):
                return self._account(request, wrong="Le mot de passe actuel n’est pas celui-là.", status=400)
            await self.authenticator.hash_in_turn(access.accounts.set_password, visitor.name, new)
            token = await asyncio.to_thread(access.sessions.open, visitor.name)
        except AccountError as error:
            return self._account(request, wrong=str(error), status=400)
        except LimitError as error:
            return error_response(request, str(error), 429, retry_after=error.retry_after)
        except GuichetError:
            return error_response(request, _AWAY, 503)
        answer = RedirectResponse("compte", status_code=303, headers=_UNKEPT)
        give_cookie(request, answer, token)
        return answer


def give_cookie(request: Request, answer: Response, token: str) -> None:
    """For as long as the browser is open: how long the session lasts is the server's matter."""
    answer.set_cookie(cookie_name(request), token, httponly=True, samesite="lax", secure=is_https(request), path="/")


def render_login(after: str, *, name: str = "", wrong: str = "", told: str = "") -> str:
    message = f'<p class="told" role="status">{escape(told)}</p>' if told else ""
    described = ""
    if wrong:
        message = f'<p class="told wrong" id="wrong" role="alert">{escape(wrong)}</p>'
        described = ' aria-invalid="true" aria-describedby="wrong"'
    body = (
        f'<main id="main"><p class="name">Guichet</p><p class="subtitle">{SUBTITLE}</p><h1>Connexion</h1>{message}'
        '<form action="connexion" method="post" class="fields">'
        f'<input type="hidden" name="suite" value="{escape(after)}">'
        '<label for="login-name">Nom de compte</label><input id="login-name" name="nom" autocomplete="username" '
        f'autocapitalize="none" spellcheck="false" maxlength="100" required value="{escape(name)}"{described}'
        f"{'' if name else ' autofocus'}>"
        '<label for="login-password">Mot de passe</label><input id="login-password" name="passe" type="password" '
        f'autocomplete="current-password" maxlength="{LONGEST}" required{described}{" autofocus" if name else ""}>'
        '<p><button type="submit">Se connecter</button></p>'
        '<p class="hint">Mot de passe perdu\u202f? La personne qui administre Guichet en donne un nouveau.</p>'
        "</form></main>"
    )
    return document("Connexion", body, kind="login", scripts=())


def render_account(name: str, role: str, by_password: bool, wrong: str) -> str:
    """`by_password`: the account is ours; else the proxy knows it, and its password is not changed here."""
    about = f"<p>Compte <strong>{escape(name)}</strong>, rôle «\u00a0{escape(role)}\u00a0».</p>"
    if not by_password:
        return f"{about}<p>La connexion est celle de votre collectivité.</p>"
    message = f'<p class="told wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    leave = (
        f'<form action="deconnexion" method="post">{form_field()}<button type="submit">Se déconnecter</button></form>'
    )
    fields = (
        ("passe", "Mot de passe actuel", "current-password"),
        ("nouveau", "Nouveau mot de passe", "new-password"),
        ("encore", "Nouveau mot de passe, encore une fois", "new-password"),
    )
    boxes = "".join(
        f'<label for="field-{key}">{label}</label><input id="field-{key}" name="{key}" type="password" '
        f'autocomplete="{kind}" maxlength="{LONGEST}" required>'
        for key, label, kind in fields
    )
    return (
        f'{about}{leave}<h2>Changer de mot de passe</h2>{message}<form action="compte" method="post" class="fields">'
        f"{form_field()}"
        f'<input name="nom" value="{escape(name)}" autocomplete="username" hidden>{boxes}'
        f'<p class="hint">{SHORTEST}\u00a0caractères au moins. Les autres connexions de ce compte '
        'se ferment.</p><p><button type="submit">Changer</button></p></form>'
    )


def _after(given: str) -> str:
    """Where to go after the login: the page that was asked for, else the first one."""
    if not given or not _AFTER.fullmatch(given):
        return "./"
    return f"./{given}" if given.startswith("?") else given


def _first(values: Mapping[str, list[str]], name: str) -> str:
    return values.get(name, [""])[0]


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
