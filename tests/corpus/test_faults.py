"""Faults planted in the delivered text are noticed; a file that is not the delivered one is refused."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import corpus.load
from corpus.check import problems
from corpus.errors import CorpusError, GuichetError
from corpus.load import CORPUS_FILE, read_corpus
from corpus.parsing.parse import parse

Fault = Callable[[list[str]], list[str]]


def without(first: int, last: int) -> Fault:
    """Blank the lines `first` to `last` (from 1, both included)."""
    return lambda lines: [*lines[: first - 1], *[""] * (last - first + 1), *lines[last:]]


def instead(number: int, old: str, new: str) -> Fault:
    """Write `new` for `old` in one line."""

    def apply(lines: list[str]) -> list[str]:
        assert old in lines[number - 1]
        return [*lines[: number - 1], lines[number - 1].replace(old, new), *lines[number:]]

    return apply


FAULTS: dict[str, Fault] = {
    "the heading of fiche 2-2 is missing": without(627, 627),
    "the heading of fiche 2-3 lost its number": instead(774, "n°2-3 :", "n°"),
    "a column heading is missing": without(839, 841),
    "a column heading is misspelt": instead(841, "opérateurs", "operateur"),
    "the column heading of the dispositifs lost a line": without(851, 851),
    "the lost heading of 14-1 lost its first word too": instead(3664, "Partenaires Communes", "Communes"),
    "the heading of enjeu 2 is missing": without(513, 514),
    "the heading of enjeu 24 is misspelt": instead(5837, "Enjeu stratégique", "Enjeu strategique"),
    "the heading of pilier 5 is misspelt": instead(5189, "SANTE", "SANTES"),
    "the heading of pilier 3 lost its second line": without(3312, 3312),
    "the heading of the preamble is missing": without(1, 1),
    "stray text stands before the preamble": lambda lines: ["Document provisoire", "", *lines],
    "a list of financeurs is emptied": without(829, 837),
    "a list of dispositifs is emptied": without(853, 881),
    "a descriptif is emptied": without(784, 823),
    "the last fiche is missing": lambda lines: lines[:5840],
    "the text stops in the middle": lambda lines: lines[:3000],
    "a fiche is there twice": lambda lines: [*lines[:881], *lines[773:]],
    "the text is empty": lambda _: [],
    "the text is another one": lambda _: ["Lorem ipsum dolor sit amet", "", "consectetur"],
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_noticed(fault: Fault) -> None:
    text = "\n".join(fault(read_corpus().split("\n")))
    found = problems(parse(text), text)
    assert found != []
    assert all("\n" not in line and line.endswith(".") for line in found)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("the heading of enjeu 2 is missing", "23 enjeux lus, 24 attendus."),
        ("the heading of fiche 2-2 is missing", "42 fiches lus, 43 attendus."),
        ("a list of financeurs is emptied", "Fiche 2-3 (ligne 774) : section vide (financeurs)."),
        ("stray text stands before the preamble", "1 ligne(s) sans place, la première est la ligne 1."),
        ("the heading of the preamble is missing", "23 ligne(s) sans place, la première est la ligne 5."),
    ],
)
def test_the_message_says_what_is_wrong_and_where(fault: str, message: str) -> None:
    text = "\n".join(FAULTS[fault](read_corpus().split("\n")))
    assert message in problems(parse(text), text)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "fiches.txt"
    path.write_bytes(CORPUS_FILE.read_bytes())
    return path


def refusal(path: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        read_corpus(path)
    return str(caught.value)


def test_a_true_copy_is_read_wherever_it_lies(copy: Path) -> None:
    assert read_corpus(copy) == read_corpus()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda raw: raw[:-1],
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b"Communes", b"communes", 1),
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.decode("utf-8").encode("cp1252", errors="replace"),
        lambda raw: b"\xff\xfe" + raw,
        lambda _: bytes(1000),
    ],
    ids=["empty", "cut", "longer", "one letter", "line ends of Windows", "cp1252", "no UTF-8 at all", "zeros"],
)
def test_a_damaged_file_is_refused_in_one_french_line(copy: Path, damage: Callable[[bytes], bytes]) -> None:
    copy.write_bytes(damage(copy.read_bytes()))
    message = refusal(copy)
    assert "\n" not in message
    assert message.startswith("Le document est abîmé : ")
    assert str(copy) in message
    assert message.endswith(f"Restaurez-le : git checkout -- {copy}")


def unreadable(kind: str, folder: Path) -> Path:
    """A path that cannot be read, also by root: for whom no permission is missing."""
    path = folder / "fiches.txt"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a link to itself":
        path.symlink_to(path)
    elif kind == "below a file":
        path.write_text("x")
        path = path / "fiches.txt"
    elif kind == "a name too long":
        path = folder / ("x" * 300)
    return path


@pytest.mark.parametrize("kind", ["missing", "a folder", "a link to itself", "below a file", "a name too long"])
def test_a_missing_or_unreadable_file_is_refused_in_one_french_line(tmp_path: Path, kind: str) -> None:
    path = unreadable(kind, tmp_path)
    message = refusal(path)
    assert "\n" not in message
    assert message.startswith(f"Le document est introuvable ou illisible : {path}")
    assert message.endswith(f"Restaurez-le : git checkout -- {path}")


def test_the_refusal_holds_no_english_of_the_system(tmp_path: Path) -> None:
    assert os.strerror(errno.ENOENT) not in refusal(tmp_path / "fiches.txt")


def test_a_missing_digest_is_refused_too(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus.load, "DIGEST_FILE", copy.with_suffix(".sha256"))
    refusal(copy)


def test_a_refusal_is_an_error_that_a_person_can_repair() -> None:
    assert issubclass(CorpusError, GuichetError)
