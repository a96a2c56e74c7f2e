"""Residents' spelling -> written French: SMS words, glued apostrophes, typos; the document's words for everyday ones.

A word that French or the document knows is never changed. Typos are corrected towards the words of the document, of
its registry and of question forms, by edit distance (rapidfuzz) and only when one word stands out. Residents' phrases
teach only words that French knows: their own slips are no words.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.text.languages import language_of
from corpus.errors import CorpusError
from corpus.phrases import PhraseMatcher, phrase_of, singular
from corpus.text import fold, words

_DATA = Path(__file__).parent.parent.parent / "corpus" / "data"
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+[^\W\d_]*|[^\w\s]|\s+", re.UNICODE)
_PLUS = re.compile(r"(?<!\S)\+(?!\S)")
"""« le + de fiches », and not « bac +2 »."""
_SHORTEST = 5
"""Letters of the shortest word that is corrected: shorter ones have too many neighbours."""
_STANDS_OUT = 8
"""Of two words equally near, one is meant when it is so many times as frequent."""
_ELIDED = re.compile(r"(qu|jusqu|lorsqu|puisqu|[ldsmtncj](?=\w{4}))([aeiouyhéèêâîïôœ]\w{2,})", re.IGNORECASE)


@dataclass(frozen=True)
class Speller:
    """`counts`: folded word -> how often the document, its registry, question forms and residents' phrases use it.

    `known`: these words, and those of French; `sms`: what stands for what in messages.
    """

    counts: Mapping[str, int]
    known: frozenset[str]
    sms: Mapping[str, str]

    def correct(self, question: str) -> str:
        """The question in written French; the very same text when nothing was to correct, or in another language.

        What stands in capitals in a sentence is an acronym: « AVC » is a stroke, « avc » a hasty « avec ».
        """
        if language_of(question) != "fr":
            return question
        pieces = _TOKEN.findall(_PLUS.sub("plus", question))
        shouted = question.isupper()
        corrected = [
            piece if len(piece) > 1 and piece.isupper() and not shouted else self._word(piece) for piece in pieces
        ]
        return "".join(corrected) if corrected != pieces else question

    def _word(self, piece: str) -> str:
        folded = fold(piece)
        meaning = self.sms.get(piece.lower()) or self.sms.get(folded)
        if meaning is not None:
            return meaning
        head, apostrophe, rest = piece.partition("’" if "’" in piece else "'")
        if apostrophe:
            return f"{head}{apostrophe}{self._word(rest)}" if len(fold(rest)) >= _SHORTEST else piece
        if not folded.isalpha() or folded in self.known or not folded.isascii():
            return piece
        if (parts := _ELIDED.fullmatch(piece)) and fold(parts[2]) in self.known:
            return f"{parts[1]}'{parts[2]}"
        return (self._nearest(folded) or piece) if len(folded) >= _SHORTEST else piece

    def _nearest(self, folded: str) -> str:
        """The one word at distance 1 (2 from nine letters) that begins alike; "" when none, or several, do."""
        limit = 2 if len(folded) >= 9 else 1
        near = process.extract(folded, self.counts.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=limit)
        alike = [(word, distance) for word, distance, _ in near if word[0] == folded[0]]
        best = min((distance for _, distance in alike), default=0)
        frequent: Counter[str] = Counter()
        for word, distance in alike:
            if distance == best:
                frequent[singular(word)] += self.counts[word]
        match frequent.most_common(2):
            case [(_, most), (_, next_most)] if most < _STANDS_OUT * next_most:
                return ""
            case [(meant, _), *_]:
                return next(word for word, distance in alike if distance == best and singular(word) == meant)
        return ""


@cache
def load_speller(texts: tuple[str, ...], spoken: tuple[str, ...]) -> Speller:
    """A speller that learns from `texts`, written with care, and from the French words of `spoken`, residents' phrases.

    Its French is that of the library pyspellchecker.
    """
    from spellchecker import SpellChecker

    french = {fold(word) for word in SpellChecker(language="fr").word_frequency.dictionary}
    written = Counter(word for text in texts for word in words(text) if word.isalpha())
    said = Counter(word for text in spoken for word in words(text) if word in french)
    counts = {word: count for word, count in (written + said).items() if len(word) >= _SHORTEST}
    return Speller(counts, frozenset(french | written.keys()), _read("sms.json"))


@cache
def _everyday_words() -> PhraseMatcher[list[str]]:
    return PhraseMatcher(
        {phrase_of(word): entry["document"] for entry in _read("lexique.json") for word in entry["mots"]}
    )


@lru_cache(maxsize=2048)
def document_words(question: str) -> str:
    """The document's words for the everyday ones of a question: "nounou" -> "assistante maternelle accueil ..."."""
    meanings = (meaning for _, _, meaning in _everyday_words().find(words(question)))
    return " ".join(dict.fromkeys(word for meaning in meanings for word in meaning))


def _read(name: str) -> Any:
    path = _DATA / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"Le lexique {path} est illisible. Restaurez-le : git checkout -- {path}") from error
