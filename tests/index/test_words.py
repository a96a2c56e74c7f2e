"""Words, stems and keyword scores."""

import numpy as np
import pytest

from corpus.text import fold, stems, words
from index.keywords import KeywordIndex

TEXTS = (
    "Les modes d’accueil des jeunes enfants",
    "L’accueil des entreprises",
    "La rénovation des copropriétés dégradées",
    "Un atelier santé ville",
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Œuvre", "l'oeuvre"),
        ("ÉTÉ à Noël, ça", "ete a noel, ca"),
        ("e\u0301cole", "ecole"),
        ("ex æquo", "ex aequo"),
        ("Caisse d’Allocations", "caisse d'allocations"),
        ("n°2-3", "n°2-3"),
        ("", ""),
    ],
)
def test_folding_leaves_neither_case_nor_accents(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("La 2-3, l’été", ["la", "2", "3", "l", "ete"]),
        ("UPE2A et M’T dents", ["upe2a", "et", "m", "t", "dents"]),
        ("snake_case", ["snake", "case"]),
        (" \n\t!? ", []),
    ],
)
def test_words_are_letters_and_figures(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("financeurs", "financeur"),
        ("formations", "formation"),
        ("santé", "sante"),
        ("dégradées", "degradees"),
        ("RÉNOVATIONS", "rénovation"),
        ("opérateurs", "operateur"),
    ],
)
def test_forms_of_a_word_share_their_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other) != []


def test_stems_keep_the_order_and_the_number_of_words() -> None:
    assert len(stems("Les modes d’accueil des jeunes enfants")) == 7
    assert stems("enfants jeunes") == list(reversed(stems("jeunes enfants")))


def test_the_text_that_shares_more_and_rarer_words_comes_first() -> None:
    scores = KeywordIndex(TEXTS).scores(stems("accueil des enfants"))
    assert scores.shape == (4,)
    assert scores.dtype == np.float32
    assert np.argmax(scores) == 0
    assert scores[0] > scores[1] > scores[3]


def test_accents_plurals_and_case_make_no_difference() -> None:
    index = KeywordIndex(TEXTS)
    assert np.array_equal(
        index.scores(stems("RENOVATION copropriete")), index.scores(stems("rénovations copropriétés"))
    )


@pytest.mark.parametrize("question", ["", "?!", "zzyzx", "مرحبا"])
def test_a_question_that_shares_nothing_scores_zero_everywhere(question: str) -> None:
    assert not KeywordIndex(TEXTS).scores(stems(question)).any()


def test_unknown_words_change_no_score() -> None:
    index = KeywordIndex(TEXTS)
    assert np.array_equal(index.scores(stems("santé zzyzx")), index.scores(stems("santé")))


@pytest.mark.parametrize("texts", [(), ("", " ?! ")])
def test_nothing_to_search_in_scores_zero(texts: tuple[str, ...]) -> None:
    scores = KeywordIndex(texts).scores(stems("accueil"))
    assert scores.shape == (len(texts),)
    assert not scores.any()


def test_texts_without_a_word_that_others_hold_score_alike_and_below_them() -> None:
    """bm25+ of bm25s gives them a small constant, not zero; ranks and standardised scores do not feel it."""
    scores = KeywordIndex(TEXTS).scores(stems("santé"))
    holding = np.array(["santé" in text.lower() for text in TEXTS])
    assert 0 < holding.sum() < len(TEXTS)
    assert len(set(scores[~holding].tolist())) == 1 and scores[~holding].max() < scores[holding].min()
