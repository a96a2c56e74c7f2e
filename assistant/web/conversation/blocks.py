"""The conversation as Gradio's components and events, and its mounting into the application.

The conversation lives in the browser: every event brings it along and takes it back; the server stores nothing.
"""

import json
from typing import Any

import fastapi
import gradio

from assistant.service.questions import QuestionService
from assistant.settings.settings import Settings
from assistant.web.conversation.handlers import Events
from assistant.web.conversation.render import render_welcome
from assistant.web.conversation.streaming import StreamingEvents
from assistant.web.pages.fiche import render_no_proof
from assistant.web.templating import STATIC, TITLE, render

SPARE_HANDLERS = 8
"""Handlers that Gradio runs beyond the places of the queue, so that a rejected question is told so at once."""
# System fonts: nothing is fetched. Gradio's default theme asks Google for its own.
FONTS = ["system-ui", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"]
MONO = ["ui-monospace", "Liberation Mono", "monospace"]
PENDING = "(question, turns) => { window.guichet.pending(question); return [question, turns]; }"
"""Runs in the browser before a question leaves: it is shown at once, above what is being done."""
EMPTIED = f'() => ["", [], {json.dumps(render_no_proof())}]'
"""What a new conversation shows, in the browser alone: a server's answer could come after the next question."""


def build_blocks(questions: QuestionService, retention: str, *, with_model: bool) -> gradio.Blocks:
    """The whole page. `with_model`: a chat model writes answers; without one no event streams."""
    events = Events(questions)
    places = questions.limits.concurrency + questions.limits.queue_size
    # `analytics_enabled=False` guards all that Gradio sends for a mounted page: version check, « initiated »
    blocks = gradio.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    blocks.max_threads = places + 2 * SPARE_HANDLERS
    with blocks:
        with gradio.Row(elem_id="top"):
            gradio.HTML(render("bar.html"), elem_id="identity", apply_default_css=False, js_on_load=None)
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
                    welcome=render_welcome(questions.document),
                    fiches=len(questions.document.fiches),
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
        gradio.HTML(render("foot.html", retention=retention), elem_id="foot", apply_default_css=False, js_on_load=None)

        shared: dict[str, Any] = {
            "show_progress": "hidden",
            "concurrency_limit": places + SPARE_HANDLERS,
            "concurrency_id": "guichet",
            "api_visibility": "private",
        }
        parts = [question, conversation, proof]
        answer_events: Events | StreamingEvents = events
        outputs: list[Any] = parts
        if with_model:
            answer_events = streaming = StreamingEvents(questions, places + SPARE_HANDLERS)
            written = gradio.HTML({}, html_template="", js_on_load=_script("writing.js"), elem_id="written")
            outputs = [*parts, written]
        typed = {"inputs": [question, conversation], "outputs": outputs, "js": PENDING}
        asked = gradio.on([question.submit, send.click], answer_events.ask, **typed, **shared)
        chosen = conversation.ask(answer_events.ask_chosen, [conversation], outputs, **shared)
        conversation.open(events.open, [conversation], [proof], queue=False, **shared)
        conversation.card(events.card, None, [proof], queue=False, **shared)
        leaving: dict[str, Any] = {"js": "() => window.guichet.settled()", "cancels": [asked, chosen]}
        if with_model:  # first of all: a listener that has its own work to do cancels only after it
            conversation.restore(None, None, None, **leaving)
        conversation.restore(events.restore, None, parts, queue=False, **shared)
        left = restart.click(None, None, None, **leaving)
        left.then(None, None, parts, js=EMPTIED)  # what is still being written comes no more
        stop.click(None, None, None, js="() => window.guichet.stopped()", cancels=[asked, chosen])
        if with_model:
            stop.click(streaming.stop, [conversation, written], outputs, queue=False, **shared)
    return blocks


def mount_conversation(app: fastapi.FastAPI, blocks: gradio.Blocks, settings: Settings) -> None:
    """Mounts the page at /, with what Gradio offers besides (footer, history, tools for models) turned off."""
    gradio.mount_gradio_app(
        app,
        blocks,
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


def _script(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
