"""The embedded engine: exact lists and sentences of the document -> a short French answer with its citations.

Everything shown that speaks of the fiches is the document's own words or a count of its lists, so nothing can be
invented. Pieces are joined by `Draft`; the page, the command line and the API show the same text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.answer import Answer, Citation, Status, citation_mark
from assistant.text.french import capitalised, number_in_words, typeset
from corpus.document import DispositifGroup, Fiche, Paragraph, Role, lines_of
from corpus.partners import RoleTable

_LEADS: dict[str, str] = {
    "financeurs": "peut être financée par",
    "operateurs": "peut être menée par",
}
_TITLED = 20
LONGEST = 2400
"""Characters of an answer from one fiche: what is beyond is left out, least useful first, and said."""


@dataclass
class Draft:
    """An answer being written: blocks of text, citations, fiches in order."""

    blocks: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    quoted: list[Citation] = field(default_factory=list)

    def add(self, block: str, citations: Iterable[Citation] = ()) -> None:
        self.blocks.append(block)
        self.citations += [citation for citation in citations if citation not in self.citations]

    def quote(self, block: str, citations: Sequence[Citation]) -> None:
        """Like `add`, of the document's prose: what a chat model may put in the question's words."""
        self.add(block, citations)
        self.quoted += [citation for citation in citations if citation not in self.quoted]

    def finish(self, status: Status = "answered", *, ranking: tuple[str, ...] = (), confidence: float = 1.0) -> Answer:
        return Answer(
            text=typeset("\n\n".join(self.blocks)),
            status=status,
            citations=tuple(self.citations),
            quoted=tuple(self.quoted),
            ranking=ranking,
            confidence=confidence,
        )


def entitled(fiche: Fiche) -> str:
    return f"« {fiche.title} » {citation_mark(fiche.number)}"


def cite_role(table: RoleTable, fiche: str, role: Role, *, only: Sequence[str] = ()) -> Citation:
    """The lines of a list, all of them or those of some actors; the quote keeps the document's order."""
    entries = [entry for entry in table.entries[fiche][role] if not only or entry.actors & table.with_family(only)]
    if role == "dispositifs":
        names = [group.heading or group.porteur for group in _groups(table, fiche, [entry.lines for entry in entries])]
    else:
        names = [entry.name for entry in entries]
    return Citation(fiche, role, "\n".join(names), tuple(line for entry in entries for line in entry.lines))


def _groups(table: RoleTable, fiche: str, lines: Sequence[tuple[int, ...]]) -> list[DispositifGroup]:
    found = table.document.fiche(fiche)
    groups = found.dispositifs if found else ()
    return [group for group in groups if any({*group.lines, *lines_of(group.items)} & set(each) for each in lines)]


def cite_paragraph(fiche: str, section: str, paragraph: Paragraph) -> Citation:
    return Citation(fiche, section, paragraph.text, paragraph.lines)


def partners(draft: Draft, table: RoleTable, fiche: Fiche, role: Role, *, excluded: Sequence[str] = ()) -> None:
    """The whole list of financeurs or operateurs of a fiche."""
    entries = [entry for entry in table.entries[fiche.number][role] if not entry.actors & set(excluded)]
    count = len(entries)
    noun = "partenaire" if count == 1 else "partenaires"
    besides = " autres" if excluded and count > 1 else " autre" if excluded else ""
    lead = f"L’action {entitled(fiche)} {_LEADS[role]} {number_in_words(count)}{besides} {noun} :"
    draft.add("\n".join([lead, *(f"- {entry.name}" for entry in entries)]), [cite_role(table, fiche.number, role)])


def dispositifs(
    draft: Draft, fiche: Fiche, *, only: Sequence[DispositifGroup] | None = None, longest: int = LONGEST
) -> None:
    """Dispositifs grouped by holder, in the order given; beyond `longest` characters only the holders are named."""
    groups = list(only) if only is not None else list(fiche.dispositifs)
    draft.add(f"Dispositifs sur lesquels s’appuyer, {entitled(fiche)} :")
    written = 0
    for position, group in enumerate(groups):
        block = f"**{capitalised(group.porteur)}**\n" + "\n".join(f"- {item.item}" for item in group.items)
        if written and written + len(block) > longest:
            left = [capitalised(other.porteur) for other in groups[position:]]
            draft.add(f"Autres porteurs cités dans la fiche : {', '.join(dict.fromkeys(left))}.")
            break
        written += len(block)
        draft.add(block, [cite_paragraph(fiche.number, "dispositifs", item) for item in group.items])


def descriptif(draft: Draft, fiche: Fiche, *, chosen: Sequence[Paragraph] | None = None) -> None:
    """What a fiche is for: the paragraph that opens its list of actions with the list, or the chosen paragraphs."""
    paragraphs = list(chosen) if chosen is not None else core_of(fiche)
    lines = [f"La fiche « {fiche.title} » prévoit {citation_mark(fiche.number)} :"]
    written = 0
    for paragraph in paragraphs:
        if written and written + len(paragraph.text) > LONGEST:
            break
        written += len(paragraph.text)
        lines.append(f"- {paragraph.item}" if paragraph.bullet else f"\n{paragraph.text}")
    draft.quote("\n".join(lines), [cite_paragraph(fiche.number, "descriptif", p) for p in paragraphs])


def core_of(fiche: Fiche) -> list[Paragraph]:
    """The actions that a fiche supports: from what opens its first list to the end; its last paragraphs without one."""
    opened = next(
        (i for i, p in enumerate(fiche.descriptif) if p.text.endswith(":")), max(0, len(fiche.descriptif) - 2)
    )
    return list(fiche.descriptif[opened:])


def fiche_list(draft: Draft, fiches: Sequence[Fiche], lead: str, citations: Iterable[Citation] | None = None) -> None:
    """Fiches under a lead; beyond eight, grouped by enjeu; beyond `_TITLED`, without titles. Their titles are cited
    where no `citations` are given."""
    lines = [f"- {citation_mark(fiche.number)} {fiche.title}" for fiche in fiches]
    if len(fiches) > 8:
        titled = len(fiches) <= _TITLED
        by_enjeu: dict[int, list[str]] = {}
        for fiche in fiches:
            mark = citation_mark(fiche.number)
            by_enjeu.setdefault(fiche.enjeu, []).append(f"{mark} {fiche.title}" if titled else mark)
        joint = " ; " if titled else ", "
        lines = [f"- **Enjeu {enjeu}** : {joint.join(inside)}" for enjeu, inside in by_enjeu.items()]
    draft.add("\n".join([lead, *lines]), map(title_citation, fiches) if citations is None else citations)


def title_citation(fiche: Fiche) -> Citation:
    return Citation(fiche.number, "titre", fiche.title, fiche.lines)
