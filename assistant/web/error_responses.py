"""How an error is told over HTTP: one French line, as {"erreur": ...} for programs, as a page for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from assistant.errors import LimitError
from assistant.web.pages.frame import render_message
from corpus.errors import GuichetError

NO_STORE = {"cache-control": "no-store"}
_FOR_PROGRAMS = ("/api/", "/gradio_api/", "/avis")


def json_error(message: str, status: int, *, retry_after: int = 0) -> Response:
    """`retry_after`: seconds, 0 when waiting changes nothing."""
    return JSONResponse({"erreur": message}, status_code=status, headers=_headers(retry_after))


def error_response(
    request: Request, message: str, status: int, *, retry_after: int = 0, title: str = "Accès refusé"
) -> Response:
    """As a page under `title`, or as JSON where a script or a program asks."""
    if not is_for_a_person(request):
        return json_error(message, status, retry_after=retry_after)
    return HTMLResponse(render_message(title, message), status_code=status, headers=_headers(retry_after))


def is_for_a_person(request: Request) -> bool:
    return not request.scope["path"].startswith(_FOR_PROGRAMS)


def status_of(error: GuichetError) -> int:
    """503 when the queue is full or something is broken, 429 for too fast, 413 for too long."""
    if not isinstance(error, LimitError):
        return 503
    return {"busy": 503, "turns": 413}.get(error.reason, 429)


def retry_after_of(error: GuichetError) -> int:
    return error.retry_after if isinstance(error, LimitError) else 0


def _headers(retry_after: int) -> dict[str, str]:
    return NO_STORE | ({"retry-after": str(retry_after)} if retry_after else {})
