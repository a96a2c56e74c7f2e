"""What the browser tests share: a small real double of the chain, a served page, and Debian's chromium."""

import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.accounts.policy import Access
from assistant.accounts.tables import Now, utc_now
from assistant.answer import Answer, Choice, Citation, Partial
from assistant.service.answering import Answering
from assistant.settings.settings import Settings
from assistant.storage.database import open_database
from assistant.web.app import build_app
from assistant.web.server import bind_port
from corpus.document import Document
from corpus.load import load_document
from corpus.partners import RoleTable
from corpus.registry import load_registry

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class ListingDesk:
    """Answers every question with the financeurs of fiche 2-3; it says the question again, as hostile text would."""

    def __init__(self) -> None:
        self.document: Document = load_document()
        self.table = RoleTable(self.document, load_registry())
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        self.asked.append((question, tuple(history)))
        fiche = self.document.fiche("2-3")
        if fiche is None:
            raise LookupError("2-3")
        partners = "".join(f"- {partner.name}\n" for partner in fiche.financeurs)
        return Answer(
            text=f"À « {question} », cinq partenaires financent [fiche 2-3]\u00a0:\n\n{partners}",
            status="answered",
            citations=tuple(Citation("2-3", "financeurs", p.name, p.lines) for p in fiche.financeurs),
            ranking=("2-3", "2-1"),
            understood="financeurs de l’accueil des jeunes enfants",
            see_also=("2-1", "2-2"),
            suggestions=(Choice("Qui sont les opérateurs\u00a0?", "Qui sont les opérateurs de la fiche 2-3 ?"),),
        )

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        yield self.answer(question, history)

    def embedded(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self.answer(question, history)

    def model_problem(self) -> str:
        return ""


@contextmanager
def served(
    guichet: Answering, home: Path | None = None, port: int = 0, *, now: Now = utc_now, **settings: Any
) -> Iterator[str]:
    """The address of the real page, served on a free port until the block ends; opinions go to a folder of its own.

    A session may ask as often as a quick test does; `settings` may say otherwise. `now`: the time as access sees it.
    """
    listening = bind_port("127.0.0.1", port)
    listening.listen()
    folder = home or Path(tempfile.mkdtemp())
    given = Settings(home=folder, **({"feedback": True, "session_rate": 0} | settings))
    access = Access(open_database(given), given, now=now, clock=lambda: now().timestamp())
    app = build_app(guichet, given, access=access)
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
        if home is None:
            shutil.rmtree(folder)


@contextmanager
def watched(browser: Browser, address: str, path: str = "", **options: Any) -> Iterator[Page]:
    """A page of an English browser on that address; a script's error or a call to another machine fails the test."""
    settings = {"locale": "en-US", "viewport": {"width": 1440, "height": 900}} | options
    context = browser.new_context(**settings)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(f"{error}"))
    opened.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
    opened.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else faults.append(request.url),
    )
    opened.goto(f"{address}/{path}")
    try:
        yield opened
    finally:
        context.close()
    assert faults == []


def ask(page: Page, question: str) -> None:
    """Asks and waits for the answer."""
    turns = page.locator(".turn:not(.waiting)")
    count = turns.count()
    page.get_by_label("Votre question", exact=True).fill(question)
    page.keyboard.press("Enter")
    expect(turns).to_have_count(count + 1)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's chromium, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
