"""A disk that is really full (a small file system of its own), and streams that cannot be written to."""

import signal
from pathlib import Path

import pytest

from assistant.storage.database import FILE
from assistant.storage.opinions import OpinionStore
from index.encoder.load import load_encoder
from index.entries import Entries
from index.errors import DamagedIndexError, EncoderError, StoreError
from index.retriever import PassageRetriever
from index.storage.build import build_index, current_folder
from index.storage.read import open_index
from tests.support.encoder import HashingEncoder
from tests.support.services import Page, small_disk, wait_until

DESK = "tests/support/slow_server.py"
pytestmark = pytest.mark.services


@pytest.mark.parametrize("size", ["16k", "400k", "700k"])
def test_a_full_disk_stops_a_build_in_one_line_and_the_next_one_is_clean(
    tmp_path: Path, few: Entries, hashing: HashingEncoder, size: str
) -> None:
    with small_disk(tmp_path / "home", size) as disk:
        with pytest.raises(StoreError, match=r"^Le disque est plein.*puis relancez\.$"):
            build_index(disk.path, few, hashing)
        assert current_folder(disk.path) is None
        assert not [path for path in (disk.path / "index").iterdir() if path.name != "build.lock"]
        disk.resize("64m")
        build_index(disk.path, few, hashing)
        before = current_folder(disk.path)
        ballast = disk.fill()
        with pytest.raises(StoreError, match=r"^Le disque est plein"):
            build_index(disk.path, few, hashing)
        assert current_folder(disk.path) == before
        with pytest.raises(StoreError, match=r"^Le disque est plein") as error:  # not damaged: nothing to build again
            open_index(disk.path, few)
        assert not isinstance(error.value, DamagedIndexError)
        ballast.unlink()
        assert len(PassageRetriever(index=open_index(disk.path, few), encoder=hashing, k=3).invoke("formation")) == 3


def test_an_encoder_that_finds_no_room_is_one_french_line_and_leaves_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "home", "1m") as disk:
        with pytest.raises(EncoderError, match=r"pas pu être déballé.*No space left.*GUICHET_HOME") as error:
            load_encoder("guichet-e5-small-float32", models=disk.path / "models")
        assert "\n" not in str(error.value)
        assert list((disk.path / "models").iterdir()) == []


def test_a_full_disk_costs_the_opinions_of_that_time_only_and_is_seen(tmp_path: Path) -> None:
    with small_disk(tmp_path / "home", "4m") as disk, Page(disk.path, DESK, GUICHET_FEEDBACK="oui") as page:
        assert page.opinion("avant") == 200
        assert page.components()["état"] == "prêt"
        ballast = disk.fill()
        assert [page.opinion("pendant") for _ in range(3)] == [503] * 3
        assert "cinq partenaires" in page.ask("qui ?")
        wait_until(lambda: page.components()["état"] == "dégradé", "a full disk was not seen")
        assert "database or disk is full" in page.components()["avis"]
        assert "disk is full" in page.read("/fiabilite")[1]
        ballast.unlink()
        assert page.opinion("après") == 200
        wait_until(lambda: page.components()["état"] == "prêt", "room was made and not seen")
        assert page.end()[0] == 0
        assert [row["question"] for row in OpinionStore(disk.path / FILE).rows()] == ["avant", "après"]


@pytest.mark.parametrize("streams", [">/dev/full 2>/dev/full", ">&- 2>&- <&-"])
def test_streams_that_cannot_be_written_to_stop_no_answer(tmp_path: Path, streams: str) -> None:
    page = Page(tmp_path, DESK, prefix=("sh", "-c", f'exec "$@" {streams}', "sh"))
    try:
        wait_until(lambda: page.read("/health/live")[0] == 200, "did not start")
        assert all("cinq partenaires" in page.ask("qui ?") for _ in range(3))
        assert page.opinion("a") == 200
        assert (tmp_path / "guichet.lock").read_text() == f"{page.process.pid}\n"
        assert page.end(signal.SIGHUP)[0] == 0
    finally:
        page.process.kill()


def test_a_database_that_was_removed_or_replaced_takes_opinions_again(tmp_path: Path) -> None:
    store = OpinionStore(tmp_path / FILE)
    with Page(tmp_path, DESK, GUICHET_FEEDBACK="oui") as page:
        assert page.opinion("avant") == 200
        for path in tmp_path.glob(f"{FILE}*"):
            path.unlink()
        assert [page.opinion(each) for each in ("après", "ensuite")] == [200, 200]
        assert page.end()[0] == 0
    assert [row["question"] for row in store.rows()] == ["après", "ensuite"]
