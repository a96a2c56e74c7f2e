"""The README's table is what `python -m evals readme` writes from the kept run that it names."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import GuichetError
from corpus.load import read_corpus
from evals.baselines.compare import OURS, figures_of_found
from evals.baselines.peers import Found, compared
from evals.reporting import readme_generated
from evals.reporting.readme import (
    CLOSING,
    GENERATED,
    OPENING,
    README_FILE,
    REPORTED,
    UNMEASURED,
    commit_in,
    fill,
    make_table,
    table_in,
    write_readme,
)
from evals.results import RESULTS, Run, load_run, results_file, save_run
from evals.scoring.evaluation import evaluate_all
from evals.scoring.reference import make_reference
from evals.sets.questions import load_questions
from tests.support.evaluations import Scripted


@pytest.fixture(scope="module")
def run(document: Document) -> Run:
    questions = load_questions(REPORTED)[:120]
    made = evaluate_all(Scripted(lambda _: ["1-1"]), questions, make_reference(document, read_corpus()), split="all")
    asked = compared(questions)
    peer = figures_of_found(asked, [Found(("1-1",), ("1-1",), 0.5) for _ in asked])
    peers = {"Mots-clés seuls": peer, OURS: peer}
    return replace(made, commit="abcdef012345", date="2026-01-02T03:04:05", peers=peers, peers_split=REPORTED)


def test_the_readmes_table_is_that_of_the_run_it_names() -> None:
    table = table_in(README_FILE.read_text(encoding="utf-8"))
    commit = commit_in(table)
    expected = make_table(load_run(results_file(commit, "all", RESULTS))) if commit else UNMEASURED
    assert table == expected, "python -m evals readme"


def test_the_table_has_ours_and_the_peers_with_their_intervals(run: Run) -> None:
    table = make_table(run)
    assert "le 02.01.2026, commit `abcdef012345`" in table
    assert commit_in(table) == "abcdef012345"
    assert f"| Mesure | {OURS} | Mots-clés seuls |" in table
    assert "| Bonne fiche en premier | " in table
    assert " [" in table
    widths = {line.count("|") for line in table.split("\n") if line.startswith("|")}
    assert widths == {4, 5}


def test_the_command_fills_the_place_and_leaves_the_rest(run: Run, tmp_path: Path) -> None:
    readme, results = tmp_path / "README.md", tmp_path / "results"
    second = f"{GENERATED[0]}\n{readme_generated.UNMEASURED}\n{GENERATED[1]}"
    readme.write_text(f"# Titre\n\n{OPENING}\n{UNMEASURED}\n{CLOSING}\n\n{second}\n", encoding="utf-8")
    with pytest.raises(GuichetError, match="run --split all"):
        write_readme(readme, results)
    save_run(replace(run, commit="abcdef012345-dirty", date="2027-01-01T00:00:00"), results)
    save_run(replace(run, peers={}), results)
    with pytest.raises(GuichetError, match="evals compare"):
        write_readme(readme, results)
    save_run(run, results)
    assert write_readme(readme, results) == run
    written = readme.read_text(encoding="utf-8")
    assert written == f"# Titre\n\n{OPENING}\n{make_table(run)}\n{CLOSING}\n\n{second}\n"
    assert table_in(written) == make_table(run)
    write_readme(readme, results)
    assert readme.read_text(encoding="utf-8") == written


def test_a_readme_without_the_place_is_told() -> None:
    with pytest.raises(GuichetError, match="evals:table"):
        fill(f"{CLOSING} {OPENING}", "")
