"""The index on the disk, removed or damaged: under a running server, which answers from memory, and before a start."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.settings.settings import Settings
from index.entries import Entries
from index.errors import DamagedIndexError
from index.retriever import PassageRetriever
from index.storage.build import build_index, current_folder
from index.storage.locations import Folder, ready_index
from index.storage.read import open_index
from index.storage.watch import Watch
from tests.support.encoder import HashingEncoder
from tests.support.services import Page, home_of_its_own, wait_until

pytestmark = pytest.mark.services

QUESTION = "qui finance l’accueil des jeunes enfants ?"
Fault = Callable[[Path], None]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    """One byte in the middle is another one."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x80
    path.write_bytes(content)


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


def removed(path: Path) -> None:
    path.unlink()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, few: Entries, hashing: HashingEncoder) -> Path:
    home = tmp_path_factory.mktemp("built")
    build_index(home, few, hashing)
    return home


@pytest.mark.parametrize("fault", [cut, overwritten, longer, removed])
def test_any_file_of_vectors_that_changed_is_seen_before_chroma_reads_it(
    built: Path, tmp_path: Path, few: Entries, fault: Fault
) -> None:
    """Read as they are, some of these kill the process (SIGSEGV in Chroma's core): it would never start again."""
    home = tmp_path / "home"
    shutil.copytree(built, home)
    watch, folder = Watch(home), current_folder(home)
    assert folder
    assert watch.problem() == ""
    paths = [path for path in folder.rglob("*") if path.suffix in (".bin", ".pickle") and path.stat().st_size]
    assert len(paths) >= 16
    for path in paths:
        content = path.read_bytes()
        fault(path)
        assert "abîmé" in watch.problem(), path.name
        with pytest.raises(DamagedIndexError, match=path.name):
            open_index(home, few)
        path.write_bytes(content)
        assert watch.problem() == ""
    assert open_index(home, few)


@pytest.mark.parametrize("fault", [cut, overwritten, longer, removed])
@pytest.mark.parametrize("name", ["chroma/chroma.sqlite3", "manifest.json", "*/*/data_level0.bin", "../current"])
def test_a_start_builds_again_what_is_damaged_and_says_so(
    built: Path, tmp_path: Path, few: Entries, hashing: HashingEncoder, name: str, fault: Fault
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built, home)
    folder = current_folder(home)
    assert folder
    path = folder.parent / "current" if name == "../current" else next(folder.glob(name))
    fault(path)
    said: list[str] = []
    index = ready_index(Folder(home), few, hashing, say=said.append)
    good = open_index(built, few)
    for kind, rows in good._vectors.items():
        assert (index._vectors[kind] == rows).all()
    assert PassageRetriever(index=index, encoder=hashing, k=1).invoke("formation")
    if path.name != "chroma.sqlite3" or fault in (cut, removed):
        assert len(said) == 1
        assert said[0].startswith("Construction de l’index (")
        assert Watch(home).problem() == ""


@pytest.mark.model
def test_a_server_whose_index_is_damaged_then_removed_answers_the_same_and_says_so(
    settings: Settings, tmp_path: Path
) -> None:
    from assistant.assemble import open_guichet

    open_guichet(settings)  # the index is there, of today's format
    home_of_its_own(settings, tmp_path)
    with Page(tmp_path) as page:
        before = page.ask(QUESTION)
        assert "Caisse d’Allocations Familiales" in before
        assert page.components()["état"] == "prêt"
        cut(max(tmp_path.rglob("data_level0.bin"), key=lambda path: path.stat().st_size))
        assert page.ask(QUESTION) == before
        wait_until(lambda: "abîmé sur le disque" in page.components()["index"], "the damage was not seen")
        shutil.rmtree(tmp_path / "index")
        wait_until(lambda: "a disparu" in page.components()["index"], "the loss was not seen")
        assert page.components()["état"] == "dégradé"
        assert page.ask(QUESTION) == before
        assert page.end()[0] == 0
