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
from assistant.service.answering import Answering
from assistant.service.limits import asked_by
from assistant.web.conversation.handlers import asker_of, chosen, shown_proof
from assistant.web.conversation.throttle import paced
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

Written = tuple[Any, Any, Any, Any]
"""Question box, conversation, proof, what is being written."""
COMPOSED = "Réponse composée avec les mots des fiches, sans modèle de langue."
_NOTHING: dict[str, Any] = {}


class StreamingEvents:
    """The handlers, around one Guichet that has a chat model; `threads`: answers that are streamed together."""

    def __init__(self, guichet: Answering, threads: int) -> None:
        self.guichet = guichet
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="writing")

    async def ask(
        self, question: str | None, conversation: object, request: gradio.Request | None = None
    ) -> AsyncIterator[Written]:
        """As `Events.ask`, with what is written on the way; the proof is shown before the model writes."""
        asked = tidy(str(question or "")).strip()
        if not asked:
            yield _unchanged()
            return
        document = self.guichet.document
        turns = await asyncio.to_thread(render_again, conversation, document)
        history = [turn["question"] for turn in turns]
        caller = asker_of(request)
        begun = opened = False

        def begin() -> Iterator[Partial | Answer]:
            with asked_by(caller):
                yield from self.guichet.stream(asked, history)

        def emptied() -> Any:
            """The question box, once: the next question may be typed while this one is answered."""
            return gradio.skip() if begun else ""

        try:
            async for each in paced(begin, self._pool):
                if each is None:
                    yield _unchanged()
                elif isinstance(each, Partial):
                    first = each.embedded if each.embedded and not opened else None
                    opened = opened or first is not None
                    proof = shown_proof(document, first) if first else gradio.skip()
                    yield emptied(), gradio.skip(), proof, written_record(asked, each, document, len(turns))
                    begun = True
                else:
                    record = turn_record(asked, told(each), document, len(turns))
                    yield emptied(), [*turns, record], shown_proof(document, each), _NOTHING
        except GuichetError as error:
            yield emptied(), [*turns, failed_record(asked, str(error), len(turns))], render_no_proof(), _NOTHING

    async def ask_chosen(
        self, conversation: object, event: gradio.EventData, request: gradio.Request | None = None
    ) -> AsyncIterator[Written]:
        """As `Events.ask_chosen`."""
        question, kept = chosen(conversation, event)
        async for each in self.ask(question, kept, request):
            yield each

    def stop(self, conversation: object, written: object) -> Written:
        """The turn that was being written, as far as it came; nothing when nothing of it was shown yet."""
        document = self.guichet.document
        stopped = stopped_record(written, document)
        if stopped is None:
            return _unchanged()
        position, record = stopped
        return gradio.skip(), [*render_again(conversation, document)[:position], record], gradio.skip(), _NOTHING


def told(answer: Answer) -> Answer:
    """Beside a model's answers, those of the embedded engine say that they are not; a note that is there says more."""
    plain = answer.status == "answered" and answer.engine == EMBEDDED and not answer.note
    return replace(answer, note=COMPOSED) if plain else answer


def _unchanged() -> Written:
    return gradio.skip(), gradio.skip(), gradio.skip(), gradio.skip()
