"""What the fitted decisions look at: the evidence of the search, the words of the question, its vector.

The length of a question is no evidence and is kept out: every feature is a maximum, a share or a direction.
"""

from collections.abc import Mapping

import numpy as np

from assistant.answering.topics.out_of_scope import MISSING_KINDS, missing_kinds, unproven
from assistant.answering.topics.reading import PLACES, Reading
from assistant.text.languages import language_of
from corpus.registry import Registry
from corpus.text import stems
from index.encoder.base import Floats
from index.evidence import Evidence, Index, standardise

ASPECT_CONCEPTS = (
    *("financeurs", "operateurs", "dispositifs", "descriptif", "count", "which", "meaning", "mention", "list", "pay"),
)
_VECTOR_SCALE = 5.0
"""E5 vectors differ by little: scaled so that the penalty on their coefficients is comparable to the others'."""
NAMES = "names"
"""The side of the registry: fiches that hold an acronym, a dispositif or a place that the question names."""


def name_scores(index: Index, reading: Reading, registry: Registry) -> Floats:
    """(documents,) for each name of the question, 1 shared between the fiches that hold it."""
    scores = np.zeros(len(index.documents), np.float32)
    column = {document: i for i, document in enumerate(index.documents)}
    for named in registry.named:
        if named.name in reading.named and named.kind not in PLACES:
            for number in named.fiches:
                scores[column[number]] += np.float32(1.0 / len(named.fiches))
    return scores


def fiche_scores(
    index: Index, evidence: Evidence, names: Floats, weights: Mapping[str, float], *, foreign: bool = False
) -> Floats:
    """(documents,) the weighted sum of the standardised sides, that of the names included."""
    total = np.zeros(len(index.documents), np.float32)
    for side, weight in weights.items():
        if foreign and "dense" not in side:
            continue  # words of another language meet French ones by chance only
        total += np.float32(weight) * standardise(names if side == NAMES else evidence.sides[side])
    return total


def aspect_features(reading: Reading, vector: Floats) -> Floats:
    """(dimensions + concepts,)."""
    concepts = np.array([float(reading.has(name)) for name in ASPECT_CONCEPTS], np.float32)
    return np.concatenate([vector * _VECTOR_SCALE, concepts]).astype(np.float32)


def decision_features(index: Index, reading: Reading, evidence: Evidence, scores: Floats, vector: Floats) -> Floats:
    """(dimensions + 15,) search evidence, coverage of the question's words, kinds of things that no fiche holds."""
    ordered = np.sort(scores)[::-1]
    share = np.exp(ordered - ordered[0])
    best = int(np.argmax(scores))
    sides = evidence.sides
    content = [stem for token in reading.rest for stem in stems(token)]
    foreign = language_of(reading.question) != "fr"  # whose words the document cannot hold
    known = 1.0 if foreign else index.coverage(content)
    inside = 1.0 if foreign else index.coverage(content, document=best)
    search = [
        (float(sides["passages, dense"].max()) - 0.85) * 20,
        (float(sides["phrases, dense"].max()) - 0.90) * 20,
        (float(sides["sentences, dense"].max()) - 0.85) * 20,
        float(ordered[0]) / 3.0,
        float(ordered[0] - ordered[1]),
        float(share[0] / share.sum()) * 2,
        known * 2,
        inside * 2,
        float(bool(reading.actors or reading.named)),
        float(bool(reading.roles)),
    ]
    kinds = missing_kinds(reading.folded)
    lacked = unproven(kinds, index.folded(best))
    lacking = [float(name in kinds) * 2 + float(name in lacked) * 4 for name in (kind.name for kind in MISSING_KINDS)]
    return np.concatenate([vector * _VECTOR_SCALE, np.array(search + lacking, np.float32)]).astype(np.float32)


def emergency_features(vector: Floats) -> Floats:
    """(dimensions,)."""
    return (vector * _VECTOR_SCALE).astype(np.float32)
