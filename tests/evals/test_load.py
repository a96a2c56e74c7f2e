"""The figures of a load run, against values computed by hand."""

from evals.performance.load import Seen, summary


def test_percentiles_and_errors_of_a_run() -> None:
    seen = Seen([float(number) for number in range(101)], ["503", "503", "ReadTimeout"])
    assert summary(seen) == {
        "answers": 101,
        "errors": 3,
        "kinds": ["503", "ReadTimeout"],
        "p50_ms": 50.0,
        "p95_ms": 95.0,
        "p99_ms": 99.0,
    }


def test_a_run_without_answers_has_no_percentile() -> None:
    assert summary(Seen()) == {"answers": 0, "errors": 0, "kinds": []}
