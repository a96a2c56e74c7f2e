"""Delivered text -> Document. Total: any text gives a Document; what no field took is in its `leftover`.

Assembles the blocks that `corpus.parsing.layout` cuts into piliers, enjeux and fiches. Does not judge what it reads:
`corpus.check` does.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from corpus.document import Document, Enjeu, Fiche, Noise, Note, Pilier
from corpus.parsing.layout import ENJEU, FICHE, NOISE, PILIERS, cut
from corpus.parsing.lines import SourceLine, join, read_lines, strip_calls
from corpus.parsing.sections import read_groups, read_paragraphs, read_partners


@dataclass
class _Draft:
    """The lines of one fiche, by kind of block, until all of them are known."""

    enjeu: int
    pilier: int
    blocks: dict[str, list[SourceLine]] = field(default_factory=dict)


def parse(text: str) -> Document:
    """Read the whole document; never raises. Lines are numbered from 1, as an editor shows them."""
    blocks = cut(read_lines(text))
    notes = [(int(block.lines[0].text.split()[0]), block.lines) for block in blocks if block.kind == "note"]
    numbers_of_notes = [number for number, _ in notes]
    calls: dict[int, tuple[str, str, str]] = {}
    piliers: list[Pilier] = []
    enjeux: list[Enjeu] = []
    drafts: list[_Draft] = []
    preamble: list[SourceLine] = []
    leftover: list[int] = []

    def without_calls(lines: Sequence[SourceLine], fiche: str, section: str) -> list[SourceLine]:
        cleaned = []
        for line in lines:
            stripped, found = strip_calls(line.text, numbers_of_notes)
            calls.update({number: (fiche, section, word) for number, word in found})
            cleaned.append(replace(line, text=stripped))
        return cleaned

    for block in blocks:
        numbers = tuple(line.number for line in block.lines)
        if block.kind == "pilier":
            title = " ".join(line.text for line in block.lines)
            piliers.append(Pilier(len(piliers) + 1, title, PILIERS[title], numbers))
        elif block.kind == "enjeu":
            number, title = _heading(ENJEU, block.lines)
            enjeux.append(Enjeu(int(number), title, len(piliers), (), numbers))
        elif block.kind == "introduction":
            introduction = (*enjeux[-1].introduction, *read_paragraphs(block.lines))
            enjeux[-1] = replace(enjeux[-1], introduction=introduction)
        elif block.kind == "preambule":
            preamble.extend(block.lines)
        elif block.kind == "fiche":
            drafts.append(_Draft(enjeux[-1].number if enjeux else 0, len(piliers), {"fiche": list(block.lines)}))
        elif block.kind == "leftover":
            leftover.extend(numbers)
        elif block.kind not in (*NOISE, "note"):
            drafts[-1].blocks.setdefault(block.kind, []).extend(block.lines)

    return Document(
        preamble=read_paragraphs(without_calls(preamble, "", "preambule")),
        fiches=tuple([_fiche(draft, without_calls) for draft in drafts]),
        notes=tuple(_note(number, lines, calls.get(number, ("", "", ""))) for number, lines in notes),
        piliers=tuple(piliers),
        enjeux=tuple(enjeux),
        noise=tuple(Noise(b.kind, tuple(line.number for line in b.lines)) for b in blocks if b.kind in NOISE),
        leftover=tuple(leftover),
    )


def _heading(pattern: re.Pattern[str], lines: Sequence[SourceLine]) -> tuple[str, str]:
    """The number and the title of a heading over one or several lines."""
    match = pattern.match(join([line.text for line in lines]))
    return (match[1], match[2].strip()) if match else ("0", "")


def _fiche(draft: _Draft, without_calls: Callable[[Sequence[SourceLine], str, str], list[SourceLine]]) -> Fiche:
    heading = draft.blocks["fiche"]
    number, title = _heading(FICHE, heading)

    def section(name: str) -> list[SourceLine]:
        return without_calls(draft.blocks.get(name, []), number, name)

    return Fiche(
        number=number,
        title=title,
        enjeu=draft.enjeu,
        pilier=draft.pilier,
        lines=tuple(line.number for line in heading),
        descriptif=read_paragraphs(section("descriptif")),
        financeurs=read_partners(section("financeurs")),
        operateurs=read_partners(section("operateurs")),
        dispositifs=read_groups(section("dispositifs")),
    )


def _note(number: int, lines: Sequence[SourceLine], call: tuple[str, str, str]) -> Note:
    text = join([line.text for line in lines]).removeprefix(str(number)).strip()
    return Note(number, text, tuple(line.number for line in lines), *call)
