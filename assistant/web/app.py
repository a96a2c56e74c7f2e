"""The whole of the web as one ASGI application: pages, HTTP interface, conversation, and the middleware around them."""

import sys
from collections.abc import Callable
from importlib.metadata import version

import fastapi
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from assistant.accounts.policy import Access, check_listening
from assistant.errors import DatabaseError
from assistant.service.answering import Answering
from assistant.service.assemble import assemble_service
from assistant.service.folder_lock import lock_folder
from assistant.service.logs import open_standard_streams
from assistant.settings.settings import Settings
from assistant.storage.database import open_database
from assistant.storage.opinions import OpinionStore
from assistant.storage.retention import MaskingStore, notice, purge_regularly
from assistant.web.api import api_router
from assistant.web.conversation.blocks import build_blocks, mount_conversation
from assistant.web.error_responses import error_response
from assistant.web.gradio_document import GradioDocument
from assistant.web.login import Login
from assistant.web.middleware.authentication import Authenticator, LoginMiddleware
from assistant.web.middleware.body_limit import BodyLimit
from assistant.web.middleware.known_addresses import KnownAddresses, methods_of
from assistant.web.middleware.proxy_headers import ProxyHeaders
from assistant.web.middleware.security_headers import POLICY, SecurityHeaders
from assistant.web.pages.routes import Pages
from assistant.web.server import bind_port, run
from assistant.web.templating import STATIC


def build_app(guichet: Answering, settings: Settings, *, access: Access | None = None) -> fastapi.FastAPI:
    """`access`: that of the settings, unless it is given (with a clock of its own)."""
    access = access or Access(open_database(settings), settings)
    masking_store = MaskingStore(OpinionStore(access.accounts.database), settings.feedback)
    service = assemble_service(guichet, settings, masking_store)

    app = fastapi.FastAPI(
        title="Guichet", version=version("guichet"), openapi_url="/api/openapi.json", docs_url=None, redoc_url=None
    )
    app.add_exception_handler(Exception, _internal_error)
    app.mount("/guichet", StaticFiles(directory=STATIC))
    app.router.routes.extend(Pages(service, masking_store, settings.llm).routes())
    api = api_router(service, settings.metrics_from)
    app.include_router(api)
    authenticator = Authenticator(access)
    app.router.routes.extend(Login(authenticator).routes())
    # The innermost first.
    app.add_middleware(GradioDocument)
    app.add_middleware(LoginMiddleware, authenticator=authenticator)
    app.add_middleware(BodyLimit)
    files = [path.name for path in STATIC.iterdir()]
    app.add_middleware(KnownAddresses, methods=methods_of([*app.router.routes, *api.routes]), files=files)
    app.add_middleware(ProxyHeaders, proxies=settings.proxies, sso_header=settings.sso_header, https=settings.https)
    app.add_middleware(SecurityHeaders)
    blocks = build_blocks(service.questions, notice(settings), with_model=bool(settings.llm))
    mount_conversation(app, blocks, settings)
    return app


def _internal_error(request: Request, _: Exception) -> Response:
    text = "Guichet n’a pas pu répondre à cette demande. Réessayez."
    response = error_response(request, text, 500, title="Erreur")
    response.headers["content-security-policy"] = POLICY
    return response


def serve(open_guichet: Callable[[], Answering], settings: Settings) -> None:
    """Serves the page until interrupted. Raises ServerError, one French line, when the page would be open to a network
    that nobody meant to let in, when the port is not free, or when the folder is another server's; only then calls
    `open_guichet`, which takes long.

    A database that cannot be used now is told and stops nothing: answers do not need it, and it may come back.
    """
    open_standard_streams()
    access = Access(open_database(settings), settings)
    database = access.accounts.database
    check_listening(access)
    with bind_port(settings.host, settings.port) as bound, lock_folder(settings):
        guichet = open_guichet()
        try:
            database.check()
        except DatabaseError as error:
            sys.stderr.write(f"guichet : {error} Les réponses sont servies sans elle.\n")
        purge_regularly(OpinionStore(database), settings.retention, also=access.purge)
        run(build_app(guichet, settings, access=access), bound, settings.host)
