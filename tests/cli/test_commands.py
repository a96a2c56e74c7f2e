"""The command line: one French line for what went wrong, JSON where it is promised, help in French."""

import argparse
import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest

from assistant.chain import Guichet
from assistant.cli.main import main

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    "ask",
    "query",
    "chat",
    "batch",
    "serve",
    "index",
    "search",
    "corpus",
    "feedback",
    "settings",
    "doctor",
    "backup",
    "restore",
    "privacy",
    "users",
    "eval",
)
KEYS = ["id", "status", "answer", "citations", "ranking", "understood", "elapsed_ms"]
ENGLISH = re.compile(r"\b(?:usage:|show this|positional|optional arguments|error|required|invalid|choose from)", re.I)
Run = Any


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command here: (exit code, output, errors)."""

    def command(*arguments: str, input: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(input))
        try:
            code = main(arguments)
        except SystemExit as exit:
            code = int(exit.code or 0)
        shown = capfd.readouterr()
        return code, shown.out, shown.err

    return command


def one_french_line(errors: str) -> bool:
    lines = errors.splitlines()
    return len(lines) == 1 and lines[0].startswith("guichet : ") and not ENGLISH.search(errors)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_french_and_shows_an_example(run: Run, command: str) -> None:
    code, output, errors = run(*([command] if command else []), "--help")
    assert (code, errors) == (0, "")
    assert output.startswith(f"usage : guichet{' ' + command if command else ''}")
    assert "affiche cette aide" in output
    assert re.search(rf"exemple :\n  .*guichet {command}", output)
    assert not ENGLISH.search(output)


@pytest.mark.parametrize("command", ["", "ask", "search"])
def test_the_headings_of_the_help_have_french_typography(run: Run, command: str) -> None:
    output = run(*([command] if command else []), "--help")[1]
    assert not re.search(r"\w:(?: |$)", output, re.MULTILINE)
    assert "options :\n" in output


def test_the_help_names_every_command(run: Run) -> None:
    output = run("--help")[1]
    assert all(re.search(rf"(?m)^ +{command} ", output) for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("cuisiner",),
        ("ask",),
        ("ask", "bonjour", "--history"),
        ("search", "x", "-k", "trois"),
        ("search", "x", "--method", "magie"),
        ("corpus",),
        ("corpus", "brûler"),
        ("feedback",),
        ("feedback", "brûler"),
        ("batch", "--vite"),
        ("serve", "--port", "http"),
    ],
)
def test_a_wrong_argument_takes_one_french_line_and_exits_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert one_french_line(errors)
    assert "--help" in errors


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("search", "emploi", "-k", "-3"), "-3"),
        (("search", "emploi", "-k", "0"), "0"),
        (("serve", "--port", "99999999"), "99999999"),
        (("privacy", "purge", "--days", "9" * 30), "9" * 30),
        (("privacy", "purge", "--days", "-1"), "-1"),
    ],
)
def test_a_number_out_of_range_is_refused_in_one_french_line(run: Run, arguments: tuple[str, ...], wrong: str) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (2, "")
    assert one_french_line(errors)
    assert f"est attendu, et non « {wrong} »" in errors


def test_argparse_speaks_english_again_after_a_command(run: Run) -> None:
    run("corpus")
    with pytest.raises(SystemExit), redirect_stderr(io.StringIO()) as errors:
        argparse.ArgumentParser(prog="other").parse_args(["x"])
    assert "error: unrecognized arguments: x" in errors.getvalue()


def test_what_the_operator_set_of_telemetry_and_tracing_is_left_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing = [
        f"{maker}_{what}" for maker in ("LANGSMITH", "LANGCHAIN") for what in ("TRACING", "TRACING_V2", "API_KEY")
    ]
    for name in tracing:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "True")
    monkeypatch.delenv("GRADIO_ANALYTICS_ENABLED", raising=False)
    assert run("settings")[0] == 0
    assert [name for name in tracing if name in os.environ] == ["LANGSMITH_TRACING"]
    assert os.environ["LANGSMITH_TRACING"] == "true"
    assert os.environ["ANONYMIZED_TELEMETRY"] == "True"
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


@pytest.mark.parametrize(
    ("output", "told"), [("| true", ""), ("> /dev/full", "guichet : Lecture ou écriture impossible")]
)
def test_an_output_that_is_closed_or_full_is_no_traceback(output: str, told: str) -> None:
    script = f"{sys.executable} -m assistant.cli corpus export {output}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == bool(told)


def test_a_terminal_of_another_encoding_is_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant.cli", "users", "add", "marie"]
    environment = os.environ | {"GUICHET_HOME": f"{tmp_path}", "PYTHONIOENCODING": "ascii:strict"}
    done = subprocess.run(command, cwd=ROOT, env=environment, input=b"\xff\xe9\n", capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (1, b"", 1)
    assert done.stderr.startswith(b"guichet : Le mot de passe compte 2 caract?res")


@pytest.mark.parametrize(
    "arguments", [("backup", "/nulle/part/s.zip"), ("restore", "/nulle/part.zip"), ("restore", "/")]
)
def test_a_file_that_cannot_be_is_one_french_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("GUICHET_HOME", f"{tmp_path}")
    code, output, errors = run(*arguments)
    assert (code, output) == (1, "")
    assert one_french_line(errors)


@pytest.mark.parametrize(
    ("name", "value"),
    [("GUICHET_PORT", "80000"), ("GUICHET_PORT", "abc"), ("GUICHET_LLM", "sans fournisseur")],
)
def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    code, output, errors = run("serve")
    assert (code, output) == (1, "")
    assert one_french_line(errors)
    assert name in errors
    assert value in errors


def test_an_unwritable_home_is_told(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("GUICHET_HOME", str(tmp_path / "home"))
    code, output, errors = run("ask", "bonjour")
    assert (code, output) == (1, "")
    assert one_french_line(errors)
    assert "GUICHET_HOME" in errors


@pytest.mark.model
def test_ask_prints_the_answer_or_its_record(run: Run, guichet: Guichet) -> None:
    code, output, errors = run("ask", "qui", "finance", "la", "2-3", "?")
    assert (code, errors) == (0, "")
    assert output == guichet.answer("qui finance la 2-3 ?").text + "\n"
    code, output, _ = run("ask", "et les opérateurs ?", "--json", "--history", "qui finance la 2-3 ?")
    record = json.loads(output)
    assert code == 0
    assert output.count("\n") == 1
    assert [key for key in KEYS[1:] if key not in record] == []
    assert {citation["section"] for citation in record["citations"]} == {"operateurs"}
    assert "2-3" in record["understood"]


@pytest.mark.model
def test_query_executes_prints_its_schema_or_says_what_is_wrong(run: Run, guichet: Guichet) -> None:
    code, output, _ = run("query", '{"fiches": ["2-3"], "show": ["financeurs"]}')
    assert (code, "[fiche 2-3]" in output, "Allocations Familiales" in output) == (0, True, True)
    code, output, _ = run("query", "--schema")
    assert (code, json.loads(output)["title"]) == (0, "Query")
    for wrong in ([], ["{"], ['{"fold": {"kind": "somme"}}']):
        code, _, errors = run("query", *wrong)
        assert (code != 0, len(errors.strip().splitlines())) == (True, 1)


@pytest.mark.model
@pytest.mark.parametrize("method", ["mixed", "dense", "keyword"])
def test_search_prints_ranked_passages(run: Run, guichet: Guichet, method: str) -> None:
    code, output, _ = run("search", "garde d'enfants", "--json", "-k", "4", "--method", method)
    records = [json.loads(line) for line in output.splitlines()]
    assert (code, len(records)) == (0, 4)
    scores = [record["score"] for record in records]
    assert scores == sorted(scores, reverse=True)
    assert all({"fiche", "section", "titre", "texte", "lignes", "score"} <= set(record) for record in records)
    assert "2-3" in [record["fiche"] for record in records]
    if method == "keyword":  # without --json: a line a passage, whatever the method
        assert len(run("search", "garde d'enfants", "-k", "2", "--method", method)[1].splitlines()) == 2


def test_corpus_check_prints_the_counts_and_export_the_whole(run: Run) -> None:
    code, output, errors = run("corpus", "check")
    assert (code, errors) == (0, "")
    assert all(each in output for each in ("5 piliers", "24 enjeux", "43 fiches", "172 sections", "0 ligne"))
    code, output, errors = run("corpus", "export")
    exported = json.loads(output)
    assert (code, errors) == (0, "")
    assert [len(exported[name]) for name in ("piliers", "enjeux", "fiches")] == [5, 24, 43]
    keys = {"numero", "titre", "enjeu", "pilier", "descriptif", "financeurs", "operateurs", "dispositifs"}
    assert all(keys <= set(fiche) for fiche in exported["fiches"])


@pytest.mark.model
def test_index_says_that_it_is_up_to_date_and_rebuilds_nothing(run: Run, guichet: Guichet) -> None:
    code, output, errors = run("index")
    assert (code, errors) == (0, "")
    assert output.startswith("Index à jour : ")
    assert "43 titres" in output


@pytest.mark.model
def test_a_whole_conversation(run: Run, guichet: Guichet) -> None:
    turns = ["Qui finance la 9-1 ?", "", "et les opérateurs ?", "merci"]
    first, second = guichet.answer(turns[0]), guichet.answer(turns[2], [turns[0]])
    thanks = guichet.answer(turns[3], [turns[0], turns[2]])
    code, output, errors = run("chat", input="\n".join(turns) + "\n")
    assert (code, errors) == (0, "")
    assert output == (
        "Posez votre question (Ctrl-D pour finir).\n"
        f"> \n{first.text}\n\n"
        f"> > \nJ’ai compris : {second.understood}\n\n{second.text}\n\n"
        f"> \n{thanks.text}\n\n"
        "> \nAu revoir.\n"
    )
