"""Area under the curve, reliability bins and calibration error, by hand."""

import pytest

from evals.scoring.calibration import area_under_curve, auc_interval, expected_calibration_error, reliability


def test_the_area_counts_pairs_in_the_right_order() -> None:
    # positives 0.9 and 0.4, negatives 0.5 and 0.1: 3 of 4 pairs are in order
    assert area_under_curve([0.9, 0.4, 0.5, 0.1], [True, True, False, False]) == 0.75


def test_a_tie_counts_for_half() -> None:
    assert area_under_curve([0.5, 0.5], [True, False]) == 0.5


def test_the_area_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="both kinds"):
        area_under_curve([0.2, 0.9], [True, True])


def test_the_interval_holds_the_area() -> None:
    scores = [i / 20 for i in range(20)]
    measure = auc_interval(scores, [i % 3 != 0 and i > 4 for i in range(20)])
    assert measure.low <= measure.value <= measure.high
    assert measure.count == 20


def test_bins_hold_their_mean_confidence_and_their_share() -> None:
    bins = reliability([0.05, 0.62, 0.68, 1.0], [False, True, False, True], bins=10)
    assert [(each.low, each.count) for each in bins] == [(0.0, 1), (0.6, 2), (0.9, 1)]
    assert bins[1].confidence == pytest.approx(0.65)
    assert bins[1].observed == 0.5
    assert bins[2].observed == 1.0


def test_the_calibration_error_by_hand() -> None:
    # two bins of two: |0.5 - 0.65| · 2/4 + |1 - 0.95| · 2/4 = 0.1
    error = expected_calibration_error([0.62, 0.68, 0.94, 0.96], [True, False, True, True], bins=10)
    assert error == pytest.approx(0.1)


def test_certainty_that_is_right_has_no_error() -> None:
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0.0


@pytest.mark.parametrize("confidence", [-0.1, 1.2])
def test_a_confidence_beyond_its_bounds_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability([confidence], [True])
