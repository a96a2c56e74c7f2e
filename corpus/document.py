"""The whole vocabulary of the document, as frozen dataclasses; no behaviour beyond small look-ups.

    fiche        a sheet of the document on one action, numbered "2-3": the third of enjeu 2
    enjeu        a strategic issue, numbered 1 to 24; it groups fiches and has an introduction
    pilier       one of the five domains; it groups enjeux
    section      a part of a fiche: its descriptif, its financeurs, its operateurs, its dispositifs
    financeur    a body that may pay for the action
    operateur    a body that may carry it out
    dispositif   a scheme or a fund that may support it
    holder       the body that runs a dispositif; "porteur" in French, and in the fields that keep the document's word
    partner      an entry of the lists of financeurs and operateurs, as the document spells it
    actor        a body under its one name, whatever its spellings: what partners and holders are resolved to
    phrases      residents' everyday words for what fiches hold ("mots d'usage"); they lead to fiches, never quoted

Every object carries the numbers (1-based) of the source lines it was read from, so that an answer can be
traced to the delivered file and so that `corpus.check` can prove that no line was lost or used twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

NAME = "Contrat de ville 2015-2020"
"""What the document calls itself."""
SectionName = Literal["descriptif", "financeurs", "operateurs", "dispositifs"]
SECTIONS: tuple[SectionName, ...] = ("descriptif", "financeurs", "operateurs", "dispositifs")
Role = Literal["financeurs", "operateurs", "dispositifs"]
ROLES: tuple[Role, ...] = ("financeurs", "operateurs", "dispositifs")
"""The three lists of a fiche that name actors; of `dispositifs`, the holders."""

Lines = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or a bullet, its line wraps joined; the text is otherwise as delivered."""

    text: str
    lines: Lines
    bullet: bool = False

    @property
    def item(self) -> str:
        """Its text as a line of a list: without the semicolon at its end."""
        return self.text.rstrip(" ;")


@dataclass(frozen=True, slots=True)
class Partner:
    """One entry of a list of partners; `services` are those listed under it ("Etat : Direccte")."""

    name: str
    lines: Lines
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DispositifGroup:
    """The dispositifs of one holder; `heading` is the document's own line, "" where a sentence stands alone."""

    porteur: str
    heading: str
    lines: Lines
    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, tied to where it is called: fiche ("" in the preamble), section, and the word before the call."""

    number: int
    text: str
    lines: Lines
    fiche: str = ""
    section: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Pilier:
    """`title` is the capitals of the document, `name` the same words as a person writes them."""

    number: int
    title: str
    name: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Enjeu:
    number: int
    title: str
    pilier: int
    introduction: tuple[Paragraph, ...]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Fiche:
    """A fiche opérationnelle; `number` is written "2-3"."""

    number: str
    title: str
    enjeu: int
    pilier: int
    lines: Lines
    descriptif: tuple[Paragraph, ...]
    financeurs: tuple[Partner, ...]
    operateurs: tuple[Partner, ...]
    dispositifs: tuple[DispositifGroup, ...]


@dataclass(frozen=True, slots=True)
class Noise:
    """A line of layout that belongs to no field: a page number, a column heading, a rule above a footnote."""

    kind: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Document:
    """The parsed document. `leftover` holds the numbers of the lines that no field took; [] when it is sound."""

    preamble: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    piliers: tuple[Pilier, ...]
    enjeux: tuple[Enjeu, ...]
    fiches: tuple[Fiche, ...]
    noise: tuple[Noise, ...]
    leftover: Lines

    def fiche(self, number: str) -> Fiche | None:
        return next((fiche for fiche in self.fiches if fiche.number == number), None)

    def fiches_of(self, numbers: Iterable[str]) -> list[Fiche]:
        """The fiches of these numbers, in their order; a number that is no fiche's is passed over."""
        return [fiche for number in numbers if (fiche := self.fiche(number))]

    def enjeu(self, number: int) -> Enjeu | None:
        return next((enjeu for enjeu in self.enjeux if enjeu.number == number), None)

    def pilier(self, number: int) -> Pilier | None:
        return next((pilier for pilier in self.piliers if pilier.number == number), None)


def lines_of(pieces: Iterable[Paragraph | Partner]) -> Lines:
    """The lines of several pieces, one after the other."""
    return tuple(line for piece in pieces for line in piece.lines)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one section that stands alone: `text` opens with its fiche's title and section.

    `body` is the document's own text (what may be quoted); `partners` the names it lists; `porteur` the holder
    of its dispositifs. `fiche` is "" for the preamble and for the introductions of enjeux.
    """

    id: str
    fiche: str
    title: str
    enjeu: int
    pilier: int
    section: str
    rank: int
    lines: Lines
    text: str
    body: str
    partners: tuple[str, ...] = ()
    porteur: str = ""
