"""The login in Debian's chromium: by keyboard, without JavaScript, for everyone; a session that ends in mid-page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.storage.database import FILE
from tests.browser.test_access import findings
from tests.support.access import PASSWORD, Clock, make_accounts
from tests.support.browser import ListingDesk, ask, served, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def address(tmp_path: Path, clock: Clock) -> Iterator[str]:
    make_accounts(f"sqlite:///{tmp_path}/{FILE}")
    with served(ListingDesk(), tmp_path, now=clock) as started:
        yield started


def enter(page: Page, name: str, password: str = PASSWORD) -> None:
    """By keyboard only: the name has the focus."""
    expect(page.get_by_label("Nom de compte")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_person_logs_in_asks_and_logs_out(browser: Browser, address: str) -> None:
    with watched(browser, address, "?fiche=2-3") as page:
        assert page.title().startswith("Connexion")
        assert page.locator("html").get_attribute("lang") == "fr"
        assert findings(page) == []
        enter(page, "marie", "faux")
        expect(page.get_by_role("alert")).to_have_text("Nom de compte ou mot de passe incorrect.")
        expect(page.get_by_label("Nom de compte")).to_have_value("marie")
        expect(page.get_by_label("Mot de passe")).to_be_focused()
        expect(page.get_by_label("Mot de passe")).to_have_value("")
        assert findings(page) == []
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("#proof #proof-title").wait_for()
        assert page.url == f"{address}/?fiche=2-3"
        ask(page, "qui ?")
        page.get_by_role("link", name="marie").click()
        expect(page.get_by_role("heading", name="Votre compte")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Se déconnecter").click()
        expect(page.get_by_role("status")).to_have_text("Vous êtes déconnecté.")
        page.goto(f"{address}/tableau")
        assert page.title().startswith("Connexion")


def test_the_login_works_without_javascript(browser: Browser, address: str) -> None:
    with watched(browser, address, "suivi", java_script_enabled=False) as page:
        enter(page, "marie")
        expect(page.get_by_role("heading", name="Suivi des réponses")).to_be_visible()


def test_a_session_that_ends_in_mid_page_leads_to_the_login_and_back(
    browser: Browser, address: str, clock: Clock
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    enter(page, "paul")
    ask(page, "avant")
    clock.turn(hours=2)
    page.get_by_label("Votre question", exact=True).fill("pendant")
    page.keyboard.press("Enter")
    enter(page, "paul")
    expect(page.locator(".turn:not(.waiting) .question").first).to_contain_text("avant")
    context.close()


def test_every_page_runs_under_its_policy(browser: Browser, address: str) -> None:
    """No script, style or call of ours is refused by the policies; one that is injected is."""
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(address)
    enter(page, "marie")
    ask(page, "qui ?")
    page.locator(".chip").first.click()
    for path in ("parcourir?fiche=2-3", "partenaires?acteur=caf", "tableau", "fiabilite", "carte?fiche=2-3", "suivi",
                 "compte", "public?question=qui"):  # fmt: skip
        page.goto(f"{address}/{path}")
    assert refused == []
    inject = (
        "() => { const script = document.createElement('script'); script.textContent = 'window.hurt = 1';"
        "document.body.append(script);"
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"hurt = 1\">') }"
    )
    for path in ("tableau", ""):
        page.goto(f"{address}/{path}")
        page.evaluate(inject)
        page.wait_for_timeout(300)
        assert page.evaluate("window.hurt") is None
    assert len(refused) >= 4
    context.close()
