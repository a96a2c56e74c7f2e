"""One classifier over features and terms, its penalty chosen by cross-validation: what all decisions share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.learned import Terms

Floats = npt.NDArray[np.float64]
_STEPS = 1000


def vocabulary(questions: Sequence[Sequence[str]], *, least: int) -> Terms:
    """Terms of at least `least` questions, with their smoothed inverse document frequency, ln((1+n)/(1+df)) + 1."""
    counts = Counter(term for terms in questions for term in set(terms))
    known = sorted(term for term, count in counts.items() if count >= least)
    rarity = np.array([np.log((1 + len(questions)) / (1 + counts[term])) + 1 for term in known], np.float32)
    return Terms({term: column for column, term in enumerate(known)}, rarity)


@dataclass(frozen=True)
class Fit:
    """`held_out`: (questions, classes) probabilities of the training questions, each from folds without it."""

    model: LogisticRegression
    terms: Terms
    truth: npt.NDArray[np.str_]
    penalty: float
    losses: dict[float, float]
    held_out: Floats

    @property
    def classes(self) -> list[str]:
        return [str(name) for name in self.model.classes_]

    def probabilities(self, terms: Sequence[Sequence[str]], features: Floats | None = None) -> Floats:
        """(questions, classes) for questions that it was not fitted on."""
        return np.asarray(self.model.predict_proba(_inputs(self.terms, terms, features)))

    def report(self) -> dict[str, Any]:
        chosen = np.array(self.classes)[self.held_out.argmax(axis=1)]
        return {
            "questions": {name: int((self.truth == name).sum()) for name in self.classes},
            "terms": len(self.terms.columns),
            "penalty": self.penalty,
            "log loss cross-validated": {str(penalty): round(loss, 4) for penalty, loss in self.losses.items()},
            "accuracy cross-validated": round(float((chosen == self.truth).mean()), 4),
        }

    def content(self) -> dict[str, Any]:
        """As `assistant.learned.parse_classifier` reads it."""
        return {
            "classes": self.classes,
            "terms": [[term, round(float(self.terms.rarity[i]), 3)] for term, i in self.terms.columns.items()],
            "coefficients": np.round(self.model.coef_, 4).tolist(),
            "intercepts": np.round(self.model.intercept_, 4).tolist(),
        }


def fit_classifier(
    terms: Sequence[Sequence[str]],
    labels: Sequence[str],
    *,
    features: Floats | None = None,
    penalties: Sequence[float] = (0.3, 1.0, 3.0),
    least: int = 4,
) -> Fit:
    """`terms` of each question, its label among three or more, and its features (questions, dimensions)."""
    known = vocabulary(terms, least=least)
    inputs, truth = _inputs(known, terms, features), np.array(labels)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    held_out: dict[float, Floats] = {
        penalty: cross_val_predict(
            LogisticRegression(C=penalty, max_iter=_STEPS), inputs, truth, cv=folds, method="predict_proba"
        )
        for penalty in penalties
    }
    losses = {penalty: float(log_loss(truth, chances)) for penalty, chances in held_out.items()}
    best = min(losses, key=lambda penalty: losses[penalty])
    model = LogisticRegression(C=best, max_iter=_STEPS).fit(inputs, truth)
    return Fit(model, known, truth, best, losses, held_out[best])


def _inputs(known: Terms, terms: Sequence[Sequence[str]], features: Floats | None) -> sparse.csr_matrix:
    weights = sparse.csr_matrix(np.stack([known.weigh(question_terms) for question_terms in terms]))
    return weights if features is None else sparse.hstack([sparse.csr_matrix(features), weights]).tocsr()
