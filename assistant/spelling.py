"""Residents' spelling -> written French: SMS words, glued apostrophes, typos; the document's words for everyday ones.

A word that French or the document knows is never changed. Typos are corrected towards the words of the document and of
its registry, by edit distance (rapidfuzz) and only when one word stands out.
"""

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.language import language_of
from assistant.names import key, singular
from corpus.errors import CorpusError
from index.tokens import fold, words

_DATA = Path(__file__).parent.parent / "corpus" / "data"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+[^\W\d_]*|[^\w\s]|\s+", re.UNICODE)
_SHORTEST = 5
"""Letters of the shortest word that is corrected: shorter ones have too many neighbours."""


@dataclass(frozen=True)
class Speller:
    """`vocabulary`: folded words of the document, its registry and residents' phrases; `french`: those of French."""

    vocabulary: tuple[str, ...]
    known: frozenset[str]
    sms: dict[str, str]

    def correct(self, question: str) -> str:
        """The question in written French; the very same text when nothing was to correct, or in another language."""
        if language_of(question) != "fr":
            return question
        pieces = _TOKEN.findall(question)
        corrected = [self._word(piece) for piece in pieces]
        return "".join(corrected) if corrected != pieces else question

    def _word(self, piece: str) -> str:
        folded = fold(piece)
        meaning = self.sms.get(piece.lower()) or self.sms.get(folded)
        if meaning is not None:
            return meaning
        if len(folded) < _SHORTEST or not folded.isalpha() or folded in self.known or not folded.isascii():
            return piece
        return self._nearest(folded) or piece

    def _nearest(self, folded: str) -> str:
        """The one word at distance 1 (2 from nine letters) that begins alike; "" when none, or several, do."""
        limit = 2 if len(folded) >= 9 else 1
        near = process.extract(folded, self.vocabulary, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=4)
        alike = [(word, distance) for word, distance, _ in near if word[0] == folded[0]]
        best = min((distance for _, distance in alike), default=0)
        nearest = {singular(word): word for word, distance in alike if distance == best}
        return next(iter(nearest.values())) if len(nearest) == 1 else ""


@cache
def load_speller(texts: tuple[str, ...]) -> Speller:
    """A speller whose vocabulary is that of `texts`, and whose French is that of the library pyspellchecker."""
    from spellchecker import SpellChecker

    vocabulary = sorted({word for text in texts for word in words(text) if len(word) >= _SHORTEST and word.isalpha()})
    french = {fold(word) for word in SpellChecker(language="fr").word_frequency.dictionary}
    sms = _read("sms.json")
    return Speller(tuple(vocabulary), frozenset(french | set(vocabulary)), sms)


@cache
def _lexicon() -> dict[tuple[str, ...], tuple[str, ...]]:
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in _read("lexique.json"):
        for word in entry["mots"]:
            table[key(word)] = tuple(entry["document"])
    return table


@lru_cache(maxsize=2048)
def document_words(question: str) -> str:
    """The document's words for the everyday ones of a question: "nounou" -> "assistante maternelle accueil ..."."""
    table = _lexicon()
    tokens = [singular(token) for token in words(question)]
    found: list[str] = []
    position = 0
    while position < len(tokens):
        for length in range(min(8, len(tokens) - position), 0, -1):
            if (meaning := table.get(tuple(tokens[position : position + length]))) is not None:
                found += meaning
                position += length
                break
        else:
            position += 1
    return " ".join(dict.fromkeys(found))


def _read(name: str) -> Any:
    path = _DATA / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"Le lexique {path} est illisible. Restaurez-le : git checkout -- {path}") from error
