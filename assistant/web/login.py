"""The pages of the login: /connexion, /deconnexion, and /compte, where a person changes their password.

They work without JavaScript. An error does not say whether the name exists.
"""

import asyncio
import re
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.accounts.accounts import LONGEST, SHORTEST
from assistant.accounts.policy import VISITOR
from assistant.errors import AccountError
from assistant.service.logs import log
from assistant.web.error_responses import NO_STORE, error_response, headers_of, login_error, status_of
from assistant.web.forms import current_form_token, is_from_our_form, read_form
from assistant.web.middleware.authentication import Authenticator, cookie_name, is_https
from assistant.web.pages.frame import render_page
from assistant.web.templating import render
from corpus.errors import GuichetError

_OUR_PAGE = re.compile(r"(?:\./|api/)?[a-z]{0,20}(?:\.[a-z]{2,4})?(?:\?[^\s\\]{0,4000})?")
"""The address of a page of ours, with its query; what could lead to another site does not match."""
_REJECTED = "Nom de compte ou mot de passe incorrect."


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
        next_page = _next_page(request.query_params.get("suite", ""))
        if VISITOR.get() or await self.authenticator.login_is_needed() is False:
            return RedirectResponse(next_page, status_code=303, headers=NO_STORE)
        notice = "Vous êtes déconnecté." if "fin" in request.query_params else ""
        return HTMLResponse(render_login(next_page, notice=notice), headers=NO_STORE)

    async def enter(self, request: Request) -> Response:
        form = await read_form(request)
        name, next_page = form.get("nom", ""), _next_page(form.get("suite", ""))
        try:
            visitor = await self.authenticator.check(name, form.get("passe", ""), _address(request))
            if visitor and (before := VISITOR.get()) and before.token:
                await asyncio.to_thread(self.authenticator.access.sessions.close, before.token)
            token = await asyncio.to_thread(self.authenticator.access.sessions.open, visitor.name) if visitor else ""
        except GuichetError as error:
            return _not_checked(error, next_page, name)
        if not token:
            return HTMLResponse(render_login(next_page, name=name, error=_REJECTED), status_code=401, headers=NO_STORE)
        log("login")
        answer = RedirectResponse(next_page, status_code=303, headers=NO_STORE)
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
                return error_response(request, login_error(error), 503)
        answer = RedirectResponse("connexion?fin", status_code=303, headers=NO_STORE)
        answer.delete_cookie(cookie_name(request), secure=is_https(request), httponly=True, samesite="lax")
        return answer

    async def account(self, request: Request, *, error: str = "", status: int = 200) -> Response:
        visitor = VISITOR.get()
        if visitor is None:
            return error_response(request, "Aucune connexion n’est demandée ici.", 404)
        html = render_page(
            "account.html",
            address="compte",
            title="Votre compte",
            token=current_form_token(),
            error=error,
            longest=LONGEST,
            shortest=SHORTEST,
        )
        return HTMLResponse(html, status_code=status, headers=NO_STORE)

    async def change(self, request: Request) -> Response:
        """A new password: every session of the account ends, and this one begins anew."""
        visitor, form = VISITOR.get(), await read_form(request)
        if not is_from_our_form(form) or visitor is None or not visitor.token:
            return error_response(request, "Ce formulaire n’est plus bon\u202f; rouvrez la page.", 403)
        new = form.get("nouveau", "")
        if new != form.get("encore", ""):
            return await self.account(request, error="Les deux nouveaux mots de passe diffèrent.", status=400)
        access = self.authenticator.access
        try:
            if not await self.authenticator.check(visitor.name, form.get("passe", ""), _address(request)):
                return await self.account(request, error="Le mot de passe actuel n’est pas celui-là.", status=400)
            await self.authenticator.hash_in_turn(access.accounts.set_password, visitor.name, new)
            token = await asyncio.to_thread(access.sessions.open, visitor.name)
        except AccountError as error:
            return await self.account(request, error=str(error), status=400)
        except GuichetError as error:
            return error_response(request, login_error(error), status_of(error), error=error)
        answer = RedirectResponse("compte", status_code=303, headers=NO_STORE)
        give_cookie(request, answer, token)
        return answer


def give_cookie(request: Request, answer: Response, token: str) -> None:
    """For as long as the browser is open: how long the session lasts is the server's matter."""
    answer.set_cookie(cookie_name(request), token, httponly=True, samesite="lax", secure=is_https(request), path="/")


def render_login(next_page: str, *, name: str = "", error: str = "", notice: str = "") -> Markup:
    """The form of the login. `next_page`: the address that follows it; `name`: the account that was typed."""
    return render(
        "login.html",
        title="Connexion",
        scripts=(),
        next_page=next_page,
        name=name,
        error=error,
        notice=notice,
        longest=LONGEST,
    )


def _not_checked(error: GuichetError, next_page: str, name: str) -> Response:
    """The form again, with what is wrong."""
    html = render_login(next_page, name=name, error=login_error(error))
    return HTMLResponse(html, status_code=status_of(error), headers=headers_of(error))


def _next_page(given: str) -> str:
    """Where to go after the login: the page that was asked for, else the first one."""
    if not given or not _OUR_PAGE.fullmatch(given):
        return "./"
    return f"./{given}" if given.startswith("?") else given


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
