"""Two topics in one question: where it is cut, how well the fitted decision does on what it never saw, the answers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.respond import TWO
from assistant.answering.topics.clauses import AND, COMMA, MORE, MOST, NONE, STOP, clauses_of
from assistant.answering.topics.two_topics import FEATURES, WEIGHTS_FILE, says_two, texts_of
from assistant.chain import Guichet
from assistant.learned import Cutoff, load_cutoff
from corpus.errors import CorpusError, GuichetError
from corpus.text import words
from evals.scoring.grade import LIMIT
from evals.scoring.intervals import Measure
from evals.sets.questions import load_questions
from evals.sets.training import read_training
from evals.sets.two_topics import Labelled, figures, judge, load_labelled

PRECISION, RECALL, FALSE_CUTS = 0.9, 0.48, 0.03
"""What the part that nothing was fitted on must hold; an 8-bit encoder rounds differently on another processor."""


def weigh(text: str) -> int:
    return len([word for word in words(text) if len(word) > 3])


@pytest.fixture(scope="module")
def held_out() -> list[Labelled]:
    return load_labelled("test")


def holds(found: dict[str, Measure]) -> dict[str, bool]:
    """Each promise, and whether these figures keep it; without any cut there is no precision to speak of."""
    return {
        "precision": "precision" not in found or found["precision"].value >= PRECISION,
        "recall": found["recall"].value >= RECALL,
        "false cuts": found["false cuts"].value <= FALSE_CUTS,
    }


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("Une crèche le soir et un scooter ?", [(STOP, "Une crèche le soir"), (AND, "un scooter")]),
        ("Il y a une crèche, une colonie.", [(STOP, "Il y a une crèche"), (COMMA, "une colonie")]),
        ("Elle part. En plus le permis manque", [(STOP, "Elle part"), (MORE, "le permis manque")]),
        ("Elle part, qui ? Le permis manque", [(STOP, "Elle part, qui"), (STOP, "Le permis manque")]),
        ("Busco trabajo y una guardería", [(STOP, "Busco trabajo"), (AND, "una guardería")]),
        ("la crèche ferme tard ma fille attend", [(STOP, "la crèche ferme tard"), (NONE, "ma fille attend")]),
        ("Qui ?", [(STOP, "Qui")]),
        ("", [(STOP, "")]),
    ],
)
def test_a_question_is_cut_at_its_marks(question: str, clauses: list[tuple[str, str]]) -> None:
    found = clauses_of(question, weigh)
    assert [(each.mark, question[each.start : each.end].strip(" ?.")) for each in found] == clauses


def test_a_long_story_keeps_few_clauses_and_all_its_words() -> None:
    story = "Mon fils travaille. " * 12 + "Ma fille cherche, mon frère attend et ma mère dort."
    found = clauses_of(story, weigh)
    assert len(found) == MOST
    assert words(texts_of(story, found, range(MOST))) == words(story)
    listed = "Un chat, un chien et une poule."
    assert texts_of(listed, clauses_of(listed, weigh), [0, 2]) == "Un chat, une poule"


def test_words_that_say_two_are_heard_in_every_spelling() -> None:
    assert all(map(says_two, ("y a quoi pour l'une et pour l'autre", "Opérateurs respectifs", "What exists for each?")))
    assert not says_two("Qui finance les deux observatoires ?")


def test_questions_are_labelled_with_care(guichet: Guichet) -> None:
    """Families in one split, fiches that exist, both kinds in both splits, nothing taken from the other sets."""
    labelled = load_labelled()
    numbers = {fiche.number for fiche in guichet.document.fiches}
    assert all(fiche in numbers for each in labelled for topic in each.topics for fiche in topic)
    for two in (True, False):
        splits = {each.family: {other.split for other in labelled if other.family == each.family} for each in labelled}
        assert all(len(found) == 1 for found in splits.values())
        assert {each.split for each in labelled if each.two is two} == {"train", "test"}
    asked = [each.question for each in labelled]
    assert len(set(asked)) == len(asked) >= 300
    assert not set(asked) & {each.question for each in (*load_questions(), *read_training())}


def test_the_decision_holds_on_questions_it_was_not_fitted_on(guichet: Guichet, held_out: list[Labelled]) -> None:
    found = figures(judge(guichet, held_out))
    assert all(holds(found).values()), {name: measure.value for name, measure in found.items()}


def _at(level: float) -> Cutoff:
    return replace(load_cutoff(WEIGHTS_FILE, FEATURES), level=level)


def _deaf() -> Cutoff:
    """Blind to what the clauses find together: their words and marks alone remain."""
    weights = load_cutoff(WEIGHTS_FILE, FEATURES)
    heard = weights.linear.weights.copy()
    for name in ("clauses held", "pair against its better", "second in the whole", "shares in the whole"):
        heard[FEATURES.index(name)] = 0
    return replace(weights, linear=replace(weights.linear, weights=heard))


@pytest.mark.parametrize(
    ("faulty", "broken"),
    [(_at(0.02), "false cuts"), (_at(0.999), "recall"), (_deaf(), "recall")],
    ids=["low", "high", "deaf"],
)
def test_a_faulty_decision_does_not_pass(
    faulty: Cutoff, broken: str, guichet: Guichet, held_out: list[Labelled]
) -> None:
    damaged = Guichet(guichet.document, guichet.index, guichet.encoder, reader=guichet.reader.model, cutting=faulty)
    assert not holds(figures(judge(damaged, held_out)))[broken]


@pytest.mark.parametrize(
    ("question", "fiches"),
    [
        ("je cherche une crèche qui ouvre à six heures et un moyen d'aller au boulot sans voiture", {"2-3", "2-2"}),
        ("Qui finance le parrainage vers l'emploi et l'isolation des vieux immeubles ?", {"2-5", "12-2"}),
    ],
)
def test_each_topic_is_answered_from_its_own_fiche(guichet: Guichet, question: str, fiches: set[str]) -> None:
    answer = guichet.answer(question)
    assert (answer.status, set(answer.fiches)) == ("answered", fiches)
    assert set(answer.ranking[:2]) == fiches
    assert all(f"[fiche {fiche}]" in answer.text for fiche in fiches)
    assert len(answer.text) <= LIMIT


def test_what_is_asked_at_the_end_is_asked_of_both(guichet: Guichet) -> None:
    question = "Valoriser la mémoire du quartier, et prévenir le décrochage des jeunes : quels financeurs pour chacun ?"
    answer = guichet.answer(question)
    assert answer.understood.startswith(TWO)
    assert {citation.section for citation in answer.citations} == {"financeurs"}
    assert len(answer.fiches) == 2


@pytest.mark.parametrize(
    "question",
    [
        "Je cherche une nourrice. Je travaille la nuit, mon mari aussi. Qui pourrait garder ma fille ?",
        "Le job dating, c'est quoi et qui finance ?",
        "La CAF et le Département financent-ils les départs en vacances des familles ?",
        "Comment faire venir des médecins ici ? Et vous savez si la piscine est ouverte demain ?",
    ],
)
def test_one_topic_is_left_whole(guichet: Guichet, question: str) -> None:
    answer = guichet.answer(question)
    assert not answer.understood.startswith(TWO)


def test_two_topics_outside_of_the_document_stay_declined(guichet: Guichet) -> None:
    assert guichet.answer("Quel temps fera-t-il demain, et qui a gagné le match hier soir ?").status == "declined"


def test_damaged_files_say_what_repairs_them(tmp_path: Path) -> None:
    weights, questions = tmp_path / "two_topics.json", tmp_path / "two_topics.jsonl"
    weights.write_text(json.dumps({"weights": {}, "intercept": 0, "level": 1}), encoding="utf-8")
    with pytest.raises(CorpusError, match="git checkout"):
        load_cutoff(weights, FEATURES)
    questions.write_text('{"id": "d-1", "split": "train", "kind": "et", "topics": [], "question": "?"}\n', "utf-8")
    with pytest.raises(GuichetError, match="ligne 1"):
        load_labelled(path=questions)
