"""An index on a real Chroma server: versions that replace one another whole, and the answers of the embedded one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.chain import Guichet
from assistant.settings.settings import Settings
from index.entries import Entries
from index.errors import DamagedIndexError, StoreError
from index.retriever import PassageRetriever
from index.storage.build import build_index, current_folder, identity_of
from index.storage.chroma import Store
from index.storage.locations import Folder, Server, ready_index
from tests.support.encoder import HashingEncoder
from tests.support.launch import Launch
from tests.support.services import LONG, ROOT, ChromaServer, Page, copy_index, free_port

pytestmark = pytest.mark.services

QUESTIONS = (
    "qui finance l’accueil des jeunes enfants ?",
    "j’arrive pas à payer le permis",
    "ma fille a été virée du collège",
    "dans quelles fiches la CAF est-elle citée ?",
    "où dormir ce soir ?",
    "que prévoit la fiche 3-2 ?",
    "apprendre le français",
    "la météo de demain",
)


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def server(chroma: ChromaServer) -> Server:
    """The server, empty."""
    store = Store(chroma.url)
    for name in store.notes():
        store.remove(name)
    return Server(chroma.url)


def names(server: Server) -> set[str]:
    return set(Store(server.address).notes())


def version(number: int) -> set[str]:
    kinds = ("begun", "passages", "sentences", "titles", "phrases", "manifest")
    return {f"guichet-{number:06d}.{kind}" for kind in kinds}


def test_what_a_server_finds_is_what_a_folder_finds(
    server: Server, tmp_path: Path, few: Entries, hashing: HashingEncoder
) -> None:
    said: list[str] = []
    shared = ready_index(server, few, hashing, say=said.append)
    own = ready_index(Folder(tmp_path), few, hashing)
    for question in QUESTIONS:
        found = [PassageRetriever(index=index, encoder=hashing, k=9).invoke(question) for index in (shared, own)]
        assert [each.id for each in found[0]] == [each.id for each in found[1]]
        assert [each.metadata["score"] for each in found[0]] == pytest.approx(
            [each.metadata["score"] for each in found[1]], abs=1e-5
        )
    ready_index(server, few, hashing, say=said.append)
    assert said == ["Construction de l’index (il n’y en a pas encore)."]


def test_versions_replace_one_another_and_two_stay(server: Server, few: Entries, hashing: HashingEncoder) -> None:
    for _ in range(3):
        server.build(few, hashing)
    assert names(server) == version(2) | version(3)
    other = HashingEncoder("another")
    assert server.reason_to_build(identity_of(few, other.identity)) == "l’encodeur a changé"
    server.build(few, other)
    for encoder in (hashing, other):  # an older release and a newer one, side by side while one replaces the other
        assert server.reason_to_build(identity_of(few, encoder.identity)) == ""
        assert server.open(few, identity_of(few, encoder.identity))


def test_processes_that_build_at_the_same_time_make_a_version_each(
    server: Server, few: Entries, hashing: HashingEncoder
) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: server.build(few, hashing), range(3)))
    assert server.open(few, identity_of(few, hashing.identity))
    server.build(few, hashing)
    assert version(4) <= names(server) <= version(3) | version(4) | version(2) | version(1)


def test_a_build_that_is_killed_is_never_read_and_is_swept_once_it_is_old(
    server: Server, few: Entries, hashing: HashingEncoder
) -> None:
    server.build(few, hashing)
    script = (
        "import os, signal, sys\n"
        "from tests.support.encoder import HashingEncoder\nfrom corpus.load import load_document\n"
        "from index.entries import make_entries\nfrom index.storage.locations import Server\n"
        "def report(done, total):\n    if done > total / 2:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        "Server(sys.argv[1]).build(make_entries(load_document()), HashingEncoder('other'), report=report)\n"
    )
    # Two hours ago by its own clock: libfaketime is not needed where the time is only noted.
    script = "import time\nnow = time.time\ntime.time = lambda: now() - 7200\n" + script
    killed = subprocess.run([sys.executable, "-c", script, server.address], cwd=ROOT, capture_output=True, timeout=LONG)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert any(name.startswith("guichet-000002.") for name in names(server))
    assert server.reason_to_build(identity_of(few, "other")) == "l’encodeur a changé"
    assert server.open(few, identity_of(few, hashing.identity))
    server.build(few, hashing)
    assert names(server) == version(1) | version(3)


@pytest.mark.parametrize("fault", ["missing kind", "other entries", "vectors"])
def test_a_damaged_version_is_built_again(server: Server, few: Entries, hashing: HashingEncoder, fault: str) -> None:
    server.build(few, hashing)
    store = Store(server.address, prefix="guichet-000001.")
    store.remove("titles")
    if fault != "missing kind":
        entries = few.titles if fault == "vectors" else few.phrases[: len(few.titles)]
        rows = np.zeros((len(entries), 64), np.float32) if fault == "vectors" else np.eye(64, dtype=np.float32)
        ids, texts = [each.id for each in entries], [each.text for each in entries]
        store.write_collection("titles", ids, texts, [{"n": 1}] * len(ids), rows[: len(ids)])
    with pytest.raises(DamagedIndexError):
        server.open(few, identity_of(few, hashing.identity))
    said: list[str] = []
    assert ready_index(server, few, hashing, say=said.append)
    assert said == ["Construction de l’index (celui qui est là est abîmé)."]


@pytest.mark.parametrize(
    "fault", ["cut", "zeros", "no database", "other database", "no vectors", "vectors cut", "folder"]
)
def test_a_damaged_folder_is_built_again(tmp_path: Path, few: Entries, hashing: HashingEncoder, fault: str) -> None:
    build_index(tmp_path, few, hashing)
    folder = current_folder(tmp_path)
    assert folder
    database = folder / "chroma" / "chroma.sqlite3"
    vectors = sorted(folder.glob("chroma/*/data_level0.bin"))
    if fault == "cut":
        os.truncate(database, database.stat().st_size // 2)
    elif fault == "zeros":
        database.write_bytes(bytes(database.stat().st_size))
    elif fault == "no database":
        database.unlink()
    elif fault == "other database":
        build_index(tmp_path / "other", replace(few, titles=few.titles[:1]), hashing)
        other = current_folder(tmp_path / "other")
        assert other
        database.write_bytes((other / "chroma" / "chroma.sqlite3").read_bytes())
    elif fault == "no vectors":
        for path in vectors:
            path.unlink()
    elif fault == "vectors cut":
        for path in vectors:
            os.truncate(path, path.stat().st_size // 2)
    else:
        folder.rename(folder.with_name("elsewhere"))
    said: list[str] = []
    index = ready_index(Folder(tmp_path), few, hashing, say=said.append)
    assert len(PassageRetriever(index=index, encoder=hashing, k=3).invoke("formation")) == 3
    assert len(said) <= 1


def test_a_server_that_is_not_there_is_one_french_line(few: Entries, launch: Launch) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StoreError, match=r"ne répond pas.*GUICHET_CHROMA_URL"):
        Server(address).reason_to_build(identity_of(few, "hashing"))


@pytest.mark.model
def test_two_pages_on_one_server_answer_as_the_embedded_one_and_go_on_without_it(
    server: Server, chroma: ChromaServer, guichet: Guichet, settings: Settings, launch: Launch
) -> None:
    encoder = copy_index(guichet, server)
    shared = Guichet(
        guichet.document,
        server.open(guichet.index.entries, identity_of(guichet.index.entries, encoder.identity)),
        guichet.encoder,
        reader=guichet.reader.model,
    )
    for question in QUESTIONS:
        assert shared.answer(question).text == guichet.answer(question).text
    first, second = (Page(settings.home, GUICHET_CHROMA_URL=chroma.url) for _ in range(2))
    with first, second:
        before = [page.ask(QUESTIONS[0]) for page in (first, second)]
        assert "Caisse d’Allocations Familiales" in before[0]
        assert before[0] == before[1]
        chroma.stop()
        try:
            assert [page.ask(QUESTIONS[0]) for page in (first, second)] == before
            code, _, errors = launch("ask", "qui ?", GUICHET_CHROMA_URL=chroma.url)
            assert (code, errors.count("\n"), "Le serveur Chroma ne répond pas" in errors) == (1, 1, True)
        finally:
            chroma.start()
        code, output, errors = launch("ask", QUESTIONS[0], GUICHET_CHROMA_URL=chroma.url)
        assert (code, output) == (0, f"{guichet.answer(QUESTIONS[0]).text}\n")
        assert (first.end()[0], second.end()[0]) == (0, 0)
