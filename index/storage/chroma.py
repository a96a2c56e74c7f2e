"""The only file that imports Chroma: a folder or a server, one collection a kind of entry, our own vectors always.

Chroma stores texts, metadata and vectors. With a few thousand entries, ranking is one matrix product over the vectors
that `read_collection` returns (0.2 ms, exact, all scores at once, which combining several sides needs). Nothing that
answers uses Chroma's own approximate search: `query` is there for the pipeline that Guichet is compared with.
"""

import hashlib
import os
import shutil
import sqlite3
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from index.encoder.base import Floats
from index.errors import DamagedIndexError, StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client

_BATCH = 1000
_CONFIGURATION: Any = {"hnsw": {"space": "cosine", "sync_threshold": 2, "batch_size": 2}}
"""With 2, every vector is in its file once it is added: nothing is left for each opening to add again, which would
rewrite the files, and no digest of them would hold."""
_DATABASE = "chroma.sqlite3"
_LEAST = 2**20
"""Bytes below which a disk is taken for full, where Chroma does not say why it could not write."""
_TIMEOUT = 5
"""Seconds within which a server must answer before anything is asked of it; Chroma's client would wait for ever."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A collection as it was written: parallel sequences, `vectors` (entries, dimensions)."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    metadatas: tuple[dict[str, Any], ...]
    vectors: Floats


class Store:
    """A Chroma folder, that one process writes, once, and that is only read afterwards; or Chroma's server.

    `prefix` stands before the names of its collections, so that a server holds several versions side by side.
    """

    def __init__(self, place: Path | str, *, prefix: str = "") -> None:
        """A folder, or the address of a server (http://host:port). Raises StoreError in French."""
        self._prefix = prefix
        if isinstance(place, str):
            self._client = _connect(place)
            return
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        if place.exists() and not os.access(place, os.W_OK):
            raise StoreError(
                f"Le dossier de l’index n’est pas accessible en écriture : {place}, et Chroma ne s’en passe pas. "
                "Donnez-lui les droits, ou choisissez un autre dossier : GUICHET_HOME=/chemin"
            )
        try:
            with _no_panic():
                self._client = chromadb.PersistentClient(str(place), settings=Settings(anonymized_telemetry=False))
        except Exception as error:  # Chroma's Rust core raises its own InternalError, and OSError
            # Chroma keeps what it opened by half, and would return it at the next attempt.
            SharedSystemClient._identifier_to_system.pop(f"{place}", None)
            if shutil.disk_usage(place.parent).free < _LEAST:  # it writes in its folder whenever it opens it
                raise StoreError(
                    f"Le disque est plein : l’index ne s’ouvre pas ({place}). Libérez de la place, puis relancez."
                ) from error
            raise DamagedIndexError(
                f"L’index ne s’ouvre pas : {place} ({error}). Reconstruisez : guichet index --rebuild"
            ) from error

    def write_collection(
        self,
        name: str,
        ids: Sequence[str],
        texts: Sequence[str],
        metadatas: Sequence[Mapping[str, Any]],
        vectors: Floats,
    ) -> None:
        """Create the collection `name` with these parallel sequences."""
        collection = self._client.create_collection(
            self._prefix + name, embedding_function=None, configuration=_CONFIGURATION
        )
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            collection.add(
                ids=list(ids[part]),
                documents=list(texts[part]),
                metadatas=[dict(each) for each in metadatas[part]],
                embeddings=vectors[part],
            )

    def read_collection(self, name: str) -> Stored:
        """All of a collection, in the order it was written; raises StoreError when it is missing or damaged."""
        try:
            with _no_panic():
                collection = self._client.get_collection(self._prefix + name, embedding_function=None)
                got = collection.get(include=["documents", "metadatas", "embeddings"])
        except Exception as error:
            raise DamagedIndexError(
                f"La collection « {name} » de l’index est illisible ({error}). Reconstruisez : guichet index --rebuild"
            ) from error
        vectors = np.asarray(got["embeddings"], dtype=np.float32)
        return Stored(
            tuple(got["ids"]),
            tuple(got["documents"] or ()),
            tuple(dict(each) for each in got["metadatas"] or ()),
            vectors,
        )

    def query(
        self, name: str, vector: Floats, *, limit: int, where: dict[str, Any] | None = None
    ) -> list[tuple[str, float]]:
        """Pairs (id, cosine), best first, among the entries whose metadata fit `where`."""
        collection = self._client.get_collection(self._prefix + name, embedding_function=None)
        got = collection.query(query_embeddings=vector[None, :], n_results=limit, where=where, include=["distances"])
        distances = (got["distances"] or [[]])[0]
        return [(id, 1.0 - distance) for id, distance in zip(got["ids"][0], distances, strict=True)]

    def write_note(self, name: str, note: Mapping[str, Any]) -> bool:
        """Create an empty collection whose metadata are `note`, at once and whole; False when it is there already."""
        from chromadb.errors import ChromaError

        try:
            self._client.create_collection(self._prefix + name, metadata=dict(note), embedding_function=None)
        except (ChromaError, ValueError) as error:
            if "already exists" in f"{error}":
                return False
            raise
        return True

    def notes(self) -> dict[str, dict[str, Any]]:
        """Name -> metadata of every collection whose name begins with the prefix, without it."""
        found: dict[str, dict[str, Any]] = {}
        while page := self._client.list_collections(limit=_BATCH, offset=len(found)):
            found |= {each.name: dict(each.metadata or {}) for each in page}
        length = len(self._prefix)
        return {name[length:]: note for name, note in found.items() if name.startswith(self._prefix)}

    def remove(self, name: str) -> None:
        """Without a fault when it is not there (another process may have removed it)."""
        from chromadb.errors import NotFoundError

        try:
            self._client.delete_collection(self._prefix + name)
        except NotFoundError:
            return

    def close(self) -> None:
        """Close this client, and the files when it is the last one on its folder, which may then be removed."""
        cast("Client", self._client).close()  # `ClientAPI` does not declare it


def digests_of_files(folder: Path) -> dict[str, str]:
    """Relative path -> SHA-256 of what Chroma writes once in its `folder` and never again: all but its database."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(_DATABASE))
    return {f"{path.relative_to(folder)}": hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def check_files(folder: Path, digests: Mapping[str, str]) -> None:
    """Raises DamagedIndexError, which names the file, when Chroma's `folder` is not as it was written.

    Before Chroma opens it: its core reads a damaged file of vectors without a look, and the process dies (SIGSEGV).
    """
    try:
        found = digests_of_files(folder)
        wrong = sorted(path for path in {*found, *digests} if found.get(path) != digests.get(path))
        if not wrong and not _is_whole(folder / _DATABASE):
            wrong = [_DATABASE]
    except OSError as error:
        raise StoreError(f"L’index ne se lit pas : {folder} ({error.strerror}). Donnez-en les droits.") from error
    if wrong:
        raise DamagedIndexError(f"L’index est abîmé : {folder} ({wrong[0]}). Reconstruisez : guichet index --rebuild")


def _is_whole(database: Path) -> bool:
    try:
        connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True)
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        finally:
            connection.close()
    except sqlite3.Error:
        return False


def is_chromas(error: Exception) -> bool:
    """Whether it is Chroma that failed at writing or opening, and not what it was given."""
    from chromadb.errors import ChromaError

    return isinstance(error, ChromaError | DamagedIndexError)


def reach(address: str) -> None:
    """Raises StoreError, in French, when no Chroma server answers there."""
    parts = urlsplit(address)
    port = "" if parts.port else f":{443 if parts.scheme == 'https' else 8000}"
    try:
        urllib.request.urlopen(  # noqa: S310 - the operator's address
            f"{parts.scheme}://{parts.netloc}{port}/api/v2/heartbeat", timeout=_TIMEOUT
        ).close()
    except Exception as error:
        raise StoreError(unreachable(address)) from error


def _connect(address: str) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    reach(address)
    try:
        return chromadb.HttpClient(
            parts.hostname or "", port, parts.scheme == "https", settings=Settings(anonymized_telemetry=False)
        )
    except Exception as error:
        raise StoreError(unreachable(address)) from error


def unreachable(address: str) -> str:
    return (
        f"Le serveur Chroma ne répond pas : {address}. Lancez-le (chroma run), corrigez GUICHET_CHROMA_URL, "
        "ou retirez ce réglage pour un index dans GUICHET_HOME."
    )


@contextmanager
def _no_panic() -> Iterator[None]:
    """A panic of Chroma's Rust core is no Exception: it would pass through everything that handles damage."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise RuntimeError(f"{error}") from error
        raise
