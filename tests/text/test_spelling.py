"""Hasty spelling -> written French; and what it costs in search, on more than two hundred noised questions."""

from collections.abc import Sequence

import pytest

from assistant.chain import Guichet
from assistant.text.spelling import Speller, load_speller
from assistant.understanding.cleaning import spelling_texts
from corpus.registry import load_registry
from evals.scoring.robustness import clean_questions, first_fiche
from evals.sets.noise import add_noise
from evals.sets.questions import Question, load_questions
from index.entries import Entries

MOST_LOST = 0.05
"""Share of hit@1 that noise may cost (the issue's figure)."""


@pytest.fixture(scope="module")
def speller(entries: Entries) -> Speller:
    return load_speller(*spelling_texts(load_registry(), entries))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("lobservatoire de la sante", "l'observatoire de la sante"),
        ("comment sinscrire", "comment s'inscrire"),
        ("jusquici tout va bien", "jusqu'ici tout va bien"),
        ("dou vient largent", "d'où vient l'argent"),
        ("la fiche avc le + de financeurs", "la fiche avec le plus de financeurs"),
        ("il est finanecur ou operatuer", "il est financeur ou operateur"),
        ("l'obseratoire", "l'observatoire"),
        ("G besoin d'aide", "j'ai besoin d'aide"),
        ("ki soccupe dlaide o devoir", "qui s'occupe dlaide o devoir"),
    ],
)
def test_a_hasty_word_is_written_out(speller: Speller, typed: str, written: str) -> None:
    assert speller.correct(typed) == written


@pytest.mark.parametrize(
    "right",
    [
        "la Sécu finance quoi",  # "écu" is a word, "s'écu" is none
        "prévention des AVC",
        "la CADA, la CDC et les EPCI",
        "demain dans la salle",
        "Qui opère la mission locale à Choisy ?",
        "les naissances et les tissus",
        "après un bac +2, ou bac+2",
    ],
)
def test_a_right_word_is_left_alone(speller: Speller, right: str) -> None:
    assert speller.correct(right) == right


def test_no_word_of_the_document_is_changed(speller: Speller, entries: Entries) -> None:
    texts = [entry.text for kind in (entries.passages, entries.titles) for entry in kind]
    assert [text for text in texts if speller.correct(text) != text] == []


def test_slips_of_residents_teach_no_word(entries: Entries) -> None:
    texts, spoken = spelling_texts(load_registry(), entries)
    taught = load_speller(texts, (*spoken, "lobservatoir finansé pour les zobservatoires"))
    assert taught.correct("lobservatoire") == "l'observatoire"
    assert not {"lobservatoir", "finanse", "zobservatoires"} & taught.known


def test_noise_costs_little_of_the_first_rank(guichet: Guichet) -> None:
    questions = [question for question in load_questions() if question.split != "test"]
    noised = add_noise(clean_questions(questions, most=64))
    assert len(noised) >= 200
    clean = _hits(guichet, [each.clean for each in noised])
    assert clean - _hits(guichet, [each.noisy for each in noised]) <= MOST_LOST


def _hits(guichet: Guichet, questions: Sequence[Question]) -> float:
    first = {question: first_fiche(guichet, question) in question.gold for question in dict.fromkeys(questions)}
    return sum(first[question] for question in questions) / len(questions)
