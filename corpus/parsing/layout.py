"""Source lines -> blocks: which lines are a heading, a section, a footnote, or layout noise.

One block is a run of lines of one kind, in the order of the document; every line is in exactly one block. Does not
join lines or read their content. Lines that stand where nothing is expected form blocks of the kind "leftover".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.parsing.lines import SourceLine

ENJEU = re.compile(r"Enjeu stratégique n° ?(\d{1,3}) : ?(.*)")
FICHE = re.compile(r"Fiche opérationnelle n° ?(\d{1,3}-\d{1,3}) : ?(.*)")
PREAMBLE_HEADING, PAGE_NUMBER, COLUMN_HEADING = "titre du préambule", "numéro de page", "intitulé de colonne"
NOISE = (PREAMBLE_HEADING, PAGE_NUMBER, COLUMN_HEADING)
PILIERS = {
    "DEVELOPPEMENT ECONOMIQUE, EMPLOI ET INSERTION": "Développement économique, emploi et insertion",
    "CADRE DE VIE ET RENOUVELLEMENT URBAIN": "Cadre de vie et renouvellement urbain",
    "LIEN SOCIAL, CITOYENNETE, ACCES AUX DROITS ET AUX SERVICES PUBLICS, EGALITE FEMMES-HOMMES": (
        "Lien social, citoyenneté, accès aux droits et aux services publics, égalité femmes-hommes"
    ),
    "EDUCATION, PETITE ENFANCE, ENFANCE, JEUNESSE": "Éducation, petite enfance, enfance, jeunesse",
    "SANTE": "Santé",
}
_COLUMN_HEADINGS = {
    ("Descriptif et", "objectifs des", "projets attendus"): "descriptif",
    ("Partenaires", "financeurs"): "financeurs",
    ("Partenaires", "opérateurs"): "operateurs",
    ("Dispositifs", "pouvant soutenir", "les projets"): "dispositifs",
}
_NEXT_PARTNERS = {"descriptif": "financeurs", "financeurs": "operateurs"}
_LOST_WORD = "Partenaires "
_IN_FICHE = ("fiche", "descriptif", "financeurs", "operateurs", "dispositifs")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of one kind: "pilier", "enjeu", "introduction", "fiche", a section, "note", noise, "leftover"."""

    kind: str
    lines: tuple[SourceLine, ...]


def cut(lines: Sequence[SourceLine]) -> list[Block]:
    """Give each line its block, from top to bottom."""
    blocks: list[Block] = []
    current, position = "leftover", 0

    def put(kind: str, count: int) -> None:
        nonlocal position
        taken = tuple(lines[position : position + count])
        if blocks and blocks[-1].kind == kind and kind in ("fiche", "introduction", "preambule", *_IN_FICHE):
            blocks[-1] = Block(kind, blocks[-1].lines + taken)
        else:
            blocks.append(Block(kind, taken))
        position += count

    while position < len(lines):
        line = lines[position]
        column = _column_heading(lines, position) if current in _IN_FICHE else None
        if line.ruled and re.match(r"\d{1,3} \S", line.text):
            put("note", _run(lines, position))
        elif re.fullmatch(r"\d{1,3}", line.text):
            put(PAGE_NUMBER, 1)
        elif line.text == "PREAMBULE":
            put(PREAMBLE_HEADING, 1)
            current = "preambule"
        elif pilier_length := _pilier_heading(lines, position):
            put("pilier", pilier_length)
            current = "leftover"
        elif ENJEU.match(line.text):
            put("enjeu", _run(lines, position))
            current = "introduction"
        elif FICHE.match(line.text):
            blocks.append(Block("fiche", ()))
            put(current := "fiche", 1)
        elif column:
            current, length = column
            put(COLUMN_HEADING, length)
        elif current in _NEXT_PARTNERS and line.text.startswith(_LOST_WORD):
            # Fiche 14-1: "Partenaires Communes", the heading lost its second word.
            current = _NEXT_PARTNERS[current]
            blocks.append(Block(current, (replace(line, text=line.text.removeprefix(_LOST_WORD)),)))
            position += 1
        else:
            put(current, 1)
    return blocks


def _run(lines: Sequence[SourceLine], start: int) -> int:
    """How many lines a heading or a footnote takes: those that follow without a blank line or a page break."""
    end = start + 1
    while end < len(lines) and lines[end].gap == 0 and not lines[end].page:
        end += 1
    return end - start


def _pilier_heading(lines: Sequence[SourceLine], start: int) -> int:
    for length in (1, 2, 3):
        if " ".join(line.text for line in lines[start : start + length]) in PILIERS:
            return length
    return 0


def _column_heading(lines: Sequence[SourceLine], start: int) -> tuple[str, int] | None:
    for words, section in _COLUMN_HEADINGS.items():
        if tuple(line.text for line in lines[start : start + len(words)]) == words:
            return section, len(words)
    return None
