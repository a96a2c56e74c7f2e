"""What a proxy says: its SSO, the address behind it, https; and the same words from anybody else, which do nothing."""

from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.errors import SettingsError
from assistant.settings.settings import Settings, read_settings
from assistant.storage.database import FILE
from assistant.web.app import build_app
from tests.support.access import log_in, make_accounts
from tests.support.browser import ListingDesk

DESK = ListingDesk()
PROXY, STRANGER = "10.1.2.3", "10.9.9.9"


def client_of(home: Path, address: str = PROXY, host: str = "http://testserver", **settings: object) -> TestClient:
    given = Settings(home=home, proxies=("10.1.0.0/16",), **({"session_rate": 0} | settings))  # type: ignore[arg-type]
    app = build_app(DESK, given)
    return TestClient(app, client=(address, 5000), base_url=host, follow_redirects=False)


@pytest.fixture
def behind(tmp_path: Path) -> TestClient:
    return client_of(tmp_path, sso_header="x-remote-user", operators=("Zoé",))


def user(name: str, **headers: str) -> dict[bytes, bytes]:
    return {b"x-remote-user": name.encode()} | {k.encode(): v.encode() for k, v in headers.items()}


def test_a_trusted_proxy_says_who_is_there(behind: TestClient) -> None:
    assert behind.get("/tableau", headers=user("paul")).status_code == 200  # type: ignore[arg-type]
    page = behind.get("/compte", headers=user("paul"))  # type: ignore[arg-type]
    assert "celle de votre collectivité" in page.text
    assert behind.get("/suivi", headers=user("paul")).status_code == 403  # type: ignore[arg-type]
    assert behind.get("/suivi", headers=user("zoé")).status_code == 200  # type: ignore[arg-type]
    assert behind.post("/api/ask", json={"question": "qui ?"}, headers=user("paul")).status_code == 200  # type: ignore[arg-type]
    assert 'content="&lt;b&gt;"' in behind.get("/", headers=user("<b>")).text  # type: ignore[arg-type]


def test_a_header_from_elsewhere_lets_nobody_in(tmp_path: Path) -> None:
    stranger = client_of(tmp_path, STRANGER, sso_header="x-remote-user", operators=("zoé",))
    for headers in (
        {"x-remote-user": "zoe"},
        {"X-REMOTE-USER": "paul", "x-forwarded-for": PROXY},
        {"forwarded": "for=10.1.2.3"},
    ):
        assert stranger.get("/tableau", headers=headers).status_code == 303, headers
        assert stranger.get("/suivi", headers=headers).status_code == 303, headers
        assert stranger.post("/api/ask", json={"question": "a"}, headers=headers).status_code == 401, headers
    local = client_of(tmp_path, "127.0.0.1", "http://127.0.0.1", sso_header="x-remote-user")
    assert local.get("/tableau", headers={"x-remote-user": "paul"}).status_code == 303


@pytest.mark.parametrize("names", [[], [""], ["paul", "zoe"], ["paul, zoe"], ["paul\x01"], ["x" * 101]])
def test_a_proxy_that_names_nobody_or_two_lets_nobody_in(behind: TestClient, names: list[str]) -> None:
    headers = httpx.Headers([(b"x-remote-user", name.encode()) for name in names])
    assert behind.get("/tableau", headers=headers).status_code == 303


def test_an_sso_without_its_proxy_is_refused_at_the_start() -> None:
    with pytest.raises(SettingsError, match="sans GUICHET_PROXIES") as error:
        read_settings({"GUICHET_SSO_HEADER": "X-Remote-User"})
    assert "\n" not in f"{error.value}"
    for wrong in ("X Remote", "x:y", "é"):
        with pytest.raises(SettingsError, match="un nom d’en-tête"):
            read_settings({"GUICHET_SSO_HEADER": wrong})
    with pytest.raises(SettingsError, match="se contredisent"):
        read_settings({"GUICHET_OPEN": "oui", "GUICHET_LOGIN": "oui"})
    read = read_settings({"GUICHET_SSO_HEADER": "X-Remote-User", "GUICHET_PROXIES": "10.1.0.0/16"})
    assert read.sso_header == "x-remote-user"


def test_the_address_behind_a_trusted_proxy_is_what_the_limits_count(tmp_path: Path) -> None:
    def ask(client: TestClient, way: str) -> int:
        return client.get("/public", params={"question": "qui ?"}, headers={"x-forwarded-for": way}).status_code

    client = client_of(tmp_path, address_rate=2)
    assert [ask(client, "192.0.2.1"), ask(client, "192.0.2.1"), ask(client, "192.0.2.1")] == [200, 200, 429]
    assert ask(client, "192.0.2.2") == 200
    assert ask(client, "192.0.2.2, 10.1.0.9") == 200, "the proxies of the way are passed over"
    assert ask(client, "192.0.2.2, 10.1.0.9") == 429
    assert [ask(client, f"192.0.2.{number}, 192.0.2.9") for number in (3, 4, 5)] == [200, 200, 429], (
        "what stands before the last address anybody can have written"
    )
    written = ("192.0.2.40:1", "192.0.2.40:2", "192.0.2.40", "[2001:db8::1]:1", "2001:db8::1", "2001:DB8:0::1")
    assert [ask(client, way) for way in written] == [200, 200, 429] * 2
    assert [ask(client, way) for way in ("unknown", "<x>", "")] == [200, 200, 429], "no address: that of the proxy"
    stranger = client_of(tmp_path, STRANGER, address_rate=2)
    assert [ask(stranger, f"192.0.2.{number}") for number in (1, 2, 3)] == [200, 200, 429]


def test_the_counters_are_closed_to_who_comes_through_a_proxy(tmp_path: Path) -> None:
    def status(address: str, **headers: str) -> int:
        return client_of(tmp_path, address).get("/metrics", headers=headers).status_code

    assert status("127.0.0.1") == 200
    assert status(PROXY, **{"x-forwarded-for": "127.0.0.1"}) == 200
    assert status(PROXY, **{"x-forwarded-for": "127.0.0.1, 192.0.2.1"}) == 403
    assert status("127.0.0.1", **{"x-forwarded-for": "127.0.0.1"}) == 403


def test_the_cookie_is_for_https_when_the_browser_comes_that_way(tmp_path: Path) -> None:
    make_accounts(f"sqlite:///{tmp_path}/{FILE}")

    def cookie(client: TestClient, origin: str, **headers: str) -> str:
        answer = log_in(client, **{})  # type: ignore[arg-type] # without Origin: refused
        assert answer.status_code == 403
        client.headers.update({"origin": origin} | headers)
        answer = log_in(client)  # type: ignore[arg-type]
        assert answer.status_code == 303
        return str(answer.headers["set-cookie"])

    secure = cookie(client_of(tmp_path), "https://testserver", **{"x-forwarded-proto": "https"})
    assert secure.startswith("__Host-guichet=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in secure.split(";")}
    assert "Domain" not in secure
    assert cookie(client_of(tmp_path, STRANGER), "http://testserver", **{"x-forwarded-proto": "https"}).startswith(
        "guichet="
    )
    assert "Secure" in cookie(client_of(tmp_path, STRANGER, https=True), "https://testserver")
    named = client_of(tmp_path)
    assert "guichet=" in cookie(named, "https://guichet.example", **{
        "x-forwarded-host": "guichet.example", "x-forwarded-proto": "https"})  # fmt: skip
