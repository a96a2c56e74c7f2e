"""A turn of the conversation: what the browser keeps of it, and its HTML. The server keeps nothing.

What comes back from the browser is not trusted: what is not a turn is left out, and everything is escaped again.
"""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from assistant.answer import Answer, Choice, Citation
from assistant.web_fiche import called_enjeu
from assistant.web_text import french, render_text
from corpus.fiche import Document

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


def turn_record(question: str, answer: Answer, document: Document, position: int) -> dict[str, Any]:
    """What the browser holds of a turn: enough to show it and to open its fiches; `position` counts from 0."""
    return {
        "question": question,
        "answer": answer.to_json(),
        "citations": [
            {"fiche": c.fiche, "section": c.section, "quote": c.quote, "lines": list(c.lines)} for c in answer.citations
        ],
        "html": render_turn(question, answer, document, position),
    }


def failed_record(question: str, message: str, position: int) -> dict[str, Any]:
    """A turn that could not be answered, with the line that says what repairs it."""
    html = f'{_question(question, position)}<div class="answer failed" role="alert"><p>{escape(message)}</p></div>'
    return {"question": question, "citations": [], "html": f'<article class="turn">{html}</article>'}


def read_turns(value: object) -> list[dict[str, Any]]:
    """The turns that the browser sent back; anything else is left out."""
    if not isinstance(value, list):
        return []
    return [turn for turn in value if isinstance(turn, dict) and isinstance(turn.get("question"), str)]


def read_citations(turn: dict[str, Any]) -> tuple[Citation, ...]:
    """The citations of a turn that came back from the browser; what is malformed is left out."""
    rows = turn.get("citations")
    found: list[Citation] = []
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        lines = row.get("lines")
        numbers = tuple(line for line in lines if isinstance(line, int)) if isinstance(lines, list) else ()
        found.append(
            Citation(str(row.get("fiche", "")), str(row.get("section", "")), str(row.get("quote", "")), numbers)
        )
    return tuple(found)


def render_turn(question: str, answer: Answer, document: Document, position: int) -> str:
    """The question, what was understood, the answer, its fiches, and apart from them what else may be read."""

    def chip(place: str) -> str:
        return _chip(document, place, position)

    understood = f"{french('J’ai compris :')} {escape(answer.understood)}" if answer.understood else ""
    parts = [
        _question(question, position),
        f'<p class="understood">{understood}</p>' if understood else "",
        f'<div class="answer {answer.status}">{render_text(answer.text, chip)}</div>',
        _choices("Vous cherchez plutôt", answer.choices),
        _places("Fiches citées", "cited", document, answer.fiches, position),
        _places("Voir aussi", "see-also", document, answer.see_also, position),
        _choices("Pour aller plus loin", answer.suggestions),
    ]
    return f'<article class="turn">{"".join(parts)}</article>'


def _question(question: str, position: int) -> str:
    return f'<h2 class="question" id="turn-{position}"><span class="sr">Vous\u00a0: </span>{escape(question)}</h2>'


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
    return f'<div class="places {kind}"><p class="label">{label}</p><ul>{items}</ul></div>'


def _choices(label: str, choices: Sequence[Choice]) -> str:
    if not choices:
        return ""
    return f'<p class="label">{label}</p><div class="choices">{"".join(map(_ask, choices))}</div>'


def _ask(choice: Choice) -> str:
    return f'<button type="button" class="choice" data-ask="{escape(choice.question)}">{escape(choice.label)}</button>'
