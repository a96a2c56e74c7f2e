"""Answers saved before a change and asked again after it: what differs is said, field by field."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from corpus.errors import GuichetError
from evals.answers import compare_answers, describe_changes, question_files, read_questions, save_answers
from tests.support.evaluations import Faulty, Scripted

ASKED = [("qui paye", ()), ("et les crèches ?", ("qui paye",))]
ANSWERER = Scripted(lambda text: ["1-1", "2-3"] if "crèches" in text else ["2-3"])


def test_the_same_assistant_gives_the_same_answers(tmp_path: Path) -> None:
    path = tmp_path / "before.jsonl"
    save_answers(ANSWERER, ASKED, path)
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert (first["question"], first["history"]) == ("qui paye", [])
    assert second["history"] == ["qui paye"]
    assert second["answer"]["ranking"] == ["1-1", "2-3"]
    assert set(first["answer"]) == {*Answer.__dataclass_fields__} - {"elapsed_ms"}
    assert compare_answers(ANSWERER, path) == (2, [])


def test_what_differs_is_counted_by_field(tmp_path: Path) -> None:
    path = tmp_path / "before.jsonl"
    save_answers(ANSWERER, ASKED, path)

    def change(question: str, answer: Answer) -> Answer:
        return replace(answer, text="Autre chose", confidence=0.8) if question == "qui paye" else answer

    count, changes = compare_answers(Faulty(ANSWERER, change), path)
    assert [(change.asked, change.fields) for change in changes] == [(ASKED[0], ("text", "confidence"))]
    printed = describe_changes(count, changes).replace("\N{NO-BREAK SPACE}", " ")
    assert printed.split("\n") == [
        "2 questions ; réponses différentes : 1",
        "  text : 1",
        "  confidence : 1",
        "« qui paye » : text, confidence",
    ]


def test_a_field_that_is_gone_or_new_differs(tmp_path: Path) -> None:
    path = tmp_path / "before.jsonl"
    save_answers(ANSWERER, ASKED[:1], path)
    record = json.loads(path.read_text(encoding="utf-8"))
    record["answer"] = {**record["answer"], "gone": ""}
    del record["answer"]["note"]
    path.write_text(json.dumps(record), encoding="utf-8")
    assert set(compare_answers(ANSWERER, path)[1][0].fields) == {"gone", "note"}


def test_questions_are_read_once_with_their_history(tmp_path: Path) -> None:
    lines = [{"question": "qui paye"}, {"question": "qui paye", "history": []}, {"sentence": "Une phrase."}]
    lines += [{"question": "et les crèches ?", "history": ["qui paye"]}]
    path = tmp_path / "more.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    assert read_questions([path]) == ASKED
    asked = read_questions(question_files([path]))
    assert asked[-1] == ASKED[1]
    assert len(asked) > 6000
    assert any(history for _, history in asked)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "absent ou illisible"), ("{", "ligne 1"), ("3", "objet JSON"), ('{"question": "a"}', "réponse gardée")],
)
def test_a_damaged_file_is_named(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "before.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(GuichetError, match=message):
        compare_answers(ANSWERER, path)
