"""The figures of README.md and docs/evaluation.md are those that `guichet eval tables` makes of the runs they name."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import GuichetError
from corpus.load import read_corpus
from evals.baselines.compare import OURS, peer_figures
from evals.baselines.peers import PeerResult, compared
from evals.generated.rows import generated_file, load_generated
from evals.reporting.generated_table import make_generated_table
from evals.reporting.tables import (
    GENERATED,
    HEADLINE,
    PAGE_FILE,
    README_FILE,
    REPORTED,
    TABLE,
    commit_in,
    fill,
    filled,
    make_headline,
    make_table,
    marks,
    write_tables,
)
from evals.results import Run, load_run, results_file, save_run
from evals.scoring.evaluation import evaluate_all
from evals.scoring.reference import make_reference
from evals.sets.questions import load_questions
from tests.support.evaluations import Scripted


@pytest.fixture(scope="module")
def run(document: Document) -> Run:
    questions = load_questions(REPORTED)[::3]
    made = evaluate_all(Scripted(lambda _: ["1-1"]), questions, make_reference(document, read_corpus()), split="all")
    asked = compared(questions)
    peer = peer_figures(asked, [PeerResult(("1-1",), ("1-1",), 0.5) for _ in asked])
    peers = {"Mots-clés seuls": peer, OURS: peer}
    return replace(made, commit="abcdef012345", date="2026-01-02T03:04:05", peers=peers, peers_split=REPORTED)


def test_the_written_figures_are_those_of_the_run_they_name() -> None:
    page = PAGE_FILE.read_text(encoding="utf-8")
    table, headline = filled(page, TABLE), filled(README_FILE.read_text(encoding="utf-8"), HEADLINE)
    run = load_run(results_file(commit_in(table), "all"))
    assert table == make_table(run), "guichet eval tables"
    assert headline == make_headline(run), "guichet eval tables"
    generated = filled(page, GENERATED)
    assert generated == make_generated_table(load_generated(generated_file(commit_in(generated)))), (
        "guichet eval tables"
    )


def test_the_headline_is_three_figures_with_their_interval_and_where_they_come_from(run: Run) -> None:
    lines = make_headline(run).replace("\N{NO-BREAK SPACE}", " ").split("\n")
    right = run.figures[REPORTED]["right"].value * 100
    assert lines[0].startswith(f"- Réponses entièrement justes : **{right:.1f} %** [".replace(".", ","))
    assert [line.split(" : ")[0] for line in lines[1:3]] == ["- Questions hors du document déclinées", "- Refus à tort"]
    assert f"le 02.01.2026, commit `abcdef012345`, sur les {run.figures[REPORTED]['right'].count} questions" in lines[4]


def test_the_table_has_ours_and_the_peers_with_their_intervals(run: Run) -> None:
    table = make_table(run)
    assert "le 02.01.2026, commit `abcdef012345`" in table
    assert commit_in(table) == "abcdef012345"
    assert f"| Mesure | {OURS} | Mots-clés seuls |" in table
    assert "| Bonne fiche en premier | " in table
    assert " [" in table
    widths = {line.count("|") for line in table.split("\n") if line.startswith("|")}
    assert widths == {4, 5}


def test_the_command_fills_the_places_and_leaves_the_rest(run: Run, tmp_path: Path) -> None:
    readme, page, results = tmp_path / "README.md", tmp_path / "evaluation.md", tmp_path / "results"
    readme.write_text(f"# Titre\n\n{place(HEADLINE)}\n\nFin\n", encoding="utf-8")
    page.write_text(f"# Page\n\n{place(TABLE)}\n\n{place(GENERATED)}\n", encoding="utf-8")
    with pytest.raises(GuichetError, match="run --split all"):
        write_tables(readme, page, results)
    save_run(replace(run, commit="abcdef012345-dirty", date="2027-01-01T00:00:00"), results)
    save_run(replace(run, peers={}), results)
    with pytest.raises(GuichetError, match="eval compare"):
        write_tables(readme, page, results)
    save_run(run, results)
    for _ in range(2):
        assert write_tables(readme, page, results) == run
        assert readme.read_text(encoding="utf-8") == f"# Titre\n\n{place(HEADLINE, make_headline(run))}\n\nFin\n"
        table = place(TABLE, make_table(run))
        assert page.read_text(encoding="utf-8") == f"# Page\n\n{table}\n\n{place(GENERATED)}\n"


def test_a_file_without_the_place_is_named() -> None:
    first, last = marks(TABLE)
    with pytest.raises(GuichetError, match="evals:table"):
        fill(f"{last} {first}", TABLE, "")


def place(name: str, content: str = "avant") -> str:
    first, last = marks(name)
    return f"{first}\n{content}\n{last}"
