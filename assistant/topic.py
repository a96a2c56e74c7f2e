"""A topic in a person's own words -> the fiche that deals with it, and the part of it that answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.compose import LONGEST, Draft, call, cite_paragraph, core_of, descriptif, dispositifs, entitled, partners
from assistant.facts import check_lines
from assistant.french import capitalised
from assistant.roles import RoleTable
from assistant.understanding import Request, Role
from corpus.fiche import DispositifGroup, Fiche, Paragraph
from index.search import Evidence, Index, standardise

Floats = npt.NDArray[np.float32]
_MENTIONED = 0.2
"""A list is added in one line when the question may well have asked for it: above this fitted probability."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the search says of a topic: `ranking` of fiches, best first, and the evidence it rests on."""

    ranking: tuple[str, ...]
    documents: tuple[str, ...]
    """As `ranking`, with the preamble and the introductions of enjeux in their places."""
    evidence: Evidence
    margin: float


def relevance(index: Index, evidence: Evidence, document: str) -> dict[tuple[int, ...], float]:
    """Lines of a chunk's sentence -> how well it fits the question; higher is better."""
    scores = standardise(evidence.sentence_dense) + standardise(evidence.sentence_keyword)
    return {
        (index.chunks[entry.chunk].lines, entry.text): float(scores[row])  # type: ignore[misc]
        for row, entry in enumerate(index.entries.sentences)
        if entry.document == document
    }


class Judge:
    """Scores the paragraphs of one document for one question: the best of a paragraph's sentences."""

    def __init__(self, index: Index, evidence: Evidence, document: str) -> None:
        scores = standardise(evidence.sentence_dense) + standardise(evidence.sentence_keyword)
        self._scores = {
            entry.text: float(scores[row])
            for row, entry in enumerate(index.entries.sentences)
            if entry.document == document
        }

    def score(self, paragraph: Paragraph) -> float:
        held = [score for text, score in self._scores.items() if text in paragraph.text or paragraph.text in text]
        return max(held, default=-9.0)

    def best(self, paragraphs: Sequence[Paragraph], count: int) -> list[Paragraph]:
        """The `count` best, in the order of the document."""
        chosen = sorted(paragraphs, key=self.score, reverse=True)[:count]
        return [paragraph for paragraph in paragraphs if paragraph in chosen]

    def group(self, group: DispositifGroup) -> float:
        return max((self.score(item) for item in group.items), default=-9.0)


def answer_topic(request: Request, table: RoleTable, index: Index, found: Found, aspects: dict[str, float]) -> Draft:
    """`aspects`: probability of each kind of thing asked; explicit words of the request come first."""
    draft = Draft()
    best = found.documents[0]
    fiche = table.document.fiche(best)
    if fiche is None:
        _outside_fiches(draft, index, found)
        return draft
    judge = Judge(index, found.evidence, best)
    wanted = [aspect for aspect in request.aspects if aspect in ("financeurs", "operateurs", "dispositifs")]
    likely = max(aspects, key=lambda each: aspects[each])
    if request.actors and request.yes_no and set(wanted) & {"financeurs", "operateurs"}:
        for role in (each for each in wanted if each in ("financeurs", "operateurs")):
            draft.add(" ".join(check_lines(table, fiche, request.actors, role)))  # type: ignore[arg-type]
    shown = [each for each in wanted if each in ("financeurs", "operateurs")] or (
        [likely] if likely in ("financeurs", "operateurs") else []
    )
    if wanted and likely not in wanted and likely in ("dispositifs", "descriptif", "fait") and aspects[likely] > 0.6:
        shown = []
    for role in shown:
        partners(draft, table, fiche, role, excluded=request.excluded)  # type: ignore[arg-type]
    if not shown:
        if likely == "dispositifs" or wanted == ["dispositifs"]:
            _dispositifs(draft, fiche, judge)
        elif likely == "fait":
            _fact(draft, fiche, judge)
        else:
            _description(draft, fiche, judge)
        for role in ("operateurs", "financeurs"):
            if aspects[role] > _MENTIONED:
                _one_line(draft, table, fiche, role)  # type: ignore[arg-type]
    return draft


def _dispositifs(draft: Draft, fiche: Fiche, judge: Judge) -> None:
    groups = sorted(fiche.dispositifs, key=judge.group, reverse=True)
    dispositifs(draft, fiche, only=groups)


def _description(draft: Draft, fiche: Fiche, judge: Judge) -> None:
    core = core_of(fiche)
    size = sum(len(paragraph.text) for paragraph in core)
    chosen = core if size < LONGEST // 2 else judge.best(core, 5)
    best = max(fiche.descriptif, key=judge.score)
    kept = [paragraph for paragraph in fiche.descriptif if paragraph in chosen or paragraph is best]
    descriptif(draft, fiche, chosen=kept)
    helping = [
        (group, item) for group in fiche.dispositifs for item in group.items if judge.score(item) > judge.score(best)
    ]
    if helping:
        group, item = max(helping, key=lambda pair: judge.score(pair[1]))
        draft.add(
            f"Dispositif cité ({capitalised(group.porteur)}) : {item.text.rstrip(' ;')}",
            [cite_paragraph(fiche.number, "dispositifs", item)],
        )


def _fact(draft: Draft, fiche: Fiche, judge: Judge) -> None:
    """The paragraphs that hold the fact, from the descriptif or the dispositifs, with their holder."""
    candidates: list[tuple[str, str, Paragraph]] = [("descriptif", "", paragraph) for paragraph in fiche.descriptif]
    candidates += [
        ("dispositifs", capitalised(group.porteur), item) for group in fiche.dispositifs for item in group.items
    ]
    ranked = sorted(candidates, key=lambda each: judge.score(each[2]), reverse=True)
    kept = ranked[:1] + [each for each in ranked[1:3] if judge.score(each[2]) > judge.score(ranked[0][2]) - 1.0]
    lines = [f"Ce que dit la fiche {entitled(fiche)} :"]
    written = 0
    for section, holder, paragraph in kept:
        if written and written + len(paragraph.text) > 700:
            break
        written += len(paragraph.text)
        lines.append(f"- {f'{holder} : ' if holder else ''}{paragraph.text.rstrip(' ;')}")
        draft.citations.append(cite_paragraph(fiche.number, section, paragraph))
    draft.blocks.append("\n".join(lines))


def _one_line(draft: Draft, table: RoleTable, fiche: Fiche, role: Role) -> None:
    from assistant.compose import cite_role

    noun = {"financeurs": "Financeurs", "operateurs": "Opérateurs"}[role]
    names = ", ".join(entry.name for entry in table.entries[fiche.number][role])
    draft.add(f"{noun} {call(fiche.number)} : {names}.", [cite_role(table, fiche.number, role)])


def _outside_fiches(draft: Draft, index: Index, found: Found) -> None:
    """The preamble or the introduction of an enjeu answers: its best paragraphs, word for word."""
    document = found.documents[0]
    scores = found.evidence.passage_dense
    keyword = standardise(found.evidence.passage_keyword)
    rows = [row for row, entry in enumerate(index.entries.passages) if entry.document == document]
    ranked = sorted(rows, key=lambda row: float(standardise(scores)[row] + keyword[row]), reverse=True)
    source = (
        "Le préambule" if document == "preambule" else f"L’introduction de l’enjeu {document.removeprefix('enjeu-')}"
    )
    chunk = index.entries.chunks[ranked[0]]
    draft.add(f"{source} du Contrat de ville dit :\n\n{chunk.body}")
    from assistant.answer import Citation

    name = "préambule" if document == "preambule" else document.replace("-", " ")
    draft.citations.append(Citation(name, chunk.section, chunk.body, chunk.lines))
