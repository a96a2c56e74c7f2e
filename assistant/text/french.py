"""Small pieces of French prose: lists, numbers, typography. Knows nothing of fiches."""

import re
from collections.abc import Sequence

from assistant.text.numbers import SPELT

_IN_PROSE = 13
"""The largest number that prose writes in words."""
_VOWEL = re.compile(r"[aàâeéèêëiîïoôuûhAÀÂEÉÈÊËIÎÏOÔUÛ]")


def number_in_words(value: int, *, feminine: bool = False) -> str:
    """Small numbers in words, as prose wants them: 3 -> "trois", 19 -> "19"."""
    if value == 1 and feminine:
        return "une"
    return SPELT[value] if value <= _IN_PROSE else str(value)


def enumerate_words(items: Sequence[str], *, last: str = "et") -> str:
    """["a", "b", "c"] -> "a, b et c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def of(name: str) -> str:
    """ "de" with its article contracted: "la CAF" -> "de la CAF", "le Conseil" -> "du Conseil", "les X" -> "des X"."""
    if name.startswith("le "):
        return f"du {name[3:]}"
    if name.startswith("les "):
        return f"des {name[4:]}"
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


def to(name: str) -> str:
    """ "à" with its article contracted: "le Conseil" -> "au Conseil", "les X" -> "aux X", "la CAF" -> "à la CAF"."""
    if name.startswith("le "):
        return f"au {name[3:]}"
    return f"aux {name[4:]}" if name.startswith("les ") else f"à {name}"


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def typeset(text: str) -> str:
    """French typography: no-break spaces before : ; ! ? » % and "ms", after « and n°; ’ between letters.

    The space before ; ! ? is put in where it is missing at the end of a word: "Qui ?" and "Qui?" are one.
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(r"(?<=[^\s:/])(?=[;!?](?:\s|$))", "\u00a0", text)
    return re.sub(r" (?=[:;!?»%]|ms\b)|(?<=«) |(?<=n°) ", "\u00a0", text)
