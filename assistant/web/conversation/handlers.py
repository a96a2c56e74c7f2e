"""What the events of the page do: take what the browser sent, return what it shows. Holds no state."""

from typing import Any

import gradio

from assistant.answer import Answer
from assistant.service.limits import Caller, asked_by, caller_of
from assistant.service.questions import QuestionService
from assistant.web.card.card import make_card
from assistant.web.card.html import render_card
from assistant.web.conversation.turns import failed_record, read_citations, read_turns, render_again, tidy, turn_record
from assistant.web.pages.fiche import render_no_proof, render_proof
from corpus.document import Document
from corpus.errors import GuichetError

Shown = tuple[Any, Any, Any]
"""Question box, conversation, proof."""


class Events:
    """The handlers, around one service."""

    def __init__(self, questions: QuestionService) -> None:
        self.questions = questions

    def ask(self, question: str | None, conversation: object, request: gradio.Request | None = None) -> Shown:
        """Answers, adds the turn to the conversation, opens its first fiche; an empty question changes nothing."""
        asked = tidy(str(question or "")).strip()
        if not asked:
            return gradio.skip(), gradio.skip(), gradio.skip()
        document = self.questions.document
        turns = render_again(conversation, document)
        try:
            with asked_by(asker_of(request)):
                answer = self.questions.answer(asked, [turn["question"] for turn in turns])
        except GuichetError as error:
            return "", [*turns, failed_record(asked, str(error), len(turns))], render_no_proof()
        return "", [*turns, turn_record(asked, answer, document, len(turns))], shown_proof(document, answer)

    def ask_chosen(self, conversation: object, event: gradio.EventData, request: gradio.Request | None = None) -> Shown:
        """`event.question`, from a button or an address; with `event.at`, in place of that turn and those after it."""
        question, turns = chosen(conversation, event)
        return self.ask(question, turns, request)

    def open(self, conversation: object, event: gradio.EventData) -> str:
        """The fiche of a chip that was clicked (`event.place`), with the passages that its turn used."""
        turns = read_turns(conversation)
        position = event._data.get("turn")
        known = isinstance(position, int) and 0 <= position < len(turns)
        citations = read_citations(turns[position]) if known else ()
        return render_proof(self.questions.document, tidy(str(event._data.get("place", ""))), citations)

    def card(self, event: gradio.EventData) -> str:
        """The counter card of `event.place`."""
        place = tidy(str(event._data.get("place", "")))
        registry = self.questions.table.registry
        card = make_card(self.questions.document, registry, place)
        return render_card(card, registry) if card else render_proof(self.questions.document, place)

    def restore(self, event: gradio.EventData) -> Shown:
        """A conversation that this browser kept (`event.turns`); the box keeps what is being typed."""
        turns = render_again(event._data.get("turns"), self.questions.document)
        last = turns[-1] if turns else None
        citations = read_citations(last) if last else ()
        place = citations[0].fiche if citations else ""
        return (
            gradio.skip(),
            turns,
            render_proof(self.questions.document, place, citations) if place else render_no_proof(),
        )


def asker_of(request: gradio.Request | None) -> Caller:
    """The account that is logged in, and the address; Gradio's `session_hash` is the browser's own choice."""
    if request is None:
        return Caller()
    visitor = request.user
    return caller_of(request, visitor.name if visitor else "")


def chosen(conversation: object, event: gradio.EventData) -> tuple[str, list[dict[str, Any]]]:
    """The question of a button or an address, and the turns that it follows."""
    at = event._data.get("at")
    turns = read_turns(conversation)
    return str(event._data.get("question", "")), turns[:at] if isinstance(at, int) and at >= 0 else turns


def shown_proof(document: Document, answer: Answer) -> str:
    """The first fiche of an answer, with the passages used."""
    return render_proof(document, answer.fiches[0], answer.citations) if answer.fiches else render_no_proof()
