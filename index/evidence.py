"""An index in memory: evidence from several sides for each fiche, and ranked passages; higher is better everywhere.

A side looks at one kind of text in one way (dense or keyword) and gives each document one score. Scores of a side are
standardised over the documents of a question, weighted and summed: measured, that beats rank fusion here, whose flat
ranks cannot tell "nothing relevant" from "an exact hit". Weights are fitted by `guichet eval fit decisions`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.document import Chunk
from corpus.text import fold, stems
from index.encoder.base import Floats
from index.entries import Entries, Entry
from index.keywords import KeywordIndex

Method = Literal["dense", "keyword", "mixed"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every side says of one question.

    `sides`: side -> (documents,) raw scores; `documents` names the columns. The others: a score a passage, sentence or
    resident's words.
    """

    documents: tuple[str, ...]
    sides: Mapping[str, Floats]
    passage_dense: Floats
    passage_keyword: Floats
    sentence_dense: Floats
    sentence_keyword: Floats
    phrase_dense: Floats


class Index:
    """Everything in memory, read-only, safe for several threads."""

    def __init__(self, entries: Entries, vectors: Mapping[str, Floats]) -> None:
        self.entries = entries
        self.chunks = {chunk.id: chunk for chunk in entries.chunks}
        self.documents = tuple(dict.fromkeys(entry.document for entry in entries.passages))
        self._vectors = vectors
        column = {document: i for i, document in enumerate(self.documents)}
        self._groups = {
            name: _Groups([column[entry.document] for entry in kind], len(self.documents))
            for name, kind in entries.kinds().items()
        }
        self._passage_words = KeywordIndex([entry.text for entry in entries.passages])
        wholes = self._wholes(entries.passages)
        self._folded = [fold(whole) for whole in wholes]
        self._whole_words = KeywordIndex(wholes)
        self._phrase_words = KeywordIndex(self._wholes(entries.phrases))
        self._title_words = KeywordIndex(self._wholes(entries.titles))
        self._sentence_words = KeywordIndex([entry.body for entry in entries.sentences])
        together = [f"{a}\n{b}" for a, b in zip(wholes, self._wholes(entries.phrases), strict=True)]
        self._vocabularies = [frozenset(stems(text)) for text in together]
        counts = Counter(stem for vocabulary in self._vocabularies for stem in vocabulary)
        self._unseen = math.log(1 + len(together))
        self._rarity = {stem: math.log(1 + len(together) / count) for stem, count in counts.items()}

    def _wholes(self, kind: Sequence[Entry]) -> list[str]:
        texts: dict[str, list[str]] = {document: [] for document in self.documents}
        for entry in kind:
            texts[entry.document].append(entry.text)
        return ["\n".join(each) for each in texts.values()]

    def evidence(self, question: str, vector: Floats, *, synonyms: str = "") -> Evidence:
        """All sides for a question and its query vector (dimensions,); `synonyms`: the document's words for its own."""
        cosines = {
            name: rows @ vector if len(rows) else np.zeros(0, np.float32) for name, rows in self._vectors.items()
        }
        tokens, meant = stems(question), stems(synonyms)
        passage_keyword = self._passage_words.scores(tokens)
        sides = {
            "passages, dense": self._groups["passages"].best(cosines["passages"]),
            "sentences, dense": self._groups["sentences"].best(cosines["sentences"], top=3),
            "titles, dense": self._groups["titles"].best(cosines["titles"]),
            "phrases, dense": self._groups["phrases"].best(cosines["phrases"], top=3),
            "passages, keyword": self._groups["passages"].best(passage_keyword),
            "fiches, keyword": self._whole_words.scores(tokens),
            "titles, keyword": self._title_words.scores(tokens),
            "phrases, keyword": self._phrase_words.scores(tokens),
            "passages, synonyms": self._groups["passages"].best(self._passage_words.scores(meant)),
            "fiches, synonyms": self._whole_words.scores(meant),
            "phrases, synonyms": self._phrase_words.scores(meant),
        }
        return Evidence(
            self.documents,
            sides,
            cosines["passages"],
            passage_keyword,
            cosines["sentences"],
            self._sentence_words.scores(tokens),
            cosines["phrases"],
        )

    def folded(self, document: int) -> str:
        """All the passages of one document, by its column, folded."""
        return self._folded[document]

    def rarity(self, stem: str) -> float:
        """ln(1 + documents / documents that hold the stem); that of a stem of one document for an unknown one."""
        return self._rarity.get(stem, self._unseen)

    def coverage(self, content: Sequence[str], *, document: int | None = None) -> float:
        """The share of these stems, weighted by rarity, that the index (or one document's column) holds; 1 for none."""
        if not content:
            return 1.0
        weights = [self.rarity(stem) for stem in content]
        vocabulary = self._rarity.keys() if document is None else self._vocabularies[document]
        held = [weight for stem, weight in zip(content, weights, strict=True) if stem in vocabulary]
        return sum(held) / sum(weights)

    def rank_passages(self, evidence: Evidence, method: Method) -> list[tuple[Chunk, float]]:
        """All chunks with their score, best first."""
        scores = {
            "dense": evidence.passage_dense,
            "keyword": evidence.passage_keyword,
            "mixed": standardise(evidence.passage_dense) + standardise(evidence.passage_keyword),
        }[method]
        return [(self.entries.chunks[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")]


class _Groups:
    """The rows of each document, padded to one matrix, so that a best score per document is one operation."""

    def __init__(self, columns: Sequence[int], documents: int) -> None:
        rows: list[list[int]] = [[] for _ in range(documents)]
        for row, column in enumerate(columns):
            rows[column].append(row)
        self._width = max((len(each) for each in rows), default=0)
        self._rows = np.array([each + [len(columns)] * (self._width - len(each)) for each in rows], dtype=np.intp)
        self._counts = np.array([len(each) for each in rows])

    def best(self, scores: Floats, *, top: int = 1) -> Floats:
        """(documents,) mean of the `top` best scores of each document's rows; the lowest of all where it has none."""
        if not len(scores):
            return np.zeros(len(self._counts), np.float32)
        padded = np.append(scores, -np.inf)[self._rows]
        top = min(top, self._width)
        highest = -np.sort(-padded, axis=1)[:, :top] if top > 1 else padded.max(axis=1, keepdims=True)
        taken = np.where(np.isfinite(highest), highest, 0.0).sum(axis=1)
        means: Floats = (taken / np.maximum(1, np.minimum(self._counts, top))).astype(np.float32)
        means[self._counts == 0] = scores.min()
        return means


def standardise(scores: Floats) -> Floats:
    """Mean 0, deviation 1 over the documents of one question; all zeros where they are all alike."""
    deviation = float(scores.std())
    return (scores - scores.mean()) / deviation if deviation > 1e-9 else np.zeros_like(scores)
