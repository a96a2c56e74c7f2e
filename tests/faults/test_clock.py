"""The date of the machine moved by a day and by a year, under a real server (libfaketime) and under the purge."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.service.clock_drift import DAY, Drift
from assistant.service.limits import Rate
from assistant.storage.opinions import FILE, Opinion, OpinionStore
from assistant.storage.retention import purge_regularly
from tests.support.services import LONG, Page, wait_until

pytestmark = pytest.mark.services

DESK = "tests/support/slow_server.py"
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), Path("libfaketimeMT.so.1"))


@dataclass
class Moved:
    """A clock that the test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_day_of_difference_is_told_in_french_and_an_hour_is_not() -> None:
    wall, steady = Moved(1e9), Moved(50.0)
    drift = Drift(wall=wall, steady=steady)
    steady.now += 40 * DAY  # a month goes by, the machine asleep or not
    wall.now += 40 * DAY + 3600
    assert (drift.days(), drift.problem()) == (0, "")
    wall.now += 365 * DAY
    assert "a avancé de 365\u00a0jours" in drift.problem()
    wall.now -= 366 * DAY + 3601
    assert "a reculé de 1\u00a0jour\u202f:" in drift.problem()


def test_a_date_moved_forward_erases_nothing_until_it_is_right_again(tmp_path: Path) -> None:
    store = OpinionStore(tmp_path / FILE)
    store.add(Opinion("ancienne", useful=True))
    with store.database.writing() as connection:
        moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=40)
        connection.exec_driver_sql("UPDATE avis SET date = ?", (f"{moment}",))
    wall = Moved(0.0)
    drift = Drift(wall=wall, steady=Moved())
    wall.now = 366 * DAY
    asked = threading.Event()

    class Counting(Drift):
        looks = 0

        def days(self) -> int:
            Counting.looks += 1
            if Counting.looks == 3:
                asked.set()
            return drift.days()

    purge_regularly(store, 30, every=0.02, drift=Counting())
    assert asked.wait(timeout=LONG)
    assert len(list(store.rows())) == 1
    wall.now = 0.0
    wait_until(lambda: not list(store.rows()), "the purge did not begin again")


@pytest.mark.services
def test_a_server_whose_date_is_moved_answers_keeps_opinions_and_drains(tmp_path: Path) -> None:
    """Under libfaketime, whose date is read anew from a file at each call; the clocks that last are left alone."""
    date = tmp_path / "date"
    date.write_text("+0d")
    faked = {
        "LD_PRELOAD": f"{LIBRARY}",
        "FAKETIME_TIMESTAMP_FILE": f"{date}",
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "GUICHET_FEEDBACK": "oui",
        "GUICHET_SESSION_RATE": "5",
        "GUICHET_RETENTION": "30",
    }
    home = tmp_path / "home"
    with Page(home, DESK, **faked) as page:
        assert page.opinion("avant") == 200
        for moved in ("-1d", "+365d"):
            date.write_text(moved)
            assert all("cinq partenaires" in page.ask("qui ?") for _ in range(8))
            assert page.opinion(moved) == 200
        wait_until(lambda: "avancé de 36" in page.components()["horloge"], "the date was not seen")
        date.write_text("-1d")
        answers: list[str] = []
        asking = threading.Thread(target=lambda: answers.append(page.ask("lent 2")))
        asking.start()
        wait_until(lambda: "guichet_working 1" in page.read("/metrics")[1], "the question did not arrive")
        date.write_text("+0d")
        assert page.end()[0] == 0
        asking.join()
        assert "cinq partenaires" in answers[0]
    rows = list(OpinionStore(home / FILE).rows())
    assert [row["question"] for row in rows] == ["avant", "-1d", "+365d"]
    dates = [datetime.fromisoformat(f"{row['date']}") for row in rows]
    assert [round((each - dates[0]) / timedelta(days=1)) for each in dates] == [0, -1, 365]


def test_a_rate_is_not_touched_by_the_date() -> None:
    clock = Moved(100.0)
    rate = Rate(1, clock=clock)
    assert rate.take("a") == 0
    assert rate.take("a") == pytest.approx(60)
    assert rate._clock is clock
    assert Rate(1)._clock is time.monotonic


def test_a_server_out_of_file_descriptors_answers_again_when_they_are_given_back(tmp_path: Path) -> None:
    import socket

    with Page(tmp_path, DESK, prefix=("prlimit", "--nofile=48:48")) as page:
        assert "cinq partenaires" in page.ask("qui ?")
        held = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(80)]
        for each in held:
            each.close()
        wait_until(lambda: "cinq partenaires" in page.ask("qui ?"), "it did not come back")
        assert page.opinion("après") == 200
        assert page.components()["état"] == "prêt"
        assert page.end()[0] == 0
