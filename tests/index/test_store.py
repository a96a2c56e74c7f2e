"""A real Chroma folder: what is written is what is read, filters on metadata work, damage is told in French."""

from pathlib import Path

import numpy as np
import pytest

from corpus.document import Document
from index.chunks import metadata
from index.encoder.base import Floats
from index.entries import Entries
from index.errors import StoreError
from index.storage.chroma import Store
from tests.support.encoder import HashingEncoder

TEXTS = ("Accueil des jeunes enfants", "Rénovation des copropriétés", "Atelier santé ville", "Insertion par l’emploi")
PARTNERS = (["Communes", "CAF"], ["ANRU"], ["CAF", "CPAM"], ["Communes"])


@pytest.fixture
def vectors(hashing: HashingEncoder) -> Floats:
    return hashing.encode_passages(TEXTS)


@pytest.fixture
def folder(tmp_path: Path, vectors: Floats) -> Path:
    store = Store(tmp_path / "chroma")
    metadatas = [{"fiche": f"{n}-1", "partners": names} for n, names in enumerate(PARTNERS, start=1)]
    store.write_collection("passages", ["c", "a", "d", "b"], TEXTS, metadatas, vectors)
    store.close()
    return tmp_path / "chroma"


def test_a_reopened_folder_holds_the_same_vectors_in_the_order_they_were_written(folder: Path, vectors: Floats) -> None:
    stored = Store(folder).read_collection("passages")
    assert stored.ids == ("c", "a", "d", "b")
    assert stored.texts == TEXTS
    assert [each["partners"] for each in stored.metadatas] == list(PARTNERS)
    assert np.array_equal(stored.vectors, vectors)


def test_the_nearest_comes_first_with_its_cosine(folder: Path, hashing: HashingEncoder, vectors: Floats) -> None:
    vector = hashing.encode_queries(["Atelier santé"])[0]
    found = Store(folder).query("passages", vector, limit=4)
    assert found[0][0] == "d"
    assert {id: pytest.approx(score, abs=1e-5) for id, score in found} == dict(
        zip(("c", "a", "d", "b"), (vectors @ vector).tolist(), strict=True)
    )
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"partners": {"$contains": "CAF"}}, {"c", "d"}),
        ({"partners": {"$contains": "Communes"}}, {"c", "b"}),
        ({"partners": {"$contains": "caf"}}, set()),
        ({"$and": [{"partners": {"$contains": "CAF"}}, {"fiche": "3-1"}]}, {"d"}),
    ],
)
def test_a_filter_on_the_list_of_partners_keeps_those_that_hold_it(
    folder: Path, vectors: Floats, where: dict[str, object], ids: set[str]
) -> None:
    assert {id for id, _ in Store(folder).query("passages", vectors[0], limit=4, where=where)} == ids


def test_closing_one_store_leaves_the_others_open(folder: Path, tmp_path: Path, vectors: Floats) -> None:
    first, again, other = Store(folder), Store(folder), Store(tmp_path / "other")
    other.write_collection("titles", ["a", "b", "c", "d"], TEXTS, [{"n": n} for n in range(4)], vectors)
    first.close()
    assert again.read_collection("passages").texts == TEXTS
    again.close()
    assert other.read_collection("titles").texts == TEXTS
    other.close()


def test_a_collection_that_is_not_there_says_how_to_rebuild(folder: Path) -> None:
    with pytest.raises(StoreError, match=r"« titles ».*illisible.*guichet index --rebuild"):
        Store(folder).read_collection("titles")


def test_a_folder_that_is_no_database_says_how_to_rebuild(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"not a database, " * 400)
    with pytest.raises(StoreError, match="guichet index --rebuild"):
        Store(tmp_path / "chroma").read_collection("passages")


def test_more_entries_than_one_batch_keep_their_order(tmp_path: Path) -> None:
    ids = [f"{n * 7919 % 2503}" for n in range(2503)]
    rows = np.eye(8, dtype=np.float32)[[n % 8 for n in range(2503)]]
    Store(tmp_path / "chroma").write_collection("phrases", ids, ids, [{"n": n} for n in range(2503)], rows)
    stored = Store(tmp_path / "chroma").read_collection("phrases")
    assert list(stored.ids) == ids
    assert np.array_equal(stored.vectors, rows)


def test_the_corpus_itself_can_be_filtered_by_partner(
    tmp_path: Path, document: Document, entries: Entries, hashing: HashingEncoder
) -> None:
    """Chroma's list filter finds the passages of the financeurs that write a name exactly so."""
    lists = [chunk for chunk in entries.chunks if chunk.section == "financeurs"]
    store = Store(tmp_path / "chroma")
    vectors = hashing.encode_passages([chunk.text for chunk in lists])
    ids, texts = [chunk.id for chunk in lists], [chunk.text for chunk in lists]
    store.write_collection("passages", ids, texts, [metadata(chunk) for chunk in lists], vectors)
    where = {"partners": {"$contains": "Agence nationale pour la rénovation urbaine"}}
    found = {id.split("/")[0] for id, _ in store.query("passages", vectors[0], limit=43, where=where)}
    expected = {
        fiche.number
        for fiche in document.fiches
        if any(partner.name == "Agence nationale pour la rénovation urbaine" for partner in fiche.financeurs)
    }
    assert found == expected != set()
