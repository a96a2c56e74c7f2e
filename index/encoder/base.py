"""The contract of an encoder: LangChain's `Embeddings`, with arrays beside the lists of floats, and an identity.

No model is loaded at import. Vectors are float32 rows of length 1, so that a dot product is a cosine.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]
Progress = Callable[[int], None]
"""Called with the number of texts just encoded."""

_BATCH = 32


class Encoder(Embeddings):
    """`identity` names model and prompts: an index made by another identity is rebuilt.

    `prompts`: what the model was trained to read before a question ("query") and before a text that may answer
    ("document"). An encoder defines `encode_batch`; the methods of LangChain return the same numbers as lists.
    """

    identity: str
    prompts: Mapping[str, str] = MappingProxyType({"query": "", "document": ""})

    @abstractmethod
    def encode_batch(self, texts: Sequence[str]) -> Floats:
        """Texts with their prompts, as (texts, dimensions), rows of length 1."""

    def encode_queries(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Questions, as (texts, dimensions), rows of length 1."""
        return encode_in_batches(self.encode_batch, [self.prompts["query"] + text for text in texts], progress)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Texts that may answer, as (texts, dimensions), rows of length 1."""
        return encode_in_batches(self.encode_batch, [self.prompts["document"] + text for text in texts], progress)

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.encode_queries([text])[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode_passages(texts).tolist()
        return vectors


class SentenceTransformerEncoder(Encoder):
    """Any sentence-transformers model, with its own prompts."""

    def __init__(self, model: "SentenceTransformer", *, identity: str) -> None:
        own = {name: text for name, text in model.prompts.items() if text}
        self.prompts = {"query": own.get("query", ""), "document": own.get("document", own.get("passage", ""))}
        self.identity = f"{identity} {self.prompts}"
        self._model = model

    def encode_batch(self, texts: Sequence[str]) -> Floats:
        vectors = self._model.encode(list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def encode_in_batches(
    encode: Callable[[Sequence[str]], Floats], texts: Sequence[str], progress: Progress | None
) -> Floats:
    """Texts of like length share a batch, so that little is padding; the rows come back in the order of `texts`."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    rows: list[Floats] = [np.zeros(0, np.float32)] * len(texts)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        for i, row in zip(batch, encode([texts[i] for i in batch]), strict=True):
            rows[i] = row
        if progress:
            progress(len(batch))
    return np.stack(rows) if rows else np.zeros((0, 0), np.float32)
