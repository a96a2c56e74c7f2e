"""What checking a login costs each request, and what holds when the database is gone."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from assistant.accounts.accounts import Account, Accounts
from assistant.accounts.policy import Access
from assistant.settings.settings import Settings
from assistant.storage.database import FILE, open_database
from assistant.web.app import build_app
from tests.support.access import DESK, Clock, browser_of, log_in, logged_in, make_accounts, one
from tests.support.browser import served
from tests.support.services import LONG, Postgres

# The way of a question.


@one
def test_a_session_is_read_once_for_many_requests_and_never_for_a_file(url: str, tmp_path: Path, clock: Clock) -> None:
    settings = Settings(home=tmp_path, database=url)
    access = Access(open_database(settings), settings, now=clock, clock=lambda: clock().timestamp())
    client = TestClient(build_app(DESK, settings, access=access), headers={"origin": "http://testserver"})
    assert log_in(client, "paul").status_code == 200  # type: ignore[arg-type]
    said: list[str] = []
    event.listen(access.accounts.database.engine, "before_cursor_execute", lambda *each: said.append(each[2]))
    for _ in range(20):
        assert client.get("/tableau").status_code == 200
    assert len([each for each in said if "FROM sessions" in each]) <= 1
    said.clear()
    clock.turn(minutes=5)
    for path in ("/guichet/pages.css", "/theme.css", "/assets/nothing.js"):
        client.get(path)
    assert said == []
    assert client.get("/tableau").status_code == 200
    assert [each.split()[0] for each in said if "sessions" in each] == ["SELECT", "UPDATE"]


class SlowAccounts(Accounts):
    """Checks a password for as long as the test wants."""

    def __init__(self, accounts: Accounts) -> None:
        super().__init__(accounts.database)
        self.begun, self.may_end = threading.Event(), threading.Event()

    def check(self, name: str, password: str) -> Account | None:
        self.begun.set()
        assert self.may_end.wait(timeout=LONG)
        return super().check(name, password)


@one
def test_a_password_that_is_being_checked_stops_nobody(url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database=url)
    access = Access(open_database(settings), settings)
    access.accounts = slow = SlowAccounts(access.accounts)
    statuses: list[int] = []
    with TestClient(build_app(DESK, settings, access=access), headers={"origin": "http://testserver"}) as client:
        login = threading.Thread(target=lambda: statuses.append(log_in(client).status_code))  # type: ignore[arg-type]
        login.start()
        assert slow.begun.wait(timeout=LONG)
        assert client.get("/health/live").status_code == 200
        assert client.get("/connexion").status_code == 200
        assert statuses == []
        slow.may_end.set()
        login.join(timeout=LONG)
    assert statuses == [200]


# When the database goes away.


@pytest.mark.services
def test_without_its_database_who_was_in_goes_on_and_nobody_else_comes_in(
    postgres: Postgres, tmp_path: Path, clock: Clock
) -> None:
    url = postgres.make_database("access-gone")
    make_accounts(url)
    with served(DESK, tmp_path, now=clock, database=url) as address:
        inside = logged_in(address)
        assert inside.get("/tableau").status_code == 200
        postgres.stop()
        try:
            clock.turn(minutes=2)
            assert inside.get("/tableau").status_code == 200
            assert browser_of(address).get("/tableau").status_code == 303
            assert browser_of(address, cookie="guichet=xyz").get("/tableau").status_code == 503
            refused = log_in(browser_of(address))
            assert (refused.status_code, "base des comptes" in refused.text) == (503, True)
            clock.turn(minutes=60)
            assert inside.get("/tableau").status_code == 503
        finally:
            postgres.start()
        assert log_in(browser_of(address)).status_code == 303


def test_a_database_that_was_never_read_opens_to_this_machine_only(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    app = build_app(DESK, Settings(home=tmp_path))

    def status(address: str, **headers: str) -> int:
        client = TestClient(app, client=(address, 5000), base_url="http://127.0.0.1")
        return client.get("/tableau", headers=headers, follow_redirects=False).status_code

    assert status("127.0.0.1") == 200
    assert status("10.0.0.1") == 303
    assert status("127.0.0.1", **{"x-forwarded-for": "10.0.0.1"}) == 303
