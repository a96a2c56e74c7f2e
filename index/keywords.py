"""Keyword scores in French: BM25 (the library bm25s) over Snowball stems.

All are 0 when no text holds a word of the question; a word that other texts hold gives the rest a small constant.
"""

from collections.abc import Sequence

import bm25s
import numpy as np

from corpus.text import stems
from index.encoder.base import Floats


class KeywordIndex:
    """BM25+ (Lv and Zhai 2011, the variant that does not punish long texts) over texts in a fixed order."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._model = bm25s.BM25(method="bm25+", k1=1.5, b=0.75)
        tokens = [stems(text) for text in texts]
        self._empty = not any(tokens)
        if not self._empty:
            self._model.index(tokens, show_progress=False)

    def scores(self, question_stems: Sequence[str]) -> Floats:
        """(texts,) BM25 scores of a question that `corpus.text.stems` has cut."""
        known = [] if self._empty else [stem for stem in question_stems if stem in self._model.vocab_dict]
        if not known:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)
