"""A growing text on its way: cut, gated, joined as Markdown, looked over, drawn on a terminal."""

import io
import re
import threading
from collections.abc import Iterator

import pytest

from assistant.answer import Answer, Partial
from assistant.cli.live_answer import watch
from assistant.errors import ModelError
from assistant.generation.gate.gate import Gate, PassedSentence, open_gate
from assistant.generation.gate.live import GatedText, join
from assistant.generation.gate.sentences import is_item
from assistant.generation.models.calls import Bounds, Calls
from assistant.generation.output_checks import MOST, fault_of, printable, spoken
from assistant.settings.settings import Settings
from corpus.document import Document
from corpus.registry import load_registry
from evals.sets.gate_sentences import passage_from
from index.chunks import chunk_document
from index.encoder.load import load_encoder


@pytest.fixture(scope="module")
def gate(settings: Settings, document: Document) -> Gate:
    return open_gate(document, load_registry(), load_encoder(settings.encoder, models=settings.home / "models"))


def passing_of(gate: Gate, document: Document) -> GatedText:
    chunks = {chunk.id: chunk for chunk in chunk_document(document)}
    return GatedText(gate, [passage_from(chunks["2-3/financeurs/1"], "1")])


LIST = (
    "Les financeurs de la fiche 2-3 sont :\n- Communes [1]\n- Agglomération [1]\n- Banque de France [1]\n\n"
    "Les opérateurs sont :\n- Banque de France [1]\n"
)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_list_is_gated_item_by_item_and_its_lead_is_shown_with_the_first_that_passes(
    gate: Gate, document: Document, size: int
) -> None:
    passing = passing_of(gate, document)
    texts = []
    for start in range(0, len(LIST), size):
        passing.feed(LIST[start : start + size])
        texts.append(passing.text)
    passing.end()
    assert (
        passing.text == "Les financeurs de la fiche 2-3 sont :\n\n- Communes [fiche 2-3]\n- Agglomération [fiche 2-3]"
    )
    assert all(passing.text.startswith(text) for text in texts)
    assert (passing.dropped, passing.pending) == (2, "")


def test_a_sentence_that_comes_twice_is_shown_once(gate: Gate, document: Document) -> None:
    passing = passing_of(gate, document)
    passing.feed("Les financeurs de la fiche 2-3 sont :\n" + "- Communes [1]\n" * 3)
    passing.end()
    assert passing.text.count("Communes") == 1


def test_what_passed_is_joined_as_markdown() -> None:
    texts = ["Il agit.", "Elle paie.", "Ils sont :", "- A", "- B", "Fin."]
    assert [is_item(text) for text in texts] == [False, False, False, True, True, False]
    assert (
        join([PassedSentence(text, (), False) for text in texts])
        == "Il agit. Elle paie.\n\nIls sont :\n\n- A\n- B\n\nFin."
    )


def test_the_thinking_of_a_model_is_not_its_answer() -> None:
    assert [spoken(text) for text in ("", "\n<th", "<think>Voyons", "<think>Voyons</think>Oui", "<b>Oui", "Oui")] == [
        *("", "", "", "Oui", "<b>Oui", "Oui"),
    ]
    assert printable("a\x1b[2Jb\u202e\u200bc\n\u202fd") == "a[2Jbc\n\u202fd"


def test_a_text_that_is_not_worth_waiting_for_is_told_by_kind() -> None:
    french = "Les communes financent cette action, et l’agglomération aussi, dans le cadre du contrat de ville. " * 2
    assert (fault_of(french), fault_of(french, ended=True)) == ("", "")
    assert fault_of("x" * (MOST + 1)) == "long"
    assert (fault_of(" \n"), fault_of(" \n", ended=True)) == ("", "empty")
    assert fault_of("The desk is there to help you with your questions. " * 3) == "language"
    assert (fault_of("The desk is there"), fault_of("The desk is there to help you.", ended=True)) == ("", "language")
    assert fault_of("La mission locale, puis la mission de la ville, et puis " * 8) == "repeats"


class Screen(io.StringIO):
    """A terminal of 20 columns: understands what `watch` writes, and holds the lines that are seen."""

    def __init__(self, *, terminal: bool = True) -> None:
        super().__init__()
        self.terminal = terminal
        self.lines: list[str] = []
        self.seen: list[list[str]] = []

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        up = re.match(r"\x1b\[(\d+)F\x1b\[J", text)
        if up:
            self.lines = self.lines[: len(self.lines) - int(up[1])]
            text = text[up.end() :]
        self.lines += text.splitlines()
        self.seen.append(list(self.lines))
        return len(text)


def test_a_terminal_shows_the_sentence_under_way_greyed_and_wipes_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "6")
    answer = Answer("Il agit.", "answered")
    stream = [Partial("", "Il ag"), Partial("", "Il ag"), Partial("Il agit.", "Une phrase bien trop longue"), answer]
    screen = Screen()
    assert watch(stream, screen) is answer
    assert screen.seen == [
        ["\x1b[2mIl ag\x1b[0m"],
        ["Il agit.", "\x1b[2mUne phrase bien trop\x1b[0m", "\x1b[2m longue\x1b[0m"],
        [],
    ]
    plain = Screen(terminal=False)
    assert (watch(stream, plain), plain.lines) == (answer, [])
    screen = Screen()
    watch([Partial("ligne\n" * 40, ""), answer], screen)
    assert [len(lines) for lines in screen.seen] == [4, 0], "no more than the screen holds, or it could not be wiped"


def test_the_limits_of_a_call_follow_its_clock() -> None:
    """A model that says nothing, then too little: no real second passes."""
    clock = [0.0]

    class Slow:
        name, context = "lent", 4096

        def count(self, text: str) -> int:
            return len(text)

        def stream(self, messages: object, *, stop: object, config: object = None) -> Iterator[str]:  # noqa: ARG002
            for piece in ("", "", "Les communes ", "", "financent."):
                clock[0] += 40
                yield piece

        def close(self) -> None:
            pass

    def run(first: float, whole: float) -> tuple[str, str]:
        clock[0], got = 0.0, ""
        bounds = Bounds(first=first, whole=whole)
        try:
            for piece in Calls(Slow(), bounds, clock=lambda: clock[0]).stream([], stop=threading.Event()):  # type: ignore[arg-type]
                got += piece
        except ModelError as error:
            return error.reason, got
        return "", got

    assert run(60, 1000) == ("slow", "")
    assert run(130, 150) == ("slow", "Les communes ")
    assert run(130, 200) == ("", "Les communes financent.")
