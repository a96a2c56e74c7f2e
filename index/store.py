"""The only file that knows Chroma: one persistent folder, one collection a kind of entry, our own vectors always.

Chroma keeps texts, metadata and vectors. With a few thousand entries, ranking is one matrix product over the vectors
that `read_collection` returns (0.2 ms, exact, all scores at once, which combining several sides needs); Chroma's own
approximate search serves filters on metadata, through `query`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

Floats = npt.NDArray[np.float32]
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """A collection as it was written: parallel sequences, `vectors` (entries, dimensions)."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    metadatas: tuple[dict[str, Any], ...]
    vectors: Floats


class Store:
    """A Chroma folder. One process writes it, once; afterwards it is only read."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        try:
            self._client: ClientAPI = chromadb.PersistentClient(
                str(folder), settings=Settings(anonymized_telemetry=False)
            )
        except Exception as error:  # Chroma's Rust core raises its own InternalError, and OSError
            raise StoreError(
                f"L’index ne s’ouvre pas : {folder} ({error}). Reconstruisez : guichet index --rebuild"
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
            name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
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
            collection = self._client.get_collection(name, embedding_function=None)
            got = collection.get(include=["documents", "metadatas", "embeddings"])
        except Exception as error:
            raise StoreError(
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
        collection = self._client.get_collection(name, embedding_function=None)
        got = collection.query(query_embeddings=vector[None, :], n_results=limit, where=where, include=["distances"])
        distances = (got["distances"] or [[]])[0]
        return [(id, 1.0 - distance) for id, distance in zip(got["ids"][0], distances, strict=True)]

    def close(self) -> None:
        """Let go of the files, so that the folder may be moved or removed."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
