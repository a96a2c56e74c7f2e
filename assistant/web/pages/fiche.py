"""The proof: a fiche, an enjeu's introduction or the preamble as the document has it, as escaped HTML.

The passages that an answer used are marked; every piece says on hover which lines of the delivered file it is.
"""

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.answer import Citation
from assistant.web.markdown import french
from corpus.document import DispositifGroup, Document, Enjeu, Fiche, Lines, Note, Paragraph, Partner
from corpus.role_words import SECTION_TITLES

HEADINGS = {**SECTION_TITLES, "descriptif": "Descriptif et objectifs des projets attendus"}
NOTHING = "<p>Le document n’indique rien.</p>"
EMPTY = (
    '<div class="proof-empty proof-none"><p><strong>La preuve s’affiche ici.</strong></p>'
    "<p>Chaque réponse cite ses fiches : choisissez-en une pour la lire telle que le document la donne, "
    "avec les passages utilisés surlignés.</p></div>"
)


def render_proof(document: Document, place: str, citations: Sequence[Citation] = ()) -> str:
    """`place` is "2-3", "enjeu 1" or "préambule"; a place that the document does not have says so."""
    used = tuple(citation for citation in citations if citation.fiche == place)
    fiche = document.fiche(place)
    if fiche is not None:
        return _fiche(document, fiche, used)
    if (enjeu := called_enjeu(document, place)) is not None:
        body = _paragraphs(enjeu.introduction, used, ())
        return _article(f"Enjeu stratégique n°{enjeu.number}", enjeu.title, _pilier(document, enjeu.pilier), body)
    if place == "préambule":
        notes = tuple(note for note in document.notes if not note.fiche)
        return _article("Préambule", "Ce que sont les fiches", "", _paragraphs(document.preamble, used, notes))
    missing = french(f"Le document n’a pas de fiche « {escape(place[:40])} » : ses numéros vont de 1-1 à 24-1.")
    return f'<div class="proof-empty"><p>{missing}</p></div>'


def called_enjeu(document: Document, place: str) -> Enjeu | None:
    """The enjeu that "enjeu 1" calls, None for anything else."""
    match = re.fullmatch(r"enjeu ([0-9]{1,2})", place)
    return document.enjeu(int(match[1])) if match else None


def _fiche(document: Document, fiche: Fiche, used: Sequence[Citation]) -> str:
    def notes(section: str) -> tuple[Note, ...]:
        return tuple(note for note in document.notes if (note.fiche, note.section) == (fiche.number, section))

    enjeu = document.enjeu(fiche.enjeu)
    place = _pilier(document, fiche.pilier)
    if enjeu is not None:
        place += f'<p class="place">Enjeu stratégique n°{enjeu.number}\u00a0: {escape(enjeu.title)}</p>'
    bodies = {
        "descriptif": _paragraphs(fiche.descriptif, _of(used, "descriptif"), notes("descriptif")),
        "financeurs": _partners(fiche.financeurs, _of(used, "financeurs")) + _notes(notes("financeurs")),
        "operateurs": _partners(fiche.operateurs, _of(used, "operateurs")) + _notes(notes("operateurs")),
        "dispositifs": _groups(fiche.dispositifs, _of(used, "dispositifs")) + _notes(notes("dispositifs")),
    }
    body = "".join(
        f'<section class="part part-{name}"><h3>{HEADINGS[name]}</h3>{content or NOTHING}</section>'
        for name, content in bodies.items()
    )
    return _article(f"Fiche {fiche.number}", fiche.title, place, body, _tools(fiche.number))


def _tools(number: str) -> str:
    """What can be done with a fiche; real links, which the scripts of the page take over where they can do better."""
    place = quote(number)
    return (
        '<div class="tools" role="group" aria-label="Cette fiche">'
        f'<a class="tool main" href="carte?fiche={place}" data-card="{escape(number)}">Carte à remettre</a>'
        f'<a class="tool" href="fiche?fiche={place}&amp;imprimer" target="_blank" rel="noopener" data-print>'
        "Imprimer</a>"
        f'<a class="tool" href="./?fiche={place}" data-copy-address>Copier l’adresse</a></div>'
    )


def _article(number: str, title: str, place: str, body: str, tools: str = "") -> str:
    return (
        f'<article class="fiche" aria-labelledby="proof-title">{tools}<header>{place}'
        f'<h2 id="proof-title" tabindex="-1"><span class="number">{escape(number)}</span> {escape(title)}</h2></header>'
        f"{body}</article>"
    )


def _pilier(document: Document, number: int) -> str:
    pilier = document.pilier(number)
    return f'<p class="place">Pilier\u00a0: {escape(pilier.name)}</p>' if pilier else ""


def _of(used: Sequence[Citation], section: str) -> tuple[Citation, ...]:
    return tuple(citation for citation in used if citation.section == section)


def _paragraphs(paragraphs: Sequence[Paragraph], used: Sequence[Citation], notes: Sequence[Note]) -> str:
    """Bullets that follow each other make one list."""
    pieces: list[str] = []
    for position, paragraph in enumerate(paragraphs):
        content = mark(paragraph.text, paragraph.lines, used)
        if not paragraph.bullet:
            pieces.append(f"<p {source(paragraph.lines)}>{content}</p>")
            continue
        opens = position == 0 or not paragraphs[position - 1].bullet
        closes = position + 1 == len(paragraphs) or not paragraphs[position + 1].bullet
        item = f"<li {source(paragraph.lines)}>{content}</li>"
        pieces.append(f"{'<ul>' if opens else ''}{item}{'</ul>' if closes else ''}")
    return "".join(pieces) + _notes(notes)


def _partners(partners: Sequence[Partner], used: Sequence[Citation]) -> str:
    items = "".join(
        f"<li {source(partner.lines)}>{mark(partner.name, partner.lines, used)}</li>" for partner in partners
    )
    return f"<ul>{items}</ul>" if items else ""


def _groups(groups: Sequence[DispositifGroup], used: Sequence[Citation]) -> str:
    return "".join(
        (f"<h4 {source(group.lines)}>{mark(group.heading, group.lines, used)}</h4>" if group.heading else "")
        + _paragraphs(group.items, used, ())
        for group in groups
    )


def _notes(notes: Sequence[Note]) -> str:
    return "".join(
        f'<p class="note" {source(note.lines)}>Note {note.number}, à «\u00a0{escape(note.word)}\u00a0»\u00a0: '
        f"{escape(note.text)}</p>"
        for note in notes
    )


def source(lines: Lines) -> str:
    """The attribute that names the lines of the delivered file: `title="Lignes 829 à 837 du document livré"`."""
    if not lines:
        return ""
    first, last = min(lines), max(lines)
    where = f"Ligne {first}" if first == last else f"Lignes {first} à {last}"
    return f'title="{where} du document livré"'


def mark(text: str, lines: Lines, used: Sequence[Citation]) -> str:
    """The escaped text, with what the citations used inside <mark>: the quoted words where they are found in it,
    the whole text where a citation has its lines but quotes more, or otherwise."""
    covered = [False] * len(text)
    for citation in used:
        start = text.find(citation.quote) if citation.quote else -1
        if start >= 0:
            covered[start : start + len(citation.quote)] = [True] * len(citation.quote)
        elif set(lines) & set(citation.lines) or (not citation.lines and text in citation.quote):
            covered = [True] * len(text)
    pieces: list[str] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or covered[end] != covered[start]:
            piece = escape(text[start:end])
            pieces.append(f"<mark>{piece}</mark>" if covered[start] else piece)
            start = end
    return "".join(pieces)
