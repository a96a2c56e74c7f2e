"""What may listen on a network, and the page as it is before anybody has an account."""

from pathlib import Path

import httpx
import pytest

from assistant.accounts.policy import Access, check_listening, is_loopback
from assistant.cli.main import main
from assistant.errors import ServerError
from assistant.settings.settings import Settings
from assistant.storage.database import FILE, open_database
from tests.support.access import (
    CLOSED,
    DESK,
    Clock,
    logged_in,
    make_accounts,
)
from tests.support.browser import served
from tests.support.services import Page, free_port


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])  # noqa: S104 - never listened on
def test_serve_refuses_a_network_without_accounts(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, host: str
) -> None:
    monkeypatch.setenv("GUICHET_HOST", host or "0.0.0.0")  # noqa: S104
    monkeypatch.setenv("GUICHET_HOME", f"{tmp_path}")
    monkeypatch.setenv("GUICHET_PORT", f"{free_port()}")
    assert main(["serve"]) == 1
    shown = capfd.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert "GUICHET_OPEN=oui" in shown.err
    assert "guichet users add" in shown.err


def test_what_may_listen_on_a_network(tmp_path: Path) -> None:
    def told(name: str, **settings: object) -> str:
        given = Settings(home=tmp_path / name, host="0.0.0.0", **settings)  # type: ignore[arg-type]  # noqa: S104
        try:
            check_listening(Access(open_database(given), given))
        except ServerError as error:
            return f"{error}"
        return ""

    assert "aucun compte" in told("a")
    assert told("a", open=True) == told("a", login=True) == ""
    assert told("a", sso_header="x-user", proxies=("10.0.0.0/8",)) == ""
    make_accounts(f"sqlite:///{tmp_path}/b.sqlite3")
    assert told("b", database=f"sqlite:///{tmp_path}/b.sqlite3") == ""
    (tmp_path / "c.sqlite3").write_bytes(b"this is no database, whatever its name says" * 100)
    assert "ne se lit pas" in told("c", database=f"sqlite:///{tmp_path}/c.sqlite3")
    assert [is_loopback(each) for each in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.0.0.1")] == [  # noqa: S104
        True, True, True, False, False]  # fmt: skip


@pytest.mark.services
def test_a_network_that_was_meant_is_served(tmp_path: Path) -> None:
    with Page(tmp_path, "tests/support/slow_server.py", GUICHET_HOST="0.0.0.0", GUICHET_OPEN="oui") as page:  # noqa: S104
        assert httpx.get(f"{page.address}/parcourir").status_code == 200


def test_without_accounts_the_page_is_open_and_there_is_nothing_to_log_in_to(tmp_path: Path) -> None:
    with served(DESK, tmp_path) as address:
        for path in (*CLOSED[:-1], "/health/live"):
            assert httpx.get(f"{address}{path}").status_code == 200, path
        assert httpx.get(f"{address}/connexion").headers["location"] == "./"
        assert httpx.get(f"{address}/compte").status_code == 404
        assert not (tmp_path / FILE).exists()


def test_a_first_account_closes_a_page_that_was_open(tmp_path: Path, clock: Clock) -> None:
    with served(DESK, tmp_path, now=clock) as address:
        assert httpx.get(f"{address}/tableau").status_code == 200
        make_accounts(f"sqlite:///{tmp_path}/{FILE}")
        clock.turn(seconds=5)
        assert httpx.get(f"{address}/tableau").status_code == 303
        assert logged_in(address).get("/tableau").status_code == 200
