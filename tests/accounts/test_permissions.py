"""What a person, a program and another site may do once somebody has an account: roles, tokens, origins."""

from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.accounts.login_attempts import FOR_ACCOUNT
from assistant.accounts.policy import need_of
from assistant.settings.settings import Settings
from assistant.storage.database import FILE, Database, read_url
from assistant.storage.opinions import Opinion, OpinionStore
from assistant.web.app import build_app
from tests.support.access import DESK, PASSWORD, both, browser_of, log_in, logged_in, make_accounts, one, token_in
from tests.support.browser import served

# Roles.


@both
def test_the_operator_s_page_is_for_operators(url: str, address: str) -> None:
    OpinionStore(Database(read_url(url))).add(Opinion("la question signalée", useful=False))
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
    assert ask("paul", PASSWORD).status_code == 200, "cached for a minute"
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
