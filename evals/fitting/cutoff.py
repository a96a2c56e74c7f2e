"""A regression that decides alone, and the level from which it says yes: what `gate` and `two_topics` share."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.learned import Cutoff, Linear

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0)
FOLDS = 5


def fit_cutoff(
    features: Floats,
    truth: Truth,
    groups: npt.NDArray[Any],
    *,
    choose_level: Callable[[Floats], float],
    shares: Floats | None = None,
    standardise: bool = False,
) -> tuple[Cutoff, Floats, dict[str, Any]]:
    """(regression with its level, (rows,) chances out of fold, report).

    The penalty is that of the best five-fold likelihood, folds by group; `choose_level` takes the chances out of fold.
    `shares`: what each row counts; `standardise`: the penalty sees features of mean 0 and deviation 1.
    """
    counted = np.ones(len(truth)) if shares is None else shares

    def fit(rows: npt.NDArray[np.intp], penalty: float) -> tuple[Floats, float]:
        """Weights and intercept for features as they are."""
        chosen = features[rows]
        mean, deviation = (chosen.mean(axis=0), chosen.std(axis=0) + 1e-9) if standardise else (0.0, 1.0)
        model = LogisticRegression(C=penalty, max_iter=3000)
        model.fit((chosen - mean) / deviation, truth[rows], sample_weight=counted[rows])
        weights = model.coef_[0] / deviation
        return weights, float(model.intercept_[0] - (weights * mean).sum())

    chances = {penalty: np.zeros(len(truth)) for penalty in PENALTIES}
    losses = {}
    for penalty in PENALTIES:
        for rest, out in GroupKFold(FOLDS).split(features, truth, groups):
            weights, intercept = fit(rest, penalty)
            chances[penalty][out] = 1 / (1 + np.exp(-(features[out] @ weights + intercept)))
        clipped = np.clip(chances[penalty], 1e-6, 1 - 1e-6)
        losses[penalty] = float(-np.where(truth, np.log(clipped), np.log(1 - clipped)).mean())
    best = min(losses, key=lambda penalty: losses[penalty])
    weights, intercept = fit(np.arange(len(truth)), best)
    report = {
        "penalty": best,
        "log loss cross-validated": {str(penalty): round(loss, 4) for penalty, loss in losses.items()},
    }
    cutoff = Cutoff(Linear(weights.astype(np.float32), intercept), choose_level(chances[best]))
    return cutoff, chances[best], report


def lowest_level(levels: Floats, share_at: Callable[[float], float], *, most: float) -> float:
    """The lowest level at which the share is at most `most`; the highest of them where none is low enough."""
    allowed = [float(level) for level in levels if share_at(float(level)) <= most]
    return round(min(allowed, default=float(levels[-1])), 2)


def cutoff_content(
    part: str, made_from: str, features: Sequence[str], cutoff: Cutoff, report: dict[str, Any]
) -> dict[str, Any]:
    """As `assistant.learned.load_cutoff` reads it, and where it comes from."""
    weights = zip(features, cutoff.linear.weights, strict=True)
    return {
        "made_by": f"guichet eval fit {part}",
        "made_from": made_from,
        "report": report,
        "weights": {name: round(float(weight), 4) for name, weight in weights},
        "intercept": round(cutoff.linear.intercept, 4),
        "level": cutoff.level,
    }
