"""What the events of the page do when a chat model writes: the answer grows, and may be stopped. Holds no state.

An event is an asynchronous generator: Gradio cancels it when « Arrêter » is clicked and closes it when the tab is
gone, and the model's work ends with it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import gradio

from assistant.answer import EMBEDDED, Answer, Partial
from assistant.service.limits import asked_by
from assistant.service.questions import QuestionService
from assistant.web.conversation.handlers import asker_of, chosen, shown_proof
from assistant.web.conversation.throttle import throttle
from assistant.web.conversation.turns import (
    failed_record,
    render_again,
    stopped_record,
    tidy,
    turn_record,
    written_record,
)
from assistant.web.pages.fiche import render_no_proof
from corpus.errors import GuichetError

Streamed = tuple[Any, Any, Any, Any]
"""Question box, conversation, proof, what is being written."""
COMPOSED = "Réponse composée avec les mots des fiches, sans modèle de langue."
_NOTHING: dict[str, Any] = {}


class StreamingEvents:
    """The handlers, where a chat model writes; `threads`: answers that are streamed together."""

    def __init__(self, questions: QuestionService, threads: int) -> None:
        self.questions = questions
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="writing")

    async def ask(
        self, question: str | None, conversation: object, request: gradio.Request | None = None
    ) -> AsyncIterator[Streamed]:
        """As `Events.ask`, with what is written on the way; the proof is shown before the model writes."""
        asked = tidy(str(question or "")).strip()
        if not asked:
            yield _unchanged()
            return
        document = self.questions.document
        turns = await asyncio.to_thread(render_again, conversation, document)
        history = [turn["question"] for turn in turns]
        caller = asker_of(request)
        box_is_empty = proof_is_open = False

        def stream() -> Iterator[Partial | Answer]:
            with asked_by(caller):
                yield from self.questions.stream(asked, history)

        def empty_box() -> Any:
            """The question box, once: the next question may be typed while this one is answered."""
            return gradio.skip() if box_is_empty else ""

        try:
            async for part in throttle(stream, self._pool):
                if part is None:
                    yield _unchanged()
                elif isinstance(part, Partial):
                    proof = gradio.skip()
                    if part.embedded and not proof_is_open:
                        proof, proof_is_open = shown_proof(document, part.embedded), True
                    yield empty_box(), gradio.skip(), proof, written_record(asked, part, document, len(turns))
                    box_is_empty = True
                else:
                    record = turn_record(asked, add_engine_note(part), document, len(turns))
                    yield empty_box(), [*turns, record], shown_proof(document, part), _NOTHING
        except GuichetError as error:
            yield empty_box(), [*turns, failed_record(asked, str(error), len(turns))], render_no_proof(), _NOTHING

    async def ask_chosen(
        self, conversation: object, event: gradio.EventData, request: gradio.Request | None = None
    ) -> AsyncIterator[Streamed]:
        """As `Events.ask_chosen`."""
        question, turns = chosen(conversation, event)
        async for update in self.ask(question, turns, request):
            yield update

    def stop(self, conversation: object, written: object) -> Streamed:
        """The turn that was being written, as far as it came; nothing when nothing of it was shown yet."""
        document = self.questions.document
        stopped = stopped_record(written, document)
        if stopped is None:
            return _unchanged()
        position, record = stopped
        return gradio.skip(), [*render_again(conversation, document)[:position], record], gradio.skip(), _NOTHING


def add_engine_note(answer: Answer) -> Answer:
    """Says of an answer of the embedded engine that no model wrote it; another note that is there says more."""
    plain = answer.status == "answered" and answer.engine == EMBEDDED and not answer.note
    return replace(answer, note=COMPOSED) if plain else answer


def _unchanged() -> Streamed:
    return gradio.skip(), gradio.skip(), gradio.skip(), gradio.skip()
