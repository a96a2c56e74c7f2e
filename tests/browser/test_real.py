"""`guichet serve` as an agent has it: a process of its own, the real chain, Debian's chromium."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.settings.settings import Settings
from evals.performance.page import measure_at
from tests.support.browser import watched
from tests.support.services import LONG, free_port, home_of_its_own

pytestmark = [pytest.mark.browser, pytest.mark.model]
GUICHET = Path(sys.executable).with_name("guichet")
QUESTION = "qui finance l'accueil des jeunes enfants ?"
FINANCEURS = [
    "Communes",
    "Agglomération",
    "Conseil départemental",
    "Caisse d’Allocations Familiales",
    "Fonds Social Européen dans le cadre de la candidature ITI de la CASA",
]


@pytest.fixture(scope="module")
def port(settings: Settings, guichet: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real server; it must end on an interrupt, silently."""
    number = free_port()
    home = home_of_its_own(settings, tmp_path_factory.mktemp("home"))
    environment = os.environ | {"GUICHET_PORT": str(number), "GUICHET_HOME": str(home)}
    command = [str(GUICHET), "serve"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = next((line for line in process.stdout if "prêt" in line), "")
        assert said == f"Guichet est prêt : http://127.0.0.1:{number}\n"
        yield number
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=LONG)
        assert process.returncode == 0
        assert "Traceback" not in errors


def test_the_desk_question_is_answered_with_its_fiche_and_its_five_financeurs(browser: Browser, port: int) -> None:
    with watched(browser, f"http://127.0.0.1:{port}") as page:
        expect(page.get_by_label("Votre question")).to_be_focused()
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        answer = page.locator(".turn .answer")
        expect(answer.locator(".chip").first).to_have_text("[fiche 2-3]")
        assert answer.locator("li").all_inner_texts() == FINANCEURS
        assert page.locator(".cited .chip").all_text_contents() == ["[fiche 2-3]"]
        page.locator(".cited .chip").click()
        proof = page.locator("#proof")
        expect(proof.locator("h2")).to_contain_text("Fiche 2-3 Offrir des modes d’accueil d’enfants")
        assert proof.locator("mark").all_inner_texts() == FINANCEURS
        expect(proof.locator("mark").first).to_be_in_viewport()


def test_the_card_is_printed_and_its_source_open_after_one_click(browser: Browser, port: int) -> None:
    """The newcomer's way, as `guichet eval page` walks it; its times are for that command, on a quiet
    machine.
    """
    figures = measure_at(browser, f"http://127.0.0.1:{port}", ["qui finance la 9-1 ?"])
    assert figures["walk_clicks"] == 1
    assert min(value for name, value in figures.items() if "_ms" in name) > 0


def test_a_port_that_is_taken_is_one_french_line_before_anything_is_loaded(port: int) -> None:
    environment = os.environ | {"GUICHET_PORT": str(port)}
    run = subprocess.run([str(GUICHET), "serve"], env=environment, capture_output=True, text=True, timeout=LONG)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr == (
        f"guichet : Le port {port} n’est pas libre sur 127.0.0.1 (un autre programme l’occupe). "
        f"Choisissez-en un autre : GUICHET_PORT={port % 65535 + 1} guichet serve\n"
    )
