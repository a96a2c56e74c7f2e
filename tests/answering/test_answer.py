"""Answers in general: what is cited stands in the delivered document, what is called is cited, nothing ever raises."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answer import MAX_QUESTION, Answer
from assistant.answer_records import AnswerRecord
from assistant.chain import Guichet
from tests.support.delivered import Delivered

ANSWERABLE = [
    "qui finance l'accueil des jeunes enfants ?",
    "Qui peut m'aider à apprendre le français ?",
    "je peux pas payer le permis, y a des aides ?",
    "Quels dispositifs pour créer son entreprise dans un quartier prioritaire ?",
    "Qui s'occupe de la propreté au pied des immeubles ?",
    "Y a-t-il des actions contre les discriminations ?",
    "ma copropriété est dégradée, qui finance les travaux ?",
    "Que prévoit le contrat pour les parents en difficulté ?",
    "Qui soutient les associations de quartier ?",
    "installation de médecins : quels financeurs ?",
    "stage de troisième, qui aide ?",
    "De quoi parle la 9-1 ?",
    "Dispositifs de la fiche 1-2",
    "Quelles fiches la CAF finance-t-elle ?",
    "Quelles fiches citent Vitry ?",
    "Les enjeux du pilier 2",
    "Combien de fiches en tout ?",
    "Que dit le préambule sur l'échelle intercommunale ?",
    "L'introduction de l'enjeu 1, elle dit quoi ?",
    "Pourquoi n'y a-t-il pas de fiche sur la prévention de la délinquance ?",
    "Différences d'opérateurs entre la 8-1 et la 8-2",
]
OUTSIDE = [
    "Quelle est la capitale de l'Australie ?",
    "recette de la tarte aux pommes",
    "Qui finance la fiche 16-1 ?",
    "les opérateurs de la 44-2",
    "Combien coûte un kilo de tomates ?",
    "Quel temps fera-t-il demain à Lyon ?",
]
SMALLTALK = ["bonjour", "merci beaucoup", "au revoir", "qui es-tu ?"]
NASTY = [
    "",
    " \n\t",
    "?" * 500,
    "\x00\x07\x1b[31m qui finance ?",
    "\u202equi finance la 2-3\u202c",
    "a" * 200_000,
    "fiche 2-3 " * 3000,
    "<script>alert(1)</script> <img src=x onerror=alert(1)>",
    "[fiche 2-3](javascript:alert(1)) **gras** `code` [x](http://example.org)",
    "{{ 7*7 }} ${7*7} %s %d {0} \\n",
    "'; DROP TABLE fiches; --",
    "\ud800 seul",
    "𝕢𝕦𝕚 𝕗𝕚𝕟𝕒𝕟𝕔𝕖 👩‍👩‍👧‍👦 ?",
    "من يمول رعاية الأطفال؟",
    "谁资助托儿所?",
    "0-0 99-99 -1-1 2-3-4-5 1/0 ²-³ ½-¾",
    "enjeu ² pilier ③ fiche ٢-٣",
]
called = re.compile(r"\[fiche ([^\]]*)\]")


def check(answer: Answer, guichet: Guichet, delivered: Delivered) -> None:
    """What holds for every answer whatever was asked."""
    numbers = {fiche.number for fiche in guichet.document.fiches}
    assert answer.status in ("answered", "declined", "smalltalk")
    assert answer.text.strip()
    for citation in answer.citations:
        assert delivered.holds(citation.quote, citation.lines), citation
        assert citation.fiche in numbers or re.match(r"préambule|enjeu (?:1|21)$", citation.fiche)
    calls = set(called.findall(answer.text))
    assert calls <= numbers
    if answer.status == "answered":
        assert calls <= set(answer.fiches), calls - set(answer.fiches)
    else:
        assert answer.citations == ()
    assert set(answer.ranking) <= numbers
    assert len(set(answer.ranking)) == len(answer.ranking)
    assert 0 <= answer.confidence <= 1


@pytest.mark.model
@pytest.mark.parametrize("question", ANSWERABLE)
def test_what_the_document_holds_is_answered_with_quotes_of_it(
    guichet: Guichet, delivered: Delivered, question: str
) -> None:
    answer = guichet.answer(question)
    check(answer, guichet, delivered)
    assert answer.status == "answered"
    assert answer.citations or re.search(r"enjeux|fiches en tout", question)


@pytest.mark.model
@pytest.mark.parametrize("question", OUTSIDE)
def test_what_it_does_not_hold_is_declined_without_citation(
    guichet: Guichet, delivered: Delivered, question: str
) -> None:
    answer = guichet.answer(question)
    check(answer, guichet, delivered)
    assert answer.status == "declined"


@pytest.mark.model
@pytest.mark.parametrize("question", SMALLTALK)
def test_small_talk_is_short_and_cites_nothing(guichet: Guichet, delivered: Delivered, question: str) -> None:
    answer = guichet.answer(question)
    check(answer, guichet, delivered)
    assert answer.status == "smalltalk"
    assert len(answer.text) < 300


@pytest.mark.model
@pytest.mark.parametrize("question", NASTY, ids=range(len(NASTY)))
def test_hostile_texts_get_an_answer_and_no_markup_of_theirs(
    guichet: Guichet, delivered: Delivered, question: str
) -> None:
    for history in ((), ("qui finance la 2-3 ?", question), (question, question)):
        answer = guichet.answer(question, history)
        check(answer, guichet, delivered)
        shown = answer.text + answer.understood
        assert not re.search(r"<(?:script|img)|javascript:|http://example", shown)
        assert not any(ord(character) < 32 and character != "\n" for character in shown)
        assert "\u202e" not in shown


@pytest.mark.model
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=st.text(max_size=200), history=st.lists(st.text(max_size=80), max_size=3))
def test_no_text_makes_an_answer_raise(
    guichet: Guichet, delivered: Delivered, question: str, history: list[str]
) -> None:
    check(guichet.answer(question, history), guichet, delivered)


KNOWN = """
qui finance opère la caf 2-3 16-1 fiche fiches enjeu pilier 5 pas sans mais et ou quelles combien dispositifs anru
santé premier dernier suivante toutes plus moins commun différence celle celles aussi <b> ** [fiche 9-9] ? !
"""
WORDS = st.sampled_from(KNOWN.split())


@pytest.mark.model
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(turns=st.lists(st.lists(WORDS, max_size=8).map(" ".join), min_size=1, max_size=4))
def test_no_order_of_the_words_that_it_knows_makes_an_answer_raise(
    guichet: Guichet, delivered: Delivered, turns: list[str]
) -> None:
    answer = guichet.answer(turns[-1], turns[:-1])
    check(answer, guichet, delivered)
    assert "<b>" not in answer.text
    assert "9-9" not in called.findall(answer.text)


@pytest.mark.model
def test_only_the_beginning_of_a_huge_question_is_read(guichet: Guichet) -> None:
    long = "Qui finance la 2-3 ? " + "bla " * MAX_QUESTION
    assert "2-3" in guichet.answer(long).text
    assert guichet.answer(long).elapsed_ms < 5000


@pytest.mark.model
def test_the_record_of_the_machine_interface(guichet: Guichet) -> None:
    record = json.loads(AnswerRecord.of(guichet.answer("qui finance la 2-3 ?"), "q1").to_line())
    keys = ("id", "status", "answer", "citations", "ranking", "understood", "elapsed_ms")
    assert [key for key in keys if key not in record] == []
    assert record["id"] == "q1"
    assert set(record["citations"][0]) == {"fiche", "section", "quote"}
    assert "id" not in json.loads(AnswerRecord.of(guichet.answer("bonjour")).to_line())


@pytest.mark.model
def test_ten_threads_hold_ten_conversations_apart(guichet: Guichet) -> None:
    def converse(number: str) -> str:
        return guichet.answer("et les opérateurs ?", (f"qui finance la {number} ?",)).text

    numbers = [fiche.number for fiche in guichet.document.fiches]
    alone = [converse(number) for number in numbers]
    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(converse, numbers)) == alone
    assert all(f"[fiche {number}]" in text for number, text in zip(numbers, alone, strict=True))


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    ["mon fils est viré du collège", "mon fils a été viré du collège, vers qui aller"],
)
def test_a_pupil_who_was_thrown_out_is_answered(guichet: Guichet, question: str) -> None:
    assert guichet.answer(question).status == "answered"


def test_to_work_for_oneself_is_no_personal_file(guichet: Guichet) -> None:
    assert "dossier personnel" not in guichet.answer("je veux devenir boulanger à mon compte").text
    assert "dossier personnel" in guichet.answer("pourquoi mon compte CAF est bloqué ?").text
