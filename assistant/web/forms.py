"""What the pages send: bounded bodies, forms, and the hidden field that only the session's own pages know."""

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.requests import Request

from assistant.accounts.policy import VISITOR
from assistant.accounts.sessions import form_token

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


async def read_form(request: Request) -> dict[str, list[str]]:
    return parse_qs((await read_body(request)).decode("utf-8", "replace"))


def is_from_our_form(values: Mapping[str, list[str]]) -> bool:
    """Whether a form holds `current_form_token` of this very session."""
    token = current_form_token().encode()
    return secrets.compare_digest(values.get("jeton", [""])[0].encode("utf-8", "replace"), token)


def current_form_token() -> str:
    """The hidden field `jeton` of every form that changes something.

    "" without a session (at the machine itself, behind an SSO): there `is_same_site` alone protects the forms.
    """
    visitor = VISITOR.get()
    return form_token(visitor.token) if visitor and visitor.token else ""
