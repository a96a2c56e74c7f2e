"""The public page (/public), for a kiosk or a frame in a site: large type, one column, nothing for operators.

Works without JavaScript. The earlier questions travel in the form, so that nothing is stored on the server; the page
clears itself (public.js).
"""

from collections.abc import Sequence

from markupsafe import Markup

from assistant.answer import Answer
from assistant.web.conversation.render import EXAMPLES
from assistant.web.markdown import render_text
from assistant.web.templating import render, render_macro
from corpus.document import Document

MOST_EARLIER = 6
"""Earlier questions that go along with the next one."""
_MOST_SOURCES = 3


def render_public(
    document: Document, question: str, answer: Answer | None, earlier: Sequence[str], *, failure: str = ""
) -> Markup:
    """The whole page; `earlier` are the questions asked before this one, oldest first.

    `failure`: why there is no answer. Without answer and failure, nothing was asked yet.
    """
    sources = [fiche for place in (answer.fiches if answer else ())[:_MOST_SOURCES] if (fiche := document.fiche(place))]
    return render(
        "public.html",
        title="Posez votre question",
        scripts=("public.js",),
        question=question,
        answer=answer,
        text=render_text(answer.text, _chip) if answer else "",
        failure=failure,
        sources=sources,
        before=[*earlier, question][-MOST_EARLIER:] if answer else [],
        examples=EXAMPLES,
    )


def _chip(place: str) -> Markup:
    return render_macro("parts.html", "plain_chip", place)
