"""Makes the pictures of every screen, against the real chain, in docs/screens: `python scripts/screens.py`.

Those of the README have a name of their own; the others are named after the screen, its width in pixels, its light.
With names as arguments ("page", "tableau", ...) only those screens are made. "redaction" is the page while a chat model
writes: a small server plays one that stops in the middle of a sentence.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))
from tests.support.model_server import model_server, served_openai  # noqa: E402 - a double of the tests

TARGET = ROOT / "docs" / "screens"
QUESTION = "?question=qui+finance+l%27accueil+des+jeunes+enfants+%3F"
WRITING = "?question=quels+modes+d%E2%80%99accueil+pour+les+jeunes+enfants+%3F"
WRITTEN = (
    "Les modes d’accueil à horaires souples offrent une large amplitude horaire aux parents exerçant un métier à "
    "horaires décalés [1]. Les modes d’accueil « itinérants » visent à pallier le manque"
)
SCREENS = {
    "page": QUESTION,
    "accueil": "",
    "carte": f"{QUESTION}&carte=2-3",
    "parcourir": "parcourir?fiche=2-3",
    "partenaires": "partenaires?acteur=caf",
    "tableau": "tableau",
    "fiabilite": "fiabilite",
    "public": f"public{QUESTION}",
    "redaction": WRITING,
}
SIZES = ((1440, 900), (1024, 768), (390, 844))
README = {
    ("redaction", 1440, "light"): "redaction.png",
    ("page", 1440, "light"): "page.png",
    ("carte", 1440, "dark"): "carte.png",
    ("tableau", 1440, "light"): "tableau.png",
    ("page", 390, "light"): "telephone.png",
}


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """`guichet serve` on a free port, ready, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    command = [sys.executable, "-m", "assistant.cli", "serve"]
    environment = os.environ | {"GUICHET_PORT": str(port)} | settings
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        if process.stdout is None or not any("prêt" in line for line in process.stdout):
            raise SystemExit("Le serveur n’a pas démarré.")
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def picture(page: Page, address: str, name: str, path: Path) -> None:
    """Opens the screen, waits until all of it is there, writes the file."""
    page.goto(address)
    if name in ("page", "carte"):
        page.locator(".turn:not(.waiting) .answer").wait_for()
        page.locator("#proof mark" if name == "page" else "#proof .card").first.wait_for()
    elif name == "redaction":
        page.locator(".waiting .answer .chip").wait_for()
        page.locator(".pending").filter(has_text="pallier").wait_for()
    elif name == "accueil":
        page.locator(".welcome").wait_for()
    page.wait_for_timeout(600)
    # 256 colours are enough for a page, and a quarter of the weight.
    Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def make(browser: Browser, address: str, wanted: list[str]) -> int:
    """All the pictures that are wanted; returns how many."""
    made = 0
    for width, height in SIZES:
        for light in ("light", "dark"):
            for name in wanted:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if light == "dark" else "light",
                    reduced_motion="reduce",
                    locale="fr-FR",
                )
                file = README.get((name, width, light), f"{name}-{width}-{light}.png")
                picture(context.new_page(), address + SCREENS[name], name, TARGET / file)
                context.close()
                made += 1
    return made


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SCREENS]
    if unknown:
        sys.stderr.write(f"Écran inconnu : {', '.join(unknown)} ; attendu : {', '.join(SCREENS)}\n")
        return 2
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = names or list(SCREENS)
    made = 0
    with sync_playwright() as playwright, model_server("slow_middle", WRITTEN) as model:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for some, settings in (
            ([name for name in wanted if name != "redaction"], {}),
            ([name for name in wanted if name == "redaction"], served_openai(model.url)),
        ):
            if some:
                with served(**settings) as address:
                    made += make(browser, address, some)
        browser.close()
    sys.stdout.write(f"{made} images dans {TARGET}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
