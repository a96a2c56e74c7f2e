"""The report: one page in French that opens without a network and shows what the run holds."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markupsafe import escape

from assistant.text.french import typeset
from corpus.document import Document
from corpus.errors import GuichetError
from corpus.load import read_corpus
from evals.baselines.compare import peer_figures
from evals.baselines.peers import PeerResult, compared
from evals.reporting.report import make_page, read_ablation, write_report
from evals.reporting.svg import Bar, bars, histogram, reliability_diagram
from evals.results import Run, save_run
from evals.scoring.calibration import ReliabilityBin
from evals.scoring.evaluation import evaluate_all
from evals.scoring.reference import make_reference
from evals.sets.questions import load_questions
from tests.support.evaluations import Scripted

ABLATION = {
    "whole": {"hit@1 validation": 0.9, "hit@1 cross-validated": 0.88},
    "sides": [{"side": "phrases, dense", "weight": 1.0, "alone": 0.6, "lost_cross_validated": 0.05}],
}


@pytest.fixture(scope="module")
def run(document: Document) -> Run:
    questions = [question for split in ("test", "validation") for question in load_questions(split)[:80]]
    made = evaluate_all(
        Scripted(lambda _: ["1-1", "2-3"]), questions, make_reference(document, read_corpus()), split="all"
    )
    asked = compared(questions)
    peer = peer_figures(asked, [PeerResult(("1-1",), ("1-1",), 0.5) for _ in asked])
    return replace(made, commit="aaaaaaaaaaaa", peers={"Mots-clés seuls": peer, "Guichet": peer}, peers_split="test")


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    return make_page(run, load_questions(), ABLATION)


class Page(HTMLParser):
    """The headings, the text, and every address that the page would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.headings: list[str] = []
        self.language = ""
        self._tag = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        given = dict(attrs)
        self.language = given.get("lang") or self.language
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]

    def handle_data(self, data: str) -> None:
        if self._tag in ("h1", "h2") and data.strip():
            self.headings.append(data)


def test_the_page_fetches_nothing(page: str) -> None:
    read = Page(page)
    assert read.fetched == []
    assert read.language == "fr"
    assert "<script" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_shows_every_part(page: str) -> None:
    assert Page(page).headings == [
        "Guichet\u00a0: fiabilité mesurée",
        "Justesse selon le type de question",
        "Selon la façon d’écrire, et selon le tour de la conversation",
        "À côté des autres façons de faire",
        "Ce que chaque côté de la recherche apporte",
        "La confiance dit-elle vrai\u00a0?",
        "Fautes, SMS, accents absents, autre langue",
        "Temps de réponse",
        "Toutes les mesures",
        "Ce que Guichet manque",
    ]


def test_every_plot_is_sound_and_described(page: str) -> None:
    plots = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(plots) == 8
    for plot in plots:
        root = ElementTree.fromstring(plot)  # noqa: S314
        space = "{http://www.w3.org/2000/svg}"
        assert root.findtext(f"{space}title")
        assert root.findtext(f"{space}desc")


def test_the_page_reports_the_split_that_nothing_was_decided_on(run: Run, page: str) -> None:
    assert f"{run.figures['test']['right'].count} questions (test)" in page


def test_what_was_not_measured_is_said_or_left_out(run: Run) -> None:
    bare = make_page(replace(run, peers={}, robustness={}), load_questions(), {})
    assert "guichet eval compare" in bare
    assert "Fautes, SMS" not in bare
    assert "chaque côté" not in bare


def test_questions_are_escaped(run: Run) -> None:
    missed = next(row for row in run.rows if row.split == "validation" and not row.right)
    hostile = [
        replace(question, question="<img src=x>") if question.id == missed.id else question
        for question in load_questions()
    ]
    page = make_page(run, hostile, {})
    assert "&lt;img src=x&gt;" in page
    assert "<img" not in page


def test_misses_of_the_reported_split_stay_unseen(run: Run, page: str) -> None:
    asked = {question.id: question for question in load_questions()}
    texts = {
        split: [asked[row.id].question for row in run.rows if row.split == split and not row.right]
        for split in ("test", "validation")
    }
    assert not any(str(escape(text[:200])) in page for text in texts["test"] if len(text) > 40)
    assert all(str(escape(typeset(text[:200]))) in page for text in texts["validation"])


def test_the_report_is_that_of_the_newest_run(run: Run, tmp_path: Path) -> None:
    with pytest.raises(GuichetError, match="Aucun résultat"):
        write_report(folder=tmp_path)
    save_run(run, tmp_path)
    path = write_report(folder=tmp_path)
    assert path == tmp_path / "rapport.html"
    assert "aaaaaaaaaaaa" in path.read_text(encoding="utf-8")
    elsewhere = tmp_path / "autre.html"
    assert write_report(elsewhere, folder=tmp_path) == elsewhere


def test_the_kept_ablation_can_be_drawn(run: Run) -> None:
    assert "sans passages" in make_page(run, load_questions(), read_ablation())


def test_bars_are_as_long_as_their_values() -> None:
    plot = ElementTree.fromstring(bars("t", [Bar("a", 0.5, 0.4, 0.6, "x"), Bar("h"), Bar("b", 1.0, 1.0, 1.0, "y")]))  # noqa: S314
    widths = [float(box.get("width", "0")) for box in plot.iter("{http://www.w3.org/2000/svg}rect")]
    assert widths[1] == pytest.approx(2 * widths[0])
    whiskers = [line for line in plot.iter("{http://www.w3.org/2000/svg}line") if line.get("class") == "whisker"]
    assert len(whiskers) == 3  # of the first only: the interval of the other is empty


def test_small_bars_have_a_scale_of_their_own() -> None:
    plot = bars("t", [Bar("a", 0.01, note="1,0 %"), Bar("b", -0.002, note="-0,2 %")], reach=0.02)
    whole = bars("t", [Bar("a", 0.5)])
    widths = [re.findall(r'<rect[^>]* width="([\d.]+)"', each) for each in (plot, whole)]
    assert widths[0] == [widths[1][0], "1.0"]
    assert "1,6\u00a0%" in plot


def test_a_confidence_that_is_right_lies_on_the_diagonal() -> None:
    plot = reliability_diagram("t", [ReliabilityBin(0.2, 0.3, 5, 0.25, 0.25), ReliabilityBin(0.7, 0.8, 9, 0.75, 0.75)])
    centres = [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', plot)]
    assert centres[1][0] - centres[0][0] == pytest.approx(centres[0][1] - centres[1][1])


def test_the_histogram_counts_every_value() -> None:
    plot = histogram("t", [1.0, 3.0, 3.5, 900.0], unit="ms", width=2.0)
    heights = [float(each) for each in re.findall(r'<rect[^>]* height="([\d.]+)"', plot)]
    assert heights == [90.0, 180.0, 90.0]
