"""Logging in and out of a real server, on SQLite and PostgreSQL: who, for how long, after how many attempts."""

import logging
from pathlib import Path

import httpx
import pytest

from assistant.accounts.accounts import Accounts
from assistant.accounts.login_attempts import FOR_ACCOUNT, FOR_ADDRESS, Attempts
from assistant.service.logs import JsonLines
from assistant.storage.database import Database, read_url
from tests.support.access import (
    CLOSED,
    DESK,
    PASSWORD,
    Clock,
    both,
    browser_of,
    log_in,
    logged_in,
    one,
    token_in,
)
from tests.support.browser import served
from tests.support.services import Page

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
    assert client.get("/api/docs").headers["www-authenticate"].startswith("Basic")
    led = client.get("/api/docs", headers={"accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "../connexion?suite=api/docs")
    assert 'value="api/docs"' in client.get("/connexion?suite=api/docs").text
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
@pytest.mark.services
def test_a_login_holds_for_two_processes_and_a_restart_on_one_database(url: str, tmp_path: Path) -> None:
    def start(name: str) -> Page:
        return Page(tmp_path / name, "tests/support/slow_server.py", GUICHET_DATABASE=url)

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
        database = Database(read_url(url))
        for number in range(FOR_ADDRESS - 2):  # as a login begins, without the hash of a password, which takes long
            Attempts(database, now=clock).begin(f"nom{number}", "10.0.0.1")
        database.close()
        tried = [log_in(far, f"autre{number}", "faux").status_code for number in range(3)]
        assert tried == [401, 401, 429]
        assert log_in(far).status_code == 429
        assert log_in(near).status_code == 303
