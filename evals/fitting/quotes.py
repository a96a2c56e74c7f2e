"""Learn which quotes of a fiche answer a question, from questions labelled with the document's own words.

Labels are the `evidence` of `evals/sets/data/training.jsonl` and the `must` groups of the split "train". One logistic
regression over `assistant.answering.topics.choose_quotes.FEATURES`; the penalty is that of the best five-fold
likelihood, folds by question. A question weighs the same however many quotes its fiche has.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.answering.topics.choose_quotes import FEATURES, Judge, holds
from assistant.answering.topics.quotes import quotable
from assistant.learned import Linear
from corpus.document import Document
from evals.sets.questions import Question
from index.evidence import Evidence

Floats = npt.NDArray[np.float64]
PENALTIES = (0.01, 0.1, 1.0)
QUOTED = ("dispositifs", "descriptif", "fait")
Context = Callable[[Question], tuple[Evidence, Mapping[str, float]]]
"""Question -> its evidence and the probabilities of what is asked."""


def labelled(questions: Sequence[Question], document: Document) -> list[tuple[Question, list[bool]]]:
    """Questions on one fiche with, for each of its quotes, whether it answers; those that no quote answers left out."""
    found = []
    for question in questions:
        fiche = document.fiche(question.gold[0]) if len(question.gold) == 1 else None
        if fiche is None or question.type not in QUOTED or not question.must or question.history:
            continue
        # Names of partners, that stand in every list, are no group: they prove nothing.
        labels = [any(holds(quote, group) for group in question.must) for quote in quotable(fiche)]
        if any(labels):
            found.append((question, labels))
    return found


def fit_quote_weights(
    judge: Judge, document: Document, train: Sequence[Question], validation: Sequence[Question], context: Context
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(content for `fitted.json`, report)."""
    rows, truth, groups = _table(judge, document, labelled(train, document), context)
    held, held_truth, held_groups = _table(judge, document, labelled(validation, document), context)
    sizes = np.bincount(groups)
    weights = 1.0 / sizes[groups] * sizes.mean()
    losses: dict[float, float] = {}
    for penalty in PENALTIES:
        folds = []
        for rest, out in GroupKFold(5).split(rows, truth, groups):
            model = _fit(rows[rest], truth[rest], weights[rest], penalty)
            chances = np.clip(model.predict_proba(rows[out])[:, 1], 1e-6, 1 - 1e-6)
            likelihood = np.where(truth[out], np.log(chances), np.log(1 - chances))
            folds.append(float(-(likelihood * weights[out]).sum() / weights[out].sum()))
        losses[penalty] = float(np.mean(folds))
    best = min(losses, key=lambda penalty: losses[penalty])
    model = _fit(rows, truth, weights, best)
    linear = Linear(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
    report = {
        "questions": int(groups.max()) + 1,
        "penalty": best,
        "log loss cross-validated": {str(penalty): round(loss, 4) for penalty, loss in losses.items()},
        "first quote answers, train": _first(linear, rows, truth, groups),
        "first quote answers, validation": _first(linear, held, held_truth, held_groups),
        "one of three answers, validation": _first(linear, held, held_truth, held_groups, count=3),
    }
    named = {name: round(float(weight), 4) for name, weight in zip(FEATURES, model.coef_[0], strict=True)}
    return {"weights": named, "intercept": round(float(model.intercept_[0]), 4)}, report


def _fit(rows: Floats, truth: npt.NDArray[np.bool_], weights: Floats, penalty: float) -> LogisticRegression:
    return LogisticRegression(C=penalty, max_iter=3000).fit(rows, truth, sample_weight=weights)


def _table(
    judge: Judge, document: Document, questions: Sequence[tuple[Question, list[bool]]], context: Context
) -> tuple[Floats, npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    """(features, truth, question of each row)."""
    rows, truth, groups = [], [], []
    for position, (question, labels) in enumerate(questions):
        evidence, aspects = context(question)
        rows += [
            judge.features(question.question, fiche, evidence, aspects)
            for fiche in document.fiches
            if fiche.number == question.gold[0]
        ]
        truth += labels
        groups += [position] * len(labels)
    return np.concatenate(rows).astype(np.float64), np.array(truth), np.array(groups)


def _first(
    linear: Linear, rows: Floats, truth: npt.NDArray[np.bool_], groups: npt.NDArray[np.intp], *, count: int = 1
) -> float:
    """The share of questions that one of their `count` likeliest quotes answers."""
    scores = rows @ linear.weights
    hits = []
    for group in range(int(groups.max()) + 1):
        mine = np.flatnonzero(groups == group)
        hits.append(bool(truth[mine[np.argsort(-scores[mine])[:count]]].any()))
    return round(float(np.mean(hits)), 4)
