"""How well each paragraph of a fiche fits a question: dense and keyword on its sentences, and the names it shares."""

from collections.abc import Sequence

from assistant.mentions import flat
from assistant.names import Registry
from corpus.fiche import DispositifGroup, Paragraph
from index.search import Evidence, Index, standardise

_NAMED = 4.0
"""A paragraph that holds a name of the question outweighs four standard deviations of likeness."""
_NOWHERE = -9.0


class Judge:
    """Scores the paragraphs of one document for one question; higher is better."""

    def __init__(self, index: Index, evidence: Evidence, document: str, *, names: Sequence[str] = ()) -> None:
        scores = standardise(evidence.sentence_dense) + standardise(evidence.sentence_keyword)
        self._scores = {
            entry.text: float(scores[row])
            for row, entry in enumerate(index.entries.sentences)
            if entry.document == document
        }
        self._names = [flat(name) for name in names]

    def score(self, paragraph: Paragraph) -> float:
        """The best of the paragraph's sentences, and what its names add."""
        held = [score for text, score in self._scores.items() if text in paragraph.text or paragraph.text in text]
        text = flat(paragraph.text)
        return max(held, default=_NOWHERE) + _NAMED * sum(name in text for name in self._names)

    def group(self, group: DispositifGroup) -> float:
        return max((self.score(item) for item in group.items), default=_NOWHERE)

    def best(self, paragraphs: Sequence[Paragraph], count: int) -> list[Paragraph]:
        """The `count` best, in the order of the document."""
        chosen = sorted(paragraphs, key=self.score, reverse=True)[:count]
        return [paragraph for paragraph in paragraphs if paragraph in chosen]


def names_of(registry: Registry, named: Sequence[str], actors: Sequence[str]) -> list[str]:
    """The shortest telling spelling of each name of a question, to look for in paragraphs: "ivry", "gaia"."""
    found = []
    for thing in registry.named:
        if thing.name in named:
            found.append(min((v for v in thing.variants if len(v) > 2), key=len, default=thing.name))
    for id in actors:
        actor = registry.actor(id)
        found.append(actor.acronym or min(actor.spellings, key=len, default=actor.name))
    return found
