"""The desk in the browser: addresses, card, memory, asking again, opinions, a server that goes and comes back."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answer import Answer, Choice
from assistant.storage.opinions import OpinionStore
from assistant.understanding.fiche_filter import pinned
from tests.support.browser import ListingDesk, ask, served, watched

pytestmark = pytest.mark.browser


class SlowDesk(ListingDesk):
    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        time.sleep(3)
        return super().answer(question, history)


class TiedDesk(ListingDesk):
    """Fiche 2-1 may be meant as well."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        tied = Choice("Fiche 2-1 : Lever les freins", pinned(question, "2-1"))
        return replace(super().answer(question, history), choices=(tied,))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with served(ListingDesk(), home) as started:
        yield started


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with watched(browser, address, permissions=["clipboard-read", "clipboard-write"]) as opened:
        yield opened


def test_every_address_opens_what_it_names(browser: Browser, address: str) -> None:
    with watched(browser, address, "?fiche=13-2") as page:
        expect(page.locator("#proof h2")).to_contain_text("Fiche 13-2")
        expect(page.locator(".welcome")).to_be_visible()
    with watched(browser, address, "?carte=2-3") as page:
        expect(page.locator("#proof .card")).to_contain_text("Qui finance")
    with watched(browser, address, "?question=qui+finance+%3F&fiche=2-1") as page:
        expect(page.locator(".turn:not(.waiting) .question")).to_contain_text("qui finance ?")
        expect(page.locator("#proof h2")).to_contain_text("Fiche 2-1")
    with watched(browser, address, "?question=qui+finance+%3F&carte=2-3") as page:
        expect(page.locator("#proof .card")).to_contain_text("Qui finance")


def test_on_a_telephone_an_address_shows_the_card_that_it_names(browser: Browser, address: str) -> None:
    with watched(
        browser, address, "?question=qui+finance+%3F&carte=2-3", viewport={"width": 390, "height": 844}
    ) as page:
        expect(page.locator("#proof .card h2")).to_be_in_viewport()
        expect(page.locator("#proof .card").get_by_role("link", name="Imprimer")).to_be_in_viewport()
        expect(page.locator("#proof .card h2")).to_be_focused()
        page.get_by_role("button", name="Nouvelle conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        ask(page, "qui ?")
        expect(page.locator("#proof mark").first).not_to_be_in_viewport()
        page.locator(".cited .chip").click()
        expect(page.locator("#proof mark").first).to_be_in_viewport()
        expect(page.locator("#proof .fiche h2")).to_be_focused()


def test_back_and_forward_go_through_what_was_opened(page: Page) -> None:
    ask(page, "une")
    page.locator(".see-also .chip").first.click()
    expect(page.locator("#proof h2")).to_contain_text("Fiche 2-1")
    assert page.url.endswith("?question=une&fiche=2-1")
    page.go_back()
    expect(page.locator("#proof h2")).to_contain_text("Fiche 2-3")
    page.go_forward()
    expect(page.locator("#proof h2")).to_contain_text("Fiche 2-1")
    expect(page.locator(".turn")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#proof h2")).to_contain_text("Fiche 2-1")


def test_the_card_is_copied_downloaded_and_leads_back_to_the_fiche(page: Page) -> None:
    ask(page, "qui ?")
    page.locator("#conversation").get_by_role("link", name="Carte à remettre").click()
    card = page.locator("#proof .card")
    expect(card.locator("h2")).to_be_focused()
    card.get_by_role("button", name="Copier pour l’usager").click()
    expect(page.locator("#said")).to_have_text("Copié.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Bonjour,\n\nVoici ce que nous pouvons")
    card.get_by_role("button", name="Copier pour un courriel").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('Objet'))")
    for name, ending in (("Word", "fiche-2-3.docx"), ("Markdown", "fiche-2-3.md")):
        with page.expect_download() as download:
            card.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == ending
    card.get_by_role("link", name="Lire la fiche entière").click()
    expect(page.locator("#proof h3")).to_have_count(4)


def test_one_click_below_the_answer_prints_the_card_and_the_page_stays(page: Page, address: str) -> None:
    """The frame itself notes what it would print: a headless browser opens no dialog."""
    page.add_init_script("window.print = () => (window.top.sheets ??= []).push([location.href, document.title]);")
    page.reload()
    ask(page, "qui ?")
    page.locator("#conversation").get_by_role("link", name="Imprimer la carte").click()
    page.wait_for_function("window.sheets?.length === 1")
    assert page.evaluate("sheets") == [[f"{address}/carte?fiche=2-3&imprimer", page.frames[-1].title()]]
    assert "Qui finance" in page.frames[-1].locator(".card").inner_text()
    page.locator("#proof").get_by_role("link", name="Imprimer").click()
    page.wait_for_function("window.sheets.length === 2")
    assert page.evaluate("sheets[1][0]").endswith("/fiche?fiche=2-3&imprimer")
    expect(page.locator(".turn")).to_have_count(1)
    assert len(page.context.pages) == 1


def test_a_fiche_is_left_out_and_another_that_may_be_meant_is_one_button_away(browser: Browser) -> None:
    desk = TiedDesk()
    with served(desk) as address, watched(browser, address) as page:
        ask(page, "qui finance ?")
        page.get_by_text("Répondre avec une autre fiche").click()
        page.get_by_role("button", name="Sans la fiche 2-3").click()
        expect(page.locator(".turn:not(.waiting) .question")).to_contain_text("Sans la fiche 2-3 : qui finance ?")
        page.get_by_role("button", name="Fiche 2-1 : Lever").click()
        expect(page.locator(".turn:not(.waiting) .question")).to_contain_text("Dans la fiche 2-1 : qui finance ?")
        expect(page.locator(".turn")).to_have_count(1)
    assert [asked for asked, history in desk.asked if history == ()] == [
        "qui finance ?",
        "Sans la fiche 2-3 : qui finance ?",
        "Dans la fiche 2-1 : qui finance ?",
    ]


def test_a_question_is_put_right_and_asked_again_in_its_place(page: Page) -> None:
    ask(page, "première")
    ask(page, "deuxième")
    page.get_by_role("button", name="Modifier").first.click()
    box = page.get_by_label("Votre question, à modifier")
    expect(box).to_have_value("première")
    box.fill("corrigée")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn .question")).to_contain_text("corrigée")


def test_the_answer_is_made_again_with_another_fiche_and_back(page: Page) -> None:
    ask(page, "qui finance ?")
    page.get_by_text("Répondre avec une autre fiche").click()
    expect(page.get_by_role("button", name="La fiche 2-2")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="La fiche 2-1").click()
    expect(page.locator(".turn:not(.waiting) .question")).to_contain_text("Dans la fiche 2-1 : qui finance ?")
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_text("Répondre avec une autre fiche").click()
    page.get_by_role("button", name="Toutes les fiches").click()
    expect(page.locator(".turn:not(.waiting) .question")).to_have_text("Vous\u00a0: qui finance ?")
    ask(page, "autre question")
    page.get_by_text("Répondre avec une autre fiche").first.click()
    page.get_by_role("button", name="La fiche 2-1").first.click()
    expect(page.locator(".turn:not(.waiting)")).to_have_count(3)


def test_a_long_question_can_be_stopped_and_comes_back_to_the_box(browser: Browser) -> None:
    with served(SlowDesk()) as address, watched(browser, address) as page:
        page.get_by_label("Votre question").fill("longue")
        page.keyboard.press("Enter")
        expect(page.locator(".waiting")).to_contain_text("Recherche dans les 43 fiches")
        page.get_by_role("button", name="Arrêter").click()
        expect(page.locator(".waiting")).to_have_count(0)
        expect(page.get_by_label("Votre question")).to_have_value("longue")
        page.wait_for_timeout(3500)
        expect(page.locator(".turn")).to_have_count(0)


def test_conversations_survive_a_restart_of_the_server_are_renamed_exported_removed(browser: Browser) -> None:
    with served(ListingDesk()) as address:
        port = int(address.rsplit(":", 1)[1])
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
        ask(page, "<b>un</b>")
        ask(page, "deux")
    with served(ListingDesk(), port=port):
        page.reload()
        expect(page.locator(".turn")).to_have_count(2)
        expect(page.locator(".turn .question").first).to_contain_text("<b>un</b>")
        page.get_by_role("button", name="Nouvelle conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        ask(page, "trois")
        page.get_by_role("button", name="Conversations").click()
        expect(page.locator("#memory li")).to_have_count(2)
        page.get_by_role("button", name="Renommer : <b>un</b>").click()
        page.get_by_label("Nouveau nom").fill("Garde d’enfants")
        page.keyboard.press("Enter")
        with page.expect_download() as download:
            page.get_by_role("button", name="Exporter : Garde d’enfants").click()
        exported = Path(download.value.path()).read_text(encoding="utf-8")
        assert exported.startswith("# Garde d’enfants\n\n## <b>un</b>\n\nÀ « <b>un</b> », cinq partenaires")
        page.get_by_role("button", name="Ouvrir : Garde d’enfants").click()
        expect(page.locator(".turn")).to_have_count(2)
        page.get_by_role("button", name="Conversations").click()
        page.get_by_role("button", name="Supprimer : trois").click()
        expect(page.locator("#memory li")).to_have_count(1)
        page.get_by_role("button", name="Tout effacer").click()
        expect(page.locator("#memory-none")).to_be_visible()
        page.keyboard.press("Escape")
        page.reload()
        expect(page.locator(".welcome")).to_be_visible()
        context.close()


def test_an_opinion_is_kept_with_its_reason_and_shown_to_the_operator_as_text(
    page: Page, address: str, home: Path
) -> None:
    ask(page, "<script>alert(1)</script>")
    page.get_by_role("button", name="Pas utile").click()
    expect(page.locator(".opinion .hint")).to_contain_text("rien qui désigne une personne")
    page.get_by_label("Précision, si vous voulez").fill("<img src=x onerror=alert(2)>")
    page.get_by_role("button", name="Incomplet").click()
    expect(page.locator(".thanks")).to_have_text("Merci, c’est noté.")
    (row,) = OpinionStore(home / "avis.sqlite3").rows()
    assert (row["question"], row["reason"], row["useful"], row["fiches"]) == (
        "<script>alert(1)</script>",
        "incomplet",
        False,
        "2-3",
    )
    page.goto(f"{address}/suivi")
    expect(page.locator("tbody th")).to_have_text("<script>alert(1)</script>")
    page.get_by_role("button", name="Ajouter aux essais").click()
    expect(page.locator("tbody")).to_contain_text("retenue")


def test_a_server_that_goes_and_comes_back_answers_again(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    with served(ListingDesk()) as address:
        port = int(address.rsplit(":", 1)[1])
        page.goto(address)
        ask(page, "avant")
    page.get_by_label("Votre question").fill("pendant")
    page.keyboard.press("Enter")
    expect(page.locator(".waiting")).to_contain_text("Le serveur ne répond pas")
    with served(ListingDesk(), port=port):
        expect(page.locator(".turn:not(.waiting)")).to_have_count(2)
        expect(page.locator(".turn .question").last).to_contain_text("pendant")
    context.close()


def test_fifty_turns_and_a_question_of_twenty_thousand_characters(page: Page) -> None:
    for count in range(49):
        ask(page, f"question {count}")
    ask(page, "x" * 20_000)
    expect(page.locator(".turn .answer.answered")).to_have_count(50)
    page.reload()
    expect(page.locator(".turn .answer.answered")).to_have_count(50)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_line_that_is_cut_and_comes_back_loses_no_question(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    ask(page, "avant")
    context.set_offline(True)
    page.get_by_label("Votre question").fill("pendant")
    page.keyboard.press("Enter")
    expect(page.locator(".waiting")).to_contain_text("Votre question est gardée")
    context.set_offline(False)
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".turn:not(.waiting) .question")).to_contain_text(["avant", "pendant"])
    context.close()
