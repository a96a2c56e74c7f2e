"""The page's panel on reliability: what it says is bad is what the last saved run measured as bad."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.web.pages.reliability import (
    LEAST_ASKED,
    LIMITS,
    MOST_LISTED,
    PUBLISHED,
    read_published,
    render_reliability,
    weaknesses,
)
from corpus.load import load_document
from evals.performance.machine import DIRTY
from evals.reporting.labels import label_of
from evals.reporting.publish import publish
from evals.results import RESULTS, SUMMARY, load_run, results_file
from evals.sets.questions import STYLES, TYPES

DOCUMENT = load_document()
ABOUT = {
    "date": "2026-11-23T10:00:00",
    "commit": "abcdef012345",
    "engine": "embedded",
    "encoder": "e5",
    "document": "0",
}


def measure(value: float, count: int = 40) -> dict[str, float]:
    return {"value": value, "low": value, "high": value, "count": count}


def shown(figures: dict[str, Any]) -> str:
    return render_reliability({**ABOUT, "figures": figures}, (), DOCUMENT)


def test_what_is_published_is_what_the_last_saved_run_says(tmp_path: Path) -> None:
    published = read_published()
    summary = json.loads((RESULTS / SUMMARY).read_text(encoding="utf-8"))
    assert published["commit"] == summary["commit"], "guichet eval run --split all"
    run = load_run(results_file(published["commit"], "all", RESULTS))
    publish(run, tmp_path / "published.json")
    assert PUBLISHED.read_text(encoding="utf-8") == (tmp_path / "published.json").read_text(encoding="utf-8")


def test_nothing_is_published_of_a_part_or_of_a_changed_checkout(tmp_path: Path) -> None:
    run = load_run(results_file(read_published()["commit"], "all", RESULTS))
    for other in (replace(run, split="validation"), replace(run, commit=f"{run.commit}{DIRTY}")):
        publish(other, tmp_path / "published.json")
    assert list(tmp_path.iterdir()) == []


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
    page = shown({"right": measure(0.9)})
    assert "Ce que Guichet fait moins bien" in page
    assert "le plus souvent" not in page
    main = page[page.index('class="figures"') :]
    assert main.count("<li>") == len(LIMITS)
    assert f"les {len(DOCUMENT.fiches)} fiches" in main


def test_the_figures_are_said_with_their_margins_and_their_date() -> None:
    page = shown({"right": {"value": 0.5, "low": 0.4, "high": 0.6, "count": 12}})
    assert "<strong>12&nbsp;questions d’essai</strong>" in page
    assert "<strong>50\u00a0%</strong>" in page
    assert "40\u00a0% et 60\u00a0%" in page
    assert "23\u00a0novembre\u00a02026" in page


@pytest.mark.parametrize("word", ["F1", "rappel", "MRR", "bootstrap", "calibration", "nDCG", "validation", "corpus"])
def test_the_panel_speaks_no_jargon(word: str) -> None:
    page = render_reliability(read_published(), (), DOCUMENT)
    assert word not in page
    assert label_of("right") in page
