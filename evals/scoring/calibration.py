"""Whether a confidence means what it says: area under the curve, reliability bins, expected calibration error."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from evals.scoring.intervals import Floats, Measure

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Confidences in [low, high): how many, their mean, and the share that was indeed answerable."""

    low: float
    high: float
    count: int
    confidence: float
    observed: float


def area_under_curve(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Area under the ROC curve: the chance that a positive scores above a negative, ties for half.

    Raises ValueError when one of the two kinds is missing.
    """
    if len(set(labels)) < 2:
        raise ValueError("the area under the curve needs both kinds of cases")
    return float(_areas(np.array([scores], dtype=float), np.array([labels], dtype=bool))[0])


def auc_interval(
    scores: Sequence[float], labels: Sequence[bool], *, repeats: int = 400, seed: int = 20150706
) -> Measure:
    """The area with its percentile bootstrap interval; draws without both kinds are left out."""
    values, kinds = np.asarray(scores, dtype=float), np.asarray(labels, dtype=bool)
    generator = np.random.default_rng(seed)
    drawn = generator.integers(0, len(values), size=(repeats, len(values)))
    drawn = drawn[kinds[drawn].any(axis=1) & ~kinds[drawn].all(axis=1)]
    low, high = np.quantile(_areas(values[drawn], kinds[drawn]), [0.025, 0.975])
    return Measure(area_under_curve(scores, labels), float(low), float(high), len(values))


def _areas(scores: Floats, labels: npt.NDArray[np.bool_]) -> Floats:
    """One area a row of cases, from the sum of the ranks of the positives (Hanley and McNeil 1982)."""
    positives = labels.sum(axis=1)
    ranks = np.where(labels, rankdata(scores, axis=1), 0).sum(axis=1)
    return np.asarray((ranks - positives * (positives + 1) / 2) / (positives * (labels.shape[1] - positives)))


def reliability(confidences: Sequence[float], labels: Sequence[bool], *, bins: int = BINS) -> list[ReliabilityBin]:
    """Bins of equal width over [0, 1], the last one closed; empty ones are left out (DeGroot and Fienberg 1983)."""
    cases: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, label in zip(confidences, labels, strict=True):
        if not 0 <= confidence <= 1:
            raise ValueError(f"a confidence lies between 0 and 1, found {confidence}")
        cases[min(int(confidence * bins), bins - 1)].append((confidence, label))
    return [
        ReliabilityBin(
            low=i / bins,
            high=(i + 1) / bins,
            count=len(group),
            confidence=sum(confidence for confidence, _ in group) / len(group),
            observed=sum(label for _, label in group) / len(group),
        )
        for i, group in enumerate(cases)
        if group
    ]


def expected_calibration_error(confidences: Sequence[float], labels: Sequence[bool], *, bins: int = BINS) -> float:
    """Sum over bins of share · |observed - mean confidence| (Naeini et al., AAAI 2015). Raises ValueError if empty."""
    if not confidences:
        raise ValueError("the calibration error needs at least one case")
    kept = reliability(confidences, labels, bins=bins)
    return sum(each.count * abs(each.observed - each.confidence) for each in kept) / len(confidences)
