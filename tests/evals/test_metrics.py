"""Measures against values computed by hand."""

import math

import pytest
from sklearn.metrics import ndcg_score

from evals.scoring.figures import citation_figures
from evals.scoring.metrics import (
    all_gold_within,
    count_citations,
    hit_at,
    ndcg_at,
    percentile,
    recall_at,
    reciprocal_rank,
    set_f1,
)

RANKING = ["2-1", "2-3", "7-1", "1-1", "9-2"]


@pytest.mark.parametrize(("gold", "k", "expected"), [(["2-1"], 1, True), (["2-3"], 1, False), (["2-3"], 2, True)])
def test_hit_at_k_looks_at_the_first_k(gold: list[str], k: int, expected: bool) -> None:
    assert hit_at(RANKING, gold, k) is expected


@pytest.mark.parametrize(("gold", "expected"), [(["2-1"], 1.0), (["7-1", "9-2"], 1 / 3), (["24-1"], 0.0)])
def test_the_reciprocal_rank_is_that_of_the_first_gold_fiche(gold: list[str], expected: float) -> None:
    assert reciprocal_rank(RANKING, gold) == pytest.approx(expected)


def test_mrr_of_three_questions_by_hand() -> None:
    # ranks 1, 3 and none: (1 + 1/3 + 0) / 3 = 4/9
    ranks = [reciprocal_rank(RANKING, gold) for gold in (["2-1"], ["7-1"], ["24-1"])]
    assert sum(ranks) / 3 == pytest.approx(4 / 9)


def test_ndcg_by_hand() -> None:
    # gold at ranks 2 and 4: (1/log2(3) + 1/log2(5)) / (1/log2(2) + 1/log2(3))
    expected = (0.6309297535714575 + 0.43067655807339306) / (1 + 0.6309297535714575)
    assert ndcg_at(RANKING, ["2-3", "1-1"], 10) == pytest.approx(expected)


def test_ndcg_counts_the_gold_that_is_not_ranked() -> None:
    assert ndcg_at(["2-1"], ["2-1", "2-2"], 10) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert ndcg_at(["2-1", "2-3"], ["2-3"], 1) == 0.0


def test_ndcg_agrees_with_scikit_learn() -> None:
    gold = {"2-3", "9-2"}
    relevance, scores = [[float(fiche in gold) for fiche in RANKING]], [[5.0, 4.0, 3.0, 2.0, 1.0]]
    assert ndcg_at(RANKING, gold, 10) == pytest.approx(ndcg_score(relevance, scores, k=10))


def test_recall_and_all_gold_within_the_first_k() -> None:
    assert recall_at(RANKING, ["2-1", "9-2", "24-1"], 5) == pytest.approx(2 / 3)
    assert all_gold_within(RANKING, ["2-1", "7-1"], 3)
    assert not all_gold_within(RANKING, ["2-1", "7-1"], 2)


@pytest.mark.parametrize("measure", [ndcg_at, recall_at])
def test_measures_that_need_gold_say_so(measure: object) -> None:
    with pytest.raises(ValueError, match="at least one gold fiche"):
        measure(RANKING, [], 5)  # type: ignore[operator]


def test_citation_precision_and_recall_are_micro_averages() -> None:
    counts = [
        count_citations(["2-1"], ["2-1"], []),  # 1 of 1 allowed, 1 of 1 found
        count_citations(["2-1", "2-2", "9-9"], ["2-1", "3-1"], ["2-2"]),  # 2 of 3 allowed, 1 of 2 found
        count_citations([], ["4-1"], []),  # 0 of 0, 0 of 1
    ]
    figures = citation_figures(counts)
    assert figures["citation_precision"].value == pytest.approx(3 / 4)
    assert figures["citation_recall"].value == pytest.approx(2 / 4)


def test_without_citations_or_gold_there_is_no_figure() -> None:
    assert set(citation_figures([count_citations([], ["2-1"], [])])) == {"citation_recall"}
    assert set(citation_figures([count_citations(["2-1"], [], [])])) == {"citation_precision"}


@pytest.mark.parametrize(
    ("found", "expected", "f1"),
    [("ab", "ab", 1.0), ("abc", "ab", 0.8), ("a", "abc", 0.5), ("x", "ab", 0.0), ("", "", 1.0), ("", "a", 0.0)],
)
def test_set_f1_by_hand(found: str, expected: str, f1: float) -> None:
    assert set_f1(found, expected) == pytest.approx(f1)


def test_percentiles_are_linear_between_neighbours() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert percentile([10.0, 20.0, 30.0], 0.95) == pytest.approx(29.0)
    assert percentile([7.0], 0.95) == 7.0
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 0.5)
