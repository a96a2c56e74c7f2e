"""A turn of the conversation as escaped HTML: the question, the answer, its fiches, what can be done next."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.answer import GENERATED, Answer, Choice
from assistant.understanding.fiche_filter import left_out, pinned, unrestricted
from assistant.web.markdown import french, render_text
from assistant.web.pages.fiche import called_enjeu
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


def welcome() -> str:
    """What stands in place of an empty conversation: one sentence and questions to try."""
    buttons = "".join(_ask(Choice(french(question), question)) for question in EXAMPLES)
    return (
        '<div class="welcome"><h2>Que cherche la personne devant vous\u00a0?</h2>'
        "<p>Posez la question avec ses mots. La réponse vient des 43 fiches du Contrat de ville, "
        "et chaque phrase cite la sienne.</p>"
        f'<p class="label">Par exemple</p><div class="choices">{buttons}</div></div>'
    )


def render_understood(answer: Answer) -> str:
    """What was read in the question; "" when there is nothing to add."""
    if not answer.understood:
        return ""
    return f'<p class="understood">{french("J’ai compris :")} {escape(answer.understood)}</p>'


def render_written(text: str, document: Document, position: int) -> str:
    """What of an answer is final while a model goes on writing it."""
    return render_text(text, lambda place: _chip(document, place, position))


def render_turn(question: str, answer: Answer, document: Document, position: int) -> str:
    """The question, what was understood, the answer, its fiches, and apart from them what else may be read."""

    def chip(place: str) -> str:
        return _chip(document, place, position)

    # A fiche that is offered as a choice is not named a second time.
    offered = [choice.question for choice in answer.choices]
    besides = [place for place in answer.see_also if all(pinned(each, place) != each for each in offered)]
    parts = [
        _question(question, position),
        render_understood(answer),
        f'<div class="answer {answer.status}">{render_text(answer.text, chip)}</div>',
        _maker(answer),
        _tools(answer),  # at once below the answer: the card is handed over without scrolling on a small screen
        _choices("Vous cherchez plutôt", answer.choices, position),
        _places("Fiches citées", "cited", document, answer.fiches, position),
        _places("Voir aussi", "see-also", document, besides, position),
        _choices("Pour aller plus loin", answer.suggestions),
        _elsewhere(question, answer, document, position),
    ]
    return f'<article class="turn" data-turn="{position}">{"".join(parts)}</article>'


def render_failed(question: str, message: str, position: int) -> str:
    """A question without an answer: what happened, and the question again as a button."""
    return (
        f'<article class="turn" data-turn="{position}">{_question(question, position)}'
        f'<div class="answer failed" role="alert"><p>{escape(message)}</p></div>'
        f'<div class="choices">{_ask(Choice("Réessayer", question), position)}</div></article>'
    )


def _maker(answer: Answer) -> str:
    """Who wrote the answer, when it is a model, and what there is to know of it (a note says why it is not)."""
    said = [MADE if answer.engine == GENERATED else "", answer.note]
    return f'<p class="maker">{escape(" ".join(filter(None, said)))}</p>' if any(said) else ""


def _tools(answer: Answer) -> str:
    """What can be done with an answer; opinion.js and conversation.js act on the `data-do` of each."""
    first = next((place for place in answer.fiches if place[:1].isdigit()), "")
    card = (
        f'<a class="tool main" href="carte?fiche={quote(first)}" data-card="{escape(first)}">Carte à remettre</a>'
        f'<a class="tool main" href="carte?fiche={quote(first)}&amp;imprimer" target="_blank" rel="noopener" '
        "data-print>Imprimer<span class='sr'> la carte</span></a>"
        if first and len(answer.fiches) <= MANY
        else ""
    )
    buttons = (
        ("edit", "Modifier<span class='sr'> la question</span>"),
        ("copy", "Copier<span class='sr'> la réponse</span>"),
        ("share", "Copier l’adresse"),
        ("useful", "Utile"),
        ("useless", "Pas utile"),
    )
    shown = "".join(f'<button type="button" class="tool" data-do="{do}">{label}</button>' for do, label in buttons)
    return f'<div class="tools" role="group" aria-label="Cette réponse">{card}{shown}</div>'


def _elsewhere(question: str, answer: Answer, document: Document, position: int) -> str:
    """The same question again: of one fiche alone, or of all but one of those cited."""
    cited = [place for place in answer.fiches if document.fiche(place)]
    if answer.status != "answered" or not 1 <= len(cited) <= MANY:
        return ""
    next_ones = [place for place in (*answer.see_also, *answer.ranking) if place not in cited and document.fiche(place)]
    alone = cited if len(cited) > 1 else []
    buttons = [
        *(_ask(_asked_of(question, place, document, "Seulement la"), position) for place in alone),
        *(_ask(_asked_of(question, place, document, "La"), position) for place in dict.fromkeys(next_ones)),
    ][: len(alone) + OTHERS]
    if next_ones:  # found by searching: the next best can answer in its place
        buttons += [_ask(Choice(f"Sans la fiche {place}", left_out(question, place)), position) for place in cited]
    if unrestricted(question) != question:
        buttons.append(_ask(Choice("Toutes les fiches", unrestricted(question)), position))
    if not buttons:
        return ""
    return (
        '<details class="elsewhere"><summary class="label">Répondre avec une autre fiche</summary>'
        f'<div class="choices">{"".join(buttons)}</div></details>'
    )


def _asked_of(question: str, place: str, document: Document, lead: str) -> Choice:
    return Choice(f"{lead} fiche {place}\u00a0: {_title(document, place)}", pinned(question, place))


def _question(question: str, position: int) -> str:
    return (
        f'<h2 class="question" id="turn-{position}" data-question="{escape(question)}">'
        f'<span class="sr">Vous\u00a0: </span>{escape(question)}</h2>'
    )


def place_name(place: str) -> str:
    """What a chip says: "2-3" -> "fiche 2-3"; "préambule" and "enjeu 1" say themselves."""
    return f"fiche {place}" if place[:1].isdigit() else place


def _title(document: Document, place: str) -> str:
    fiche = document.fiche(place)
    if fiche is not None:
        return fiche.title
    enjeu = called_enjeu(document, place)
    return enjeu.title if enjeu else ""


def _chip(document: Document, place: str, position: int) -> str:
    """The brackets are there for who copies the answer; on the screen the shape of the chip stands for them."""
    title = _title(document, place)
    return (
        f'<a class="chip" href="?fiche={quote(place)}" data-place="{escape(place)}" data-turn="{position}" '
        f'title="{escape(title)}"><span class="bracket">[</span>{escape(place_name(place))}'
        '<span class="bracket">]</span></a>'
    )


def _places(label: str, kind: str, document: Document, places: Sequence[str], position: int) -> str:
    if not places:
        return ""
    items = "".join(
        f'<li>{_chip(document, place, position)} <span class="title">{escape(_title(document, place))}</span></li>'
        for place in places
    )
    if len(places) > MANY:  # the answer lists them already
        count = f"{label} ({len(places)})"
        return f'<details class="places {kind}"><summary class="label">{count}</summary><ul>{items}</ul></details>'
    return f'<div class="places {kind}"><p class="label">{label}</p><ul>{items}</ul></div>'


def _choices(label: str, choices: Sequence[Choice], position: int | None = None) -> str:
    if not choices:
        return ""
    buttons = "".join(_ask(choice, position) for choice in choices)
    return f'<p class="label">{label}</p><div class="choices">{buttons}</div>'


def _ask(choice: Choice, position: int | None = None) -> str:
    """With a `position`, the answer takes the place of that turn when it is the last one."""
    place = "" if position is None else f' data-at="{position}"'
    asked = escape(choice.question)
    return f'<button type="button" class="choice" data-ask="{asked}"{place}>{escape(french(choice.label))}</button>'
