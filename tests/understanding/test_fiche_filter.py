"""A fiche that is left out answers nothing; fiches close behind are offered; a message that is cut says so."""

import pytest

from assistant.answer import MAX_QUESTION
from assistant.chain import Guichet
from assistant.understanding.fiche_filter import left_out, pinned, read_restriction, unrestricted

QUESTION = "qui finance l’accueil des jeunes enfants ?"


def test_a_restriction_is_written_in_the_question_and_read_again() -> None:
    once = left_out(QUESTION, "2-3")
    twice = left_out(once, "17-1")
    assert once == f"Sans la fiche 2-3 : {QUESTION}"
    assert read_restriction(twice) == (("2-3", "17-1"), QUESTION)
    assert left_out(twice, "2-3") == f"Sans les fiches 17-1 et 2-3 : {QUESTION}"
    assert pinned(twice, "9-1") == pinned(pinned(QUESTION, "2-3"), "9-1") == f"Dans la fiche 9-1 : {QUESTION}"
    assert unrestricted(pinned(QUESTION, "9-1")) == unrestricted(twice) == unrestricted(QUESTION) == QUESTION
    assert read_restriction("Sans les fiches, que faire ?") == ((), "Sans les fiches, que faire ?")
    assert read_restriction("Sans la fiche 2-3 :") == ((), "Sans la fiche 2-3 :")


@pytest.mark.model
def test_a_fiche_left_out_gives_its_place_to_the_next_one(guichet: Guichet) -> None:
    first = guichet.answer(QUESTION)
    second = guichet.answer(left_out(QUESTION, "2-3"))
    assert first.fiches == ("2-3",)
    assert second.fiches == (first.see_also[0],)
    assert "2-3" not in second.text
    assert {"2-3"}.isdisjoint({*second.ranking, *second.see_also})
    assert guichet.answer("et qui s’en occupe ?", [left_out(QUESTION, "2-3")]).fiches == second.fiches


@pytest.mark.model
def test_a_fiche_left_out_is_in_no_list(guichet: Guichet) -> None:
    question = "quelles fiches la CAF finance-t-elle ?"
    assert set(guichet.answer(question).fiches) - set(guichet.answer(left_out(question, "2-3")).fiches) == {"2-3"}


@pytest.mark.model
def test_a_fiche_close_behind_is_offered_as_the_same_question(guichet: Guichet) -> None:
    answer = guichet.answer(QUESTION)
    (choice,) = answer.choices
    assert (read_restriction(choice.question)[0], unrestricted(choice.question)) == ((), QUESTION)
    assert choice.label.startswith("Fiche 17-1 : Renforcer l’acquisition du langage")
    assert guichet.answer(answer.choices[0].question).fiches == ("17-1",)
    assert guichet.answer("qui finance la fiche 2-3 ?").choices == ()


@pytest.mark.model
def test_a_message_that_is_cut_says_so(guichet: Guichet) -> None:
    cut = "seul son début (4\u202f000 caractères) a été lu"
    assert cut in guichet.answer("Qui finance la 2-3 ? " + "bla " * MAX_QUESTION).text
    assert cut not in guichet.answer("Qui finance la 2-3 ?").text
