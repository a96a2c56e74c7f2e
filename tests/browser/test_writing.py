"""The page while a chat model writes, in Debian's chromium: what grows, what is stopped, what is told. Real server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answer import Answer, Partial
from assistant.web.conversation.render import MADE
from assistant.web.conversation.streaming import COMPOSED
from assistant.web.conversation.turns import STOPPED, STOPPED_EMBEDDED
from corpus.errors import GuichetError
from tests.browser.test_access import findings
from tests.support.browser import ListingDesk, served, watched
from tests.support.services import LONG
from tests.support.streaming_assistant import WHOLE, WritingDesk

pytestmark = pytest.mark.browser
MODEL = "ollama:double"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> <b>gras</b>"
PASSED = "Les modes d’accueil sont adaptés [fiche 2-3]."


@contextmanager
def desk_page(browser: Browser, desk: ListingDesk, **options: object) -> Iterator[Page]:
    with served(desk, llm=MODEL) as address, watched(browser, address, **options) as page:
        yield page


def send(page: Page, question: str) -> None:
    page.get_by_label("Votre question", exact=True).fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".waiting .doing")).to_have_text("Rédaction en cours…")


def stop(page: Page) -> None:
    page.get_by_role("button", name="Arrêter").click()
    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.get_by_role("button", name="Demander", exact=True)).to_be_visible()


def test_the_proof_is_there_at_once_and_a_sentence_becomes_final_once_it_passed(browser: Browser) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        send(page, "qui finance ?")
        writing = page.locator(".turn.waiting")
        expect(page.locator("#proof h2")).to_contain_text("Fiche 2-3")
        expect(writing.locator(".understood")).to_contain_text("J’ai compris\u00a0: financeurs")
        expect(writing.locator(".pending")).to_be_hidden()
        desk.says("", "Les modes **d’acc")
        expect(writing.locator(".pending")).to_have_text("Les modes d’acc")
        expect(writing.locator(".answer")).to_be_empty()
        desk.says("", "Une phrase que la barrière retire")
        expect(writing.locator(".pending")).to_have_text("Une phrase que la barrière retire")
        desk.says(PASSED, "- Commu")
        expect(writing.locator(".answer .chip")).to_have_text("[fiche 2-3]")
        expect(writing.locator(".pending")).to_have_text("Commu")
        expect(writing).not_to_contain_text("retire")
        desk.ends()
        expect(page.locator(".turn:not(.waiting) .answer li")).to_have_count(2)
        expect(page.locator(".waiting, .pending")).to_have_count(0)
        expect(page.locator(".maker")).to_have_text(MADE)
        expect(page.get_by_label("Votre question", exact=True)).to_have_value("")
        assert not desk.stopped.is_set()


def test_what_is_being_written_is_not_read_out_word_by_word_and_axe_finds_nothing(browser: Browser) -> None:
    for light in ("light", "dark"):
        desk = WritingDesk()
        with desk_page(browser, desk, color_scheme=light) as page:
            send(page, "qui finance ?")
            desk.says(PASSED, "Et la suite")
            pending = page.locator(".pending")
            expect(pending).to_have_text("Et la suite")
            expect(page.locator(".turn.waiting")).to_have_attribute("aria-live", "off")
            expect(pending).to_have_attribute("aria-hidden", "true")
            expect(page.locator("#said")).to_have_text("Rédaction en cours…")
            assert findings(page) == []
            desk.ends()
            expect(page.locator(".maker")).to_be_visible()
            expect(page.locator("[role=log]")).to_have_attribute("aria-live", "polite")
            assert findings(page) == []


def test_markup_that_a_model_writes_is_text_and_is_never_run(browser: Browser) -> None:
    """`watched` fails on a dialog, a script's error, a call to another machine."""
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        send(page, HOSTILE)
        desk.says(f"{HOSTILE} [clic](javascript:alert(3)) [fiche 2-3].", HOSTILE)
        expect(page.locator(".pending")).to_have_text(HOSTILE)
        expect(page.locator(".waiting .answer")).to_contain_text("<script>alert(2)</script>")
        assert page.locator(".waiting :is(img, script, b, a:not(.chip))").count() == 0
        stop(page)
        expect(page.locator(".turn .answer")).to_contain_text("<script>alert(2)</script>")
        assert page.locator(".turn :is(img, script, b, a:not(.chip, .tool))").count() == 0


def test_stopping_ends_the_model_s_work_and_keeps_what_passed(browser: Browser) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        send(page, "première")
        desk.says(PASSED, "et la su")
        expect(page.locator(".pending")).to_have_text("et la su")
        stop(page)
        assert desk.stopped.wait(10)
        expect(page.locator(".turn .answer")).to_have_text(PASSED)
        expect(page.locator(".maker")).to_have_text(f"{MADE} {STOPPED}")
        expect(page.get_by_label("Votre question", exact=True)).to_have_value("")
        desk.stopped.clear()
        send(page, "deuxième")
        stop(page)
        assert desk.stopped.wait(10)
        expect(page.locator(".turn")).to_have_count(2)
        expect(page.locator(".turn .answer").last).to_contain_text("cinq partenaires financent")
        expect(page.locator(".maker").last).to_have_text(STOPPED_EMBEDDED)
        send(page, "troisième")
        desk.ends()
        expect(page.locator(".turn:not(.waiting)")).to_have_count(3)
        page.reload()
        expect(page.locator(".maker")).to_have_text([f"{MADE} {STOPPED}", STOPPED_EMBEDDED, MADE])
    assert [history for _, history in desk.asked] == [(), ("première",), ("première", "deuxième")]


def test_a_tab_that_is_closed_ends_the_model_s_work(browser: Browser) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        send(page, "qui finance ?")
        assert not desk.stopped.is_set()
        page.close()
        assert desk.stopped.wait(timeout=LONG)


def test_a_question_that_is_asked_again_and_stopped_takes_the_place_of_its_turn(browser: Browser) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        send(page, "première")
        desk.ends()
        expect(page.locator(".turn:not(.waiting)")).to_have_count(1)
        page.get_by_role("button", name="Modifier").click()
        page.get_by_label("Votre question, à modifier").fill("corrigée")
        page.keyboard.press("Enter")
        expect(page.locator(".waiting .doing")).to_have_text("Rédaction en cours…")
        stop(page)
        expect(page.locator(".turn .question")).to_have_text("Vous\u00a0: corrigée")


def test_one_answer_is_written_at_a_time_and_the_next_question_may_be_typed(browser: Browser) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        send(page, "première")
        desk.ends()
        expect(page.locator(".turn:not(.waiting)")).to_have_count(1)
        send(page, "deuxième")
        box = page.get_by_label("Votre question", exact=True)
        expect(box).to_have_value("")
        page.get_by_role("button", name="Qui sont les opérateurs").click()
        expect(page.locator("#said")).to_contain_text("Une réponse est en cours")
        box.fill("troisième")
        page.keyboard.press("Enter")
        desk.ends()
        expect(page.locator(".turn:not(.waiting) .question")).to_have_text(
            ["Vous\u00a0: première", "Vous\u00a0: deuxième"]
        )
        expect(box).to_have_value("troisième")
    assert [question for question, _ in desk.asked] == ["première", "deuxième"]


@pytest.mark.parametrize("earlier", [0, 1])
def test_a_new_conversation_ends_the_model_s_work(browser: Browser, earlier: int) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk) as page:
        for _ in range(earlier):
            send(page, "première")
            desk.ends()
            expect(page.locator(".turn:not(.waiting)")).to_have_count(1)
        send(page, "longue")
        desk.says(PASSED, "et la suite")
        expect(page.locator(".pending")).to_have_text("et la suite")
        page.get_by_role("button", name="Nouvelle conversation").click()
        assert desk.stopped.wait(timeout=LONG)
        expect(page.locator(".turn")).to_have_count(0)
        expect(page.locator(".welcome")).to_be_visible()
        send(page, "autre")
        expect(page.locator(".waiting .answer")).to_be_empty()
        desk.ends()
        expect(page.locator(".turn:not(.waiting)")).to_have_count(1)


def test_an_answer_that_the_embedded_engine_gave_says_so_and_why(browser: Browser) -> None:
    desk = WritingDesk()
    note = "Réponse composée sans le modèle de langue, trop lent cette fois."
    with desk_page(browser, desk) as page:
        send(page, "qui finance ?")
        desk.says(PASSED, "et")
        desk.ends(WHOLE, note=note, fell_back="slow")
        expect(page.locator(".maker")).to_have_text(note)
        page.reload()
        expect(page.locator(".maker")).to_have_text(note)
        page.goto(f"{page.url.split('?')[0]}suivi")
        expect(page.locator("#main")).to_contain_text("trop lent")
    with desk_page(browser, ListingDesk()) as page:
        page.get_by_label("Votre question", exact=True).fill("qui ?")
        page.keyboard.press("Enter")
        expect(page.locator(".maker")).to_have_text(COMPOSED)


def test_a_model_that_cannot_be_asked_leaves_the_question_with_a_button(browser: Browser) -> None:
    class FullDesk(ListingDesk):
        def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:  # noqa: ARG002
            raise GuichetError("Un instant.")

    with desk_page(browser, FullDesk()) as page:
        page.get_by_label("Votre question", exact=True).fill("qui ?")
        page.keyboard.press("Enter")
        expect(page.locator(".answer.failed")).to_have_text("Un instant.")
        expect(page.get_by_role("button", name="Réessayer")).to_be_visible()


def test_on_a_telephone_the_words_stay_in_sight(browser: Browser) -> None:
    desk = WritingDesk()
    with desk_page(browser, desk, viewport={"width": 390, "height": 844}) as page:
        send(page, "qui finance ?")
        desk.says(PASSED, "et la suite")
        expect(page.locator(".pending")).to_be_in_viewport()
        expect(page.get_by_role("button", name="Arrêter")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_a_model_the_page_has_nothing_for_one(browser: Browser) -> None:
    with served(ListingDesk()) as address, watched(browser, address) as page:
        page.get_by_label("Votre question", exact=True).fill("qui ?")
        page.keyboard.press("Enter")
        expect(page.locator(".turn:not(.waiting)")).to_have_count(1)
        expect(page.locator("#written, .maker")).to_have_count(0)


def test_the_public_face_waits_for_no_model(browser: Browser) -> None:
    with served(WritingDesk(), llm=MODEL) as address, watched(browser, address, "public?question=qui") as page:
        expect(page.locator(".answer")).to_contain_text("cinq partenaires")
