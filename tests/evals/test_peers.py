"""The peers: what they find, what they cite, and the table that puts them beside Guichet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.load import read_corpus
from evals.baselines.compare import first_hits, peer_figures
from evals.baselines.langchain_tutorial import CHUNK_SIZE, TutorialPipeline, owners_of, split
from evals.baselines.peers import PeerResult, compared, rank_passages, whole_assistant
from evals.sets.questions import Question, load_questions
from tests.support.encoder import HashingEncoder
from tests.support.evaluations import Scripted


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return compared(load_questions("validation"))


def test_a_peer_cites_the_fiches_of_its_four_best_passages() -> None:
    passages = [("2-3", 0.9), ("", 0.8), ("2-3", 0.7), ("4-1", 0.6), ("9-1", 0.5)]
    assert rank_passages(passages) == PeerResult(("2-3", "4-1", "9-1"), ("2-3", "4-1"), 0.9)
    assert rank_passages([]) == PeerResult((), (), 0.0)


def test_guichet_is_seen_through_its_answers(questions: list[Question]) -> None:
    found = whole_assistant(Scripted(lambda _: ["7-1", "8-1"]))(questions[0])
    assert found == PeerResult(("7-1", "8-1"), ("7-1",), 0.9, declined=False)


def test_what_is_compared_stands_alone(questions: list[Question]) -> None:
    assert len(questions) > 150
    assert not any(question.history for question in questions)
    assert {question.type for question in questions if not question.answerable} == {"hors_sujet"}


def test_every_character_of_a_fiche_belongs_to_it(document: Document) -> None:
    raw = read_corpus()
    owners = owners_of(document, raw)
    assert len(owners) == len(raw)
    start = raw.index("Permettant un apprentissage des outils numériques")
    assert owners[start] == "1-1"
    assert owners[raw.index("PREAMBULE")] == ""
    assert {owner for owner in owners if owner} == {fiche.number for fiche in document.fiches}


def test_the_splitter_is_the_tutorials() -> None:
    raw = read_corpus()
    chunks = split(raw)
    assert max(len(text) for _, text in chunks) <= CHUNK_SIZE
    assert all(raw[start : start + len(text)] == text for start, text in chunks)


@pytest.fixture(scope="module")
def tutorial(document: Document, hashing: HashingEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    pipeline = TutorialPipeline(document, read_corpus(), hashing, Path(tmp_path_factory.mktemp("tutorial")))
    yield pipeline
    pipeline.close()


def test_the_tutorial_pipeline_ranks_fiches(tutorial: TutorialPipeline, questions: list[Question]) -> None:
    found = tutorial.find(questions[0])
    assert 1 <= len(found.cited) <= 4
    assert set(found.cited) <= set(found.ranking)
    assert found == tutorial.find(questions[0])


def test_figures_by_hand(questions: list[Question]) -> None:
    first, second = [question for question in questions if question.single][:2]
    outside = next(question for question in questions if not question.answerable)
    found = [
        PeerResult(first.gold, (*first.gold, "24-9"), 0.9),
        PeerResult(("24-9",), ("24-9",), 0.2),
        PeerResult((), (), 0.4, declined=True),
    ]
    asked = [first, second, outside]
    figures = peer_figures(asked, found)
    values = {name: measure.value for name, measure in figures.items()}
    assert values == {
        "hit@1": 0.5,
        "hit@5": 0.5,
        "mrr": 0.5,
        "all_gold@5": 0.5,
        "citation_precision": pytest.approx(1 / 3),
        "citation_recall": 0.5,
        "declined_outside": 1.0,
        "auc": 0.5,
    }
    assert first_hits(asked, found) == [True, False]
