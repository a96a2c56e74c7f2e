"""Learn how much each side of the search weighs.

A pairwise logistic regression (Herbrich 1999: the right fiche against each other one, on the differences of their
standardised sides, without intercept); sides that get a negative weight are dropped. The penalty is that of the best
five-fold likelihood on the questions of "train".
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from evals.fitting.examples import Examples, Floats, folds
from evals.sets.questions import Question

GENERIC = (
    *("passages, dense", "sentences, dense", "titles, dense"),
    *("passages, keyword", "fiches, keyword", "titles, keyword"),
)
"""The sides that any corpus has: no residents' words, lexicon or registry. `evals.baselines.outside_corpus` runs on
their weights.
"""
PENALTIES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
_HARDEST = 10
"""A question's right fiche is held against so many others, those that look best beside it."""


def fit_ranking(
    examples: Examples, only: Sequence[str] | None = None, penalties: Sequence[float] = PENALTIES
) -> tuple[dict[str, float], dict[str, Any]]:
    """(side -> weight, report), of `only` these sides."""
    names = examples.side_names
    train, validation = examples.topical("train"), examples.topical("validation")
    columns = [column for column, name in enumerate(names) if only is None or name in only]
    while True:
        best = max(penalties, key=lambda penalty: _likelihood(examples, train, columns, penalty))
        weights = _fit(examples, train, columns, best)
        if (weights > 0).all():
            break
        columns = [column for column, weight in zip(columns, weights, strict=True) if weight > 0]
    fitted = {names[column]: round(float(weight), 4) for column, weight in zip(columns, weights, strict=True)}
    out_of_fold = [
        hit_rate(examples, held_out, _fit(examples, rest, columns, best), columns) for rest, held_out in folds(train)
    ]
    report = {
        "questions": len(train),
        "penalty": best,
        "hit@1 cross-validated": round(float(np.mean(out_of_fold)), 4),
        "hit@1 validation": round(hit_rate(examples, validation, weights, columns), 4),
        "hit@1 alone": {
            name: round(hit_rate(examples, train, np.ones(1), [column]), 4) for column, name in enumerate(names)
        },
        "weights": fitted,
    }
    return fitted, report


def hit_rate(examples: Examples, questions: Sequence[Question], weights: Floats, columns: list[int]) -> float:
    """The share of questions whose fiche has the highest weighted sum of these sides."""
    hits = [int(np.argmax(examples.sides(q)[:, columns] @ weights)) == examples.gold_row(q) for q in questions]
    return float(np.mean(hits))


def _fit(examples: Examples, questions: Sequence[Question], columns: list[int], penalty: float) -> Floats:
    differences = _differences(examples, questions, columns)
    features = np.concatenate([differences, -differences])
    labels = np.array([1] * len(differences) + [0] * len(differences))
    model = LogisticRegression(C=penalty, fit_intercept=False, max_iter=2000).fit(features, labels)
    weights: Floats = model.coef_[0]
    return weights


def _likelihood(examples: Examples, questions: Sequence[Question], columns: list[int], penalty: float) -> float:
    """Mean log probability that the right fiche stands before another, on questions held out."""
    losses = []
    for rest, held_out in folds(questions):
        margins = _differences(examples, held_out, columns) @ _fit(examples, rest, columns, penalty)
        losses.append(float(np.logaddexp(0.0, -margins).mean()))
    return -float(np.mean(losses))


def _differences(examples: Examples, questions: Sequence[Question], columns: list[int]) -> Floats:
    """The right fiche's sides minus those of each of the `_HARDEST` others."""
    rows = []
    for question in questions:
        sides, gold = examples.sides(question)[:, columns], examples.gold_row(question)
        others = [row for row in range(len(sides)) if row != gold]
        hardest = sorted(others, key=lambda row: -float(sides[row].sum()))[:_HARDEST]
        rows.append(sides[gold] - sides[hardest])
    return np.concatenate(rows)
