"""The generated engine in processes of their own: a model's server that hangs or refuses under `guichet serve`, the
command line, and a key that comes out nowhere.
"""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.chain import Guichet
from assistant.cli.main import main
from assistant.settings.settings import Settings
from tests.support.launch import Launch
from tests.support.model_server import ModelServer, model_server, served_openai
from tests.support.services import LONG, Page, home_of_its_own, wait_until

pytestmark = pytest.mark.services

QUESTION = "Quels modes de garde sont proposés aux parents en formation ?"
KEY = "cle-tres-secrete-4f9c2a"
TRUE = (
    "Les parents qui ont un métier à horaires décalés ont des modes d’accueil à horaires souples. "
    "L’offre d’accueil formel des jeunes enfants est un réel frein à l’accès à l’emploi des femmes."
)
"""What the fiche holds and the embedded answer does not say so."""
QUICK = {"GUICHET_LLM_SECONDS": "2"}


def fetch(address: str, path: str, body: dict[str, object] | None = None) -> str:
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"{address}{path}", data)  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=LONG) as response:  # noqa: S310 - ours
        return str(response.read().decode())


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "cle"
    path.write_text(f"{KEY}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_server_whose_model_hangs_or_refuses_answers_within_the_limit_and_keeps_the_key_to_itself(
    settings: Settings, guichet: Guichet, server: ModelServer, key_file: Path, tmp_path: Path
) -> None:
    embedded = guichet.answer(QUESTION)
    environment = served_openai(server.url, GUICHET_LLM_KEY_FILE=f"{key_file}", **QUICK)
    with Page(home_of_its_own(settings, tmp_path / "home"), **environment) as page:
        server.play("slow_start")
        hung = json.loads(fetch(page.address, "/api/ask", {"question": QUESTION}))
        assert server.closed.wait(timeout=LONG)
        assert (hung["engine"], hung["answer"]) == ("embarqué", embedded.text)
        assert "trop lent" in hung["note"]
        ready = fetch(page.address, "/health/ready")
        assert json.loads(ready)["état"] == "dégradé" and "trop lent" in json.loads(ready)["composants"]["modèle"]

        server.play("forbidden")
        refused = json.loads(fetch(page.address, "/api/ask", {"question": QUESTION}))
        assert (refused["answer"], "indisponible pour le moment" in refused["note"]) == (embedded.text, True)
        public = page.ask(QUESTION)
        assert "garde" in public
        metrics = fetch(page.address, "/metrics")
        # What the checks found is good for some seconds.
        wait_until(lambda: "refuse la clé" in fetch(page.address, "/fiabilite"), "the operator is not told")
        reliability = fetch(page.address, "/fiabilite") + fetch(page.address, "/suivi")
        assert 'guichet_fell_back_total{reason="slow"} 1.0' in metrics
        assert 'guichet_fell_back_total{reason="key"}' in metrics
        assert 'guichet_component_up{component="modèle"} 0.0' in metrics

        server.play("good", TRUE)
        written: list[dict[str, str]] = []

        def is_written() -> bool:
            """The model of this test has two seconds: on a busy machine its answer may come too late, once."""
            written.append(json.loads(fetch(page.address, "/api/ask", {"question": QUESTION})))
            return written[-1]["engine"] == "généré"

        wait_until(is_written, "the model is not used again")
        good = written[-1]
        assert good["note"] == ""
        assert "[fiche 2-3]" in good["answer"]
        code, errors = page.end()
    assert code == 0
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert '"fell_back": "slow"' in errors and '"reason": "key"' in errors
    everything = json.dumps([hung, refused, good]) + ready + public + metrics + reliability + errors
    assert KEY not in everything
    assert "modes de garde" not in errors


def test_the_command_line_answers_with_the_model_and_without_it(
    launch: Launch, guichet: Guichet, server: ModelServer
) -> None:
    embedded = guichet.answer(QUESTION)
    environment = served_openai(server.url, GUICHET_LLM_KEY=KEY, OPENAI_LOG="debug", OPENAI_API_KEY="une-autre-cle")
    server.keys.clear()
    server.play("good", TRUE)
    lines = "".join(json.dumps({"id": f"{n}", "question": each}) + "\n" for n, each in enumerate((QUESTION, "bonjour")))
    code, out, errors = launch("batch", input=lines, **environment)
    assert (code, [json.loads(line)["engine"] for line in out.splitlines()]) == (0, ["généré", "embarqué"])
    server.play("forbidden")
    code, refused, more = launch("ask", QUESTION, **environment)
    assert code == 0
    assert refused == f"{embedded.text}\n\nRéponse composée sans le modèle de langue, indisponible pour le moment.\n"
    assert set(server.keys) == {f"Bearer {KEY}"}
    assert KEY not in out + errors + refused + more


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"GUICHET_LLM": "openai:essai"}, "sans GUICHET_LLM_URL ; attendu : l’adresse du serveur"),
        ({"GUICHET_LLM": "essai"}, "attendu : « fournisseur:nom »"),
        ({"GUICHET_LLM": "gguf:/nulle/part.gguf"}, "ne se lit pas (FileNotFoundError)"),
        ({"GUICHET_LLM": f"gguf:{__file__}"}, "n’est pas un modèle GGUF"),
        ({"GUICHET_LLM": "imaginaire:essai"}, "Installez-le\u202f: .venv/bin/pip install langchain-imaginaire"),
        (
            {"GUICHET_LLM": "openai:x", "GUICHET_LLM_URL": "http://x", "GUICHET_LLM_KEY_FILE": "/nulle/part"},
            "ne se lit pas",
        ),
    ],
)
def test_a_model_that_cannot_be_used_stops_the_start_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], environment: dict[str, str], told: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["ask", QUESTION]) == 1
    shown = capfd.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert told in shown.err
