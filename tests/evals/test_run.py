"""Questions through an assistant, rows, kept runs, comparison of two, and the command line around them."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from corpus.document import Document
from corpus.errors import GuichetError
from corpus.load import read_corpus
from evals.performance.machine import current_commit, describe_machine, describe_versions, peak_memory_mb
from evals.reporting.against import compare_runs, describe_difference
from evals.reporting.labels import figures_table, interval_of, label_of, value_of
from evals.results import Run, find_run, latest_run, load_run, save_run
from evals.scoring.bars import Bars, lost_questions, make_bars, read_bars, shortfalls, write_bars
from evals.scoring.evaluation import evaluate_all
from evals.scoring.figures import figures_by_split, figures_of
from evals.scoring.intervals import Measure
from evals.scoring.reference import Reference, make_reference
from evals.scoring.rows import Row, evaluate, pair
from evals.sets.questions import Question, load_questions
from tests.support.evaluations import Broken, Scripted

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def reference(document: Document) -> Reference:
    return make_reference(document, read_corpus())


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions("test")[:60]


@pytest.fixture(scope="module")
def run(questions: list[Question], reference: Reference) -> Run:
    """An assistant that always finds 1-1: right about some questions, wrong about most."""
    made = evaluate_all(Scripted(lambda _: ["1-1", "2-3"]), questions, reference, split="test")
    return replace(made, commit="aaaaaaaaaaaa", date="2026-01-02T03:04:05")


def row(id: str, *, right: bool, status: str = "answered", **more: object) -> Row:
    made = Row(id, "test", "fait", "neutre", 1, {"status": True, "must": right, "right": right}, status)
    return replace(made, **more)  # type: ignore[arg-type]


def test_a_row_holds_what_was_answered(questions: list[Question], reference: Reference) -> None:
    asked = next(question for question in questions if question.single)
    made = evaluate(Scripted(lambda _: ["1-1", "2-3"]), [asked], reference)[0]
    assert (made.id, made.status, made.fiches, made.ranking) == (asked.id, "answered", ("1-1",), ("1-1", "2-3"))
    assert (made.confidence, made.quotes, made.standing, made.error) == (0.9, 1, 0, "")
    assert made.elapsed_ms > 0
    assert TypeAdapter(Row).validate_json(json.dumps(asdict(made))) == made


def test_an_exception_is_a_row_that_names_it(questions: list[Question], reference: Reference) -> None:
    reported: list[tuple[int, int]] = []
    answerer = Broken(Scripted(lambda _: ["1-1"]), questions[1].question)
    rows = evaluate(answerer, questions[:3], reference, report=lambda *each: reported.append(each))
    assert [bool(each.error) for each in rows] == [False, True, False]
    assert rows[1].error.startswith("KeyError")
    assert not rows[1].right
    assert reported == [(1, 3), (2, 3), (3, 3)]


def test_figures_by_hand(questions: list[Question]) -> None:
    single = [question for question in questions if question.single][:4]
    others = ["9-9"]
    made = [
        row(single[0].id, right=True, fiches=single[0].gold, ranking=single[0].gold, confidence=0.9, elapsed_ms=10.0),
        row(single[1].id, right=True, fiches=single[1].gold, ranking=(*others, *single[1].gold), elapsed_ms=20.0),
        row(single[2].id, right=False, fiches=tuple(others), ranking=tuple(others), elapsed_ms=30.0),
        row(single[3].id, right=False, status="declined", elapsed_ms=40.0),
    ]
    figures = figures_of(pair(made, questions))
    assert figures["right"].value == 0.5
    assert figures["hit@1"].value == pytest.approx(1 / 3)  # the one that was declined has no ranking
    assert figures["mrr"].value == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert figures["citation_precision"].value == pytest.approx(2 / 3)
    assert figures["citation_recall"].value == pytest.approx(2 / 4)
    assert figures["false_refusals"].value == 0.25
    assert figures["elapsed_ms_p50"].value == 25.0
    assert "auc" not in figures


def test_figures_are_kept_by_split_with_the_one_to_report_first(reference: Reference) -> None:
    questions = [load_questions(split)[0] for split in ("train", "validation", "test")]
    rows = evaluate(Scripted(lambda _: ["1-1"]), questions, reference)
    assert list(figures_by_split(pair(rows, questions))) == ["test", "validation", "train"]


def test_a_run_is_kept_and_read_back(run: Run, tmp_path: Path) -> None:
    path = save_run(run, tmp_path)
    assert path.name == "aaaaaaaaaaaa-test.json"
    assert load_run(path) == run


def test_the_latest_run_is_the_newest_of_its_questions(run: Run, tmp_path: Path) -> None:
    assert latest_run("all", folder=tmp_path) is None
    save_run(replace(run, split="all"), tmp_path)
    newer = replace(run, split="all", commit="bbbbbbbbbbbb-dirty", date="2026-02-02T00:00:00")
    save_run(newer, tmp_path)
    save_run(replace(run, commit="cccccccccccc", date="2027-01-01T00:00:00"), tmp_path)
    assert latest_run("all", folder=tmp_path) == newer
    clean = latest_run("all", folder=tmp_path, dirty=False)
    assert clean is not None
    assert clean.commit == "aaaaaaaaaaaa"


def test_a_run_is_found_by_the_first_characters_of_its_commit(run: Run, tmp_path: Path) -> None:
    save_run(run, tmp_path)
    assert find_run("aaaaaaa", folder=tmp_path) == run
    assert find_run("aaaaaaaaaaaaffffffff", "test", tmp_path) == run
    with pytest.raises(GuichetError, match="Gardés : aaaaaaaaaaaa-test"):
        find_run("bbb", folder=tmp_path)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"figures": 3}', encoding="utf-8")
    with pytest.raises(GuichetError, match="absents ou illisibles"):
        load_run(tmp_path / "x.json")


def test_two_runs_differ_by_what_was_won_and_lost(run: Run, questions: list[Question]) -> None:
    ids = [question.id for question in questions[:4]]
    before = replace(
        run, rows=tuple(row(id, right=right) for id, right in zip(ids, (True, True, False, False), strict=True))
    )
    after = replace(
        before,
        commit="bbbbbbbbbbbb",
        rows=tuple(row(id, right=right) for id, right in zip(ids, (True, False, True, True), strict=True)),
    )
    difference = compare_runs(after, before)
    assert [ours.id for ours, _ in difference.won] == ids[2:]
    assert [ours.id for ours, _ in difference.lost] == [ids[1]]
    assert (difference.test.won, difference.test.lost, difference.test.p) == (2, 1, 1.0)
    printed = describe_difference(difference, {question.id: question for question in questions})
    assert f"Perdues{NBSP}: 1\n  {ids[1]}  fait/neutre  [must]  {questions[1].question[:110]}" in printed
    assert "+25,0 points" in printed


def test_runs_without_a_question_in_common_are_told(run: Run) -> None:
    with pytest.raises(GuichetError, match="aucune question en commun"):
        compare_runs(run, replace(run, rows=(row("zz-1", right=True),)))


def test_bars_leave_a_question_of_room_and_are_read_back(tmp_path: Path) -> None:
    figures = {
        "right": Measure(0.9, 0.8, 1.0, 200),
        "errors": Measure(0.0, 0.0, 0.0, 200),
        "auc": Measure(0.95, 0, 1, 20),
    }
    bars = make_bars("aaa", figures, [row("q-1", right=False), row("q-2", right=True)])
    assert bars == Bars("aaa", {"right": 0.89, "errors": 0.0, "auc": 0.9}, frozenset({"q-1"}))
    write_bars(bars, tmp_path / "bars.json")
    assert read_bars(tmp_path / "bars.json") == bars


def test_no_bar_is_made_that_cannot_fail() -> None:
    figures = {"right: preambule": Measure(1 / 3, 0.0, 1.0, 3), "false_refusals": Measure(0.5, 0.0, 1.0, 2)}
    assert make_bars("aaa", figures, []).limits == {}


def test_a_shortfall_says_what_was_expected() -> None:
    bars = Bars("aaa", {"right": 0.9, "errors": 0.0, "hit@1": 0.5}, frozenset({"q-1"}))
    figures = {"right": Measure(0.85, 0.8, 0.9, 100), "errors": Measure(0.02, 0, 0.1, 100)}
    assert shortfalls(figures, bars) == [
        f"Réponses entièrement justes{NBSP}: 85,0{NBSP}%, attendu au moins 90,0{NBSP}%",
        f"Pannes{NBSP}: 2,0{NBSP}%, attendu au plus 0,0{NBSP}%",
        f"Bonne fiche en premier{NBSP}: plus mesuré",
    ]
    rows = [row("q-1", right=False), row("q-2", right=False), row("q-3", right=True)]
    assert [each.id for each in lost_questions(rows, bars)] == ["q-2"]


def test_figures_are_written_in_french() -> None:
    figures = {"right": Measure(0.9134, 0.88, 0.94, 309), "elapsed_ms_p50": Measure(12.4, 12.4, 12.4, 309)}
    assert figures_table(figures).split("\n") == [
        "Mesure                       Valeur  Intervalle à 95 %  Questions",
        "───────────────────────────  ──────  ─────────────────  ─────────",
        f"Réponses entièrement justes  91,3{NBSP}%        88,0 – 94,0        309",
        f"Temps de réponse médian       12{NBSP}ms                           309",
    ]
    assert label_of("right: fait") == "Justes, type fait précis"
    assert (value_of("auc", figures["right"]), interval_of("auc", figures["right"])) == ("0,913", "0,880 – 0,940")


def test_where_a_run_was_made() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}(-dirty)?|inconnu", current_commit())
    assert int(describe_machine()["cores"]) >= 1
    assert peak_memory_mb() > 10
    assert describe_versions(["numpy", "not-there"])["not-there"] == "absent"
