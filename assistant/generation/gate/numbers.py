"""The numbers of a French text, in digits or in words, with their units and whether they are a least or a most.

"moins de 26 ans" -> Number(26, "an", "<"). Fiche numbers ("2-3") are not numbers; "un" is one only where it counts
("une fois", "un mois", "un seul").
"""

import re
from dataclasses import dataclass

from assistant.text.numbers import CARDINALS, ORDINALS, SCALES, read_number
from corpus.text import fold

FICHE = re.compile(r"(?<![\d\-])(\d{1,2}-\d{1,2})(?![\d\-])")
_UNITS = {
    **dict.fromkeys(("%", "pourcent", "pourcents"), "%"),
    **dict.fromkeys(("euro", "euros", "€"), "euro"),
    **dict.fromkeys(("an", "ans", "annee", "annees"), "an"),
    **dict.fromkeys(("mois", "mensuel", "mensuelle", "mensuels", "mensuelles", "mensuellement"), "mois"),
    **dict.fromkeys(("semaine", "semaines", "hebdomadaire", "hebdomadaires"), "semaine"),
    **dict.fromkeys(("jour", "jours", "journee", "journees", "quotidien", "quotidienne"), "jour"),
    **dict.fromkeys(("heure", "heures"), "heure"),
    **dict.fromkeys(("fois",), "fois"),
    **dict.fromkeys(("trimestre", "trimestres", "trimestriel", "trimestrielle"), "trimestre"),
}
_PERIODS = ("mois", "semaine", "jour", "heure", "trimestre")
_ORDINALS = {word: value for word, value in ORDINALS.items() if word not in ("premier", "second")}
_SHARES = ("moitie", "tier", "quart", "double", "triple", "dizaine", "douzaine", "vingtaine", "centaine", "millier")
_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_TOKEN = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+|[%€]|[.;:!?()]")
_MOST = re.compile(r"(?:moins de|inferieure?s? a|jusqu'? ?a|au plus|au maximum|maximum de|n'excedant pas)\s*$")
_LEAST = re.compile(
    r"(?:plus de|superieure?s? a|au moins|au minimum|minimum de|a partir de|au dela de|depass\w+)\s*(?:les? )?$"
)


@dataclass(frozen=True, slots=True)
class Number:
    """`unit` is "" when the text gives none that is known; `bound` is "<", ">" or ""."""

    value: float
    unit: str = ""
    bound: str = ""


def numbers(text: str) -> tuple[Number, ...]:
    """ "45 % des moins de vingt-cinq ans" -> (Number(45, "%"), Number(25, "an", "<"))."""
    folded = re.sub(r"pour cents?\b", "%", FICHE.sub(" ", fold(text)))
    folded = re.sub(r"(?<=\d)(?:eme|er|ere|e|nd|nde)\b", " ", folded)
    tokens = [(match.group(), match.start()) for match in _TOKEN.finditer(folded)]
    found: list[Number] = []
    position = 0
    while position < len(tokens):
        value, length = _value([word for word, _ in tokens[position : position + 8]])
        if length:
            unit = _unit([word for word, _ in tokens[position + length : position + length + 3]])
            before = folded[max(0, tokens[position][1] - 30) : tokens[position][1]]
            bound = "<" if _MOST.search(before) else ">" if _LEAST.search(before) else ""
            alone = length == 1 and tokens[position][0] in ("un", "une", "seconde")
            counts = unit not in ("", "euro") or tokens[min(position + 1, len(tokens) - 1)][0] in ("seul", "seule")
            if not alone or (counts and tokens[position][0] != "seconde"):
                found.append(Number(value, unit, bound))
        position += length or 1
    return tuple(found)


def exact_words(text: str) -> frozenset[str]:
    """Words that count without being numbers: shares, months, how often; as units where they are ("unit:mois")."""
    words = re.findall(r"[^\W\d_]+", fold(text))
    periods = {f"unit:{_UNITS[word]}" for word in words if _UNITS.get(word) in _PERIODS}
    return frozenset({word for word in words if word.rstrip("s") in _SHARES or word in _MONTHS} | periods)


def _value(tokens: list[str]) -> tuple[float, int]:
    """(value, tokens used) of the number that opens here; (0, 0) when none does."""
    first = tokens[0]
    if first[0].isdigit():
        value = float(re.sub(r"[ \u00a0\u202f]", "", first).replace(",", "."))
        if len(tokens) > 1 and tokens[1] in ("million", "millions", "milliard", "milliards", "mille"):
            return value * SCALES.get(tokens[1].rstrip("s"), SCALES.get(tokens[1], 1)), 2
        return value, 1
    if first in _ORDINALS:
        return float(_ORDINALS[first]), 1
    value, used = read_number(tokens)
    return float(value), used


def _unit(after: list[str]) -> str:
    for position, word in enumerate(after[:2]):
        if word in _UNITS:
            return _UNITS[word]
        if position == 0 and word not in ("demi", "demie", "demies", "fois"):
            break
    return ""


def unsupported_number(claim: tuple[Number, ...], evidence: tuple[Number, ...]) -> bool:
    """Whether a number of the claim is not in the evidence with its unit, or is bounded otherwise than there."""
    for number in claim:
        alike = [each for each in evidence if each.value == number.value]
        if number.unit:
            alike = [each for each in alike if each.unit == number.unit]
        if not alike or (number.bound and all(each.bound != number.bound for each in alike)):
            return True
        if not number.bound and all(each.bound for each in alike) and number.unit in ("an", "%", "mois"):
            return True
    return False


def without_numbers(text: str) -> str:
    """A text's plain words that are no number: "deux fois en 2012" -> "fois en"."""
    return " ".join(word for word in text.split() if not word[0].isdigit() and word not in CARDINALS)
