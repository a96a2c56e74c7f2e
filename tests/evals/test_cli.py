"""One door for all evaluation commands: `guichet eval COMMAND`, in French, with one line for what went wrong."""

import re

import pytest

from assistant.cli.main import main as guichet
from evals.arguments import parse
from evals.cli import _COMMANDS, main
from evals.reporting.tables import PAGE_FILE

ENGLISH = re.compile(r"\b(?:usage:|show this|positional|optional arguments|required|invalid)", re.IGNORECASE)


NEEDED = {"against": ["abc"], "answers": ["--save", "f"], "fit": ["all"]}
"""What a command cannot do without."""


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_is_in_the_grammar_and_on_the_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert parse([command, *NEEDED.get(command, [])]).command == command
    assert f"`guichet eval {command}" in PAGE_FILE.read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        guichet(["eval", command, "--help"])
    output = capsys.readouterr().out
    assert stopped.value.code == 0
    assert output.startswith(f"usage : guichet eval {command}")
    assert re.search(rf"exemple :\n  guichet eval {command}", output)
    assert not ENGLISH.search(output)


def test_the_grammar_has_no_command_without_a_function(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    listed = re.findall(r"(?m)^    ([a-z]+) ", capsys.readouterr().out)
    assert listed == list(_COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "command"), [([], "run"), (["--split", "test"], "run"), (["fit", "gate"], "fit")]
)
def test_without_a_command_questions_are_asked(arguments: list[str], command: str) -> None:
    assert parse(arguments).command == command


@pytest.mark.parametrize("arguments", [["run", "--split", "autre"], ["nope"], ["--nope"], ["fit", "nope"], ["answers"]])
def test_a_wrong_argument_is_one_french_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        guichet(["eval", *arguments])
    errors = capsys.readouterr().err
    assert stopped.value.code == 2
    assert errors.startswith("guichet : ")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["against", "0000000000"], "Gardés : "),
        (["--split", "test", "--keep-bars"], "--split validation"),
        (["outside", "--folder", "/nowhere"], "--folder"),
        (["fit", "adapter", "--general", "/nowhere"], "--general"),
    ],
)
def test_what_must_be_repaired_is_one_french_line(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    errors = capsys.readouterr().err
    assert named in errors
    assert errors.startswith("guichet : ")
    assert errors.count("\n") == 1
