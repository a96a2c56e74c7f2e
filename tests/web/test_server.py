"""The page's HTTP side: its port, its French document, its headers, and how it starts and ends."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant.cli.main import main
from assistant.errors import ServerError
from assistant.settings.settings import Settings
from assistant.web.app import build_app
from assistant.web.gradio_document import french_document
from assistant.web.middleware.security_headers import POLICY
from assistant.web.server import bind_port
from tests.support.browser import ListingDesk, served
from tests.support.services import LONG, free_port

ROOT = Path(__file__).parent.parent.parent
SERVE = (
    "import sys\n"
    "from pathlib import Path\n"
    "from tests.support.browser import ListingDesk\n"
    "from assistant.settings.settings import Settings\n"
    "from assistant.web.app import serve\n"
    "from assistant.errors import ServerError\n"
    "try: serve(ListingDesk, Settings(home=Path(sys.argv[2]), port=int(sys.argv[1])))\n"
    "except ServerError as error: sys.exit(str(error))\n"
)


def test_a_port_that_is_taken_is_one_french_line_that_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=rf"^Le port {port} n’est pas libre .* GUICHET_PORT=\d+ guichet serve$"):
            bind_port("127.0.0.1", port)


def test_a_host_that_does_not_exist_names_its_setting() -> None:
    with pytest.raises(ServerError, match=r"GUICHET_HOST=pas\.un\.hôte"):
        bind_port("pas.un.hôte", 7860)


def test_the_document_is_french_and_says_nothing_of_gradio() -> None:
    page = '<!doctype html><html\n\tlang="en"\n><head><meta property="og:title" content="Gradio" /></head></html>'
    french = french_document(page)
    assert '<html lang="fr"' in french
    assert "Gradio" not in french
    assert "<title>Guichet" in french


def test_a_page_that_breaks_is_one_french_line_under_the_policy(tmp_path: Path) -> None:
    app = build_app(ListingDesk(), Settings(home=tmp_path))

    def broken(request: Request) -> Response:
        raise KeyError("une question")

    app.router.routes.insert(0, Route("/tableau", broken))
    response = TestClient(app, raise_server_exceptions=False).get("/tableau")
    assert response.status_code == 500
    assert "Réessayez" in response.text
    assert "une question" not in response.text
    assert response.headers["content-security-policy"] == POLICY


def test_the_page_is_served_with_its_headers_and_its_files() -> None:
    with served(ListingDesk()) as address:
        with urllib.request.urlopen(address) as response:  # noqa: S310 - our own address
            page = response.read().decode("utf-8")
            assert "default-src 'self'" in response.headers["content-security-policy"]
        assert '<html lang="fr"' in page
        for name in ("guichet.css", "guichet.js", "guichet.svg"):
            with urllib.request.urlopen(f"{address}/guichet/{name}") as response:  # noqa: S310 - our own address
                assert response.status == 200


@pytest.mark.services
def test_serve_says_where_and_ends_on_an_interrupt_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(port), str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Guichet est prêt : http://127.0.0.1:{port}\n"
        monkeypatch.setenv("GUICHET_PORT", f"{port}")
        monkeypatch.setenv("GUICHET_HOME", f"{tmp_path}")
        second, said = main(["serve"]), capfd.readouterr().err
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=LONG)
    assert (process.returncode, output, errors) == (0, "", "")
    assert (second, said.count("\n"), "GUICHET_PORT" in said) == (1, 1, True)
