"""The proof: a fiche, an enjeu's introduction or the preamble as the document has it (`templates/proof.html`).

The passages that an answer used are marked; every paragraph says on hover which lines of the delivered file it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from assistant.answer import Citation
from assistant.web.templating import render
from corpus.document import SECTIONS, Document, Enjeu, Fiche, Lines, Note, Paragraph, Partner, SectionName
from corpus.role_words import SECTION_TITLES

HEADINGS = {**SECTION_TITLES, "descriptif": "Descriptif et objectifs des projets attendus"}
_LONGEST_PLACE = 40
"""Characters of a place that the document lacks which are said again."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A paragraph in pieces, each with whether an answer used it; `source` says which lines it is."""

    pieces: tuple[tuple[str, bool], ...]
    source: str


Blocks = list[tuple[bool, list[MarkedText]]]
"""Paragraphs (False), and bullets that follow each other (True)."""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of a fiche; `name` is "" where the text has no sections. `groups`: a heading or None, and what is
    below it.
    """

    name: str
    heading: str
    groups: list[tuple[MarkedText | None, Blocks]]
    notes: list[dict[str, object]]


def render_proof(document: Document, place: str, citations: Sequence[Citation] = ()) -> Markup:
    """`place` is "2-3", "enjeu 1" or "préambule"; a place that the document does not have says so."""
    used = [citation for citation in citations if citation.fiche == place]
    if fiche := document.fiche(place):
        return _render_fiche(document, fiche, used)
    if enjeu := find_enjeu(document, place):
        sections = [_text_section(enjeu.introduction, used)]
        return _render(
            f"Enjeu stratégique n°{enjeu.number}", enjeu.title, sections, pilier=document.pilier(enjeu.pilier)
        )
    if place == "préambule":
        notes = [note for note in document.notes if not note.fiche]
        return _render("Préambule", "Ce que sont les fiches", [_text_section(document.preamble, used, notes)])
    first, last = document.fiches[0].number, document.fiches[-1].number
    return render("no_proof.html", place=place[:_LONGEST_PLACE], first=first, last=last)


def render_no_proof() -> Markup:
    """What stands in place of a fiche before one is chosen."""
    return render("no_proof.html", place=None)


def find_enjeu(document: Document, place: str) -> Enjeu | None:
    """The enjeu that "enjeu 1" names, None for anything else."""
    match = re.fullmatch(r"enjeu ([0-9]{1,2})", place)
    return document.enjeu(int(match[1])) if match else None


def _render(number: str, title: str, sections: list[ShownSection], **values: object) -> Markup:
    values = {"fiche": "", "pilier": None, "enjeu": None} | values
    return render("proof.html", number=number, title=title, sections=sections, **values)


def _render_fiche(document: Document, fiche: Fiche, used: Sequence[Citation]) -> Markup:
    return _render(
        f"Fiche {fiche.number}",
        fiche.title,
        [_fiche_section(document, fiche, name, used) for name in SECTIONS],
        fiche=fiche.number,
        pilier=document.pilier(fiche.pilier),
        enjeu=document.enjeu(fiche.enjeu),
    )


def _fiche_section(document: Document, fiche: Fiche, name: SectionName, used: Sequence[Citation]) -> ShownSection:
    used = [citation for citation in used if citation.section == name]
    groups: list[tuple[MarkedText | None, Blocks]]
    if name == "descriptif":
        groups = [(None, _blocks(fiche.descriptif, used))]
    elif name == "dispositifs":
        groups = [
            (_marked(group.heading, group.lines, used) if group.heading else None, _blocks(group.items, used))
            for group in fiche.dispositifs
        ]
    else:
        groups = [(None, _blocks(_bullets(getattr(fiche, name)), used))]
    notes = [note for note in document.notes if (note.fiche, note.section) == (fiche.number, name)]
    return ShownSection(name, HEADINGS[name], groups, _notes(notes))


def _text_section(
    paragraphs: Sequence[Paragraph], used: Sequence[Citation], notes: Sequence[Note] = ()
) -> ShownSection:
    return ShownSection("", "", [(None, _blocks(paragraphs, used))], _notes(notes))


def _bullets(partners: Sequence[Partner]) -> list[Paragraph]:
    return [Paragraph(partner.name, partner.lines, bullet=True) for partner in partners]


def _blocks(paragraphs: Sequence[Paragraph], used: Sequence[Citation]) -> Blocks:
    return [
        (bullet, [_marked(paragraph.text, paragraph.lines, used) for paragraph in group])
        for bullet, group in groupby(paragraphs, key=lambda paragraph: paragraph.bullet)
    ]


def _notes(notes: Sequence[Note]) -> list[dict[str, object]]:
    return [{"number": n.number, "word": n.word, "text": n.text, "source": name_lines(n.lines)} for n in notes]


def _marked(text: str, lines: Lines, used: Sequence[Citation]) -> MarkedText:
    return MarkedText(split_used(text, lines, used), name_lines(lines))


def name_lines(lines: Lines) -> str:
    """Where a text stands: (829, 830, 837) -> "Lignes 829 à 837 du document livré"; "" without lines."""
    if not lines:
        return ""
    first, last = min(lines), max(lines)
    return f"{f'Ligne {first}' if first == last else f'Lignes {first} à {last}'} du document livré"


def split_used(text: str, lines: Lines, used: Sequence[Citation]) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether the citations used it: the quoted words where they are found in it, the
    whole text where a citation has its lines but quotes more, or otherwise.

    "Le diagnostic montre", quoted "diagnostic" -> (("Le ", False), ("diagnostic", True), (" montre", False))
    """
    covered = [False] * len(text)
    for citation in used:
        start = text.find(citation.quote) if citation.quote else -1
        if start >= 0:
            covered[start : start + len(citation.quote)] = [True] * len(citation.quote)
        elif set(lines) & set(citation.lines) or (not citation.lines and text in citation.quote):
            covered = [True] * len(text)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for is_used, run in groupby(covered):
        end = start + len(list(run))
        pieces.append((text[start:end], is_used))
        start = end
    return tuple(pieces)
