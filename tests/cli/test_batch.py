"""`guichet batch`, the contract of the machine interface; and the real script, in processes of its own."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.answer_records import read_question
from assistant.chain import Guichet
from assistant.cli.questions import run_batch
from assistant.settings.settings import Settings
from tests.support.services import LONG

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
def test_lone_surrogates_and_bytes_that_are_no_text_do_not_stop_the_batch(guichet: Guichet, settings: Settings) -> None:
    lines = (
        rb'{"id": "1", "question": "\ud800 qui finance la 2-3 ?"}',
        rb'{"id": "\ud801", "question": "bonjour"}',
        b"{",
        b'{"id": "4", "question": "\xff\xfe"}',
        b'{"id": "5", "question": "merci"}',
    )
    done = subprocess.run(
        [sys.executable, "-m", "assistant.cli", "batch"],
        input=b"\n".join(lines) + b"\n",
        env=os.environ | {"GUICHET_HOME": str(settings.home)},
        cwd=ROOT,
        capture_output=True,
        timeout=LONG,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert done.stderr.decode().startswith("ligne 3 : ")
    answered = [json.loads(line)["id"] for line in done.stdout.decode().splitlines()]
    assert len(answered) >= 3 and {"1", "5"} <= set(answered)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three packages in a folder of their own, to be damaged."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("corpus", "index", "assistant"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


DOCUMENT = "corpus/data/fiches-contrat-de-ville-casa.txt"
REGISTRIES = ("acteurs.json", "sigles.json", "dispositifs.json", "residents.jsonl")
CASES = (
    *((DOCUMENT, "change", arguments) for arguments in ("corpus check", "corpus export", "ask bonjour")),
    *((name, "remove", "corpus check") for name in (DOCUMENT, DOCUMENT.replace(".txt", ".sha256"))),
    *((f"corpus/data/{name}", "cut", "ask bonjour") for name in REGISTRIES),
)
Outcome = tuple[int, str, str]
"""Exit status, output, errors."""
RUN_CASES = """
import contextlib, io, json, pathlib, sys
from assistant.cli.main import main

def damage(path, how):
    whole = path.read_bytes()
    if how == "remove":
        path.unlink()
    else:
        path.write_bytes(whole.replace(b"Communes", b"Comunes", 1) if how == "change" else whole[: len(whole) // 2 + 7])
    return whole

outcomes = []
for name, how, arguments in json.load(sys.stdin):
    path, out, errors = pathlib.Path(name), io.StringIO(), io.StringIO()
    whole = damage(path, how)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        status = main(arguments.split())
    path.write_bytes(whole)
    outcomes.append((status, out.getvalue(), errors.getvalue()))
print(json.dumps(outcomes))
"""


@pytest.fixture(scope="module")
def outcomes(copy: Path, settings: Settings, guichet: Guichet) -> dict[tuple[str, str, str], Outcome]:
    """What each command says of a copy that is damaged so, all in one process over the copy."""
    done = subprocess.run(
        [sys.executable, "-c", RUN_CASES],
        input=json.dumps(CASES),
        env=os.environ | {"GUICHET_HOME": str(settings.home), "PYTHONPATH": str(copy)},
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert done.returncode == 0, done.stderr
    return {case: tuple(outcome) for case, outcome in zip(CASES, json.loads(done.stdout), strict=True)}


@pytest.mark.model
@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_data_that_is_damaged_is_told_in_one_line(
    outcomes: dict[tuple[str, str, str], Outcome], case: tuple[str, str, str]
) -> None:
    name, how, _ = case
    code, output, errors = outcomes[case]
    assert (code, output, errors.count("\n")) == (1, "", 1)
    told = {
        "change": ("Le document est abîmé", "git checkout"),
        "remove": ("introuvable",) if name == DOCUMENT else ("empreinte",),
        "cut": (Path(name).name,),
    }[how]
    assert errors.startswith("guichet : ")
    assert [words for words in told if words not in errors] == []
