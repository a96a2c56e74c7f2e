"""`guichet doctor`: each thing that can be broken, broken for real, is told with what repairs it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest

from assistant.cli.doctor import Examination
from assistant.cli.installation import MAKING, RUNNING, check_folder, check_packages, check_python, check_space
from assistant.cli.main import main
from assistant.settings.settings import Settings
from tests.support.model_server import closed_url, model_server
from tests.support.services import home_of_its_own

Told = dict[str, str]
Run = Callable[..., tuple[int, str]]
MEGABYTE = 1_000_000


def examined(settings: Settings) -> Told:
    """Name of a part -> what is wrong with it, "" when it is well."""
    return {state.name: state.problem for state in Examination(settings).states()}


@pytest.fixture
def home(settings: Settings, guichet: object, tmp_path: Path) -> Path:
    """A whole installation, to be broken: the encoder of the real one, a copy of its index."""
    return home_of_its_own(settings, tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """`guichet doctor` under an environment: its exit status and what it printed."""

    def doctor(*arguments: str, **environment: str) -> tuple[int, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        status = main(["doctor", *arguments])
        return status, capsys.readouterr().out

    return doctor


def test_an_old_python_is_told() -> None:
    assert check_python() == ""
    assert check_python((3, 11, 0)) == ""
    told = check_python((3, 10, 9))
    assert "Python 3.10.9" in told
    assert "3.11" in told
    assert "make setup" in told


def pinned(folder: Path, *lines: str) -> Path:
    path = folder / "constraints.txt"
    path.write_text("# header\n\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_versions_that_are_not_the_pinned_ones_are_told(tmp_path: Path) -> None:
    right = [f"numpy=={version('numpy')}", "torch==9.9", 'colorama==0.0.1 ; sys_platform == "win32"']

    def installed(name: str) -> str:
        return "9.9+cpu" if name == "torch" else version(name)

    assert check_packages(pinned(tmp_path, *right), installed=installed) == ""
    wrong = [f"{name}==0.0.1" for name in ("numpy", "scipy", "gradio", "tqdm", "httpx", "torch")]
    told = check_packages(pinned(tmp_path, *wrong))
    assert f"numpy {version('numpy')} (attendu 0.0.1)" in told
    assert "et 2 de plus" in told
    assert "make setup" in told


def test_a_missing_package_is_told_unless_only_an_option_needs_it(tmp_path: Path) -> None:
    def nothing(name: str) -> str:
        raise PackageNotFoundError(name)

    assert any(line.startswith("numpy") for line in requires("guichet") or [])
    assert "numpy manque" in check_packages(pinned(tmp_path, "numpy==1.0"), installed=nothing)
    assert check_packages(pinned(tmp_path, "pytest==1.0", "a-child==1.0"), installed=nothing) == ""


def test_constraints_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.txt", pinned(tmp_path, "numpy"), pinned(tmp_path, "=== ?")):
        assert "ne se lisent pas" in check_packages(path)


def test_a_folder_that_is_none_and_a_full_disk_are_told(tmp_path: Path) -> None:
    assert check_folder(tmp_path / "a" / "b") == ""
    (tmp_path / "file").touch()
    assert "n’est pas un dossier" in check_folder(tmp_path / "file" / "b")
    for made, needed in ((True, RUNNING), (False, MAKING)):
        assert check_space(tmp_path / "a", made=made, free=lambda _: needed * MEGABYTE) == ""  # noqa: B023
        told = check_space(tmp_path / "a", made=made, free=lambda _: needed * MEGABYTE - 1)  # noqa: B023
        assert f"il en faut {needed}" in told
        assert "GUICHET_HOME" in told


def test_wrong_settings_are_told_on_one_line_and_the_rest_is_not_tried(run: Run) -> None:
    status, output = run(GUICHET_PORT="x", GUICHET_PRT="1")
    told = output.splitlines()[-1]
    assert status == 1
    assert told.startswith("réglages")
    assert "GUICHET_PORT vaut « x »" in told
    assert "GUICHET_PRT est inconnu" in told


def test_an_installation_that_is_not_ready_says_what_makes_it(run: Run, tmp_path: Path) -> None:
    status, output = run("--json", GUICHET_HOME=str(tmp_path))
    found = json.loads(output)
    assert (status, found["état"]) == (1, "à réparer")
    assert "guichet index" in found["composants"]["encodeur"]
    assert "réparez d’abord l’encodeur" in found["composants"]["index"]
    assert found["composants"]["réglages"] == found["composants"]["avis"] == "bien"
    assert list(tmp_path.iterdir()) == []  # it makes nothing


@pytest.mark.model
def test_a_whole_installation_is_well(home: Path) -> None:
    before = sorted(path.name for path in home.iterdir())
    assert set(examined(Settings(home=home)).values()) == {""}
    assert sorted(path.name for path in home.iterdir()) == before


@pytest.mark.model
def test_a_missing_and_a_damaged_index_are_told(home: Path) -> None:
    for path in (home / "index").rglob("*.sqlite3"):
        path.write_bytes(b"no index" * 1000)
    told = examined(Settings(home=home))
    assert "guichet index" in told["index"]
    assert "réparez d’abord l’index" in told["réponses"]
    assert told["encodeur"] == ""
    shutil.rmtree(home / "index")
    assert "il n’y en a pas encore" in examined(Settings(home=home))["index"]


def test_an_encoder_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    told = examined(Settings(home=tmp_path, encoder=str(tmp_path / "absent")))
    assert "n’a pas pu être chargé" in told["encodeur"]


@pytest.mark.model
def test_a_chroma_server_that_does_not_answer_is_told(home: Path) -> None:
    told = examined(Settings(home=home, chroma_url="http://127.0.0.1:9"))
    assert "Le serveur Chroma ne répond pas" in told["serveur Chroma"]
    assert "index" not in told


def test_a_broken_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "avis.sqlite3").write_bytes(b"this is no database, whatever its name says" * 100)
    assert "avis.sqlite3" in examined(Settings(home=tmp_path))["avis"]


def with_model(home: Path, url: str, **more: str) -> Settings:
    return replace(Settings(home=home, llm="openai:essai", llm_url=url, llm_seconds=10), **more)


def test_a_model_that_answers_is_well_and_is_asked_once(tmp_path: Path) -> None:
    with model_server("good", "Bonjour.") as server:
        assert examined(with_model(tmp_path, server.url))["modèle"] == ""
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("plays", "told"), [("forbidden", "GUICHET_LLM_KEY"), ("nowhere", "GUICHET_LLM_URL"), ("empty", "rien écrit")]
)
def test_a_model_that_does_not_work_is_told(tmp_path: Path, plays: str, told: str) -> None:
    with model_server(plays) as server:
        assert told in examined(with_model(tmp_path, server.url))["modèle"]


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "GUICHET_LLM_URL" in examined(with_model(tmp_path, closed_url()))["modèle"]
    told = examined(Settings(home=tmp_path, llm=f"gguf:{tmp_path}/absent.gguf"))
    assert "absent.gguf" in told["modèle"]


def test_a_key_that_others_can_read_is_told_and_never_shown(tmp_path: Path) -> None:
    key = tmp_path / "clé"
    key.write_text("sk-secret", encoding="utf-8")
    key.chmod(0o644)
    with model_server("good", "Bonjour.") as server:
        told = examined(with_model(tmp_path, server.url, llm_key_file=str(key)))
        assert f"chmod 600 {key}" in told["clé du modèle"]
        assert "réparez d’abord sa clé" in told["modèle"]
        assert server.requests == []
        key.chmod(0o600)
        told = examined(with_model(tmp_path, server.url, llm_key_file=str(key)))
        assert (told["clé du modèle"], told["modèle"]) == ("", "")
        assert server.keys == ["Bearer sk-secret"]
    assert "sk-secret" not in str(told)
