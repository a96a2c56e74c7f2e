"""Answer, decline or make small talk; what is asked of a topic; which fiches: all fitted on labelled questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.answering.topics.answer import RankedDocuments
from assistant.answering.topics.choose_quotes import Judge
from assistant.answering.topics.clauses import clauses_of
from assistant.answering.topics.features import (
    aspect_features,
    decision_features,
    emergency_features,
    fiche_scores,
    name_scores,
)
from assistant.answering.topics.reading import Reading, read
from assistant.answering.topics.two_topics import (
    FEATURES,
    WEIGHTS_FILE,
    Look,
    Seen,
    are_worth_it,
    find_cut,
    may_hold_two,
    texts_of,
)
from assistant.learned import Cutoff, Fitted, load_cutoff, load_fitted, terms_of
from assistant.text.languages import language_of
from assistant.text.spelling import document_words
from corpus.document import Document
from corpus.registry import Registry
from corpus.text import stems
from index.encoder.base import Encoder, Floats
from index.evidence import Evidence, Index

_FEWEST = 3
"""Fiches among which two can be told from a third."""
_CLOSE = 3.0
"""How far behind the best fiche of a list another one may be, in the unit of the scores, to be spoken of as well."""


@dataclass(frozen=True, slots=True)
class Search:
    """What the search says of a topic. `scores`: (documents,), of `documents`; `vector`: (dimensions,) of the topic."""

    documents: tuple[str, ...]
    evidence: Evidence
    scores: Floats
    vector: Floats

    def among(self, allowed: Sequence[str] | None) -> RankedDocuments:
        """The documents that may answer, best first; None for all."""
        order = [self.documents[i] for i in np.argsort(-self.scores, kind="stable")]
        documents = tuple(document for document in order if allowed is None or document in allowed)
        ranking = tuple(document for document in documents if document[:1].isdigit())
        by_document = dict(zip(self.documents, map(float, self.scores), strict=True))
        return RankedDocuments(ranking, documents, by_document, self.evidence)


@dataclass(frozen=True, slots=True)
class Decision:
    """`outcome`: "answer", "decline" or "smalltalk"; `confidence`: the probability that the document answers."""

    outcome: str
    confidence: float
    aspects: dict[str, float]
    ranked: RankedDocuments


@dataclass(frozen=True, slots=True)
class Alone:
    """What the search says of a turn without its history, beside the fiches spoken of. `answered`: probability that the
    document answers it; `lead`: how far the best other fiche is before these, in the unit of their scores; `content`:
    the rarities of its content words and names, added up; `unknown`: of those that these fiches do not hold; `words`:
    how many content words it has. Where no fiche is spoken of, lead and unknown are 0."""

    answered: float
    lead: float
    unknown: float
    content: float
    words: int


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """One of the two topics of a question: its words, its fiche, what is decided of it alone."""

    text: str
    fiche: str
    decision: Decision


class Decider:
    """Search and fitted decisions for one question; the last vectors are cached, for follow-ups."""

    def __init__(
        self,
        index: Index,
        encoder: Encoder,
        document: Document,
        registry: Registry,
        fitted: Fitted | None = None,
        cutting: Cutoff | None = None,
    ) -> None:
        self.index = index
        self._document, self._registry = document, registry
        self.fitted = fitted or load_fitted()
        self.judge = Judge(index, document, registry, self.fitted.quote)
        self._cutting = cutting or load_cutoff(WEIGHTS_FILE, FEATURES)
        self._encoder = encoder
        # A turn is searched to know whether it is new, and again to be answered when it is.
        self.search = lru_cache(maxsize=64)(self._searched)
        self._vector = lru_cache(maxsize=512)(lambda text: encoder.encode_queries([text])[0])

    def _searched(self, reading: Reading) -> Search:
        vector: Floats = self._vector(reading.question)
        evidence, scores = self._evidence(reading, vector)
        return Search(self.index.documents, evidence, scores, vector)

    def _evidence(self, reading: Reading, vector: Floats) -> tuple[Evidence, Floats]:
        evidence = self.index.evidence(reading.question, vector, synonyms=document_words(reading.question))
        names = name_scores(self.index, reading, self._registry)
        foreign = language_of(reading.question) != "fr"
        return evidence, fiche_scores(self.index, evidence, names, self.fitted.ranking, foreign=foreign)

    def rank(self, question: str) -> dict[str, float]:
        """Fiche number -> score, best first."""
        found = self.search(read(question, self._document, self._registry)).among(None)
        return {number: found.scores[number] for number in found.ranking}

    def nearest(self, text: str, fiches: Sequence[str]) -> tuple[str, ...]:
        """Of some fiches, those that the text speaks of: the best one, and those that come close to it."""
        scores = self.rank(text)
        ranked = sorted(fiches, key=lambda number: -scores[number])
        return tuple(number for number in ranked if scores[ranked[0]] - scores[number] < _CLOSE)

    def decide(
        self, reading: Reading, allowed: Sequence[str] | None = None, *, search: Search | None = None
    ) -> Decision:
        """`allowed`: the documents that may answer, None for all; `search`: what was found already."""
        search = search or self.search(reading)
        outcomes = self._outcomes(reading, search.evidence, search.scores, search.vector)
        aspects = self.fitted.aspect.probabilities(aspect_features(reading, search.vector), terms_of(reading.question))
        outcome = max(outcomes, key=lambda name: outcomes[name])
        return Decision(outcome, outcomes["answer"], aspects, search.among(allowed))

    def _outcomes(self, reading: Reading, evidence: Evidence, scores: Floats, vector: Floats) -> dict[str, float]:
        return self.fitted.decision.probabilities(
            decision_features(self.index, reading, evidence, scores, vector), terms_of(reading.question)
        )

    def look_alone(self, text: str, fiches: Sequence[str]) -> Alone:
        """`fiches`: those that the conversation speaks of."""
        reading = read(text, self._document, self._registry)
        decision = self.decide(reading)
        ranked, index = decision.ranked, self.index
        names = [token for each in reading.mentions for token in reading.tokens[each.start : each.end]]
        words = [stem for word in (*reading.rest, *names) if len(word) > 2 for stem in stems(word)]
        content = sum(map(index.rarity, words))
        here = [number for number in fiches if number in ranked.scores]
        if not here:
            return Alone(decision.confidence, 0.0, 0.0, content, len(reading.rest))
        elsewhere = next((number for number in ranked.ranking if number not in here), here[0])
        lead = ranked.scores[elsewhere] - max(ranked.scores[number] for number in here)
        known = max(index.coverage(words, document=index.documents.index(number)) for number in here)
        return Alone(decision.confidence, lead, (1 - known) * content, content, len(reading.rest))

    def parts(
        self, reading: Reading, whole: Decision, allowed: Sequence[str] | None = None
    ) -> tuple[QuestionPart, ...]:
        """The two topics of a question, in its order; () for one topic, or where two fiches may not answer.

        `whole`: what was decided of the question itself.
        """
        seen = self.clauses(reading, whole, allowed)
        if seen is None:
            return ()
        cut = find_cut(seen, self._cutting)
        if cut is None:
            return ()
        texts = [texts_of(seen.question, seen.clauses, chosen) for chosen in cut.clauses]
        decisions = [self.decide(read(text, self._document, self._registry), allowed) for text in texts]
        numbers = [seen.fiches[column] for column in cut.fiches]
        return tuple(QuestionPart(*each) for each in zip(texts, numbers, decisions, strict=True))

    def clauses(
        self, reading: Reading, whole: Decision, allowed: Sequence[str] | None = None, *, spare: bool = True
    ) -> Seen | None:
        """The clauses of a question with what each finds; None when they are not worth a search.

        `spare`: whether the time of a search is spared where two topics are unlikely; not for what learns from them.
        """
        names = self.index.documents
        columns = [i for i, each in enumerate(names) if each[:1].isdigit() and (allowed is None or each in allowed)]
        if len(columns) < _FEWEST:
            return None
        scores = np.array([whole.ranked.scores[names[i]] for i in columns], np.float32)
        if spare and not may_hold_two(reading.question, scores):
            return None
        found = clauses_of(reading.question, lambda text: _content(read(text, self._document, self._registry)))
        if len(found) < 2 or (spare and not are_worth_it(reading.question, found)):
            return None
        texts = [texts_of(reading.question, found, [i]) for i in range(len(found))]
        vectors = self._encoder.encode_queries(texts)
        looks = tuple(
            self._look(read(text, self._document, self._registry), vector, columns)
            for text, vector in zip(texts, vectors, strict=True)
        )
        seen = Look(scores, whole.confidence, _telling(reading))
        return Seen(reading.question, found, seen, looks, tuple(names[i] for i in columns))

    def _look(self, reading: Reading, vector: Floats, columns: Sequence[int]) -> Look:
        evidence, scores = self._evidence(reading, vector)
        answered = self._outcomes(reading, evidence, scores, vector)["answer"]
        return Look(scores[list(columns)], answered, _telling(reading))

    def emergency(self, typed: str) -> tuple[str, float]:
        """The likeliest kind of emergency in a message, and the probability that it reports any."""
        shares = self.fitted.emergencies.probabilities(emergency_features(self._vector(typed)), terms_of(typed))
        return max((kind for kind in shares if kind), key=lambda each: shares[each]), 1 - shares[""]


def _telling(reading: Reading) -> int:
    """As in `Look.content`."""
    return len(reading.rest) + 2 * len(reading.named)


def _content(reading: Reading) -> int:
    """How many content words and names a text holds."""
    return len(reading.rest) + len(reading.named) + len(reading.actors)
