"""A topic in a person's own words -> the fiche that deals with it, and the part of it that answers.

What is asked (who pays, who acts, which dispositif, what is planned, a fact) is a fitted probability; the likeliest
part is given whole, the next ones in short when they may well be what was meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.compose import (
    Draft,
    call,
    cite_role,
    dispositifs,
    entitled,
    fiche_list,
    partners,
    title_citation,
)
from assistant.facts import check_lines, fiches_of, place_of
from assistant.judge import Judge, names_of
from assistant.quotes import Quote, quotable
from assistant.roles import RoleTable
from assistant.understanding import Request, Role
from corpus.fiche import Fiche
from index.search import Evidence, Index, standardise
from index.tokens import fold

_MENTIONED = 0.13
"""A list is added in one line when its fitted probability is above this: it may well be what was asked."""
_FACT, _EXTRA, _LISTED = 560, 1100, 2300
"""Characters of what is quoted first, of what is added to it, and of dispositifs that were asked for by name."""
_ASKED = re.compile(
    r"\b(?:financeu\w+|operat(?:eurs?|rices?)|(?:qui|ki) (?:finance\w*|paye\w*|paie\w*|opere\w*|porte|mene\w*))"
    r"|\bfinance\w* par|par qui\b"
)
"""Words that ask for a list beyond doubt."""
_SURE, _LIKELY = 0.9, 0.75
"""Fitted probabilities from which a list that no such word asks for is given alone, or with what fits best only."""
_FLOOR = 0.0
"""Share of the best quote's score below which a quote is beside the point."""
_CLOSE = 1.2
"""Standard deviations behind the best within which a sentence is quoted with it."""


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
    judge = Judge(
        index,
        found.evidence,
        fiche.number,
        names=names_of(table.registry, request.named, request.actors),
        question=request.topic,
    )
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
    if not asked and "descriptif" not in request.aspects:
        asked = [role for role in lists if role == likely]
    certain = (
        _ASKED.search(fold(request.topic)) is not None or max((aspects[role] for role in asked), default=0) > _SURE
    )
    if request.mode == "about":
        asked = []
    if asked and request.actors and request.yes_no and explicit:
        for role in asked:
            draft.add(" ".join(check_lines(table, fiche, request.actors, role)))
    for role in asked:
        partners(draft, table, fiche, role, excluded=request.excluded)
    if not asked or not certain:
        _content(draft, fiche, judge, request, aspects, extra=not asked or max(aspects.values()) < _LIKELY)
    for role in reversed(lists):
        if role not in asked and aspects[role] > _MENTIONED and request.mode != "about":
            in_one_line(draft, table, fiche, role)
    return draft


def _content(
    draft: Draft, fiche: Fiche, judge: Judge, request: Request, aspects: Mapping[str, float], *, extra: bool = True
) -> None:
    """What fits best, wherever it stands; then, as far as they were likely asked for, the actions and dispositifs.

    The likelier a precise fact was asked, the less is added.
    """
    if "dispositifs" in request.aspects and request.mode != "about":
        _dispositifs(draft, fiche, judge)
        return
    told = quotable(fiche)
    ranked = sorted(told, key=judge.quote, reverse=True)
    limit = judge.quote(ranked[0]) - _CLOSE
    kept = _within([quote for quote in ranked[:3] if judge.quote(quote) > limit], _FACT, least=1)
    if request.mode != "about" and extra:
        room = _EXTRA * (1.0 - aspects["fait"]) ** 2
        for part in sorted(("descriptif", "dispositifs"), key=lambda each: -aspects[each]):
            share = 1.0 if aspects[part] > 0.4 else 0.6 if aspects[part] > 0.2 else 0.25
            wanted = [quote for quote in ranked if quote.section == part and quote.acting and quote not in kept]
            wanted = [quote for quote in wanted if judge.quote(quote) > judge.quote(ranked[0]) * _FLOOR]
            kept += _within(wanted, room * share)
    kept = _without_repeats(kept)
    first, others = kept[0], [quote for quote in told if quote in kept[1:]]
    lines = [f"Ce que dit la fiche {entitled(fiche)} :", *(quote.line for quote in (first, *others))]
    citations = [
        Citation(fiche.number, quote.section, each.text, each.lines)
        for quote in (first, *others)
        for each in (quote.shown, *quote.under)
    ]
    draft.add("\n".join(lines), citations)


def _without_repeats(quotes: list[Quote]) -> list[Quote]:
    """A bullet that stands under a list that is quoted is not quoted alone; the list takes its place."""
    lists = [quote for quote in quotes if quote.under]
    kept: list[Quote] = []
    for quote in quotes:
        owner = next((each for each in lists if quote.shown in each.under), quote)
        if owner not in kept:
            kept.append(owner)
    return kept


def _within(quotes: list[Quote], room: float, *, least: int = 0) -> list[Quote]:
    """As many as fit into `room` characters, and `least` at the least; one that is too long is passed over."""
    kept: list[Quote] = []
    for quote in quotes:
        if len(kept) < least or sum(len(each.line) for each in kept) + len(quote.line) <= room:
            kept.append(quote)
    return kept


def _dispositifs(draft: Draft, fiche: Fiche, judge: Judge) -> None:
    dispositifs(draft, fiche, only=sorted(fiche.dispositifs, key=judge.group, reverse=True), longest=_LISTED)


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
