"""The public face, for a kiosk or a frame in a site: large type, one column, no operator function.

Works without JavaScript. The earlier questions travel in the form, so that nothing is kept on the server;
the page clears itself (public.js).
"""

from collections.abc import Sequence
from html import escape

from assistant.answer import Answer, Choice
from assistant.web.conversation.render import EXAMPLES, place_name
from assistant.web.markdown import french, render_text
from assistant.web.pages.frame import document
from corpus.document import Document

KEPT = 6
"""Earlier questions that go along with the next one."""


def render_public(
    known: Document, question: str, answer: Answer | None, earlier: Sequence[str], *, failed: str = ""
) -> str:
    """The whole document; `earlier` are the questions already asked, oldest first, without this one.

    `failed`: why there is no answer.
    """
    before = [*earlier, question][-KEPT:] if answer else []
    without = _failed(question, failed) if failed else _welcome()
    shown = _answer(known, question, answer, before) if answer else without
    hidden = "".join(f'<input type="hidden" name="avant" value="{escape(each)}">' for each in before)
    label = "Une autre question\u00a0?" if answer else "Votre question"
    again = '<a class="again" href="public">Recommencer</a>' if answer else ""
    body = (
        '<main id="main" class="kiosk"><header><p class="name">Guichet</p>'
        f'<p class="subtitle">Les aides du Contrat de ville, dans vos mots</p></header>{shown}'
        f'<form action="public" method="post" class="ask"><label for="your-question">{label}</label>'
        f'<textarea id="your-question" name="question" rows="2" maxlength="4000" autocomplete="off" required '
        f"{'' if answer else 'autofocus'}></textarea>{hidden}"
        f'<p class="buttons"><button type="submit">Demander</button>{again}</p></form>'
        '<p class="caution">N’écrivez pas votre nom ni d’information personnelle. Le document date de 2015\u00a0: '
        "le guichet vérifie avec vous.</p></main>"
    )
    return document("Posez votre question", body, kind="public", scripts=("public.js",))


def _welcome() -> str:
    examples = "".join(_button(Choice(french(each), each), ()) for each in EXAMPLES)
    return f'<h1>Bonjour. Que cherchez-vous\u00a0?</h1><div class="choices">{examples}</div>'


def _failed(question: str, message: str) -> str:
    return (
        f'<h1 class="question">{escape(question)}</h1>'
        f'<section class="answer failed" role="alert"><p>{escape(message)}</p></section>'
        f'<div class="choices">{_button(Choice("Réessayer", question), ())}</div>'
    )


def _answer(known: Document, question: str, answer: Answer, before: Sequence[str]) -> str:
    def chip(place: str) -> str:
        return f'<span class="call">{escape(place_name(place))}</span>'

    choices = "".join(_button(each, before) for each in (*answer.choices, *answer.suggestions))
    titles = [(place, found.title) for place in answer.fiches[:3] if (found := known.fiche(place))]
    sources = "".join(f"<li>{chip(place)} {escape(title)}</li>" for place, title in titles)
    return (
        f'<h1 class="question">{escape(question)}</h1>'
        f'<section class="answer {answer.status}" aria-live="polite">{render_text(answer.text, chip)}</section>'
        + (f'<p class="note">{escape(answer.note)}</p>' if answer.note else "")
        + (f'<p class="label">D’où cela vient</p><ul class="sources">{sources}</ul>' if sources else "")
        + (f'<div class="choices">{choices}</div>' if choices else "")
    )


def _button(choice: Choice, before: Sequence[str]) -> str:
    hidden = "".join(f'<input type="hidden" name="avant" value="{escape(each)}">' for each in before)
    return (
        f'<form action="public" method="post">{hidden}<button class="choice" name="question" '
        f'value="{escape(choice.question)}">{escape(french(choice.label))}</button></form>'
    )
