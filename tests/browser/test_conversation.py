"""The page in Debian's chromium, against a real server: what the agent types, reads, clicks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import ListingDesk, ask, served, watched

pytestmark = pytest.mark.browser
QUESTION = "qui finance l'accueil des jeunes enfants ?"
FINANCEURS = [
    "Communes",
    "Agglomération",
    "Conseil départemental",
    "Caisse d’Allocations Familiales",
    "Fonds Social Européen dans le cadre de la candidature ITI de la CASA",
]


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with watched(browser, address) as opened:
        yield opened


def test_a_question_is_answered_with_its_fiche_and_its_partners(page: Page) -> None:
    expect(page.get_by_label("Votre question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answer = page.locator(".turn .answer")
    expect(answer).to_contain_text("[fiche 2-3]")
    assert answer.locator("li").all_inner_texts() == FINANCEURS
    expect(page.locator(".turn .understood")).to_have_text(
        "J’ai compris\u00a0: financeurs de l’accueil des jeunes enfants"
    )
    expect(page.get_by_label("Votre question")).to_have_value("")
    expect(page.get_by_label("Votre question")).to_be_focused()


def test_a_chip_opens_its_fiche_beside_the_answer_with_the_passages_marked(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".see-also .chip").first.click()
    proof = page.locator("#proof")
    expect(proof.locator("h2")).to_contain_text("Fiche 2-1")
    expect(proof.locator("mark")).to_have_count(0)
    page.locator(".cited .chip").click()
    expect(proof.locator("h2")).to_have_text(
        "Fiche 2-3 Offrir des modes d’accueil d’enfants adaptés aux publics en insertion professionnelle"
    )
    expect(proof.locator("h2")).to_be_focused()
    assert proof.locator("mark").all_inner_texts() == FINANCEURS
    expect(proof.locator("mark").first).to_be_in_viewport()
    expect(proof.locator("h3")).to_have_count(4)
    expect(proof).to_contain_text("Pilier\u00a0: Développement économique, emploi et insertion")
    expect(proof).to_contain_text("Enjeu stratégique n°2")


def test_the_page_is_in_french_whatever_the_browser(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title().startswith("Guichet")
    for english in ("Use via API", "Built with", "Settings", "Submit", "Clear", "Flag", "Textbox"):
        expect(page.locator("body")).not_to_contain_text(english)
    expect(page.locator("footer")).to_have_count(0)


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script> <img src=x onerror=alert(2)> qui finance ?",
        "${alert(3)} {{alert}} `${alert(4)}` qui finance ?",
        "[clic](javascript:alert(5)) ![image](http://exemple.fr/x.png) **a**",
    ],
)
def test_markup_in_a_question_is_shown_as_text(page: Page, question: str) -> None:
    ask(page, question)
    expect(page.locator(".turn .question")).to_have_text(f"Vous\u00a0: {question}")
    expect(page.locator(".turn .answer")).to_contain_text("qui finance" if "qui" in question else "clic")
    assert page.locator(".turn :is(script, img, a:not(.chip, .tool))").count() == 0


def test_an_example_is_asked_with_one_click_and_the_conversation_goes_on(page: Page, address: str) -> None:
    page.get_by_role("button", name="Quels dispositifs pour apprendre le français").click()
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_role("button", name="Qui sont les opérateurs").click()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#proof mark")).to_have_count(0)
    expect(page.get_by_label("Votre question")).to_be_focused()


def test_earlier_questions_go_with_the_next_one_and_two_people_do_not_mix(browser: Browser) -> None:
    desk = ListingDesk()
    with served(desk) as address:
        first, second = browser.new_page(), browser.new_page()
        for page in (first, second):
            page.goto(address)
        for page, question in ((first, "un"), (second, "deux"), (first, "trois")):
            ask(page, question)
            expect(page.locator(".turn .question").last).to_contain_text(question)
        for page in (first, second):
            page.close()
    assert desk.asked == [("un", ()), ("deux", ()), ("trois", ("un",))]


def test_an_empty_question_changes_nothing(page: Page) -> None:
    page.get_by_label("Votre question").fill("   ")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Demander").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
