"""The login through the nginx of deploy/, over TLS, with two web processes on one PostgreSQL."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.accounts.login_attempts import FOR_ACCOUNT
from tests.support.access import PASSWORD, log_in, make_accounts, token_in
from tests.support.deploy import Proxy, environment_of
from tests.support.services import LONG, Page, Postgres

pytestmark = pytest.mark.services
ACCESS = {"GUICHET_LOGIN", "GUICHET_HTTPS", "GUICHET_PROXIES"}


@pytest.fixture
def proxy(postgres: Postgres, tmp_path: Path) -> Iterator[Proxy]:
    """As compose.yaml has it, the login included; the answers are those of a double."""
    database = postgres.make_database(tmp_path.name)
    make_accounts(database)
    given = {name: value for name, value in environment_of("web-1").items() if name in ACCESS}
    given |= {"GUICHET_DATABASE": database, "GUICHET_LOGIN": "oui"}
    with (
        Page(tmp_path / "first", "tests/support/slow_server.py", **given) as first,
        Page(tmp_path / "second", "tests/support/slow_server.py", **given) as second,
    ):
        started = Proxy(tmp_path / "proxy", [first.port, second.port])
        yield started
        started.close()


def visitor(proxy: Proxy) -> httpx.Client:
    context = ssl.create_default_context(cafile=f"{proxy.certificate}")
    return httpx.Client(base_url=proxy.address, verify=context, headers={"origin": proxy.address}, timeout=LONG)


def test_a_login_through_the_proxy_is_for_https_and_for_both_processes(proxy: Proxy) -> None:
    with visitor(proxy) as client:
        assert client.get("/suivi").headers["location"] == "connexion?suite=suivi"
        forged = {"x-remote-user": "marie", "x-forwarded-for": "127.0.0.1", "forwarded": "for=127.0.0.1"}
        assert client.get("/suivi", headers=forged).status_code == 303
        entered = log_in(client)
        assert entered.status_code == 303
        cookies = [each for each in entered.headers.get_list("set-cookie") if each.startswith("__Host-guichet=")]
        assert len(cookies) == 1
        assert {"Secure", "HttpOnly", "SameSite=lax"} <= {part.strip() for part in cookies[0].split(";")}
        kept = cookies[0].split(";")[0]
        before = len(proxy.served_by())
        for _ in range(20):  # without the proxy's own cookie each goes to any of the two
            with visitor(proxy) as other:
                assert other.get("/tableau", headers={"cookie": kept}).status_code == 200
        assert len(set(proxy.served_by()[before:])) == 2
        assert f'"root":"{proxy.address}"' in client.get("/").text.replace('": "', '":"')
        page = client.get("/compte").text
        assert client.post("/deconnexion", data={"jeton": token_in(page)}).status_code == 303
        assert client.get("/tableau").status_code == 303


def test_attempts_through_the_proxy_are_counted_by_both_processes(proxy: Proxy) -> None:
    def attempt(password: str) -> int:
        with visitor(proxy) as client:
            return log_in(client, "paul", password).status_code

    assert [attempt("faux") for _ in range(FOR_ACCOUNT)] == [401] * FOR_ACCOUNT
    assert [attempt(PASSWORD) for _ in range(20)] == [429] * 20
    assert len(set(proxy.served_by())) == 2
