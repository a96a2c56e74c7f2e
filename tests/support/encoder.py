"""A small real encoder, for indexes that must be quick to build."""

from collections.abc import Sequence

import numpy as np

from corpus.text import stems
from index.encoder.base import Encoder, Floats


class HashingEncoder(Encoder):
    """A bag of stems hashed into `dimensions` columns, rows of length 1: a real, tiny encoder, the same everywhere."""

    def __init__(self, identity: str = "hashing", *, dimensions: int = 64) -> None:
        self.identity = identity
        self._dimensions = dimensions

    def encode_batch(self, texts: Sequence[str]) -> Floats:
        rows = np.zeros((len(texts), self._dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.01
            for stem in stems(text):
                row[sum(ord(letter) * 31**place for place, letter in enumerate(stem)) % self._dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
