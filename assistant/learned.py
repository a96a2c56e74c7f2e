"""What scripts of `evals.fitting` learned from labelled questions: classifiers, weights, and how they are loaded."""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from corpus.errors import CorpusError
from corpus.text import stems
from index.encoder.base import Floats

Learned = TypeVar("Learned")
FITTED_FILE = Path(__file__).parent / "data" / "fitted.json"
_TERM_SCALE = 4.0
"""Terms and features share one penalty; cross-validated likelihood was best here among 2, 4, 6, 8 and 10."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms that a classifier knows: term -> column, and (terms,) inverse document frequencies."""

    columns: Mapping[str, int]
    rarity: Floats

    def weigh(self, found: Sequence[str]) -> Floats:
        """(terms,) tf-idf with a damped count, 1 + ln(tf), of length `_TERM_SCALE` however long the question."""
        weights = np.zeros(len(self.columns), np.float32)
        for term, count in Counter(found).items():
            if term in self.columns:
                column = self.columns[term]
                weights[column] = (1 + math.log(count)) * self.rarity[column]
        length = float(np.linalg.norm(weights))
        return weights * np.float32(_TERM_SCALE / length) if length else weights


def terms_of(question: str) -> list[str]:
    """Stems and pairs of neighbours, ends marked: "Qui paye ?" -> ["qui", "pay", "^ qui", "qui pay", "pay $"]."""
    found = stems(question)
    return found + [f"{one} {other}" for one, other in pairwise(["^", *found, "$"])]


@dataclass(frozen=True, slots=True)
class Classifier:
    """A multinomial logistic regression: softmax(coefficients @ inputs + intercepts) over `classes`.

    Inputs are features, then the weights of terms.
    """

    classes: tuple[str, ...]
    terms: Terms
    coefficients: Floats
    intercepts: Floats

    def probabilities(self, features: Sequence[float] | Floats, terms: Sequence[str]) -> dict[str, float]:
        inputs = np.concatenate([np.asarray(features, np.float32), self.terms.weigh(terms)])
        scores = self.coefficients @ inputs + self.intercepts
        exponentials = np.exp(scores - scores.max())
        shares = exponentials / exponentials.sum()
        return {name: float(share) for name, share in zip(self.classes, shares, strict=True)}


@dataclass(frozen=True, slots=True)
class Linear:
    """A logistic regression: 1 / (1 + exp(-(features @ weights + intercept)))."""

    weights: Floats
    intercept: float

    def probabilities(self, features: Floats) -> Floats:
        """(rows, features) -> (rows,)."""
        chances: Floats = 1.0 / (1.0 + np.exp(-(features @ self.weights + self.intercept)))
        return chances


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A regression that decides alone. `level`: the probability from which the answer is yes."""

    linear: Linear
    level: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """`ranking`: side -> weight; `generic`: the same without what only the fiches have; `aspect`: what is asked of a
    topic; `decision`: answer, decline or smalltalk; `quote`: whether a quote of the fiche answers;
    `emergencies`: which emergency a message reports, "" for none.
    """

    ranking: Mapping[str, float]
    generic: Mapping[str, float]
    aspect: Classifier
    decision: Classifier
    quote: Linear
    emergencies: Classifier


def parse_fitted(content: Mapping[str, Any]) -> Fitted:
    return Fitted(
        content["ranking"],
        content["generic"],
        parse_classifier(content["aspect"]),
        parse_classifier(content["decision"]),
        Linear(np.asarray(list(content["quote"]["weights"].values()), dtype=np.float32), content["quote"]["intercept"]),
        parse_classifier(content["emergencies"]),
    )


def parse_classifier(content: Mapping[str, Any]) -> Classifier:
    coefficients: Sequence[Sequence[float]] = content["coefficients"]
    return Classifier(
        tuple(content["classes"]),
        Terms(
            {term: column for column, (term, _) in enumerate(content["terms"])},
            np.asarray([rarity for _, rarity in content["terms"]], dtype=np.float32),
        ),
        np.asarray(coefficients, dtype=np.float32),
        np.asarray(content["intercepts"], dtype=np.float32),
    )


@cache
def load_fitted() -> Fitted:
    """What most of the engine learned; read once. Raises CorpusError when the file is missing or damaged."""
    return _load(FITTED_FILE, parse_fitted)


@cache
def load_cutoff(path: Path, features: tuple[str, ...]) -> Cutoff:
    """A regression that decides alone, its weights in the order of `features`; read once. Raises CorpusError.

    The file: {"weights": {feature: weight}, "intercept": number, "level": number}.
    """

    def parse(content: Mapping[str, Any]) -> Cutoff:
        weights = np.asarray([float(content["weights"][name]) for name in features], np.float32)
        return Cutoff(Linear(weights, float(content["intercept"])), float(content["level"]))

    return _load(path, parse)


def _load(path: Path, parse: Callable[[Mapping[str, Any]], Learned]) -> Learned:
    try:
        return parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(
            f"Les poids appris sont illisibles : {path}. Restaurez-les : git checkout -- {path}"
        ) from error
