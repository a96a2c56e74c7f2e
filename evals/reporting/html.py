"""Pieces of the report's HTML: a section, a table. Escapes what it is given, and sets French spaces."""

from collections.abc import Iterable, Sequence
from html import escape

from evals.reporting.labels import typeset


def section(heading: str, text: str, *content: str) -> str:
    """`text` is plain; `content` is HTML, already escaped."""
    paragraph = f"<p>{escape(typeset(text))}</p>" if text else ""
    return f"<section><h2>{escape(typeset(heading))}</h2>{paragraph}{''.join(content)}</section>"


def figure(plot: str) -> str:
    return f"<figure>{plot}</figure>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, wordy: frozenset[int] = frozenset()) -> str:
    """Plain cells; the columns of `wordy` hold sentences, the others figures."""
    headings = "".join(f"<th>{escape(typeset(cell))}</th>" for cell in head)
    lines = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=text' if i in wordy else ''}>{escape(typeset(cell))}</td>" for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    body = f"<thead><tr>{headings}</tr></thead><tbody>{lines}</tbody>"
    return f'<div class="scroll"><table>{body}</table></div>'
