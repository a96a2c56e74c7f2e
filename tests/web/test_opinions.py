"""Opinions: what is accepted, what is kept, what comes out for the operator."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.answer import Answer, Status
from assistant.cli.main import main
from assistant.errors import DatabaseError, SettingsError
from assistant.service.limits import Limits
from assistant.service.metrics import Metrics
from assistant.service.questions import QuestionService
from assistant.settings.settings import read_settings
from assistant.storage.database import FILE
from assistant.storage.opinions import LIMITS, Opinion, OpinionStore, read_opinion, shown_lines
from assistant.storage.retention import MaskingStore
from assistant.web.app import build_app
from tests.support.browser import ListingDesk


def test_opinions_are_kept_ranked_and_become_candidates(tmp_path: Path) -> None:
    store = OpinionStore(tmp_path / "new" / "avis.sqlite3")
    assert (list(store.rows()), store.disliked(), store.mark_as_candidate("a"), list(store.to_eval())) == (
        [],
        [],
        False,
        [],
    )
    store.add(Opinion("a", useful=True, fiches=("2-3",)))
    for question, reason in (("b", "incomplet"), ("c", "pas-clair"), ("c", "incomplet")):
        store.add(Opinion(question, useful=False, reason=reason))
    assert [(each.question, each.count, each.reasons) for each in store.disliked()] == [
        ("c", 2, ("incomplet", "pas-clair")),
        ("b", 1, ("incomplet",)),
    ]
    assert store.mark_as_candidate("c")
    again = OpinionStore(tmp_path / "new" / "avis.sqlite3")
    assert [each.candidate for each in again.disliked()] == [True, False]
    assert [json.loads(line)["question"] for line in again.to_eval()] == ["c"]
    first = next(again.rows())
    assert (first["question"], first["useful"], first["fiches"]) == ("a", True, "2-3")


def test_a_folder_that_cannot_be_written_is_one_french_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="n’a pas pu être écrit"):
        OpinionStore(tmp_path / "file" / "avis.sqlite3").add(Opinion("a", useful=True))


@pytest.mark.parametrize("record", [None, [], {}, {"question": 3, "useful": True}, {"question": "a", "useful": "oui"}])
def test_what_is_no_opinion_is_refused(record: object) -> None:
    with pytest.raises(ValueError, match=r"attendu|doit être"):
        read_opinion(record)


def test_an_unknown_reason_is_refused_and_long_texts_are_cut() -> None:
    with pytest.raises(ValueError, match="reason"):
        read_opinion({"question": "a", "useful": False, "reason": "x"})
    opinion = read_opinion({"question": "q" * 9000, "useful": False, "text": "t" * 9000, "fiches": ["1-1", 3]})
    assert (len(opinion.question), len(opinion.text)) == (LIMITS["question"], LIMITS["text"])
    assert opinion.fiches == ("1-1", "3")


def test_the_operator_lists_exports_and_takes_candidates_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(action: str) -> tuple[int, list[str], str]:
        code = main(["feedback", action])
        shown = capsys.readouterr()
        return code, shown.out.splitlines(), shown.err

    monkeypatch.setenv("GUICHET_HOME", str(tmp_path))
    for action in ("list", "export", "to-eval"):
        code, lines, said = run(action)
        assert (code, lines, said.count("\n")) == (0, [], 1)
    store = OpinionStore(tmp_path / FILE)
    store.add(Opinion("qui\nfinance ?", useful=True))
    for text in ("la 2-1 manque", ""):
        store.add(
            Opinion("qui\npaie ?", useful=False, status="declined", fiches=("2-3",), reason="incomplet", text=text)
        )
    store.mark_as_candidate("qui\npaie ?")
    assert run("list") == (0, ["  2  ✓ qui paie ? (incomplet, déclinée)"], "")
    _, exported, _ = run("export")
    assert [json.loads(line)["useful"] for line in exported] == [True, False, False]
    _, (line,), _ = run("to-eval")
    record = json.loads(line)
    assert record["note"] == "fiches citées : 2-3 ; incomplet ; la 2-1 manque"
    known = json.loads(
        (Path(__file__).parent.parent.parent / "evals" / "sets" / "data" / "questions.jsonl")
        .open(encoding="utf-8")
        .readline()
    )
    assert set(record) >= set(known) - {"note"}


def test_declined_questions_are_kept_only_when_the_operator_asks(tmp_path: Path) -> None:
    class Declining(ListingDesk):
        def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
            status: Status = "declined" if "météo" in question else "answered"
            return replace(super().answer(question, history), status=status)

    def asked(journal: str) -> list[str]:
        home = tmp_path / journal
        settings = read_settings({"GUICHET_HOME": str(home), "GUICHET_JOURNAL": journal})
        client = TestClient(build_app(Declining(), settings))
        for question in ("la météo ?", "qui ?", "la météo ?"):
            assert client.get("/public", params={"question": question}).status_code == 200
        return list(shown_lines(OpinionStore(home / FILE)))

    assert asked("non") == []
    assert asked("oui") == ["  2    la météo ? (au journal, déclinée)"]
    with pytest.raises(SettingsError, match="GUICHET_JOURNAL vaut « peut-être »"):
        read_settings({"GUICHET_JOURNAL": "peut-être"})
    (tmp_path / "file").write_text("")
    broken = MaskingStore(OpinionStore(tmp_path / "file" / FILE), texts=True)
    service = QuestionService(Declining(), Limits(), Metrics(), save_declined=broken.add_declined)
    assert service.answer("la météo ?").status == "declined"


def test_a_file_that_is_no_store_is_one_french_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("ce n’est pas SQLite, mais un texte assez long pour en avoir l’air " * 20)
    store = OpinionStore(tmp_path / FILE)
    for read in (store.rows, store.disliked, lambda: shown_lines(store)):
        with pytest.raises(DatabaseError, match="ne se lit pas"):
            list(read())
