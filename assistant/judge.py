"""How well each paragraph of a fiche fits a question: dense and keyword on its sentences, and the names it shares."""

import re
from collections.abc import Sequence

from assistant.mentions import flat
from assistant.names import Registry
from assistant.quotes import Quote
from corpus.fiche import DispositifGroup, Paragraph
from index.search import Evidence, Index, standardise
from index.tokens import fold

_NAMED = 4.0
"""A paragraph that holds a name of the question outweighs four standard deviations of likeness."""
_PROVEN = 2.0
"""What a paragraph gains when it holds the kind of thing that is asked: a figure, a year, a town."""
_PROOFS = (
    (re.compile(r"\bcombien|pourcent|proportion|\btaux\b|quel nombre|\bnombre d|quelle part"), re.compile(r"\d")),
    (
        re.compile(r"quelle annee|depuis quand|en quelle|quelle date|de quand|\bquand\b"),
        re.compile(r"\b(?:19|20)\d\d\b"),
    ),
    (
        re.compile(r"quelles? (?:ville|commune)|dans quel endroit|\bou ca\b"),
        re.compile(r"\b(?:ivry|vitry|choisy|creteil|paris|orly)\b"),
    ),
    (
        re.compile(r"quel age|a partir de quel|quelles? classes?|quels? eleves"),
        re.compile(r"\d+ ?(?:ans|eme)|moins de"),
    ),
    (
        re.compile(r"combien de temps|quelle duree|ca dure|dure combien"),
        re.compile(r"\b(?:mois|jours?|semaines?|ans|journees)\b"),
    ),
)
_NOWHERE = -9.0


class Judge:
    """Scores the paragraphs of one document for one question; higher is better."""

    def __init__(
        self, index: Index, evidence: Evidence, document: str, *, names: Sequence[str] = (), question: str = ""
    ) -> None:
        asked = fold(question)
        self._proofs = [proof for words, proof in _PROOFS if words.search(asked)]
        scores = standardise(evidence.sentence_dense) + standardise(evidence.sentence_keyword)
        self._scores = {
            entry.body: float(scores[row])
            for row, entry in enumerate(index.entries.sentences)
            if entry.document == document
        }
        self._names = [flat(name) for name in names]

    def score(self, paragraph: Paragraph) -> float:
        """The best of the paragraph's sentences, and what its names add."""
        held = [score for text, score in self._scores.items() if text in paragraph.text or paragraph.text in text]
        text = flat(paragraph.text)
        likeness = max(held, default=_NOWHERE) + _NAMED * sum(name in text for name in self._names)
        return likeness + _PROVEN * sum(proof.search(text) is not None for proof in self._proofs)

    def quote(self, quote: Quote) -> float:
        """A list counts for what opens it and for the best of its bullets, a little less."""
        under = max((self.score(each) for each in quote.under), default=_NOWHERE)
        return max(self.score(quote.shown), under - 0.5)

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
