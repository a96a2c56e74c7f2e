"""For everyone: axe-core finds nothing serious on any screen; keyboard, 200 % zoom, telephone, reduced motion."""

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import ask, watched

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "?fiche=2-3",
    "?carte=2-3",
    "?question=qui",
    "",
    "parcourir?fiche=2-3",
    "partenaires",
    "partenaires?acteur=caf&fiche=2-3",
    "tableau?fiche=2-3",
    "fiabilite",
    "carte?fiche=2-3",
    "fiche?fiche=2-3",
    "suivi",
    "public",
    "public?question=qui",
)


def findings(page: Page) -> list[str]:
    """Rule, target and reason of what axe finds serious or critical."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']} {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def settle(page: Page, path: str) -> None:
    if path.startswith("?"):
        page.locator("#proof #proof-title").wait_for()
    elif not path:
        page.locator(".welcome").wait_for()


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(browser: Browser, address: str, path: str, light: str) -> None:
    with watched(browser, address, path, color_scheme=light) as page:
        settle(page, path)
        assert findings(page) == []


def test_axe_finds_nothing_serious_in_the_dialog_and_the_forms(browser: Browser, address: str) -> None:
    with watched(browser, address) as page:
        ask(page, "qui ?")
        page.get_by_role("button", name="Modifier").click()
        page.get_by_role("button", name="Pas utile").click()
        page.get_by_text("Répondre avec une autre fiche").click()
        assert findings(page) == []
        page.get_by_role("button", name="Incomplet").click()
        expect(page.locator(".thanks")).to_be_visible()
        page.goto(f"{address}/suivi")
        expect(page.get_by_role("button", name="Ajouter aux essais")).to_be_visible()
        assert findings(page) == []
        page.goto(address)
        page.locator(".turn .answer").wait_for()
        page.get_by_role("button", name="Conversations").click()
        page.get_by_role("button", name="Renommer").click()
        assert findings(page) == []


@pytest.mark.parametrize("width", [390, 512, 720, 1024, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_on_a_telephone_or_at_200_percent(browser: Browser, address: str, path: str, width: int) -> None:
    """A window of 720 pixels is one of 1440 at 200 %."""
    with watched(browser, address, path, viewport={"width": width, "height": 800}) as page:
        settle(page, path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("path", ["", "tableau"])
def test_the_header_of_a_telephone_has_two_rows(browser: Browser, address: str, path: str) -> None:
    with watched(browser, address, path, viewport={"width": 390, "height": 844}) as page:
        for name in ("Questions", "Fiabilité"):
            expect(page.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="Sombre")).to_be_in_viewport(ratio=1)
        top = page.locator("#top" if not path else ".top").bounding_box()
        assert top is not None
        assert top["height"] < 96


def test_the_keyboard_alone_asks_opens_the_card_and_comes_back(browser: Browser, address: str) -> None:
    with watched(browser, address) as page:
        expect(page.get_by_label("Votre question")).to_be_focused()
        page.keyboard.type("qui ?")
        page.keyboard.press("Enter")
        expect(page.locator(".turn .answer")).to_be_visible()
        names = []
        for _ in range(14):
            page.keyboard.press("Shift+Tab")
            names.append(page.evaluate("document.activeElement.textContent.trim()"))
            if names[-1] == "Carte à remettre":
                break
        assert names[-1] == "Carte à remettre", names
        page.keyboard.press("Enter")
        expect(page.locator("#proof .card h2")).to_be_focused()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#proof .fiche h2")).to_be_focused()


def test_a_screen_reader_hears_the_answer_and_what_was_done(browser: Browser, address: str) -> None:
    with watched(browser, address) as page:
        expect(page.get_by_role("log", name="Conversation")).to_have_attribute("aria-live", "polite")
        ask(page, "qui ?")
        expect(page.get_by_role("log")).to_contain_text("cinq partenaires")
        page.get_by_role("button", name="Copier la réponse").click()
        expect(page.get_by_role("status").first).to_have_text("Copié.")


def test_reduced_motion_moves_nothing_and_the_light_is_kept(browser: Browser, address: str) -> None:
    with watched(browser, address, reduced_motion="reduce", color_scheme="light") as page:
        assert page.evaluate("window.guichet.calm()")
        page.get_by_role("button", name="Sombre").click()
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.goto(f"{address}/parcourir")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark == "rgb(18, 24, 26)"
