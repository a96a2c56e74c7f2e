"""Whether a quoted passage really stands in the delivered document, in the place it is cited for.

Compares letters, digits and punctuation only: white space, line wraps (hyphens too), bullets, page numbers and the
calls of footnotes are layout. What is compared with is the delivered text, not the parsed one: a quote that the
parser invented does not stand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from assistant.answer import Citation
from corpus.document import Document

_CALL = re.compile(r"(?<=[^\W\d_]{4})[1-9](?=[\s.,;:)]|$)")
_LAYOUT = re.compile(r"[\s\-‐‑–—•▪·\uf000-\uf8ff]+")
_BULLET = re.compile(r"^\s*[-–•*]\s+", re.MULTILINE)
_LEFT_OUT = re.compile(r"\[…\]|\[\.\.\.\]|\(…\)|…|\n")
PREAMBLE = "préambule"


@dataclass(frozen=True, slots=True)
class Delivered:
    """Place ("2-3", "enjeu 1", "préambule") -> its delivered text without layout, and that of its footnotes."""

    places: Mapping[str, tuple[str, ...]]

    def stands(self, citation: Citation) -> bool:
        """Whether every piece of the quote stands in the cited place; an empty quote does not."""
        texts = self.places.get(citation.fiche, ())
        pieces = [piece for piece in _LEFT_OUT.split(citation.quote) if bare(piece)]
        return bool(pieces) and all(_piece_stands(piece, texts) for piece in pieces)


def bare(text: str) -> str:
    """Without layout: "- inter-\\nentreprises définit2 :" -> "interentreprisesdéfinit:"."""
    straight = text.replace("’", "'").replace("œ", "oe")
    return _LAYOUT.sub("", _CALL.sub("", _BULLET.sub("", straight)))


def _piece_stands(piece: str, texts: tuple[str, ...]) -> bool:
    """A list that was joined with semicolons stands when each of its entries does."""
    wanted = bare(piece)
    if any(wanted in text for text in texts):
        return True
    entries = [bare(entry) for entry in piece.split(";") if bare(entry)]
    return len(entries) > 1 and all(any(entry in text for text in texts) for entry in entries)


def delivered_places(document: Document, raw: str) -> Delivered:
    """`raw`: the delivered text that the document was parsed from."""
    texts = place_texts(document, raw)
    return Delivered({place: tuple(bare(text) for text in each) for place, each in texts.items()})


def place_texts(document: Document, raw: str) -> dict[str, tuple[str, ...]]:
    """Place -> its delivered lines joined into one text, then each of its footnotes.

    Page numbers and column headings are left out: they may cut a sentence in two.
    """
    lines = raw.split("\n")

    def text_of(*owners: object) -> str:
        numbers = sorted({number for owner in owners for number in line_numbers(owner)})
        return "\n".join(lines[number - 1].strip() for number in numbers)

    places: dict[str, tuple[str, ...]] = {}
    for fiche in document.fiches:
        notes = [note for note in document.notes if note.fiche == fiche.number]
        places[fiche.number] = (text_of(fiche), *(text_of(note) for note in notes))
    for enjeu in document.enjeux:
        places[f"enjeu {enjeu.number}"] = (text_of(enjeu),)
    notes = [note for note in document.notes if not note.fiche]
    places[PREAMBLE] = (text_of(*document.preamble), *(text_of(note) for note in notes))
    return places


def line_numbers(owner: object) -> Iterator[int]:
    """The source lines of a parsed object and of all that it holds."""
    if isinstance(owner, tuple):
        for each in owner:
            yield from line_numbers(each)
    elif is_dataclass(owner):
        for field in fields(owner):
            value = getattr(owner, field.name)
            if field.name == "lines":
                yield from value
            else:
                yield from line_numbers(value)
