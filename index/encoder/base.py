"""Sentence encoders behind one small contract; any sentence-transformers model speaks it.

Nothing is loaded at import. Vectors are float32 rows of length 1, so that a dot product is a cosine.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]
Progress = Callable[[int], None]
"""Called with the number of texts just encoded."""

_BATCH = 32


class Encoder(Protocol):
    """`identity` names model and prompts: an index made by another identity is rebuilt."""

    @property
    def identity(self) -> str: ...

    def encode_queries(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Questions, as (texts, dimensions), rows of length 1."""
        ...

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Texts that may answer, as (texts, dimensions), rows of length 1."""
        ...


class SentenceTransformerEncoder:
    """Any sentence-transformers model; its own prompts, or those that are given."""

    def __init__(self, model: "SentenceTransformer", *, identity: str, prompts: dict[str, str] | None = None) -> None:
        own = {name: text for name, text in model.prompts.items() if text}
        self._prompts = prompts or {
            "query": own.get("query", ""),
            "document": own.get("document", own.get("passage", "")),
        }
        self._model = model
        self.identity = f"{identity} {self._prompts}"

    def encode_queries(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        return encode_in_batches(self._encode, [self._prompts["query"] + text for text in texts], progress)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        return encode_in_batches(self._encode, [self._prompts["document"] + text for text in texts], progress)

    def _encode(self, texts: Sequence[str]) -> Floats:
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
