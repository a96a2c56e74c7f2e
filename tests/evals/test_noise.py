"""Noise on questions: the same for the same seed, legible, and enough of it."""

import random

import pytest

from evals.scoring.robustness import clean_questions, compare_noised, robustness, variants
from evals.sets.noise import (
    NOISES,
    TRANSLATED,
    add_noise,
    drop_accents,
    drop_apostrophes,
    mistype,
    translated,
    write_sms,
)
from evals.sets.questions import load_questions
from tests.support.evaluations import Scripted


def generator(seed: int = 0) -> random.Random:
    return random.Random(seed)  # noqa: S311


def test_accents_fall() -> None:
    assert drop_accents("Où va l’été, cœur ?", generator()) == "Ou va l’ete, coeur ?"


def test_apostrophes_become_a_space_or_nothing() -> None:
    seen = {drop_apostrophes("l'accueil d’été", generator(seed)) for seed in range(20)}
    assert seen == {f"l{a}accueil d{b}été" for a in ("", " ") for b in ("", " ")}


def test_sms_shortens_the_small_words() -> None:
    assert (
        write_sms("Est-ce que c'est pour nous, les crèches de la 2-3 ?", generator())
        == "esk c pr ns, le creches de la 2-3"
    )
    assert write_sms("Qui finance l’accueil des enfants ?", generator()) == "ki finance laccueil de enfants"


def test_slips_touch_a_quarter_of_the_long_words_and_no_figure() -> None:
    text = "La fiche 10-2 de la CASA parle des logements vacants et des commerces voisins"
    slipped = mistype(text, generator())
    assert slipped != text
    pairs = list(zip(text.split(), slipped.split(), strict=True))
    assert sum(a != b for a, b in pairs) <= 2
    assert all(a == b for a, b in pairs if len(a) < 5 or not a.islower())
    assert all(a[0] == b[0] for a, b in pairs)


def test_the_same_seed_gives_the_same_letters() -> None:
    questions = load_questions("train")[:40]
    assert add_noise(questions, seed=1) == add_noise(questions, seed=1)
    assert add_noise(questions, seed=1) != add_noise(questions, seed=2)


def test_there_are_enough_variants_of_clean_questions() -> None:
    questions = clean_questions(load_questions("validation"))
    noised = add_noise(questions)
    assert len(noised) >= 200
    assert {each.kind for each in noised} == set(NOISES)
    assert all(each.noisy.question != each.clean.question for each in noised)
    assert all(each.noisy.gold == each.clean.gold for each in noised)


def test_what_counts_is_the_first_fiche() -> None:
    """An assistant that finds 2-3 only where it reads an accent."""
    questions = [each for each in clean_questions(load_questions("test")) if "é" in each.question][:5]
    answerer = Scripted(lambda question: ["2-3"] if "é" in question else ["4-1"])
    measures = robustness(compare_noised(answerer, add_noise(questions)))
    assert measures["robust: sans accents"].value == 0.0
    assert measures["robust: SMS"].value < 0.5
    assert measures["robust"].count == len(add_noise(questions))


def test_questions_are_asked_in_other_languages_too() -> None:
    """An assistant that reads French only: what is translated stands apart from what is typed badly."""
    questions = load_questions("validation")
    noised = variants(questions)
    assert len(translated(questions)) >= 25
    assert {each.kind for each in noised} == {*NOISES, TRANSLATED}
    foreign = {each.noisy.question for each in noised if each.kind == TRANSLATED}
    measures = robustness(compare_noised(Scripted(lambda asked: ["4-1"] if asked in foreign else ["2-3"]), noised))
    assert measures["robust"].value == 1.0
    assert measures[f"robust: {TRANSLATED}"].value == 0.0
    assert measures["robust"].count + measures[f"robust: {TRANSLATED}"].count == len(noised)


def test_without_questions_nothing_is_measured() -> None:
    assert robustness([]) == {}


@pytest.mark.parametrize("noise", NOISES.values(), ids=list(NOISES))
def test_noise_never_empties_a_question(noise: object) -> None:
    for question in load_questions():
        if question.question.strip(" ?!."):
            assert noise(question.question, generator())  # type: ignore[operator]
