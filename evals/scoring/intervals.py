"""How sure a figure is: bootstrap intervals, and paired tests between two runs on the same questions.

Everything is seeded: the same rows give the same interval.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

REPEATS = 2000
_SEED = 20150706
_LEVEL = 0.95

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its 95 % interval and the number of cases it rests on."""

    value: float
    low: float
    high: float
    count: int


def ratio_interval(
    numerators: Sequence[float],
    denominators: Sequence[float] | None = None,
    *,
    clusters: Sequence[Hashable] | None = None,
    repeats: int = REPEATS,
    seed: int = _SEED,
) -> Measure:
    """A share, sum(numerators) / sum(denominators), with its bootstrap interval. Raises ValueError without cases.

    Without denominators it is a mean. Where every case agrees (3 of 3), drawing them again shows no doubt at all: the
    interval is then Wilson's (JASA 1927) for as many independent cases as there are clusters.
    """
    names = list(range(len(numerators))) if clusters is None else list(clusters)
    measure = _bootstrap(numerators, denominators, names, repeats=repeats, seed=seed)
    if not (measure.low == measure.high == measure.value and measure.value in (0.0, 1.0)):
        return measure
    over = [1.0] * len(names) if denominators is None else denominators
    cases = len({name for name, bottom in zip(names, over, strict=True) if bottom})
    wilson = binomtest(round(measure.value) * cases, cases).proportion_ci(_LEVEL, method="wilson")
    return replace(measure, low=float(wilson.low), high=float(wilson.high))


def _bootstrap(
    numerators: Sequence[float],
    denominators: Sequence[float] | None,
    names: Sequence[Hashable],
    *,
    repeats: int,
    seed: int,
) -> Measure:
    """The percentile bootstrap (Efron and Tibshirani 1993, ch. 13) of a ratio of sums.

    What is drawn again are the cases of one name together: the turns of one conversation are not independent
    (Davison and Hinkley 1997, 3.8).
    """
    if not numerators:
        raise ValueError("an interval needs at least one case")
    over = [1.0] * len(numerators) if denominators is None else list(denominators)
    row = {name: i for i, name in enumerate(dict.fromkeys(names))}
    sums = np.zeros((2, len(row)))
    for top, bottom, name in zip(numerators, over, names, strict=True):
        sums[0, row[name]] += top
        sums[1, row[name]] += bottom
    if sums[1].sum() == 0:
        raise ValueError("an interval needs a denominator above zero")
    drawn = np.random.default_rng(seed).integers(0, len(row), size=(repeats, len(row)))
    tops, bottoms = sums[0][drawn].sum(axis=1), sums[1][drawn].sum(axis=1)
    ratios = tops[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.quantile(ratios, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Measure(float(sums[0].sum() / sums[1].sum()), float(low), float(high), len(numerators))


def paired_difference(
    ours: Sequence[float], theirs: Sequence[float], *, repeats: int = REPEATS, seed: int = _SEED
) -> Measure:
    """mean(ours - theirs) with its interval: paired bootstrap, both sides on the same drawn questions
    (Koehn, EMNLP 2004). For what is not simply won or lost; otherwise `mcnemar` is sharper.
    """
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    return _bootstrap(differences, None, range(len(differences)), repeats=repeats, seed=seed)


@dataclass(frozen=True, slots=True)
class McNemar:
    """`won`: cases that only ours gets right; `lost`: that only theirs does; `p`: two-sided."""

    won: int
    lost: int
    p: float


def mcnemar(ours: Sequence[bool], theirs: Sequence[bool]) -> McNemar:
    """McNemar's exact test (McNemar 1947; exact binomial form, Fagerland et al. 2013): with won + lost = n,
    p = 2 · sum over k ≤ min(won, lost) of C(n, k) / 2^n, at most 1; the binomial test is SciPy's.
    """
    pairs = list(zip(ours, theirs, strict=True))
    won, lost = sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)
    return McNemar(won, lost, float(binomtest(won, won + lost).pvalue) if won + lost else 1.0)
