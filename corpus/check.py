"""Proof that nothing of the document was lost: every non-blank line in exactly one field, every fiche whole.

Works from the line numbers that the parsed objects carry, not from the parser's own books.
"""

from collections import Counter
from collections.abc import Iterator

from corpus.document import SECTIONS, Document, Lines, lines_of

EXPECTED = {"piliers": 5, "enjeux": 24, "fiches": 43, "sections": 172}


def fields(document: Document) -> Iterator[tuple[str, Lines]]:
    """Every field or kind of noise of the document with its lines, as ("fiche 2-3, financeurs", (827, ...))."""
    yield "préambule", lines_of(document.preamble)
    for note in document.notes:
        yield f"note {note.number}", note.lines
    for pilier in document.piliers:
        yield f"pilier {pilier.number}", pilier.lines
    for enjeu in document.enjeux:
        yield f"enjeu {enjeu.number}", enjeu.lines
        yield f"enjeu {enjeu.number}, introduction", lines_of(enjeu.introduction)
    for fiche in document.fiches:
        yield f"fiche {fiche.number}", fiche.lines
        yield f"fiche {fiche.number}, descriptif", lines_of(fiche.descriptif)
        yield f"fiche {fiche.number}, financeurs", lines_of(fiche.financeurs)
        yield f"fiche {fiche.number}, operateurs", lines_of(fiche.operateurs)
        lines = tuple(line for group in fiche.dispositifs for line in (*group.lines, *lines_of(group.items)))
        yield f"fiche {fiche.number}, dispositifs", lines
    for noise in document.noise:
        yield noise.kind, noise.lines


def count(document: Document) -> dict[str, int]:
    """How many there are of what `EXPECTED` counts."""
    counts = {name: len(getattr(document, name)) for name in ("piliers", "enjeux", "fiches")}
    return counts | {"sections": sum(bool(getattr(fiche, name)) for fiche in document.fiches for name in SECTIONS)}


def problems(document: Document, text: str | None = None) -> list[str]:
    """What is wrong, in French, [] when all is well. With `text`, also compares with its non-blank lines."""
    found = []
    counts = count(document)
    for name, expected in EXPECTED.items():
        if counts[name] != expected:
            found.append(f"{counts[name]} {name} lus, {expected} attendus.")
    if document.leftover:
        found.append(f"{len(document.leftover)} ligne(s) sans place, la première est la ligne {document.leftover[0]}.")
    for fiche in document.fiches:
        empty = [name for name in SECTIONS if not getattr(fiche, name)]
        if empty:
            found.append(f"Fiche {fiche.number} (ligne {fiche.lines[0]}) : section vide ({', '.join(empty)}).")
    owners = Counter(line for _, lines in fields(document) for line in set(lines))
    twice = [line for line, times in owners.items() if times > 1]
    if twice:
        found.append(f"La ligne {min(twice)} appartient à deux champs.")
    if text is not None:
        present = {number for number, line in enumerate(text.split("\n"), start=1) if line.strip()}
        lost = present - set(owners) - set(document.leftover)
        if lost:
            found.append(f"{len(lost)} ligne(s) perdues, la première est la ligne {min(lost)}.")
    return found
