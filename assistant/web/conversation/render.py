"""A turn of the conversation as HTML: the question, the answer, its fiches, what can be done next.

The values are prepared here; `templates/turn.html` shows them.
"""

from functools import partial

from markupsafe import Markup

from assistant.answer import GENERATED, Answer, Choice
from assistant.understanding.fiche_filter import left_out, pinned, unrestricted
from assistant.web.markdown import render_text
from assistant.web.pages.fiche import find_enjeu
from assistant.web.templating import render, render_macro
from corpus.document import Document

MANY = 6
"""More fiches than that are folded under the answer."""
OTHERS = 3
"""Fiches offered in place of those that were cited."""
MADE = "Réponse rédigée par un modèle de langue et vérifiée sur les fiches."
EXAMPLES = (
    "Qui finance l’accueil des jeunes enfants ?",
    "Quels dispositifs pour apprendre le français ?",
    "Quelles fiches la CAF finance-t-elle ?",
    "Qui peut aider un jeune exclu du collège ?",
)


def render_welcome(document: Document) -> Markup:
    """What stands in place of an empty conversation: one sentence and questions to try."""
    examples = [Choice(question, question) for question in EXAMPLES]
    return render("welcome.html", fiches=len(document.fiches), examples=examples)


def render_understood(answer: Answer) -> Markup:
    """What was read in the question; "" when there is nothing to add."""
    return render("understood.html", understood=answer.understood) if answer.understood else Markup()


def render_written(text: str, document: Document, position: int) -> Markup:
    """What of an answer is final while a model goes on writing it."""
    return render_text(text, partial(_chip, document, position))


def render_turn(question: str, answer: Answer, document: Document, position: int) -> Markup:
    """The question, what was understood, the answer, its fiches, and apart from them what else may be read."""
    # A fiche that is offered as a choice is not named a second time.
    offered = [choice.question for choice in answer.choices]
    see_also = [place for place in answer.see_also if all(pinned(question, place) != question for question in offered)]
    return render(
        "turn.html",
        question=question,
        position=position,
        failure="",
        understood=render_understood(answer),
        answer=answer,
        text=render_written(answer.text, document, position),
        maker=" ".join(filter(None, [MADE if answer.engine == GENERATED else "", answer.note])),
        card=_fiche_of_card(answer),
        see_also=see_also,
        titles={place: _title(document, place) for place in (*answer.fiches, *see_also)},
        many=MANY,
        other_fiches=_other_fiches(question, answer, document),
    )


def render_failed(question: str, message: str, position: int) -> Markup:
    """A question without an answer: what happened, and the question again as a button."""
    return render("turn.html", question=question, position=position, failure=message)


def _fiche_of_card(answer: Answer) -> str:
    """The fiche whose card is handed over: the first one cited, "" when none is or too many are."""
    first = next((place for place in answer.fiches if place[:1].isdigit()), "")
    return first if len(answer.fiches) <= MANY else ""


def _other_fiches(question: str, answer: Answer, document: Document) -> list[Choice]:
    """The same question again: of one fiche alone, or of all but one of those cited."""
    cited = [place for place in answer.fiches if document.fiche(place)]
    if answer.status != "answered" or not 1 <= len(cited) <= MANY:
        return []
    others = dict.fromkeys(
        place for place in (*answer.see_also, *answer.ranking) if place not in cited and document.fiche(place)
    )
    alone = cited if len(cited) > 1 else []
    choices = [
        *(_pinned_to(question, place, document, "Seulement la fiche") for place in alone),
        *(_pinned_to(question, place, document, "La fiche") for place in list(others)[:OTHERS]),
    ]
    if others:  # found by searching: the next best can answer in its place
        choices += [Choice(f"Sans la fiche {place}", left_out(question, place)) for place in cited]
    if unrestricted(question) != question:
        choices.append(Choice("Toutes les fiches", unrestricted(question)))
    return choices


def _pinned_to(question: str, place: str, document: Document, lead: str) -> Choice:
    return Choice(f"{lead} {place}\u00a0: {_title(document, place)}", pinned(question, place))


def _title(document: Document, place: str) -> str:
    if fiche := document.fiche(place):
        return fiche.title
    enjeu = find_enjeu(document, place)
    return enjeu.title if enjeu else ""


def _chip(document: Document, position: int, place: str) -> Markup:
    return render_macro("parts.html", "chip", place, _title(document, place), position)
