"""The counter card as HTML (`templates/card.html`)."""

from markupsafe import Markup

from assistant.web.card.card import CAUTION, SOURCE, Card, for_email, for_person
from assistant.web.templating import render
from corpus.registry import Registry

LONG = 2300
"""Characters, a name counting for a line of 60; found by printing every card."""


def render_card(card: Card, registry: Registry) -> Markup:
    """An article with its buttons; `data-copy` buttons put on the clipboard the text whose id they name."""
    return render(
        "card.html",
        card=card,
        long=is_long(card),
        caution=CAUTION,
        source=SOURCE,
        for_person=for_person(card, registry),
        for_email=for_email(card, registry),
    )


def is_long(card: Card) -> bool:
    """Whether the card needs small type to print on one page."""
    names = len(card.financeurs) + len(card.operateurs) + len(card.holders)
    return sum(len(text) for holder in card.holders for text in holder.dispositifs) + 60 * names > LONG
