"""Where a name stands in the text of a fiche, word for word."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from corpus.document import Fiche, Paragraph
from corpus.text import flatten


def paragraphs(fiche: Fiche) -> Iterator[tuple[str, Paragraph]]:
    """Pairs (section, paragraph) of everything in a fiche, its title and its lists of partners included."""
    yield "titre", Paragraph(fiche.title, fiche.lines)
    for paragraph in fiche.descriptif:
        yield "descriptif", paragraph
    for section in ("financeurs", "operateurs"):
        for partner in getattr(fiche, section):
            yield section, Paragraph(partner.name, partner.lines)
    for group in fiche.dispositifs:
        for item in group.items:
            yield "dispositifs", item


def paragraphs_naming(fiche: Fiche, variants: Sequence[str]) -> list[tuple[str, Paragraph]]:
    """The paragraphs that hold one of these names as whole words, dispositifs first, titles last."""
    pattern = re.compile(
        "|".join(rf"(?<![^\W_]){re.escape(flatten(variant))}(?![^\W_])" for variant in variants if variant) or r"(?!)"
    )
    order = ("dispositifs", "descriptif", "operateurs", "financeurs", "titre")
    found = [(section, each) for section, each in paragraphs(fiche) if pattern.search(flatten_document(each.text))]
    return sorted(found, key=lambda pair: order.index(pair[0]))


flatten_document = lru_cache(maxsize=8192)(flatten)
"""`flatten` for the document's own texts, which are compared at every question; a question is never cached."""
