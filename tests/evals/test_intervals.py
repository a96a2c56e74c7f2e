"""Intervals and paired tests: what can be computed by hand, and what must hold of any of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.scoring.intervals import mcnemar, paired_difference, ratio_interval


def test_a_mean_with_its_interval() -> None:
    measure = ratio_interval([1.0, 0.0, 1.0, 1.0])
    assert measure.value == 0.75
    assert measure.count == 4
    assert (measure.low, measure.high) == (0.25, 1.0)  # of 256 draws, 5.1 % have at most one 1, 0.4 % none


def test_a_ratio_of_sums_is_not_a_mean_of_ratios() -> None:
    # 1 of 1 and 0 of 3: 1/4, where the mean of ratios would be 1/2
    assert ratio_interval([1.0, 0.0], [1.0, 3.0]).value == 0.25


def test_the_same_cases_give_the_same_interval() -> None:
    values = [i**1.5 for i in range(50)]
    assert ratio_interval(values) == ratio_interval(values)
    assert ratio_interval(values) != ratio_interval(values, seed=1)


def test_turns_of_one_conversation_are_drawn_together() -> None:
    """Ten cases that are two cases in truth: drawn whole, the interval spans all that two coins can show."""
    values = [1.0] * 5 + [0.0] * 5
    alone, together = ratio_interval(values), ratio_interval(values, clusters=["a"] * 5 + ["b"] * 5)
    assert alone.value == together.value == 0.5
    assert (together.low, together.high) == (0.0, 1.0)
    assert alone.low > 0.0
    assert alone.high < 1.0


def test_cases_that_all_agree_leave_the_doubt_that_is_theirs() -> None:
    """Wilson's for k = n: from n / (n + z²), z = 1.96; for k = 0 its mirror image."""
    squared = 1.959964**2
    always, never = ratio_interval([1.0] * 5), ratio_interval([0.0] * 20)
    assert (always.value, always.high) == (never.value + 1, 1.0)
    assert always.low == pytest.approx(5 / (5 + squared), abs=1e-5)
    assert (never.low, never.high) == (0.0, pytest.approx(squared / (20 + squared), abs=1e-5))
    together = ratio_interval([1.0] * 5, clusters=["a"] * 5)
    assert together.low == pytest.approx(1 / (1 + squared), abs=1e-5)


def test_two_runs_that_agree_everywhere_do_not_differ() -> None:
    same = paired_difference([1.0, 0.0, 1.0], [1.0, 0.0, 1.0])
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("tops", "bottoms"), [([], None), ([0.0], [0.0])])
def test_an_interval_of_nothing_is_refused(tops: list[float], bottoms: list[float] | None) -> None:
    with pytest.raises(ValueError, match="an interval needs"):
        ratio_interval(tops, bottoms)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_the_value_lies_in_its_interval(values: list[bool]) -> None:
    measure = ratio_interval([float(value) for value in values], repeats=300)
    assert 0 <= measure.low <= measure.value + 0.1
    assert measure.value - 0.1 <= measure.high <= 1


@pytest.mark.parametrize(
    ("won", "lost", "p"),
    [
        (0, 0, 1.0),
        (5, 0, 2 / 32),  # 2 · C(5,0) / 2^5
        (8, 2, 2 * (1 + 10 + 45) / 1024),  # 2 · (C(10,0) + C(10,1) + C(10,2)) / 2^10
        (3, 3, 1.0),
    ],
)
def test_mcnemar_by_hand(won: int, lost: int, p: float) -> None:
    ours = [True] * won + [False] * lost + [True, False]
    theirs = [False] * won + [True] * lost + [True, False]
    test = mcnemar(ours, theirs)
    assert (test.won, test.lost) == (won, lost)
    assert test.p == pytest.approx(p)


def test_the_paired_difference_is_narrower_than_what_the_sides_show_alone() -> None:
    theirs = [float(i % 2) for i in range(40)]
    ours = [1.0 if i < 4 else value for i, value in enumerate(theirs)]
    difference = paired_difference(ours, theirs)
    assert difference.value == pytest.approx(2 / 40)
    assert difference.high - difference.low < 0.15
