"""The page: Gradio's components and events, and the way they are served. The only file that knows Gradio.

The conversation lives in the browser: every event brings it along and takes it back; the server keeps nothing.
"""

import os
from collections.abc import Sequence
from typing import Any, Protocol

import fastapi
import gradio
from starlette.staticfiles import StaticFiles

from assistant.answer import Answer
from assistant.settings import Settings
from assistant.web_fiche import EMPTY, render_proof
from assistant.web_server import STATIC, TITLE, run
from assistant.web_turn import failed_record, read_citations, read_turns, turn_record, welcome
from corpus.errors import GuichetError
from corpus.fiche import Document

AT_ONCE = 16
"""Questions answered at the same time; the next ones wait their turn."""
# System fonts: nothing is fetched. Gradio's default theme asks Google for its own.
FONTS = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"]
MONO = ["ui-monospace", "Liberation Mono", "monospace"]
HEADER = (
    '<div class="identity"><h1>Guichet</h1>'
    "<p>Contrat de ville 2015-2020 de Seine-Amont\u00a0: Choisy-le-Roi, Ivry-sur-Seine, Vitry-sur-Seine</p></div>"
)
FOOTER = (
    "<p>Le document date de 2015. Guichet ne dit que ce qu’il contient\u00a0; "
    "pour une situation personnelle, adressez-vous au guichet.</p>"
)


class Answering(Protocol):
    """What the page needs of assistant.chain.Guichet; must be safe to call from several threads."""

    @property
    def document(self) -> Document: ...

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer: ...


def build_page(guichet: Answering, settings: Settings) -> gradio.Blocks:  # noqa: ARG001 - faces differ by settings later
    """The whole page; `build_app` mounts it, with its theme and its static files."""
    handlers = _Handlers(guichet)
    page = gradio.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        with gradio.Row(elem_id="top"):
            gradio.HTML(HEADER, elem_id="identity", apply_default_css=False, js_on_load=None)
            restart = gradio.Button("Nouvelle conversation", elem_id="restart", variant="secondary", scale=0)
        with gradio.Row(elem_id="desk"):
            with gradio.Column(elem_id="talk", scale=3):
                conversation = gradio.HTML(
                    [],
                    html_template='<div role="log" aria-live="polite" aria-label="Conversation" class="turns">'
                    '${value && value.length ? value.map(turn => turn.html).join("") : welcome}</div>',
                    js_on_load=(STATIC / "conversation.js").read_text(encoding="utf-8"),
                    apply_default_css=False,
                    elem_id="conversation",
                    welcome=welcome(),
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
            with gradio.Column(elem_id="side", scale=2):
                proof = gradio.HTML(
                    EMPTY,
                    html_template='<section role="region" aria-label="Fiche" class="proof">${value}</section>',
                    js_on_load=(STATIC / "proof.js").read_text(encoding="utf-8"),
                    apply_default_css=False,
                    elem_id="proof",
                )
        gradio.HTML(FOOTER, elem_id="foot", apply_default_css=False, js_on_load=None)

        shared: dict[str, Any] = {
            "show_progress": "hidden",
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "guichet",
            "api_visibility": "private",
        }
        parts = [question, conversation, proof]
        gradio.on([question.submit, send.click], handlers.ask, [question, conversation], parts, **shared)
        conversation.ask(handlers.ask_chosen, [conversation], parts, **shared)
        conversation.open(handlers.open, [conversation], [proof], queue=False, **shared)
        restart.click(handlers.restart, None, parts, queue=False, **shared)
    return page


class _Handlers:
    """What the events do; each takes what the browser sent and gives back what it shows."""

    def __init__(self, guichet: Answering) -> None:
        self.guichet = guichet

    def ask(self, question: str | None, conversation: object) -> tuple[Any, Any, Any]:
        """Answers, adds the turn to the conversation, opens its first fiche; an empty question changes nothing."""
        asked = (question or "").strip()
        if not asked:
            return gradio.skip(), gradio.skip(), gradio.skip()
        turns = read_turns(conversation)
        document = self.guichet.document
        try:
            answer = self.guichet.answer(asked, [turn["question"] for turn in turns])
        except GuichetError as error:
            return "", [*turns, failed_record(asked, str(error), len(turns))], EMPTY
        proof = render_proof(document, answer.fiches[0], answer.citations) if answer.fiches else EMPTY
        return "", [*turns, turn_record(asked, answer, document, len(turns))], proof

    def ask_chosen(self, conversation: object, event: gradio.EventData) -> tuple[Any, Any, Any]:
        """An example, a choice or a suggestion that was clicked: `event.question`."""
        return self.ask(str(event._data.get("question", "")), conversation)

    def open(self, conversation: object, event: gradio.EventData) -> str:
        """The fiche of a chip that was clicked (`event.place`), with the passages that its turn used."""
        turns = read_turns(conversation)
        position = event._data.get("turn")
        known = isinstance(position, int) and 0 <= position < len(turns)
        citations = read_citations(turns[position]) if known else ()
        return render_proof(self.guichet.document, str(event._data.get("place", "")), citations)

    def restart(self) -> tuple[str, list[Any], str]:
        """An empty conversation."""
        return "", [], EMPTY


def build_app(guichet: Answering, settings: Settings) -> fastapi.FastAPI:
    """The page and its static files as one ASGI application; `assistant.web_server.run` wraps it and serves it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/guichet", StaticFiles(directory=STATIC))
    gradio.mount_gradio_app(
        app,
        build_page(guichet, settings),
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


def serve(guichet: Answering, settings: Settings) -> None:
    """Serves the page until interrupted. Raises ServerError, one French line, when the port is not free."""
    run(build_app(guichet, settings), settings.host, settings.port)
