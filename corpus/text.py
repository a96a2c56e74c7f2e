"""French text -> folded text, words, stems: the one place where two ways to write the same are made one.

Stems are those of Snowball's French stemmer. Folding before stemming costs nothing on accented text (measured on the
outside set: 0.78 / 0.51 against 0.77 / 0.50) and makes a question typed without accents the same question.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f]")
"""Combining accents, Latin and Arabic."""
_STEMMER = Stemmer.Stemmer("french")


def fold(text: str) -> str:
    """Lower case without accents, ligatures opened, apostrophes straight: "L’Œuvre" -> "l'oeuvre"."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'").replace("ʼ", "'")
    return text if text.isascii() else _MARKS.sub("", unicodedata.normalize("NFD", text))


def flatten(text: str, *, hyphens: bool = True) -> str:
    """Folded, with apostrophes and runs of white space as one space, and hyphens too unless `hyphens` is false.

    "Vitry-sur-Seine, l’été " -> "vitry sur seine, l ete".
    """
    return " ".join(re.sub(r"['\-–]" if hyphens else "'", " ", fold(text)).split())


def words(text: str) -> list[str]:
    """Folded words: "La 2-3, l’été" -> ["la", "2", "3", "l", "ete"]."""
    return _WORD.findall(fold(text))


def plain(text: str) -> str:
    """Folded words, a space between two: "La 2-3, l’été" -> "la 2 3 l ete"."""
    return " ".join(words(text))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    return [_stem(word) for word in words(text)]
