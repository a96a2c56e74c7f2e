"""What the events of the page do: each takes what the browser sent and gives back what it shows. Holds no state."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import gradio

from assistant.answer import Answer, Partial
from assistant.card import make_card
from assistant.limits import Caller, asked_by
from assistant.roles import RoleTable
from assistant.web_caller import caller_of
from assistant.web_card import render_card
from assistant.web_fiche import EMPTY, render_proof
from assistant.web_turn import failed_record, read_citations, read_turns, render_again, tidy, turn_record
from corpus.errors import GuichetError
from corpus.fiche import Document

Shown = tuple[Any, Any, Any]
"""Question box, conversation, proof."""


class Answering(Protocol):
    """What the page needs of assistant.chain.Guichet; must be safe to call from several threads."""

    @property
    def document(self) -> Document: ...

    @property
    def table(self) -> RoleTable: ...

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer: ...

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        """What is written so far, then the Answer, which `answer` gives alone; closing it ends the work."""
        ...

    def embedded(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer without any chat model."""
        ...

    def model_problem(self) -> str:
        """ "" when the chat model does its work or there is none, else one French line for the operator."""
        ...


class Relay:
    """What stands before an engine and answers as it does; those that derive from it add to `answer`."""

    def __init__(self, guichet: Answering) -> None:
        self._guichet = guichet

    @property
    def document(self) -> Document:
        return self._guichet.document

    @property
    def table(self) -> RoleTable:
        return self._guichet.table

    def embedded(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self._guichet.embedded(question, history)

    def model_problem(self) -> str:
        return self._guichet.model_problem()


class Events:
    """The handlers, around one Guichet."""

    def __init__(self, guichet: Answering) -> None:
        self.guichet = guichet

    def ask(self, question: str | None, conversation: object, request: gradio.Request | None = None) -> Shown:
        """Answers, adds the turn to the conversation, opens its first fiche; an empty question changes nothing."""
        asked = tidy(str(question or "")).strip()
        if not asked:
            return gradio.skip(), gradio.skip(), gradio.skip()
        document = self.guichet.document
        turns = render_again(conversation, document)
        try:
            with asked_by(caller_of(request, request.session_hash or "") if request else Caller()):
                answer = self.guichet.answer(asked, [turn["question"] for turn in turns])
        except GuichetError as error:
            return "", [*turns, failed_record(asked, str(error), len(turns))], EMPTY
        return "", [*turns, turn_record(asked, answer, document, len(turns))], shown_proof(document, answer)

    def ask_chosen(self, conversation: object, event: gradio.EventData, request: gradio.Request | None = None) -> Shown:
        """`event.question`, from a button or an address; with `event.at`, in place of that turn and those after it."""
        question, kept = chosen(conversation, event)
        return self.ask(question, kept, request)

    def open(self, conversation: object, event: gradio.EventData) -> str:
        """The fiche of a chip that was clicked (`event.place`), with the passages that its turn used."""
        turns = read_turns(conversation)
        position = event._data.get("turn")
        known = isinstance(position, int) and 0 <= position < len(turns)
        citations = read_citations(turns[position]) if known else ()
        return render_proof(self.guichet.document, tidy(str(event._data.get("place", ""))), citations)

    def card(self, event: gradio.EventData) -> str:
        """The counter card of `event.place`."""
        place = tidy(str(event._data.get("place", "")))
        registry = self.guichet.table.registry
        card = make_card(self.guichet.document, registry, place)
        return render_card(card, registry) if card else render_proof(self.guichet.document, place)

    def restore(self, event: gradio.EventData) -> Shown:
        """A conversation that this browser kept (`event.turns`); the box keeps what is being typed."""
        turns = render_again(event._data.get("turns"), self.guichet.document)
        last = turns[-1] if turns else None
        citations = read_citations(last) if last else ()
        place = citations[0].fiche if citations else ""
        return gradio.skip(), turns, render_proof(self.guichet.document, place, citations) if place else EMPTY

    def restart(self) -> Shown:
        """An empty conversation."""
        return "", [], EMPTY


def chosen(conversation: object, event: gradio.EventData) -> tuple[str, list[dict[str, Any]]]:
    """The question of a button or an address, and the turns that it follows."""
    at = event._data.get("at")
    turns = read_turns(conversation)
    return str(event._data.get("question", "")), turns[:at] if isinstance(at, int) and at >= 0 else turns


def shown_proof(document: Document, answer: Answer) -> str:
    """The first fiche of an answer, with the passages used."""
    return render_proof(document, answer.fiches[0], answer.citations) if answer.fiches else EMPTY
