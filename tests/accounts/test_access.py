"""The gate, on a real server: who comes in, for how long, what another site cannot do; SQLite and PostgreSQL."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from assistant.accounts.accounts import Account, Accounts
from assistant.accounts.login_attempts import FOR_ACCOUNT
from assistant.accounts.policy import Access, check_listening, is_loopback, need_of
from assistant.errors import ServerError
from assistant.service.logs import JsonLines
from assistant.settings.settings import Settings
from assistant.storage.database import FILE, Database, open_database, read_url
from assistant.storage.opinions import FeedbackStore, Opinion
from assistant.web.app import build_app
from tests.support.access import PASSWORD, Clock, browser_of, log_in, logged_in, make_accounts, token_in
from tests.support.browser import ListingDesk, served
from tests.support.launch import Launch
from tests.support.services import Page, Postgres

DESK = ListingDesk()
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]
CLOSED = ("/", "/parcourir", "/tableau", "/fiche?fiche=2-3", "/carte.md?fiche=2-3", "/public", "/suivi", "/compte")


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with two accounts, of each kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/{FILE}"
    else:
        address = request.getfixturevalue("postgres").make_database(tmp_path.name)
    make_accounts(address)
    return address


both = pytest.mark.parametrize("url", KINDS, indirect=True)
one = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def address(url: str, tmp_path: Path, clock: Clock) -> Iterator[str]:
    with served(DESK, tmp_path, now=clock, database=url) as started:
        yield started


# Listening.


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])  # noqa: S104 - never listened on
def test_serve_refuses_a_network_without_accounts(launch: Launch, tmp_path: Path, host: str) -> None:
    code, shown, told = launch("serve", GUICHET_HOST=host or "0.0.0.0", GUICHET_HOME=f"{tmp_path}")  # noqa: S104
    assert (code, shown, told.count("\n")) == (1, "", 1)
    assert "GUICHET_OPEN=oui" in told
    assert "guichet users add" in told


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


def test_a_network_that_was_meant_is_served(tmp_path: Path) -> None:
    with Page(tmp_path, "tests/support/faulty_desk.py", GUICHET_HOST="0.0.0.0", GUICHET_OPEN="oui") as page:  # noqa: S104
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


# Logging in and out.


@both
def test_nothing_opens_without_a_login_but_what_must(address: str) -> None:
    client = browser_of(address)
    for path in CLOSED:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("connexion"), path
        assert answer.headers["cache-control"] == "no-store"
    for path in ("/gradio_api/queue/data", "/gradio_api/app_id"):
        assert client.get(path).status_code == 401
    for path in ("/api/ask", "/avis", "/gradio_api/queue/join", "/gradio_api/run/predict"):
        answer = client.post(path, json={"question": "sans connexion ?"})
        assert (answer.status_code, "Connectez-vous" in answer.json()["erreur"]) == (401, True), path
    for path in ("/health/live", "/health/ready", "/metrics", "/connexion", "/guichet/pages.css", "/theme.css"):
        assert client.get(path).status_code == 200, path
    assert "sans connexion ?" not in [question for question, _ in DESK.asked]


@both
def test_a_person_logs_in_works_and_logs_out(address: str) -> None:
    client = browser_of(address)
    page = client.get("/connexion?suite=carte%3Ffiche%3D2-3").text
    assert 'value="carte?fiche=2-3"' in page
    assert "<script" not in page.replace('<script src="guichet/light.js', "")
    wrong = log_in(client, password="bateau lavoir vingt radi", suite="carte?fiche=2-3")  # noqa: S106
    assert (wrong.status_code, "Nom de compte ou mot de passe incorrect" in wrong.text) == (401, True)
    assert "set-cookie" not in wrong.headers
    entered = log_in(client, suite="carte?fiche=2-3")
    assert (entered.status_code, entered.headers["location"]) == (303, "carte?fiche=2-3")
    assert {part.strip().lower() for part in entered.headers["set-cookie"].split(";")[1:]} == {
        "httponly", "path=/", "samesite=lax"}  # fmt: skip
    for path in CLOSED:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), path
    assert 'name="guichet-account" content="marie"' in client.get("/").text
    assert client.post("/api/ask", json={"question": "qui ?"}).status_code == 200
    account = client.get("/compte").text
    kept = dict(client.cookies)
    left = client.post("/deconnexion", data={"jeton": token_in(account)})
    assert (left.status_code, left.headers["location"]) == (303, "connexion?fin")
    assert not client.cookies
    assert "déconnecté" in client.get("/connexion?fin").text
    assert browser_of(address, cookie=f"guichet={kept['guichet']}").get("/tableau").status_code == 303


@one
def test_the_answer_to_a_wrong_login_says_not_whether_the_name_exists(address: str) -> None:
    known, unknown = (log_in(browser_of(address), name, "faux") for name in ("marie", "nemo"))
    assert known.text.replace("marie", "nemo") == unknown.text
    assert known.status_code == unknown.status_code == 401


@both
def test_a_login_ends_without_use_and_when_it_is_old(address: str, clock: Clock) -> None:
    client = logged_in(address)
    clock.turn(minutes=59)
    assert client.get("/tableau").status_code == 200
    clock.turn(minutes=59)
    assert client.get("/tableau").status_code == 200
    clock.turn(minutes=60)
    assert client.get("/tableau").status_code == 303
    client = logged_in(address)
    for _ in range(23):
        clock.turn(minutes=30)
        assert client.get("/tableau").status_code == 200
    clock.turn(minutes=30)
    assert client.get("/tableau").status_code == 303


@both
def test_a_login_holds_for_two_processes_and_a_restart_on_one_database(url: str, tmp_path: Path) -> None:
    def start(name: str) -> Page:
        return Page(tmp_path / name, "tests/support/faulty_desk.py", GUICHET_DATABASE=url)

    with start("first") as first, start("second") as second:
        cookie = dict(logged_in(first.address).cookies)["guichet"]
        for page in (first, second):
            assert browser_of(page.address, cookie=f"guichet={cookie}").get("/suivi").status_code == 200
    with start("second") as again:
        assert browser_of(again.address, cookie=f"guichet={cookie}").get("/suivi").status_code == 200


@both
def test_a_password_that_a_person_changes_ends_the_other_logins(address: str, clock: Clock) -> None:
    client, other = logged_in(address, "paul"), logged_in(address, "paul")
    token = token_in(client.get("/compte").text)

    def change(old: str, new: str, again: str, jeton: str = token) -> httpx.Response:
        return client.post("/compte", data={"passe": old, "nouveau": new, "encore": again, "jeton": jeton})

    new = "quatre mots sans lien"
    for answer, told in (
        (change("faux", new, new), "n’est pas celui-là"),
        (change(PASSWORD, new, new + "x"), "diffèrent"),
        (change(PASSWORD, "court", "court"), "attendu"),
    ):
        assert (answer.status_code, told in answer.text) == (400, True), told
    assert change(PASSWORD, new, new, "0" * 64).status_code == 403
    assert change(PASSWORD, new, new).status_code == 303
    assert client.get("/tableau").status_code == 200
    clock.turn(seconds=5)
    assert other.get("/tableau").status_code == 303
    assert log_in(browser_of(address), "paul").status_code == 401
    assert log_in(browser_of(address), "paul", new).status_code == 303


@both
def test_a_removed_account_is_out_and_the_last_one_opens_nothing(url: str, address: str, clock: Clock) -> None:
    client = logged_in(address, "paul")
    accounts = Accounts(Database(read_url(url)))
    accounts.remove("paul")
    clock.turn(seconds=5)
    assert client.get("/tableau").status_code == 303
    accounts.remove("marie")
    clock.turn(minutes=5)
    assert browser_of(address).get("/tableau").status_code == 303


@one
@pytest.mark.parametrize(
    "after",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil",
        "javascript:alert(1)",
        "suivi\r\nx: y",
        "/suivi",
        "a/../b",
        "?a b",
    ],
)
def test_a_login_leads_nowhere_else(address: str, after: str) -> None:
    client = browser_of(address)
    assert log_in(client, suite=after).headers["location"] == "./"
    assert client.get("/connexion", params={"suite": after}).headers["location"] == "./"


@one
def test_names_and_passwords_are_text_on_the_page_and_absent_from_the_logs(address: str) -> None:
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines().format(record))

    handler, ours = Keeping(), logging.getLogger("guichet")
    ours.addHandler(handler)
    level = ours.level
    ours.setLevel(logging.INFO)
    try:
        page = log_in(browser_of(address), '"><script>zorglub(1)</script>', "secret zorglub").text
        logged_in(address)
    finally:
        ours.removeHandler(handler)
        ours.setLevel(level)
    assert "<script>zorglub" not in page
    assert "secret zorglub" not in page
    assert len(lines) == 2
    assert not [line for line in lines if "zorglub" in line or "marie" in line or PASSWORD in line]


# Too many attempts.


@both
def test_too_many_attempts_lock_an_account_for_a_while_and_no_other(
    url: str, address: str, tmp_path: Path, clock: Clock
) -> None:
    for _ in range(FOR_ACCOUNT):
        assert log_in(browser_of(address), "paul", "faux").status_code == 401
    locked = log_in(browser_of(address), "paul")
    assert (locked.status_code, "Trop d’essais" in locked.text, locked.headers["retry-after"]) == (429, True, "900")
    with served(DESK, tmp_path, now=clock, database=url) as other:  # another web process, or the same one started again
        assert log_in(browser_of(other), "PAUL").status_code == 429
    assert log_in(browser_of(address), "marie").status_code == 303
    clock.turn(minutes=15)
    assert log_in(browser_of(address), "paul").status_code == 303


@one
def test_too_many_attempts_lock_an_address_for_a_while(url: str, tmp_path: Path, clock: Clock) -> None:
    with served(DESK, tmp_path, now=clock, database=url, proxies=("127.0.0.1",)) as address:
        far, near = browser_of(address, **{"x-forwarded-for": "10.0.0.1"}), browser_of(address)
        tried = [log_in(far, f"nom{number}", "faux").status_code for number in range(31)]
        assert tried == [401] * 30 + [429]
        assert log_in(far).status_code == 429
        assert log_in(near).status_code == 303


# Roles.


@both
def test_the_operator_s_page_is_for_operators(url: str, address: str) -> None:
    FeedbackStore(Database(read_url(url))).add(Opinion("la question signalée", useful=False))
    agent, operator = logged_in(address, "paul"), logged_in(address, "marie")
    assert agent.get("/tableau").status_code == 200
    refused = agent.get("/suivi")
    assert (refused.status_code, "réservée aux opérateurs" in refused.text) == (403, True)
    assert "la question signalée" not in refused.text
    page = operator.get("/suivi").text
    assert "la question signalée" in page
    form = {"question": "la question signalée", "jeton": token_in(page)}
    assert agent.post("/suivi", data=form).status_code == 403
    assert operator.post("/suivi", data=form).status_code == 303
    assert "retenue" in operator.get("/suivi").text


def test_every_path_but_those_named_asks_for_somebody() -> None:
    assert need_of("/suivi", public=True) == "operator"
    assert need_of("/anything", public=True) == need_of("/", public=True) == need_of("/compte", public=True) == "agent"
    assert (need_of("/public", public=False), need_of("/public", public=True)) == ("agent", "nothing")
    assert need_of("/api/ask", public=True) == "program"


@one
def test_with_an_open_page_the_operator_s_page_still_asks(url: str, tmp_path: Path) -> None:
    with served(DESK, tmp_path, database=url, open=True) as address:
        client = browser_of(address)
        assert client.get("/tableau").status_code == 200
        assert client.get("/suivi").headers["location"] == "connexion?suite=suivi"
        assert log_in(client).status_code == 303
        assert client.get("/suivi").status_code == 200


@one
def test_the_kiosk_opens_by_its_setting_only(url: str, tmp_path: Path) -> None:
    with served(DESK, tmp_path, database=url, public=True) as address:
        client = browser_of(address)
        assert client.post("/public", data={"question": "qui ?"}).status_code == 200
        assert client.get("/tableau").status_code == 303


def test_without_accounts_the_operator_s_page_is_for_this_machine(tmp_path: Path) -> None:
    app = build_app(DESK, Settings(home=tmp_path))

    def status(address: str, host: str, **headers: str) -> int:
        return TestClient(app, client=(address, 5000), base_url=host).get("/suivi", headers=headers).status_code

    assert status("127.0.0.1", "http://127.0.0.1:7860") == status("::1", "http://localhost") == 200
    assert status("10.0.0.1", "http://127.0.0.1") == 403
    assert status("127.0.0.1", "http://rebound.example") == 403
    assert status("127.0.0.1", "http://127.0.0.1", **{"x-forwarded-for": "10.0.0.1"}) == 403


# Programs.


@both
def test_a_program_sends_a_name_and_a_password(url: str, address: str) -> None:
    def ask(*pair: str) -> httpx.Response:
        return httpx.post(f"{address}/api/ask", json={"question": "qui ?"}, auth=pair or None)  # type: ignore[arg-type]

    asked = ask()
    assert (asked.status_code, asked.headers["www-authenticate"][:5]) == (401, "Basic")
    assert ask("paul", PASSWORD).json()["status"] == "answered"
    assert ask("paul", PASSWORD + "x").status_code == 401
    assert httpx.get(f"{address}/tableau", auth=("paul", PASSWORD)).status_code == 303, "programs have one door"
    for _ in range(FOR_ACCOUNT - 1):
        assert ask("paul", "faux").status_code == 401
    assert ask("paul", "faux").status_code == 429
    assert ask("paul", PASSWORD).status_code == 200, "believed for a minute"
    assert httpx.post(f"{address}/api/ask", headers={"authorization": "Basic %%"}).status_code == 401


# Other sites.


@one
@pytest.mark.parametrize(
    "path", ["connexion", "deconnexion", "compte", "suivi", "avis", "public", "api/ask", "gradio_api/queue/join",
             "gradio_api/run/predict", "gradio_api/cancel"]
)  # fmt: skip
def test_no_other_site_sends_anything_through_a_browser(address: str, path: str) -> None:
    client = logged_in(address)
    client.headers.pop("origin")
    forms = (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"{address}.evil.example"},
        {"origin": address, "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"referer": address},
    )
    for headers in forms:
        for content in ({"data": {"question": "a", "nom": "paul", "passe": PASSWORD}}, {"json": {"question": "a"}}):
            answer = client.post(f"/{path}", headers=headers, **content)  # type: ignore[arg-type]
            assert answer.status_code == 403, headers
            assert "set-cookie" not in answer.headers
    assert client.get("/tableau").status_code == 200


def test_a_login_is_refused_when_nothing_says_where_it_comes_from(tmp_path: Path) -> None:
    make_accounts(f"sqlite:///{tmp_path}/{FILE}")
    with served(DESK, tmp_path) as address:
        sent = httpx.post(f"{address}/connexion", data={"nom": "marie", "passe": PASSWORD})
        assert (sent.status_code, "set-cookie" in sent.headers) == (403, False)


@one
def test_forms_carry_what_only_this_session_knows(address: str) -> None:
    marie, other = logged_in(address), logged_in(address)
    token = token_in(marie.get("/compte").text)
    assert token != token_in(other.get("/compte").text)
    for path in ("/suivi", "/deconnexion", "/compte"):
        for sent in ({}, {"jeton": ""}, {"jeton": token}, {"jeton": "é"}):
            assert other.post(path, data=sent).status_code == 403, (path, sent)
    assert marie.get("/tableau").status_code == other.get("/tableau").status_code == 200
    assert marie.post("/deconnexion", data={"jeton": token}).status_code == 303


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
        assert self.may_end.wait(timeout=30)
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
        assert slow.begun.wait(timeout=30)
        assert client.get("/health/live").status_code == 200
        assert client.get("/connexion").status_code == 200
        assert statuses == []
        slow.may_end.set()
        login.join(timeout=30)
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
