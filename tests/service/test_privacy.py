"""What is kept, for how long, masked; and that what is erased is gone from the disk."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from assistant.cli.main import main
from assistant.settings.settings import Settings
from assistant.storage.database import FILE
from assistant.storage.opinions import Opinion, OpinionStore
from assistant.storage.retention import MaskingStore, notice, purge_regularly
from assistant.web.app import build_app
from tests.support.browser import ListingDesk
from tests.support.services import LONG

PERSON = "je m'appelle Ada Lovelace, 06 12 34 56 78, ada@exemple.fr, qui finance ?"
MASKED = "je m'appelle [nom], [téléphone], [courriel], qui finance ?"


def bytes_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def age(store: OpinionStore, days: int) -> None:
    """Makes every row that many days older."""
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
    with store.database.writing() as connection:
        connection.execute(text("UPDATE avis SET date = :moment"), {"moment": f"{moment}"})


@pytest.mark.parametrize(("feedback", "question", "said"), [(False, "", ""), (True, MASKED, "[nom]")])
def test_an_opinion_keeps_words_only_when_the_operator_asks_and_masked(
    tmp_path: Path, feedback: bool, question: str, said: str
) -> None:
    client = TestClient(build_app(ListingDesk(), Settings(home=tmp_path, feedback=feedback)))
    sent = {"question": PERSON, "useful": False, "reason": "incomplet", "text": "Mme Lovelace", "fiches": ["2-3"]}
    assert client.post("/avis", json=sent).status_code == 200
    (row,) = OpinionStore(tmp_path / FILE).rows()
    assert (row["question"], said in str(row["text"]), row["fiches"]) == (question, True, "2-3")
    for secret in (b"Lovelace", b"06 12", b"exemple.fr"):
        assert secret not in bytes_of(tmp_path)
    assert client.get("/suivi").status_code in (200, 403)


def test_what_is_too_old_is_erased_by_itself_and_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    store = OpinionStore(tmp_path / FILE)
    keeper = MaskingStore(store, texts=True)
    keeper.add(Opinion("un secret très ancien", useful=True))
    age(store, 31)
    keeper.add(Opinion("une question récente", useful=True))
    assert len(list(store.rows())) == 2
    purge_regularly(store, 30, every=0.05)
    patience = time.monotonic() + LONG
    while len(list(store.rows())) == 2 and time.monotonic() < patience:
        time.sleep(0.02)
    assert [row["question"] for row in store.rows()] == ["une question récente"]
    while "secret très ancien".encode() in bytes_of(tmp_path) and time.monotonic() < patience:
        time.sleep(0.02)
    assert "secret très ancien".encode() not in bytes_of(tmp_path)


def test_the_operator_exports_and_erases_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_HOME", str(tmp_path))
    store = OpinionStore(tmp_path / FILE)

    def run(*arguments: str) -> str:
        assert main(["privacy", *arguments]) == 0
        return capsys.readouterr().out

    assert run("export") == ""
    assert run("purge") == "0 ligne effacée.\n"
    for question in ("100 % dupont", "1000 dupond", "autre"):
        store.add(Opinion(question, useful=True))
    assert len([json.loads(line) for line in run("export").splitlines()]) == 3
    assert run("purge", "--containing", "0 % DUP") == "1 ligne effacée.\n"
    assert run("purge") == "0 ligne effacée.\n"
    age(store, 3)
    assert run("purge", "--days", "2") == "2 lignes effacées.\n"
    store.add(Opinion("encore", useful=True))
    assert run("purge", "--all") == "1 ligne effacée.\n"
    assert b"dupond" not in bytes_of(tmp_path)


def test_the_page_says_what_is_kept(tmp_path: Path) -> None:
    assert "Aucune question" in notice(Settings())
    kept = Settings(home=tmp_path, journal=True, feedback=True, retention=15)
    assert "15\u00a0jours" in notice(kept)
    page = TestClient(build_app(ListingDesk(), kept)).get("/").text
    assert "15\\u00a0jours" in page or "15\u00a0jours" in page
