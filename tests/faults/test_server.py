"""What a server goes through, each on a real process: killed, ended, doubled (docs/donnees.md)."""

import threading
import time
from pathlib import Path

import pytest

from assistant.storage.database import FILE, Database, database_at, read_url
from assistant.storage.opinions import OpinionStore
from assistant.web.middleware.draining import DRAIN_SECONDS, FORCED_EXIT_SECONDS
from tests.support.services import LONG, Page, Postgres, wait_until

pytestmark = pytest.mark.services

DESK = "tests/support/slow_server.py"


def test_two_servers_on_one_folder_are_refused_and_a_killed_one_leaves_it_free(tmp_path: Path) -> None:
    with Page(tmp_path, DESK) as page:
        second = Page(tmp_path, DESK)
        _, errors = second.process.communicate(timeout=LONG)
        assert (second.process.returncode, errors.count("\n")) == (1, 1)
        assert f"Un autre serveur Guichet (processus {page.process.pid}) tient déjà le dossier {tmp_path}" in errors
        asking = threading.Thread(target=page.ask, args=("lent 5",))
        asking.start()
        time.sleep(0.3)
        page.kill()  # in the middle of an answer
        asking.join()
    with Page(tmp_path, DESK) as again:
        assert "cinq partenaires" in again.ask("qui ?")


def test_sigterm_finishes_what_is_being_answered_and_waits_for_nothing_that_hangs(tmp_path: Path) -> None:
    assert DRAIN_SECONDS < FORCED_EXIT_SECONDS < 10
    for question, answered in (("lent 2", True), ("lent 300", False)):
        with Page(tmp_path, DESK) as page:
            answers: list[str] = []
            asking = threading.Thread(target=lambda: answers.append(page.ask(question)), daemon=True)  # noqa: B023
            asking.start()
            wait_until(lambda: "guichet_working 1" in page.read("/metrics")[1], "the question did not arrive")
            code, _ = page.end()
            asking.join()
            assert (code, "cinq partenaires" in answers[0]) == (0, answered)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def test_every_opinion_that_was_acknowledged_is_there_after_a_kill(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    postgres: Postgres | None = request.getfixturevalue("postgres") if kind == "postgresql" else None
    url = postgres.make_database("killed") if postgres else ""
    database = Database(read_url(url)) if url else database_at(tmp_path / FILE)
    kept: list[str] = []
    with Page(tmp_path, DESK, GUICHET_DATABASE=url, GUICHET_FEEDBACK="oui") as page:

        def write(name: int) -> None:
            number = 0
            while page.opinion(f"{name}-{number}") == 200:
                kept.append(f"{name}-{number}")
                number += 1

        threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        while len(kept) < 50:
            time.sleep(0.01)
        page.kill()
        for thread in threads:
            thread.join()
    assert set(kept) <= {row["question"] for row in OpinionStore(database).rows()}
    with Page(tmp_path, DESK, GUICHET_DATABASE=url) as page:
        assert page.opinion("après") == 200
        if postgres:
            postgres.stop()
            try:
                assert (page.opinion("pendant"), "cinq partenaires" in page.ask("qui ?")) == (503, True)
            finally:
                postgres.start()
            assert page.opinion("revenu") == 200
        assert page.end()[0] == 0
    database.close()
