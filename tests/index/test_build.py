"""A build goes to a new folder and is swapped in whole; whatever goes wrong, the index in use stays as it was."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.encoder.base import Floats, Progress
from index.entries import Entries
from index.errors import BuildRunningError, StoreError
from index.retriever import PassageRetriever
from index.storage.build import FORMAT, build_index, current_folder, identity_of, read_manifest, reason_to_build
from index.storage.read import open_index
from tests.support.encoder import HashingEncoder
from tests.support.services import LONG

ROOT = Path(__file__).parent.parent.parent


class FailingEncoder(HashingEncoder):
    """Encodes the first kind, then what the system raises on a full disk (or any other error)."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("failing")
        self._error = error
        self._calls = 0

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        self._calls += 1
        if self._calls > 1:
            raise self._error
        return super().encode_passages(texts, progress=progress)


@pytest.fixture
def home(tmp_path: Path, few: Entries, hashing: HashingEncoder) -> Path:
    build_index(tmp_path, few, hashing)
    return tmp_path


def works(home: Path, entries: Entries, encoder: HashingEncoder) -> bool:
    """Whether the index in use answers, and no other folder is left beside it."""
    current = current_folder(home)
    folders = [each for each in (home / "index").iterdir() if each.is_dir()]
    found = PassageRetriever(index=open_index(home, entries), encoder=encoder, k=3).invoke("formation")
    return folders == [current] and len(found) == 3


def test_a_first_build_reports_its_progress_and_says_what_it_holds(
    tmp_path: Path, few: Entries, hashing: HashingEncoder
) -> None:
    told: list[tuple[int, int]] = []
    assert reason_to_build(tmp_path, identity_of(few, hashing.identity)) == "il n’y en a pas encore"
    manifest = build_index(tmp_path, few, hashing, report=lambda done, total: told.append((done, total)))
    total = sum(len(kind) for kind in few.kinds().values())
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert manifest.counts == {name: len(kind) for name, kind in few.kinds().items()}
    assert manifest == read_manifest(current_folder(tmp_path) or tmp_path)
    assert manifest.identity.format == FORMAT
    assert reason_to_build(tmp_path, identity_of(few, hashing.identity)) == ""
    assert works(tmp_path, few, hashing)


def test_a_second_build_replaces_the_first_and_removes_it(home: Path, few: Entries, hashing: HashingEncoder) -> None:
    before = current_folder(home)
    build_index(home, few, hashing)
    after = current_folder(home)
    assert after != before
    assert before is not None
    assert not before.exists()
    assert works(home, few, hashing)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_and_the_old_index_stays(
    home: Path, few: Entries, hashing: HashingEncoder, number: int
) -> None:
    before = current_folder(home)
    with pytest.raises(StoreError, match=r"^Le disque est plein.*Libérez de la place.*l’ancien index reste"):
        build_index(home, few, FailingEncoder(OSError(number, os.strerror(number))))
    assert current_folder(home) == before
    assert works(home, few, hashing)


@pytest.mark.parametrize("text", ["database or disk is full", "No space left on device (os error 28)"])
def test_a_full_disk_in_chromas_own_words_is_told_too(home: Path, few: Entries, text: str) -> None:
    with pytest.raises(StoreError, match=r"^Le disque est plein"):
        build_index(home, few, FailingEncoder(RuntimeError(text)))


@pytest.mark.parametrize("error", [ValueError("other"), KeyboardInterrupt()])
def test_any_other_interruption_leaves_the_old_index_too(
    home: Path, few: Entries, hashing: HashingEncoder, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        build_index(home, few, FailingEncoder(error))
    assert works(home, few, hashing)


def test_a_failed_first_build_leaves_nothing(tmp_path: Path, few: Entries) -> None:
    with pytest.raises(StoreError, match="disque est plein"):
        build_index(tmp_path, few, FailingEncoder(OSError(errno.ENOSPC, "full")))
    assert current_folder(tmp_path) is None
    with pytest.raises(StoreError, match=r"Il n’y a pas d’index.*guichet index"):
        open_index(tmp_path, few)


def test_a_file_where_the_folder_should_be_is_told_with_the_setting(
    tmp_path: Path, few: Entries, hashing: HashingEncoder
) -> None:
    (tmp_path / "index").write_text("a file", encoding="utf-8")
    with pytest.raises(StoreError, match=r"pas accessible en écriture.*GUICHET_HOME") as error:
        build_index(tmp_path, few, hashing)
    assert str(tmp_path / "index") in str(error.value)
    assert "\n" not in str(error.value)


def test_a_second_build_at_the_same_time_is_refused_and_the_index_stays(
    home: Path, few: Entries, hashing: HashingEncoder
) -> None:
    with (home / "index" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildRunningError, match="Un autre processus construit déjà l’index"):
            build_index(home, few, hashing)
        assert works(home, few, hashing)
    build_index(home, few, hashing)
    assert works(home, few, hashing)


def test_what_changed_is_named_in_french(home: Path, few: Entries) -> None:
    wanted = identity_of(few, "hashing")
    fewer = replace(few, phrases=few.phrases[:-1])
    assert reason_to_build(home, wanted) == ""
    assert reason_to_build(home, identity_of(few, "another")) == "l’encodeur a changé"
    assert "mots d’usage ont changé" in reason_to_build(home, identity_of(fewer, "hashing"))
    assert reason_to_build(home, replace(wanted, format=FORMAT + 1)) == "son format a changé"
    assert reason_to_build(home, replace(wanted, corpus="0" * 64)) == "le document a changé"
    both = reason_to_build(home, replace(wanted, corpus="0" * 64, encoder="another"))
    assert "le document a changé" in both
    assert "l’encodeur a changé" in both


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"identity": {}}', '{"identity": {"format": 1}, "built": 2}', "é\0"]
)
def test_a_damaged_manifest_asks_for_a_build(home: Path, few: Entries, hashing: HashingEncoder, content: str) -> None:
    folder = current_folder(home)
    assert folder is not None
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    assert reason_to_build(home, identity_of(few, hashing.identity)) == "celui qui est là est abîmé"
    with pytest.raises(StoreError, match="guichet index --rebuild"):
        read_manifest(folder)
    build_index(home, few, hashing)
    assert works(home, few, hashing)


@pytest.mark.parametrize("pointer", ["", "..", "/etc", "no-such-folder", "../index", "\udcff"])
def test_a_damaged_pointer_is_no_index(home: Path, few: Entries, pointer: str) -> None:
    (home / "index" / "current").write_text(pointer, encoding="utf-8", errors="surrogateescape")
    assert current_folder(home) is None
    assert reason_to_build(home, identity_of(few, "hashing")) == "il n’y en a pas encore"


def test_an_index_of_other_entries_says_how_to_rebuild(home: Path, entries: Entries) -> None:
    with pytest.raises(StoreError, match="guichet index --rebuild"):
        open_index(home, entries)


def test_a_killed_build_leaves_the_old_index_and_the_next_build_cleans_up(
    home: Path, few: Entries, hashing: HashingEncoder
) -> None:
    before = current_folder(home)
    script = (
        "import os, signal\nfrom pathlib import Path\n"
        "from tests.support.encoder import HashingEncoder\nfrom corpus.load import load_document\n"
        "from index.storage.build import build_index\nfrom index.entries import make_entries\n"
        "def report(done, total):\n    if done > total / 2:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        f"build_index(Path({str(home)!r}), make_entries(load_document()), HashingEncoder('other'), report=report)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, timeout=LONG)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len([each for each in (home / "index").iterdir() if each.is_dir()]) == 2
    assert current_folder(home) == before
    assert PassageRetriever(index=open_index(home, few), encoder=hashing, k=1).invoke("formation")
    build_index(home, few, hashing)
    assert works(home, few, hashing)
