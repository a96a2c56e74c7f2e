"""`guichet batch`, the contract of the machine interface; and the real script, in processes of its own."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.answer_records import read_question
from assistant.chain import Guichet
from assistant.cli.questions import run_batch
from tests.support.launch import Launch

ROOT = Path(__file__).parent.parent.parent
KEYS = {"id", "status", "answer", "citations", "ranking", "understood", "elapsed_ms"}


def batch(guichet: Guichet, *lines: str) -> tuple[int, list[dict[str, object]], list[str]]:
    """(exit code, records, error lines)."""
    out, errors = io.StringIO(), io.StringIO()
    code = run_batch(guichet, io.StringIO("".join(f"{line}\n" for line in lines)), out, errors)
    return code, [json.loads(line) for line in out.getvalue().splitlines()], errors.getvalue().splitlines()


@pytest.mark.model
def test_every_line_is_answered_under_its_own_id(guichet: Guichet) -> None:
    asked = [
        {"id": "a", "question": "qui finance la 2-3 ?", "history": []},
        {"id": "b", "question": "et les opérateurs ?", "history": ["qui finance la 2-3 ?"]},
        {"id": "c", "question": "la recette des crêpes"},
        {"id": "d", "question": "bonjour", "extra": 1},
    ]
    code, records, errors = batch(guichet, *(json.dumps(each, ensure_ascii=False) for each in asked))
    assert (code, errors) == (0, [])
    assert [record["id"] for record in records] == ["a", "b", "c", "d"]
    assert [record["status"] for record in records] == ["answered", "answered", "declined", "smalltalk"]
    assert all(set(record) >= KEYS for record in records)
    assert records[0]["ranking"][0] == "2-3"  # type: ignore[index]
    assert {each["section"] for each in records[1]["citations"]} == {"operateurs"}  # type: ignore[attr-defined]


@pytest.mark.model
def test_bad_lines_are_told_with_their_number_and_the_others_answered(guichet: Guichet) -> None:
    code, records, errors = batch(
        guichet,
        '{"id": "1", "question": "qui finance la 2-3 ?"}',
        "{not json",
        '{"id": "3"}',
        "",
        '{"id": "5", "question": "bonjour", "history": "hier"}',
        '{"id": "6", "question": "bonjour", "history": [1]}',
        '["a list"]',
        '{"id": "8", "question": 12}',
        "null",
        '{"id": "10", "question": "les opérateurs de la 2-3"}',
    )
    assert code == 1
    assert [record["id"] for record in records] == ["1", "10"]
    assert [line.split(" : ")[0] for line in errors] == [f"ligne {n}" for n in (2, 3, 5, 6, 7, 8, 9)]
    assert "JSON" in errors[0]
    assert "« question »" in errors[1]
    assert "« history »" in errors[2]


@pytest.mark.model
def test_nothing_to_answer_is_no_error(guichet: Guichet) -> None:
    assert batch(guichet) == (0, [], [])
    assert batch(guichet, "", "  ") == (0, [], [])


@pytest.mark.parametrize(
    "line", ['{"question": "\\ud800 seul"}', '{"question": "é", "id": 7}', '{"question": "", "history": []}']
)
def test_a_record_is_read_whatever_its_text(line: str) -> None:
    question = read_question(line)
    assert isinstance(question.id, str)
    assert isinstance(question.question, str)
    assert question.history == []


@pytest.mark.model
@pytest.mark.parametrize(
    "first",
    [
        '{"id": "1", "question": "\\ud800 qui finance la 2-3 ?"}',
        '{"id": "\\ud801", "question": "bonjour"}',
    ],
)
def test_a_lone_surrogate_does_not_stop_the_batch(guichet: Guichet, launch: Launch, first: str) -> None:
    code, output, errors = launch("batch", input="\n".join([first, "{", '{"id": "3", "question": "merci"}', ""]))
    assert (code, errors.startswith("ligne 2 : ")) == (1, True)
    assert len(output.splitlines()) == 2


@pytest.mark.model
def test_bytes_that_are_no_text_are_one_bad_line(guichet: Guichet) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "batch"],
        input=b'{"id": "1", "question": "\xff\xfe"}\n{"id": "2", "question": "bonjour"}\n',
        cwd=ROOT,
        capture_output=True,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr
    assert b'"id": "2"' in done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three packages in a folder of their own, to be damaged."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("corpus", "index", "assistant"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def damaged(copy: Path, launch: Launch, *arguments: str) -> tuple[int, str, str]:
    return launch(*arguments, folder=copy, PYTHONPATH=str(copy))


@pytest.mark.parametrize("arguments", [("corpus", "check"), ("corpus", "export"), ("ask", "bonjour")])
def test_a_changed_document_is_told_in_one_line(copy: Path, launch: Launch, arguments: tuple[str, ...]) -> None:
    path = copy / "corpus" / "data" / "fiches-contrat-de-ville-casa.txt"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"Communes", b"Comunes", 1))
    try:
        code, output, errors = damaged(copy, launch, *arguments)
    finally:
        path.write_bytes(whole)
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith("guichet : Le document est abîmé")
    assert "git checkout" in errors


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("corpus/data/fiches-contrat-de-ville-casa.txt", "introuvable"),
        ("corpus/data/fiches-contrat-de-ville-casa.sha256", "empreinte"),
    ],
)
def test_a_missing_file_of_the_document_is_told_in_one_line(copy: Path, launch: Launch, name: str, told: str) -> None:
    path = copy / name
    path.rename(path.with_suffix(".away"))
    try:
        code, output, errors = damaged(copy, launch, "corpus", "check")
    finally:
        path.with_suffix(".away").rename(path)
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith("guichet : ")
    assert told in errors
    assert "Traceback" not in errors


@pytest.mark.model
@pytest.mark.parametrize("name", ["acteurs.json", "sigles.json", "dispositifs.json", "residents.jsonl"])
def test_a_damaged_registry_is_told_in_one_line(copy: Path, launch: Launch, guichet: Guichet, name: str) -> None:
    path = copy / "corpus" / "data" / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 7])
    try:
        code, output, errors = damaged(copy, launch, "ask", "bonjour")
    finally:
        path.write_bytes(whole)
    assert (code, output, errors.count("\n")) == (1, "", 1)
    assert errors.startswith("guichet : ")
    assert name in errors
