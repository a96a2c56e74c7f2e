"""The page: Gradio's components and events, and the way they are served. The only file that knows Gradio.

The conversation lives in the browser: every event brings it along and takes it back; the server keeps nothing.
"""

import os
import sys
from functools import partial
from typing import Any

import fastapi
import gradio
from starlette.staticfiles import StaticFiles

from assistant.accounts.policy import Access, check_listening
from assistant.errors import DatabaseError
from assistant.service.answering import Answering
from assistant.service.assemble import open_house
from assistant.service.declined_journal import Journal
from assistant.service.limits import Limits
from assistant.settings.settings import Settings
from assistant.storage.database import open_database
from assistant.storage.opinions import open_opinions
from assistant.storage.retention import masking_store, notice, purge_regularly
from assistant.web.api import Api
from assistant.web.conversation.handlers import Events
from assistant.web.conversation.render import render_welcome
from assistant.web.conversation.streaming import Writing
from assistant.web.login import Login
from assistant.web.middleware.body_limit import BodyLimit
from assistant.web.middleware.known_addresses import Doors, methods_of
from assistant.web.middleware.login_gate import Doorkeeper, Gate
from assistant.web.middleware.proxy_headers import Forwarded
from assistant.web.pages.fiche import render_no_proof
from assistant.web.pages.frame import render_bar, render_foot
from assistant.web.pages.routes import Pages
from assistant.web.server import STATIC, TITLE, run

HANDLERS = 8
"""Handlers that Gradio runs beyond what the reception lets in, so that who is sent back is so at once."""
# System fonts: nothing is fetched. Gradio's default theme asks Google for its own.
FONTS = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"]
MONO = ["ui-monospace", "Liberation Mono", "monospace"]
PENDING = "(question, turns) => { window.guichet.pending(question); return [question, turns]; }"
"""Runs in the browser before a question leaves: it is shown at once, above what is being done."""


def build_page(guichet: Answering, limits: Limits, said: str, *, writes: bool) -> gradio.Blocks:
    """The whole page; `build_app` mounts it, with its theme and its static files. `said`: what is kept.

    `writes`: a chat model writes answers; without one the page has nothing for it.
    """
    events = Events(guichet)
    page = gradio.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    page.max_threads = limits.at_once + limits.waiting + 2 * HANDLERS
    with page:
        with gradio.Row(elem_id="top"):
            gradio.HTML(render_bar(), elem_id="identity", apply_default_css=False, js_on_load=None)
            restart = gradio.Button("Nouvelle conversation", elem_id="restart", variant="secondary", scale=0)
        with gradio.Row(elem_id="desk"):
            with gradio.Column(elem_id="talk", scale=3):
                conversation = gradio.HTML(
                    [],
                    html_template='<div role="log" aria-live="polite" aria-label="Conversation" class="turns">'
                    '${value && value.length ? value.map(turn => turn.html).join("") : welcome}</div>',
                    js_on_load=_script("conversation.js"),
                    apply_default_css=False,
                    elem_id="conversation",
                    welcome=render_welcome(guichet.document),
                )
                with gradio.Row(elem_id="ask"):
                    question = gradio.Textbox(
                        label="Votre question",
                        placeholder="Posez votre question…",
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        elem_id="question",
                        html_attributes=gradio.InputHTMLAttributes(lang="fr", autocomplete="off", enterkeyhint="send"),
                        scale=1,
                    )
                    send = gradio.Button("Demander", elem_id="send", variant="primary", scale=0)
                    stop = gradio.Button("Arrêter", elem_id="stop", variant="secondary", scale=0)
            with gradio.Column(elem_id="side", scale=2):
                proof = gradio.HTML(
                    render_no_proof(),
                    html_template='<section role="region" aria-label="Fiche" class="proof">${value}</section>',
                    js_on_load=_script("proof.js"),
                    apply_default_css=False,
                    elem_id="proof",
                )
        gradio.HTML(render_foot(said), elem_id="foot", apply_default_css=False, js_on_load=None)

        shared: dict[str, Any] = {
            "show_progress": "hidden",
            "concurrency_limit": limits.at_once + limits.waiting + HANDLERS,
            "concurrency_id": "guichet",
            "api_visibility": "private",
        }
        parts = [question, conversation, proof]
        handlers: tuple[Any, Any] = (events.ask, events.ask_chosen)
        answered = parts
        if writes:
            writing = Writing(guichet, shared["concurrency_limit"])
            written = gradio.HTML({}, html_template="", js_on_load=_script("writing.js"), elem_id="written")
            handlers, answered = (writing.ask, writing.ask_chosen), [*parts, written]
        typed = {"inputs": [question, conversation], "outputs": answered, "js": PENDING}
        asked = gradio.on([question.submit, send.click], handlers[0], **typed, **shared)
        chosen = conversation.ask(handlers[1], [conversation], answered, **shared)
        conversation.open(events.open, [conversation], [proof], queue=False, **shared)
        conversation.card(events.card, None, [proof], queue=False, **shared)
        if writes:  # first of all: a listener that has its own work to do cancels only after it
            for leaves in (conversation.restore, restart.click):
                leaves(None, None, None, js="() => window.guichet.settled()", cancels=[asked, chosen])
        conversation.restore(events.restore, None, parts, queue=False, **shared)
        restart.click(events.restart, None, parts, queue=False, **shared)
        stop.click(None, None, None, js="() => window.guichet.stopped()", cancels=[asked, chosen])
        if writes:
            stop.click(writing.stop, [conversation, written], answered, queue=False, **shared)
    return page


def _script(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def build_app(guichet: Answering, settings: Settings, *, access: Access | None = None) -> fastapi.FastAPI:
    """The page and its static files as one ASGI application; `assistant.web.server.run` wraps it and serves it.

    `access`: that of the settings, unless it is given (with a clock of its own).
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/guichet", StaticFiles(directory=STATIC))
    feedback = open_opinions(settings)
    keeper = masking_store(feedback, settings)
    if settings.journal:
        guichet = Journal(guichet, keeper)
    house = open_house(guichet, settings, feedback)
    reception = house.reception
    at_once = partial(reception.ask, embedded=True)  # the public face waits for no model
    known = guichet.document, guichet.table
    pages = Pages(*known, at_once, feedback, house.health, keeper, house.metrics, settings.llm)
    app.router.routes.extend(pages.routes())
    app.router.routes.extend(Api(reception.ask, house.health, house.metrics, settings.metrics_from).routes())
    protect(app, access or Access(feedback.database, settings))
    gradio.mount_gradio_app(
        app,
        build_page(reception, reception.limits, notice(settings), writes=bool(settings.llm)),
        path="/",
        server_name=settings.host,
        server_port=settings.port,
        theme=gradio.themes.Base(font=FONTS, font_mono=MONO),
        favicon_path=str(STATIC / "guichet.svg"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    return app


def protect(app: fastapi.FastAPI, access: Access) -> None:
    """Puts what stands before the application around it, the innermost first, with the pages of the login."""
    settings = access.settings
    keeper = Doorkeeper(access)
    app.router.routes.extend(Login(keeper).routes())
    app.add_middleware(Gate, keeper=keeper)
    app.add_middleware(BodyLimit)
    app.add_middleware(Doors, own=methods_of(app.router.routes), files=[each.name for each in STATIC.iterdir()])
    app.add_middleware(Forwarded, proxies=settings.proxies, header=settings.sso_header, https=settings.https)


def serve(guichet: Answering, settings: Settings) -> None:
    """Serves the page until interrupted. Raises ServerError, one French line, when the port is not free, or when the
    page would be open to a network that nobody meant to let in.

    A database that cannot be used now is told and stops nothing: answers do not need it, and it may come back.
    """
    database = open_database(settings)
    try:
        database.check()
    except DatabaseError as error:
        sys.stderr.write(f"guichet : {error} Les réponses sont servies sans elle.\n")
    access = Access(database, settings)
    check_listening(access)
    purge_regularly(open_opinions(settings), settings.retention, also=access.purge)
    run(build_app(guichet, settings, access=access), settings.host, settings.port)
