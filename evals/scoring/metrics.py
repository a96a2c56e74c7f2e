"""Measures on one ranking, one citation set, one list; pure functions with the source of each formula.

A ranking is a sequence of fiche numbers, best first, without repeats. Averages and intervals over questions are in
`evals.scoring.intervals`, what concerns confidence in `evals.scoring.calibration`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import ndcg_score


def hit_at(ranking: Sequence[str], gold: Collection[str], k: int) -> bool:
    """Whether one of the gold fiches is among the first `k` (success@k; Craswell, "Success at n", 2009)."""
    return any(fiche in gold for fiche in ranking[:k])


def reciprocal_rank(ranking: Sequence[str], gold: Collection[str]) -> float:
    """1 / rank of the first gold fiche, 0 when there is none; its mean is MRR (Voorhees, TREC-8, 1999)."""
    return next((1 / rank for rank, fiche in enumerate(ranking, start=1) if fiche in gold), 0.0)


def ndcg_at(ranking: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1: DCG@k / ideal DCG@k, where
    DCG@k = sum of gain / log2(rank + 1) (Järvelin and Kekäläinen, TOIS 2002), by scikit-learn.

    Gold that is not ranked comes after `k` ranks that hold nothing. Raises ValueError without gold.
    """
    if not gold:
        raise ValueError("nDCG needs at least one gold fiche")
    shown = [float(fiche in gold) for fiche in ranking[:k]]
    unranked = [1.0] * (len(set(gold)) - int(sum(shown)))
    gains = [*shown, *[0.0] * (k + 1 - len(shown)), *unranked]
    return float(ndcg_score([gains], [range(len(gains), 0, -1)], k=k, ignore_ties=True))


def recall_at(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of the gold fiches among the first `k` (Manning, Raghavan and Schütze 2008, 8.4)."""
    if not gold:
        raise ValueError("recall needs at least one gold fiche")
    return len(set(ranking[:k]) & set(gold)) / len(set(gold))


def all_gold_within(ranking: Sequence[str], gold: Collection[str], k: int) -> bool:
    """Whether every gold fiche is among the first `k`."""
    return set(gold) <= set(ranking[:k])


@dataclass(frozen=True, slots=True)
class CitationCounts:
    """Of one answer: fiches `cited`, of which `allowed` are gold or ok; gold fiches, of which `found` are cited."""

    allowed: int
    cited: int
    found: int
    gold: int


def count_citations(cited: Collection[str], gold: Collection[str], ok: Collection[str]) -> CitationCounts:
    """What citation precision (sum of allowed / sum of cited) and recall (sum of found / sum of gold) add up.

    Micro-averages (Manning et al. 2008, 13.6), as ALCE's (Gao et al., EMNLP 2023) at the level of fiches.
    """
    cites, golden = set(cited), set(gold)
    return CitationCounts(len(cites & (golden | set(ok))), len(cites), len(cites & golden), len(golden))


def set_f1(named: Collection[str], expected: Collection[str]) -> float:
    """2 |named ∩ expected| / (|named| + |expected|) (Dice 1945; van Rijsbergen 1979, beta 1). 1.0 for two
    empty sets."""
    total = len(set(named)) + len(set(expected))
    return 2 * len(set(named) & set(expected)) / total if total else 1.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies, linear between neighbours.

    Hyndman and Fan 1996, type 7, by NumPy. Raises ValueError without values.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    return float(np.quantile(values, share))
