"""A topic in a person's own words -> the fiche that deals with it, and the part of it that answers.

What is asked (who pays, who acts, which dispositif, what is planned, a fact) is a fitted probability; the likeliest
part is given whole, the next ones in short when they may well be what was meant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, citation_mark
from assistant.answering.draft import (
    Draft,
    cite_role,
    dispositifs,
    entitled,
    fiche_list,
    partners,
)
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.tell_partners import check_lines
from assistant.answering.exact.tell_plan import tell_place
from assistant.answering.topics.choose_quotes import Judge
from assistant.answering.topics.quotes import Quote, blocks_of
from assistant.answering.topics.topic import Topic
from corpus.document import Fiche, Role
from corpus.partners import RoleTable
from corpus.role_words import ROLE_WORDS
from corpus.text import fold
from index.evidence import Evidence, Index, standardise

_MENTIONED = 0.13
"""A list is added in one line when its fitted probability is above this: it may well be what was asked."""
_FACT, _WIDE, _LISTED = 540, 1500, 2300
"""Characters of quotes for a precise fact, for what exists or is planned, and of dispositifs asked for by name."""
_FACTUAL = 0.35
"""Share of "a precise fact" among what may be asked from which nothing more than a fact is quoted."""
_LEAST, _SHARE = 0.05, 0.08
"""A quote is shown beside the likeliest when its probability is above these, absolute and of the likeliest's."""
_ASKED = re.compile(
    r"\b(?:financeu\w+|operat(?:eurs?|rices?)|(?:qui|ki) (?:finance\w*|paye\w*|paie\w*|opere\w*|porte|mene\w*))"
    r"|\bfinance\w* par|par qui\b"
)
"""Words that ask for a list beyond doubt."""
_OUTSIDE = 1400
"""Characters of the two best passages of the preamble within which both are quoted."""
_SURE = 0.9
"""Fitted probability from which a list that no such word asks for is given alone."""


@dataclass(frozen=True, slots=True)
class RankedDocuments:
    """What the search says of a topic. `ranking`: fiches, best first; `documents`: with the preamble in its place."""

    ranking: tuple[str, ...]
    documents: tuple[str, ...]
    scores: Mapping[str, float]
    evidence: Evidence

    def near(self, count: int, gap: float) -> list[str]:
        """The best fiches, as long as each is within `gap` of the first."""
        best = self.scores[self.ranking[0]]
        return [number for number in self.ranking[:count] if self.scores[number] > best - gap]


def answer_topic(
    topic: Topic,
    executor: Executor,
    judge: Judge,
    ranked: RankedDocuments,
    aspects: Mapping[str, float],
    *,
    share: float = 1.0,
    asking: str = "",
) -> Draft:
    """The answer of the best document. `aspects`: probability of each kind of thing asked; `share`: how much of the
    usual room for quotes it may take; `asking`: words outside of the topic that may ask for a list."""
    draft, table = Draft(), executor.table
    fiche = table.document.fiche(ranked.documents[0])
    if fiche is None:
        quote_outside(draft, judge.index, ranked)
        return draft
    if set(topic.aspects) & {"enjeu", "pilier"} and not set(topic.aspects) & {"financeurs", "operateurs"}:
        tell_place(draft, executor, fiche, siblings=True)
        return draft
    if topic.several:
        _several(draft, table, ranked, topic)
        return draft
    lists: tuple[Role, ...] = ("financeurs", "operateurs")
    explicit = [role for role in lists if role in topic.aspects]
    likely = max(aspects, key=lambda each: aspects[each])
    asked = [role for role in explicit if topic.sure or aspects[role] > 0.2 or len(explicit) > 1]
    if not asked and "descriptif" not in topic.aspects:
        asked = [role for role in lists if role == likely]
    certain = (
        topic.sure
        or _ASKED.search(fold(f"{topic.text} {asking}")) is not None
        or max((aspects[role] for role in asked), default=0) > _SURE
    )
    if topic.fiches:
        asked = []
    if asked and topic.actors and topic.yes_no and explicit:
        for role in asked:
            draft.add(" ".join(check_lines(executor, fiche, topic.actors, role)))
    for role in asked:
        partners(draft, table, fiche, role, excluded=topic.excluded)
    if not asked or not certain:
        quotes = judge.probabilities(topic.text, fiche, ranked.evidence, aspects)
        if "dispositifs" in topic.aspects and not topic.fiches:
            _dispositifs(draft, fiche, quotes, _LISTED * share)
        else:
            beside = bool(asked) or (share < 1 and max(aspects[role] for role in lists) > _MENTIONED)
            _content(draft, fiche, quotes, _room(aspects, beside=beside, share=share))
    for role in reversed(lists):
        if role not in asked and aspects[role] > _MENTIONED and not topic.fiches:
            in_one_line(draft, table, fiche, role)
    return draft


def answer_parts(
    parts: Sequence[tuple[Topic, RankedDocuments, Mapping[str, float]]], question: str, executor: Executor, judge: Judge
) -> Draft:
    """Two topics in one question, each under its own lines, shorter than it would be alone."""
    draft = Draft()
    for topic, ranked, aspects in parts:
        part = answer_topic(topic, executor, judge, ranked, aspects, share=1 / len(parts), asking=question)
        draft.blocks += part.blocks
        draft.citations += part.citations
        draft.quoted += part.quoted
    return draft


def _room(aspects: Mapping[str, float], *, beside: bool, share: float) -> float:
    """Characters to quote: a precise fact is short; what exists or is planned may be long; little beside a list."""
    wide = aspects["dispositifs"] + aspects["descriptif"]
    fact = aspects["fait"] / (wide + aspects["fait"] + 1e-9)
    room = _FACT + (_WIDE * share - _FACT) * max(0.0, 1.0 - fact / _FACTUAL)
    return min(room, _FACT) if beside else room


def _content(draft: Draft, fiche: Fiche, quotes: Sequence[tuple[Quote, float]], room: float) -> None:
    """The quotes that likely answer, word for word, as many as fit into `room`; at least the likeliest."""
    best = quotes[0][1]
    chosen: list[Quote] = []
    for quote, chance in quotes:
        if chosen and chance < max(_LEAST, best * _SHARE):
            break
        blocks = blocks_of([*chosen, quote], fiche)
        if not chosen or sum(len(block.line) for block in blocks) <= room:
            chosen.append(quote)
    blocks = blocks_of(chosen, fiche)
    draft.quote(
        "\n".join([f"Ce que dit la fiche {entitled(fiche)} :", *(block.line for block in blocks)]),
        [Citation(fiche.number, block.section, each.text, each.lines) for block in blocks for each in block.paragraphs],
    )


def _dispositifs(draft: Draft, fiche: Fiche, quotes: Sequence[tuple[Quote, float]], longest: float) -> None:
    """All dispositifs, those of the likeliest holder first."""
    order = [quote.shown for quote, _ in quotes]
    groups = sorted(fiche.dispositifs, key=lambda group: min(order.index(item) for item in group.items))
    dispositifs(draft, fiche, only=groups, longest=int(longest))


def in_one_line(draft: Draft, table: RoleTable, fiche: Fiche, role: Role) -> None:
    names = ", ".join(entry.name for entry in table.entries[fiche.number][role])
    draft.add(
        f"{ROLE_WORDS[role].title} {citation_mark(fiche.number)} : {names}.", [cite_role(table, fiche.number, role)]
    )


def _several(draft: Draft, table: RoleTable, ranked: RankedDocuments, topic: Topic) -> None:
    """ "Dans quelles fiches parle-t-on de ... ?": as many as were asked for, or those that stand out."""
    numbers = list(ranked.ranking[: topic.claimed]) if topic.claimed else ranked.near(4, 1.5)
    ordered = [fiche for fiche in table.document.fiches if fiche.number in numbers]
    lead = "La fiche qui en traite :" if len(ordered) == 1 else "Les fiches qui en traitent :"
    fiche_list(draft, ordered, lead)


def quote_outside(draft: Draft, index: Index, ranked: RankedDocuments) -> None:
    """The preamble, or the introduction of an enjeu, answers: its best passages, word for word."""
    document = ranked.documents[0]
    evidence = ranked.evidence
    sentence = standardise(evidence.sentence_dense) + standardise(evidence.sentence_keyword)
    passage = standardise(evidence.passage_dense) + standardise(evidence.passage_keyword)
    whole = {
        entry.chunk: float(passage[row])
        for row, entry in enumerate(index.entries.passages)
        if entry.document == document
    }
    scores = dict(whole)
    for row, entry in enumerate(index.entries.sentences):
        if entry.document == document:
            scores[entry.chunk] = max(scores[entry.chunk], whole[entry.chunk] + float(sentence[row]))
    order = list(scores)
    best = sorted(order, key=lambda each: -scores[each])
    told = [index.chunks[each] for each in best[:1]]
    if len(best) > 1 and len(told[0].body) + len(index.chunks[best[1]].body) <= _OUTSIDE:
        told = [index.chunks[each] for each in sorted(best[:2], key=order.index)]
    preamble = document == "preambule"
    source = "Le préambule du document" if preamble else f"L’introduction de l’enjeu {document.removeprefix('enjeu-')}"
    name = "préambule" if preamble else document.replace("-", " ")
    draft.quote(
        "\n\n".join([f"{source} dit :", *(chunk.body for chunk in told)]),
        [Citation(name, chunk.section, chunk.body, chunk.lines) for chunk in told],
    )
