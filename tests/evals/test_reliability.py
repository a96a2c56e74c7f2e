"""The page's panel on reliability: what it says is bad is what the kept run measured as bad."""

import pytest

from assistant.web.pages.reliability import LEAST_ASKED, LIMITS, MOST_LISTED, latest_run, render_reliability, weaknesses
from evals.reporting.labels import label_of
from evals.sets.questions import STYLES, TYPES


def measure(value: float, count: int = 40) -> dict[str, float]:
    return {"value": value, "low": value, "high": value, "count": count}


def test_what_is_least_often_right_is_listed_worst_first() -> None:
    figures = {
        "right": measure(0.8),
        "right: fait": measure(0.62),
        "right: descriptif": measure(0.7),
        "right: navigation": measure(1.0),
        "right: preambule": measure(0.0, LEAST_ASKED - 1),
        "style: sms": measure(0.51),
        "style: neutre": measure(0.2),
    }
    lines = weaknesses(figures)
    assert [line.rpartition(" (")[2] for line in lines] == [f"{n}\u00a0fois juste sur\u00a010)" for n in (5, 6, 7)]
    assert "messages abrégés" in lines[0]
    assert "détail précis" in lines[1]


def test_at_most_a_few_are_listed_and_the_limits_are_always_said() -> None:
    many = {f"right: {kind}": measure(0.5) for kind in TYPES} | {f"style: {style}": measure(0.5) for style in STYLES}
    assert len(weaknesses(many)) == MOST_LISTED
    page = render_reliability({"figures": {"test": {"right": measure(0.9)}}})
    assert "Ce que Guichet fait moins bien" in page
    assert "le plus souvent" not in page
    assert page.count("<li>") == len(LIMITS)


@pytest.mark.parametrize("word", ["F1", "rappel", "MRR", "bootstrap", "calibration", "nDCG", "validation", "corpus"])
def test_the_panel_speaks_no_jargon(word: str) -> None:
    run = latest_run()
    assert run is not None
    page = render_reliability(run)
    assert word not in page
    assert label_of("right") in page
