"""What the pages send: bounded bodies, forms, and the hidden field that only the session's own pages know."""

import secrets
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request

from assistant.accounts.policy import VISITOR
from assistant.accounts.sessions import form_token

Form = ImmutableMultiDict[str, str]
"""Fields of a form; `getlist` for one that comes several times."""
MAX_FORM = 65_536
"""Bytes of a form that are read."""


async def read_body(request: Request) -> bytes:
    """At most MAX_FORM bytes: what is longer is cut."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            return body[:MAX_FORM]
    return body


async def read_form(request: Request) -> Form:
    return Form(parse_qsl((await read_body(request)).decode("utf-8", "replace")))


def is_from_our_form(form: Form) -> bool:
    """Whether a form holds `current_form_token` of this very session."""
    token = current_form_token().encode()
    return secrets.compare_digest(form.get("jeton", "").encode("utf-8", "replace"), token)


def current_form_token() -> str:
    """The hidden field `jeton` of every form that changes something.

    "" without a session (at the machine itself, behind an SSO): there `is_same_site` alone protects the forms.
    """
    visitor = VISITOR.get()
    return form_token(visitor.token) if visitor and visitor.token else ""
