"""The checks of an answer, by hand, and against the scorer that travels with the development questions."""

import importlib.util
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Status
from assistant.answer_records import AnswerRecord
from corpus.text import flatten
from evals.scoring.grade import grade, limit_of, missing_groups, stands_in
from evals.sets.questions import Question, load_questions

SCORER = Path(__file__).parent.parent.parent.parent / "shared" / "questions" / "score.py"
QUESTION = Question(
    id="ea-001",
    split="train",
    type="financeurs",
    style="neutre",
    history=(),
    question="Qui paie ?",
    answerable=True,
    gold=("2-3",),
    ok=("2-1",),
    must=(("Communes", "mairies"), ("Région",)),
    must_not=("CPAM", "9-1"),
    note="",
)


def answer(text: str, *fiches: str, status: Status = "answered") -> Answer:
    return Answer(text, status, tuple(Citation(fiche, "financeurs", "Communes", ()) for fiche in fiches))


GOOD = answer("Les **communes** et la région.", "2-3", "2-1")


@pytest.mark.parametrize(
    ("given", "failed"),
    [
        (GOOD, set()),
        (replace(GOOD, status="declined"), {"status"}),
        (answer(GOOD.text, "2-1"), {"recall"}),
        (answer(GOOD.text, "2-3", "4-1"), {"precision"}),
        (answer("La région.", "2-3"), {"must"}),
        (answer(GOOD.text + " La CPAM aussi.", "2-3"), {"must_not"}),
        (answer(GOOD.text, "2-3", "9-1"), {"must_not", "precision"}),
        (answer(GOOD.text + " x" * 800, "2-3"), {"concise"}),
        (answer("", "2-3"), {"must", "concise"}),
    ],
)
def test_each_check_fails_alone(given: Answer, failed: set[str]) -> None:
    checks = grade(QUESTION, given)
    assert {name for name, held in checks.items() if not held} == failed | ({"right"} if failed else set())


def test_no_answer_is_not_right() -> None:
    assert grade(QUESTION, None) == {"status": False, "right": False}


@pytest.mark.parametrize(
    ("kind", "status", "text", "fiches", "right"),
    [
        ("hors_sujet", "declined", "Les fiches n’en parlent pas.", (), True),
        ("hors_sujet", "answered", "Le document ne précise pas.", ("2-1",), False),
        ("fausse_premisse", "answered", "La fiche 2-6 n’existe pas.", (), True),
        ("suite", "answered", "Il n’y a pas de fiche à ce sujet.", (), True),
        ("suite", "answered", "C’est la fiche 2-1.", (), False),
    ],
)
def test_what_must_be_declined(kind: str, status: Status, text: str, fiches: tuple[str, ...], right: bool) -> None:
    question = replace(QUESTION, type=kind, answerable=False, gold=(), must=(), must_not=())
    assert grade(question, answer(text, *fiches, status=status))["right"] is right


def test_small_talk_cites_nothing() -> None:
    question = replace(QUESTION, type="bavardage", gold=(), ok=(), must=(), must_not=())
    assert grade(question, answer("Bonjour.", status="smalltalk"))["right"]
    assert grade(question, answer("Bonjour."))["right"]
    assert not grade(question, answer("Bonjour.", "2-1"))["right"]


def test_long_lists_may_be_longer() -> None:
    assert limit_of(QUESTION) == 1500
    assert limit_of(replace(QUESTION, gold=tuple("1234567"))) == 4000
    assert limit_of(replace(QUESTION, type="inverse")) == 2600


def test_folding_and_whole_figures() -> None:
    assert flatten("  L’Œuvre\u00a0: ÉTÉ \n", hyphens=False) == "l oeuvre : ete"
    assert stands_in("2-1", "la fiche 2-1.")
    assert not stands_in("2-1", "la fiche 12-1")
    assert not stands_in("2-1", "la fiche 2-1-3")
    assert stands_in("12 fiches", "il y a 12 fiches")
    assert not stands_in("2 fiches", "il y a 12 fiches")
    assert missing_groups([("a",), ("b", "c")], "c") == [("a",)]


@pytest.mark.skipif(not SCORER.exists(), reason="the development questions are not there")
def test_the_checks_are_those_of_the_scorer_that_travels_with_the_questions() -> None:
    """On our own questions, with answers made of their gold and of what must not be said, good and bad by chance."""
    specification = importlib.util.spec_from_file_location("score", SCORER)
    assert specification
    assert specification.loader
    scorer = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(scorer)
    generator = random.Random(3)  # noqa: S311
    for question in load_questions():
        for _ in range(3):
            given = random_answer(question, generator)
            assert grade(question, given) == scorer.grade(
                as_record(question), AnswerRecord.of(given, "x").model_dump()
            ), question.id
        assert grade(question, None) == scorer.grade(as_record(question), None)


def random_answer(question: Question, generator: random.Random) -> Answer:
    words = [generator.choice(group) for group in question.must if generator.random() < 0.8]
    words += [bad for bad in question.must_not if generator.random() < 0.2]
    words += [generator.choice(["n’existe pas", "**voici**", "fiche 12-1", "", "Aucune fiche"])]
    generator.shuffle(words)
    text = " ; ".join(words) * generator.choice([1, 1, 1, 30])
    fiches = [fiche for fiche in question.gold if generator.random() < 0.9]
    fiches += [fiche for fiche in (*question.ok, "24-1", "préambule") if generator.random() < 0.15]
    return answer(text, *fiches, status=generator.choice(["answered", "answered", "declined", "smalltalk"]))


def as_record(question: Question) -> dict[str, Any]:
    return {
        "type": question.type,
        "answerable": question.answerable,
        "gold_fiches": list(question.gold),
        "ok_fiches": list(question.ok),
        "must": [list(group) for group in question.must],
        "must_not": list(question.must_not),
    }
