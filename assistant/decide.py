"""Answer, decline or make small talk; what is asked of a topic; which fiches: all fitted on labelled questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.features import aspect_features, decision_features, fiche_scores, name_scores, urgency_features
from assistant.fitted import Fitted, load_fitted, terms_of
from assistant.judge import Judge
from assistant.language import language_of
from assistant.names import Registry
from assistant.reading import Reading, read
from assistant.spelling import document_words
from assistant.topic import Found
from corpus.fiche import Document
from index.encoder import Encoder
from index.search import Index

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Decision:
    """`outcome`: "answer", "decline" or "smalltalk"; `confidence`: the probability that the document answers."""

    outcome: str
    confidence: float
    aspects: dict[str, float]
    found: Found


class Decider:
    """Search and fitted decisions for one question; the last vectors are kept, for follow-ups."""

    def __init__(
        self, index: Index, encoder: Encoder, document: Document, registry: Registry, fitted: Fitted | None = None
    ) -> None:
        self.index = index
        self._document, self._registry = document, registry
        self.fitted = fitted or load_fitted()
        self.judge = Judge(index, document, registry, self.fitted.quote)
        self._vector = lru_cache(maxsize=512)(lambda text: encoder.encode_queries([text])[0])

    def search(self, reading: Reading, allowed: Sequence[str] | None = None) -> tuple[Found, Floats, Floats]:
        """What is found, the score of each document, the question's vector."""
        vector: Floats = self._vector(reading.question)
        evidence = self.index.evidence(reading.question, vector, synonyms=document_words(reading.question))
        names = name_scores(self.index, reading, self._registry)
        scores = fiche_scores(
            self.index, evidence, names, self.fitted.ranking, foreign=language_of(reading.question) != "fr"
        )
        order = [self.index.documents[i] for i in np.argsort(-scores, kind="stable")]
        documents = tuple(each for each in order if allowed is None or each in allowed)
        ranking = tuple(each for each in documents if each[:1].isdigit())
        by_document = dict(zip(self.index.documents, map(float, scores), strict=True))
        return Found(ranking, documents, by_document, evidence), scores, vector

    def rank(self, question: str) -> dict[str, float]:
        """Fiche number -> score, best first."""
        found, _, _ = self.search(read(question, self._document, self._registry))
        return {number: found.scores[number] for number in found.ranking}

    def decide(self, reading: Reading, allowed: Sequence[str] | None = None) -> Decision:
        found, scores, vector = self.search(reading, allowed)
        outcomes = self.fitted.decision.probabilities(
            decision_features(self.index, reading, found.evidence, scores, vector), terms_of(reading.question)
        )
        aspects = self.fitted.aspect.probabilities(aspect_features(reading, vector), terms_of(reading.question))
        outcome = max(outcomes, key=lambda each: outcomes[each])
        return Decision(outcome, outcomes["answer"], aspects, found)

    def urgency(self, typed: str) -> tuple[str, float]:
        """The likeliest kind of emergency in a message, and the probability that it reports any."""
        shares = self.fitted.urgency.probabilities(urgency_features(self._vector(typed)), terms_of(typed))
        return max((kind for kind in shares if kind), key=lambda each: shares[each]), 1 - shares[""]
