"""The question set: how it is read, and that it is sound (what `guichet eval validate` prints)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import GuichetError
from corpus.load import read_corpus
from corpus.text import flatten
from evals.sets.overlap import closest_pairs, content_stems
from evals.sets.queries import read_labelled
from evals.sets.questions import QUESTIONS_FILE, Question, conversations, load_questions, turns
from evals.sets.validate import (
    check_apart,
    check_labelled,
    check_set,
    check_translations,
    overlaps,
    shared_questions,
    validate,
)

BLIND = Path(__file__).parents[1] / "data" / "exact_blind.jsonl"


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return load_questions()


def problems(questions: list[Question], document: Document) -> list[str]:
    return check_set(questions, document, read_corpus())


def test_the_set_is_sound(questions: list[Question], document: Document) -> None:
    assert problems(questions, document) == []


def test_the_command_prints_the_closest_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert validate() == 0
    printed = capsys.readouterr()
    assert "Plus proches paires" in printed.out
    assert "Au moins" in printed.out
    assert printed.err == ""


def test_splits_are_parts_of_the_whole(questions: list[Question]) -> None:
    parts = [load_questions(split) for split in ("train", "validation", "test")]
    assert sorted(q.id for part in parts for q in part) == sorted(q.id for q in questions)
    assert load_questions("all") == questions


def test_a_conversation_is_what_its_ids_open_with(questions: list[Question]) -> None:
    talks = conversations(questions)
    assert len(talks) >= 60
    for name, talk in talks.items():
        assert all(question.id.startswith(name) for question in talk)
        assert len({question.split for question in talk}) == 1
        assert 2 <= turns(talk) <= 5


def test_a_question_knows_its_conversation_and_turn(questions: list[Question]) -> None:
    talk = conversations(questions)["ed-012"]
    assert [question.conversation for question in talk] == ["ed-012"] * len(talk)
    assert [question.turn for question in talk] == sorted(question.turn for question in talk)
    alone = next(question for question in questions if question.id == "ea-001")
    assert (alone.conversation, alone.turn) == ("ea-001", 1)


def test_an_unknown_type_and_a_missing_key_are_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    record = json.loads(QUESTIONS_FILE.read_text(encoding="utf-8").split("\n", 1)[0]) | {"id": "x-1", "type": "poème"}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(GuichetError, match="Question x-1 : « type » vaut « poème » ; attendu : financeurs"):
        load_questions(path=path)
    path.write_text('{"id": "x-1"}', encoding="utf-8")
    with pytest.raises(GuichetError, match="Question x-1 : il manque split, type"):
        load_questions(path=path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gold": ("16-1",)}, "la fiche 16-1 n’existe pas"),
        ({"ok": ("1-1",)}, "à la fois attendue et admise"),
        ({"answerable": False}, "à décliner, mais avec des fiches attendues"),
        ({"must": (("Banque de France",),)}, "« Banque de France » n’est pas dans 1-1"),
    ],
)
def test_a_fault_in_a_question_is_told(
    change: dict[str, object], told: str, questions: list[Question], document: Document
) -> None:
    changed = [replace(question, **change) if question.id == "ea-001" else question for question in questions]  # type: ignore[arg-type]
    assert any(line.startswith("ea-001") and told in line for line in problems(changed, document))


def test_duplicates_are_told(questions: list[Question], document: Document) -> None:
    first = questions[0]
    again = replace(first, id="zz-001", question=f"  {first.question.upper()} ")
    lines = problems([*questions, again, replace(first, question="Une autre ?")], document)
    assert f"zz-001 : même question que {first.id}" in lines
    assert f"{first.id} : numéro en double" in lines


def test_a_set_that_is_too_small_is_told(questions: list[Question], document: Document) -> None:
    lines = problems([question for question in questions if question.gold != ("23-2",)][:300], document)
    assert any("fiche 23-2 : seule attendue de 0 questions" in line for line in lines)
    for what in ("questions", "conversations", "détournements", "fiches, chacune"):
        assert any(line.startswith(what) and "il en faut" in line for line in lines)


def test_a_set_without_a_type_or_a_style_is_told(questions: list[Question], document: Document) -> None:
    lines = problems([each for each in questions if each.type != "navigation" and each.style != "sms"], document)
    assert [line for line in lines if line.startswith(("types", "façons"))] == [
        "types de question : 13, il en faut 14",
        "façons d’écrire : 6, il en faut 7",
    ]


def test_translations_are_of_questions_that_one_fiche_answers(questions: list[Question], tmp_path: Path) -> None:
    assert check_translations(questions) == []
    talk = next(question for question in questions if question.history)
    path = tmp_path / "translations.jsonl"
    path.write_text("".join(json.dumps({"id": id}) + "\n" for id in (talk.id, "zz-9")), encoding="utf-8")
    assert [line.partition(" ")[0] for line in check_translations(questions, path)] == [talk.id, "zz-9"]


def test_the_jaccard_of_content_stems_by_hand() -> None:
    assert content_stems("Qui finance les crèches ?") == content_stems("financer la crèche")
    # {financ, crech, vitry} and {financ, crech, ivry, place}: 2 of 5
    pairs = closest_pairs(["Qui finance les crèches de Vitry ?"], ["financer des places de crèche à Ivry"], least=0.1)
    assert [(pair.left, pair.right, pair.shared) for pair in pairs] == [(0, 0, 2)]
    assert pairs[0].jaccard == pytest.approx(2 / 5)


def test_texts_without_content_are_like_nothing() -> None:
    assert closest_pairs(["Et pour nous ?"], ["Qui est-ce ?"], least=0.0) == []


def test_a_question_that_is_indexed_is_found(questions: list[Question]) -> None:
    asked = questions[0].question
    assert shared_questions(questions[:5], ["autre chose", asked.upper() + " ?"]) == [questions[0]]
    close = overlaps(questions[:5], [asked], least=0.9)
    assert [each.question for each in close] == [questions[0]]
    assert close[0].too_close


def test_what_weights_are_fitted_on_may_be_like_train_only(questions: list[Question]) -> None:
    train = next(question for question in questions if question.split == "train" and len(question.question) > 60)
    held = next(question for question in questions if question.split == "test" and len(question.question) > 60)
    lines = check_apart([train, held], [], [train.question, held.question])
    assert lines
    assert all(line.startswith(f"{held.id} : ") for line in lines)


def test_the_reader_learns_from_no_question_held_back(questions: list[Question]) -> None:
    held = next(question for question in questions if question.split == "validation")
    assert check_labelled(questions, [held.question]) == [f"{held.id} : mot pour mot dans ce que le lecteur apprend"]
    labelled = [each.text for each in read_labelled()]
    assert check_labelled([each for each in questions if not each.history], labelled) == []


def test_the_reader_learns_from_no_blind_wording() -> None:
    labelled = {flatten(each.text) for each in read_labelled()}
    blind = [json.loads(line)["question"] for line in BLIND.read_text(encoding="utf-8").splitlines()]
    assert [question for question in blind if flatten(question) in labelled] == []
