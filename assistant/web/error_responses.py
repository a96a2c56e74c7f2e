"""How an error is told over HTTP: one French line, as {"erreur": ...} for programs, as a page for people."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from assistant.errors import LimitError
from assistant.web.pages.frame import render_message
from corpus.errors import GuichetError

NO_STORE = {"cache-control": "no-store"}
_FOR_PROGRAMS = ("/api/", "/gradio_api/", "/avis")


def json_error(message: str, status: int, *, error: GuichetError | None = None) -> Response:
    """`error`: what happened, which may say when to try again."""
    return JSONResponse({"erreur": message}, status_code=status, headers=headers_of(error))


def error_response(
    request: Request, message: str, status: int, *, error: GuichetError | None = None, title: str = "Accès refusé"
) -> Response:
    """As a page under `title`, or as JSON where a script or a program asks."""
    if not is_for_a_person(request):
        return json_error(message, status, error=error)
    return HTMLResponse(render_message(title, message), status_code=status, headers=headers_of(error))


def is_for_a_person(request: Request) -> bool:
    return not request.scope["path"].startswith(_FOR_PROGRAMS)


def login_error(error: GuichetError) -> str:
    """What is said when nobody can be logged in: too many attempts, or the database does not answer."""
    if isinstance(error, LimitError):
        return str(error)
    return "La base des comptes ne répond pas\u202f; réessayez dans un instant."


def status_of(error: GuichetError) -> int:
    """503 when the queue is full or something is broken, 429 for too fast, 413 for too long."""
    if not isinstance(error, LimitError):
        return 503
    return {"busy": 503, "turns": 413}.get(error.reason, 429)


def headers_of(error: GuichetError | None) -> dict[str, str]:
    """With `Retry-After`, where waiting helps."""
    retry_after = error.retry_after if isinstance(error, LimitError) else 0
    return NO_STORE | ({"retry-after": str(retry_after)} if retry_after else {})
