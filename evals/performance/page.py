"""How long the page takes in a browser, against `guichet serve` and the real chain.

First useful paint: from the request until the question box has the focus and the welcome is drawn. An answer: from the
click on "Demander" until its text stands in the page, for the first question of a conversation (`answer_*`) and for
those of one long conversation (`long_*`). The newcomer's way: the clicks from an empty page to a printed
card and the open source, and the machine's share of the time. Needs Playwright and Debian's chromium
(scripts/browser.sh).
"""

import shutil
import statistics
import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from evals.performance.machine import current_commit
from evals.performance.server import running_server
from evals.scoring.metrics import percentile
from evals.sets.questions import load_questions

_LOADS = 5
_QUESTION = "qui finance l'accueil des jeunes enfants ?"
_ASK = """async (question) => {
    const answers = () => document.querySelectorAll('.turn:not(.waiting) .answer').length;
    const before = answers();
    guichet.setQuestion(question);
    const started = performance.now();
    document.querySelector('#send').click();
    while (answers() === before) await new Promise(requestAnimationFrame);
    return performance.now() - started;
}"""
_READY = """document.querySelector('.welcome') && document.querySelector('#send')
    && document.activeElement === document.querySelector('#question textarea')"""


def measure(count: int) -> dict[str, Any]:
    """Milliseconds, medians and 95th percentiles; the first load, of a browser with an empty cache, stands apart."""
    alone = [question.question for question in load_questions("validation") if not question.history]
    questions = list(dict.fromkeys(alone))[:count]
    with running_server() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        figures = measure_at(browser, server.address, questions)
        browser.close()
    return figures | {"commit": current_commit()}


def measure_at(browser: Browser, address: str, questions: Sequence[str]) -> dict[str, Any]:
    """The figures of the page at that address."""
    loads = [_load(browser, address) for _ in range(_LOADS)]
    page = browser.new_page()
    page.goto(address)
    page.wait_for_function(_READY)
    page.evaluate(_ASK, _QUESTION)
    long = [float(page.evaluate(_ASK, question)) for question in questions]
    first = [_first(page, question) for question in questions]
    page.close()
    return {
        "first_paint_ms_p50": round(statistics.median(paint for paint, _ in loads)),
        "useful_ms_first": round(loads[0][1]),
        "useful_ms_p50": round(statistics.median(useful for _, useful in loads)),
        **_shares("answer", first),
        **_shares("long", long),
        "questions": len(questions),
        **_walk(browser, address),
    }


def _first(page: Page, question: str) -> float:
    """The answer's time in a conversation that begins."""
    page.locator("#restart").click()
    page.wait_for_function(_READY)
    return float(page.evaluate(_ASK, question))


def _shares(name: str, times: Sequence[float]) -> dict[str, int]:
    return {f"{name}_ms_p{p}": round(percentile(times, p / 100)) for p in (50, 95)}


def _load(browser: Browser, address: str) -> tuple[float, float]:
    """First paint and first useful paint of a browser with an empty cache."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(_READY)
    useful = float(page.evaluate("performance.now()"))
    paint = float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"))
    context.close()
    return paint, useful


def _walk(browser: Browser, address: str) -> dict[str, int]:
    """Who finances a topic, the card printed, the source open: what is clicked, and what the machine takes of it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script("window.print = () => { window.top.sheets = (window.top.sheets || 0) + 1; };")
    page = context.new_page()
    started, clicks = time.perf_counter(), 0
    page.goto(address)
    page.wait_for_function(_READY)
    page.keyboard.type(_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".turn:not(.waiting) .answer li").first.wait_for()
    _source_is_open(page)  # without a click: the first fiche opens beside the answer, at the passages used
    clicks += _click(page, "Imprimer la carte")
    page.wait_for_function("window.sheets === 1")
    taken = time.perf_counter() - started
    context.close()
    return {"walk_clicks": clicks, "walk_machine_ms": round(1000 * taken)}


def _source_is_open(page: Page) -> None:
    page.wait_for_function(
        """() => { const mark = document.querySelector('#proof mark')?.getBoundingClientRect();
        return mark && mark.top > 0 && mark.bottom < innerHeight; }"""
    )


def _click(page: Page, name: str) -> int:
    page.locator("#conversation").get_by_role("link", name=name).click()
    return 1
