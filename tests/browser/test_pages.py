"""The pages beside the conversation, in the browser: browse, partners, the whole, print, the public face."""

from collections.abc import Iterator
from io import BytesIO

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import ListingDesk, served, watched

pytestmark = pytest.mark.browser
DESK = ListingDesk()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(DESK) as started:
        yield started


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with watched(browser, address, "parcourir") as opened:
        yield opened


def test_the_tree_holds_every_fiche_under_its_enjeu_and_opens_it_beside(page: Page) -> None:
    numbers = page.locator("main .pilier ul ul .chip").all_inner_texts()
    assert numbers == [f"fiche {fiche.number}" for fiche in DESK.document.fiches]
    expect(page.locator("main .pilier")).to_have_count(5)
    page.get_by_role("link", name="fiche 2-3").click()
    expect(page.locator(".beside h2")).to_contain_text("Offrir des modes d’accueil")
    assert page.url.endswith("parcourir?fiche=2-3")
    page.locator(".beside").get_by_role("link", name="Carte à remettre").click()
    expect(page.locator(".card")).to_contain_text("Qui finance")
    page.go_back()
    page.go_back()
    expect(page.locator(".beside")).to_have_count(0)


def test_one_actor_is_seen_in_each_of_its_roles_and_filtered(page: Page) -> None:
    page.get_by_role("link", name="Partenaires", exact=True).click()
    page.get_by_label("Acteur").select_option("Caisse d’Allocations Familiales (CAF)")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(".roles h3")).to_have_text(["Finance 19", "Agit 0", "Porte un dispositif 17"])
    page.get_by_label("Rôle").select_option("Finance")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator(".roles section")).to_have_count(1)
    page.get_by_role("link", name="fiche 2-3").click()
    expect(page.locator(".beside h2")).to_contain_text("Fiche 2-3")
    expect(page.locator(".roles h3")).to_have_text("Finance 19")
    page.get_by_role("link", name="Tous les partenaires").click()
    page.get_by_role("row", name="Pôle emploi").get_by_role("link", name="9").first.click()
    expect(page.locator(".roles h3")).to_have_text("Agit 9")
    expect(page.locator("main")).to_contain_text("Aujourd’hui\u00a0: France Travail")


def test_the_whole_says_who_finances_what_and_leads_to_the_fiches(page: Page) -> None:
    page.get_by_role("link", name="Tableau", exact=True).click()
    expect(page.locator(".heat tbody tr:not(.band)")).to_have_count(43)
    row = page.locator(".heat tbody tr:not(.band)", has_text="2-3")
    expect(row.locator(".yes")).to_have_count(5)
    titles = [cell.get_attribute("title") for cell in row.locator(".yes").all()]
    assert "Caisse d’Allocations Familiales finance la fiche 2-3" in titles
    row.get_by_role("link").click()
    expect(page.locator(".beside h2")).to_contain_text("Fiche 2-3")
    page.locator(".heat tbody tr:not(.band)", has_text="2-1").locator(".yes").first.click()
    expect(page.locator(".beside h2")).to_contain_text("Fiche 2-1")


@pytest.mark.parametrize("number", [fiche.number for fiche in DESK.document.fiches])
def test_every_card_prints_on_one_page_of_a4(page: Page, address: str, number: str) -> None:
    page.goto(f"{address}/carte?fiche={number}")
    reader = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    (sheet,) = reader.pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) in ((595, 842), (596, 842))
    text = " ".join(sheet.extract_text().split())
    assert f"Fiche {number}" in text
    for unwanted in ("Copier pour", "Parcourir", "Markdown"):
        assert unwanted not in text


def test_the_reliability_page_speaks_plainly(page: Page) -> None:
    page.get_by_role("link", name="Fiabilité").click()
    expect(page.locator("h1")).to_have_text("Peut-on s’y fier\u00a0?")
    expect(page.locator("main")).to_contain_text("Réponses entièrement justes")


def test_the_public_face_answers_in_one_column_follows_on_and_clears_itself(browser: Browser, address: str) -> None:
    with watched(browser, address, "public?attente=2", viewport={"width": 768, "height": 1024}) as page:
        assert page.locator("nav").count() == 0
        page.get_by_label("Votre question").fill("<b>qui</b> paie ?")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("<b>qui</b> paie ?")
        expect(page.locator(".answer li")).to_have_count(5)
        page.get_by_role("button", name="Qui sont les opérateurs").click()
        expect(page.locator("h1")).to_contain_text("Qui sont les opérateurs de la fiche 2-3")
        assert DESK.asked[-1][1] == ("<b>qui</b> paie ?",)
        page.get_by_role("link", name="Recommencer").click()
        expect(page.locator("h1")).to_contain_text("Que cherchez-vous")
        page.goto(f"{address}/public?question=qui&attente=1")
        expect(page.locator(".answer")).to_be_visible()
        expect(page.locator("h1")).to_contain_text("Que cherchez-vous", timeout=4000)


def test_the_public_face_works_without_javascript(browser: Browser, address: str) -> None:
    with watched(browser, address, "public", java_script_enabled=False) as page:
        page.get_by_role("button", name="Qui finance l’accueil").click()
        expect(page.locator(".answer li")).to_have_count(5)
