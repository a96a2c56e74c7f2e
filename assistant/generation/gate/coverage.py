"""How far passages cover the content of a sentence: lexical and dense features, and the fitted probability over them.

The weights, the level and what they were measured on stand in `data/gate.json`, made by `guichet eval fit gate`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.text.stop_words import UNCHECKED_STEMS
from corpus.document import Document
from corpus.sentences import split_sentences
from corpus.text import stems
from index.chunks import chunk_document
from index.encoder.base import Encoder, Floats

WEIGHTS_FILE = Path(__file__).parent.parent.parent / "data" / "gate.json"
FEATURES = ("covered", "covered by words", "pairs", "best sentence", "rarest missing", "dense", "dense whole")


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A text to be held against: its sentences, the stems of each and of all, the vectors of sentences and of all."""

    sentences: tuple[frozenset[str], ...]
    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    vectors: Floats
    whole: Floats


class Coverage:
    """Computes features; what was read of a passage is cached, a new sentence costs one short encoding."""

    def __init__(self, rarity: Mapping[str, float], encoder: Encoder) -> None:
        self._rarity, self._encoder = rarity, encoder
        self._unknown = max(rarity.values(), default=1.0)
        self._passage = lru_cache(maxsize=512)(self._read)
        self._vector = lru_cache(maxsize=256)(lambda claim: encoder.encode_passages([claim])[0])

    def features(self, claim: str, content_words: str, passages: Sequence[tuple[str, str]]) -> Floats:
        """(FEATURES,) of a sentence without its marks against pairs (title, text), read together.

        `content_words`: those of its words that must be covered; with none, nothing is left to cover.
        """
        found = [self._passage(title, text) for title, text in passages]
        content = [stem for stem in stems(content_words) if stem not in UNCHECKED_STEMS and len(stem) > 1]
        held = frozenset().union(*(passage.stems for passage in found))
        pairs = frozenset().union(*(passage.pairs for passage in found))
        sentences = [each for passage in found for each in passage.sentences]
        missing = max((self._weight(stem) for stem in content if stem not in held), default=0.0)
        neighbours = list(pairwise(content))
        vector: Floats = self._vector(claim)
        return np.array(
            [
                self._share(content, held),
                sum(stem in held for stem in content) / len(content) if content else 1.0,
                sum(pair in pairs for pair in neighbours) / len(neighbours) if neighbours else 0.5,
                max((self._share(content, each) for each in sentences), default=0.0),
                missing / self._unknown,
                max((float((passage.vectors @ vector).max()) for passage in found), default=0.0) * 10 - 8,
                max((float(passage.whole @ vector) for passage in found), default=0.0) * 10 - 8,
            ],
            np.float32,
        )

    def _weight(self, stem: str) -> float:
        return self._rarity.get(stem, self._unknown)

    def _share(self, content: Sequence[str], held: frozenset[str]) -> float:
        total = sum(map(self._weight, content))
        return sum(self._weight(stem) for stem in content if stem in held) / total if total else 1.0

    def _read(self, title: str, text: str) -> ReadPassage:
        sentences = [each for line in text.splitlines() if line.strip() for each in split_sentences(line)] or [text]
        vectors = self._encoder.encode_passages([*sentences, f"{title}. {text}"])
        of_title = frozenset(stems(title))
        cut = [[stem for stem in stems(each) if stem not in UNCHECKED_STEMS and len(stem) > 1] for each in sentences]
        return ReadPassage(
            tuple(frozenset(each) | of_title for each in cut),
            frozenset(stems(text)) | of_title,
            frozenset(_near_pairs([*cut, [stem for stem in stems(title) if stem not in UNCHECKED_STEMS]])),
            vectors[:-1],
            vectors[-1],
        )


def _near_pairs(sentences: Iterable[Sequence[str]]) -> Iterable[tuple[str, str]]:
    """Pairs of content stems that stand at most four apart, in both orders: a paraphrase may turn them."""
    for content in sentences:
        for position, stem in enumerate(content):
            for other in content[position + 1 : position + 5]:
                yield stem, other
                yield other, stem


def rarities(document: Document) -> dict[str, float]:
    """Stem -> inverse document frequency over the chunks of the document."""
    chunks = [set(stems(chunk.text)) for chunk in chunk_document(document)]
    counts = Counter(stem for each in chunks for stem in each)
    return {stem: math.log((len(chunks) + 1) / (count + 0.5)) for stem, count in counts.items()}
