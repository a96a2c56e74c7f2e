"""A topic in a person's own words -> the fiche that deals with it, and the part of it that answers.

What is asked (who pays, who acts, which dispositif, what is planned, a fact) is a fitted probability; the likeliest
part is given whole, the next ones in short when they may well be what was meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.compose import (
    Draft,
    call,
    cite_paragraph,
    cite_role,
    core_of,
    descriptif,
    dispositifs,
    entitled,
    fiche_list,
    partners,
    title_citation,
)
from assistant.facts import check_lines, fiches_of, place_of
from assistant.french import capitalised
from assistant.judge import Judge, names_of
from assistant.roles import RoleTable
from assistant.understanding import Request, Role
from corpus.fiche import Fiche, Paragraph
from index.search import Evidence, Index, standardise

_MENTIONED = 0.13
"""A part is added in short when its fitted probability is above this: it may well be what was asked."""
_SHORT, _WHOLE = 650, 2300
"""Characters of a part that is added in short, and of one that was asked for by name."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search says of a topic. `ranking`: fiches, best first; `documents`: with the preamble in its place."""

    ranking: tuple[str, ...]
    documents: tuple[str, ...]
    scores: Mapping[str, float]
    evidence: Evidence

    def near(self, count: int, gap: float) -> list[str]:
        """The best fiches, as long as each is within `gap` of the first."""
        best = self.scores[self.ranking[0]]
        return [number for number in self.ranking[:count] if self.scores[number] > best - gap]


def answer_topic(request: Request, table: RoleTable, index: Index, found: Found, aspects: Mapping[str, float]) -> Draft:
    """The answer of the best document. `aspects`: probability of each kind of thing asked."""
    draft = Draft()
    fiche = table.document.fiche(found.documents[0])
    if fiche is None:
        quote_outside(draft, index, found)
        return draft
    judge = Judge(index, found.evidence, fiche.number, names=names_of(table.registry, request.named, request.actors))
    if set(request.aspects) & {"enjeu", "pilier"} and not set(request.aspects) & {"financeurs", "operateurs"}:
        place_of(draft, table, fiche, siblings=True)
        return draft
    if request.mode == "several":
        _several(draft, table, found, request)
        return draft
    lists: tuple[Role, ...] = ("financeurs", "operateurs")
    explicit = [role for role in lists if role in request.aspects]
    likely = max(aspects, key=lambda each: aspects[each])
    asked = [role for role in explicit if aspects[role] > 0.2 or len(explicit) > 1]
    if not asked:
        asked = [role for role in lists if role == likely]
    if request.mode == "about":
        asked = []
    if asked and request.actors and request.yes_no and explicit:
        for role in asked:
            draft.add(" ".join(check_lines(table, fiche, request.actors, role)))
    for role in asked:
        partners(draft, table, fiche, role, excluded=request.excluded)
    if not asked:
        _content(draft, fiche, judge, request, aspects)
    for role in reversed(lists):
        if role not in asked and aspects[role] > _MENTIONED and request.mode != "about":
            in_one_line(draft, table, fiche, role)
    return draft


def _content(draft: Draft, fiche: Fiche, judge: Judge, request: Request, aspects: Mapping[str, float]) -> None:
    """Dispositifs, what is planned, or a fact: the likeliest first, the others in short when they may be meant."""
    shares = {each: aspects[each] for each in ("dispositifs", "descriptif", "fait")}
    order = sorted(shares, key=lambda each: -shares[each])
    by_name = "dispositifs" in request.aspects
    if by_name:
        order = ["dispositifs"]
    if request.mode == "about" or (order[0] == "fait" and not by_name):
        _fact(draft, fiche, judge)
        return
    for position, part in enumerate(each for each in order if each != "fait"):
        if position and shares[part] < _MENTIONED:
            continue
        if part == "dispositifs":
            _dispositifs(draft, fiche, judge, _WHOLE if by_name else _SHORT if position else 2 * _SHORT)
        else:
            _description(draft, fiche, judge, _SHORT if position else 2 * _SHORT)


def _dispositifs(draft: Draft, fiche: Fiche, judge: Judge, longest: int) -> None:
    groups = sorted(fiche.dispositifs, key=judge.group, reverse=True)
    dispositifs(draft, fiche, only=groups, longest=longest)


def _description(draft: Draft, fiche: Fiche, judge: Judge, longest: int) -> None:
    """The actions that the fiche supports and the paragraph that fits best, up to a length, in the document's order."""
    best = max(fiche.descriptif, key=judge.score)
    core = core_of(fiche)
    openers = [paragraph for paragraph in core if not paragraph.bullet]
    kept: list[Paragraph] = [best]
    for paragraph in (*openers, *sorted(core, key=judge.score, reverse=True)):
        if paragraph not in kept and sum(len(each.text) for each in kept) + len(paragraph.text) <= longest:
            kept.append(paragraph)
    descriptif(draft, fiche, chosen=[paragraph for paragraph in fiche.descriptif if paragraph in kept])


def _fact(draft: Draft, fiche: Fiche, judge: Judge) -> None:
    """The paragraphs that hold the fact, from the descriptif or the dispositifs, with their holder."""
    candidates: list[tuple[str, str, Paragraph]] = [("descriptif", "", paragraph) for paragraph in fiche.descriptif]
    candidates += [
        ("dispositifs", capitalised(group.porteur), item) for group in fiche.dispositifs for item in group.items
    ]
    ranked = sorted(candidates, key=lambda each: judge.score(each[2]), reverse=True)
    lines = [f"Ce que dit la fiche {entitled(fiche)} :"]
    citations = []
    written = 0
    for section, holder, paragraph in ranked[:3]:
        if written and (
            written + len(paragraph.text) > _SHORT or judge.score(paragraph) < judge.score(ranked[0][2]) - 1.5
        ):
            continue
        written += len(paragraph.text)
        lines.append(f"- {f'{holder} : ' if holder else ''}{paragraph.text.rstrip(' ;')}")
        citations.append(cite_paragraph(fiche.number, section, paragraph))
    draft.add("\n".join(lines), citations)


def in_one_line(draft: Draft, table: RoleTable, fiche: Fiche, role: Role) -> None:
    noun = {"financeurs": "Financeurs", "operateurs": "Opérateurs", "dispositifs": "Porteurs"}[role]
    names = ", ".join(entry.name for entry in table.entries[fiche.number][role])
    draft.add(f"{noun} {call(fiche.number)} : {names}.", [cite_role(table, fiche.number, role)])


def _several(draft: Draft, table: RoleTable, found: Found, request: Request) -> None:
    """ "Dans quelles fiches parle-t-on de ... ?": as many as were asked for, or those that stand out."""
    numbers = list(found.ranking[: request.claimed]) if request.claimed else found.near(4, 1.5)
    ordered = [fiche.number for fiche in table.document.fiches if fiche.number in numbers]
    lead = "La fiche qui en traite :" if len(ordered) == 1 else "Les fiches qui en traitent :"
    fiche_list(draft, table, ordered, lead, [title_citation(fiche) for fiche in fiches_of(table, ordered)])


def quote_outside(draft: Draft, index: Index, found: Found) -> None:
    """The preamble, or the introduction of an enjeu, answers: its best passage, word for word."""
    document = found.documents[0]
    scores = standardise(found.evidence.sentence_dense) + standardise(found.evidence.sentence_keyword)
    rows = [row for row, entry in enumerate(index.entries.sentences) if entry.document == document]
    chunk = index.chunks[index.entries.sentences[max(rows, key=lambda row: float(scores[row]))].chunk]
    preamble = document == "preambule"
    source = "Le préambule du document" if preamble else f"L’introduction de l’enjeu {document.removeprefix('enjeu-')}"
    name = "préambule" if preamble else document.replace("-", " ")
    draft.add(f"{source} dit :\n\n{chunk.body}", [Citation(name, chunk.section, chunk.body, chunk.lines)])
