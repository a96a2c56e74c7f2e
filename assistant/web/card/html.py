"""The counter card as escaped HTML: what the agent reads, hands over, prints; and the texts behind its copy buttons."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.web.card.card import CAUTION, SOURCE, Card, for_email, for_person
from corpus.registry import Registry

LONG = 2300
"""Characters, a name counting for a line of 60; found by printing the 43 cards."""
NOTHING = '<p class="nothing">Le document n’indique rien.</p>'


def render_card(card: Card, registry: Registry) -> str:
    """An article with its buttons; `data-copy` buttons put on the clipboard the text whose id they name."""
    groups = "".join(
        f"<div><dt>{escape(group.holder)}</dt>{''.join(f'<dd>{escape(item)}</dd>' for item in group.items)}</div>"
        for group in card.groups
    )
    today = "".join(f"<li>{escape(old)}, aujourd’hui <strong>{escape(new)}</strong></li>" for old, new in card.today)
    return (
        f'<article class="card{" long" if is_long(card) else ""}" aria-labelledby="proof-title">'
        f"{_tools(card)}"
        f'<header><p class="place">{escape(card.pilier)}</p>'
        f'<h2 id="proof-title" tabindex="-1"><span class="number">Fiche {escape(card.fiche)}</span> '
        f"{escape(card.title)}</h2></header>"
        f'<div class="who"><section><h3>Qui finance</h3>{_names(card.financeurs)}</section>'
        f"<section><h3>Qui agit</h3>{_names(card.operateurs)}</section></div>"
        f"<section><h3>Dispositifs, et qui les porte</h3>{f'<dl>{groups}</dl>' if groups else NOTHING}</section>"
        + (f"<section><h3>Noms actuels</h3><ul>{today}</ul></section>" if today else "")
        + f'<p class="caution">{escape(CAUTION)} Source\u00a0: {SOURCE}, fiche {escape(card.fiche)}.</p>'
        f"{_text('person', for_person(card, registry))}{_text('email', for_email(card, registry))}</article>"
    )


def is_long(card: Card) -> bool:
    """Whether the card needs small type to print on one page."""
    names = len(card.financeurs) + len(card.operateurs) + len(card.groups)
    return sum(len(item) for group in card.groups for item in group.items) + 60 * names > LONG


def _tools(card: Card) -> str:
    number = quote(card.fiche)
    return (
        '<div class="tools" role="group" aria-label="Remettre cette carte">'
        '<button type="button" class="tool main" data-copy="text-person">Copier pour l’usager</button>'
        '<button type="button" class="tool" data-copy="text-email">Copier pour un courriel</button>'
        f'<a class="tool" href="carte?fiche={number}&amp;imprimer" target="_blank" rel="noopener" data-print>'
        "Imprimer</a>"
        f'<a class="tool" href="carte.docx?fiche={number}" download>Word</a>'
        f'<a class="tool" href="carte.md?fiche={number}" download>Markdown</a>'
        f'<a class="tool" href="./?fiche={number}" data-place="{escape(card.fiche)}">Lire la fiche entière</a>'
        "</div>"
    )


def _names(names: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    return f"<ul>{items}</ul>" if items else NOTHING


def _text(name: str, text: str) -> str:
    """Out of sight and of the reading order; the copy buttons read it."""
    return f'<pre id="text-{name}" hidden>{escape(text)}</pre>'
