"""French numbers in words: how they are spelt, and what number words say. Works on folded words.

Not the library text2num: its `find_numbers` would stand in for `read_number` alone, and does not know words
without their accents ("zero", "cinquieme"); the tables and the spellings would stay.
"""

from collections.abc import Sequence

from corpus.text import fold

SPELT = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
"""The numbers that are one word, each at its place."""
_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
CARDINALS = {fold(word): value for value, word in enumerate(SPELT)} | _TENS | {"une": 1}
"""Folded word -> number, of what is one word and no scale."""
SCALES = {"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9}
ORDINALS = {
    **{"premier": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5},
    **{"sixieme": 6, "septieme": 7, "huitieme": 8, "neuvieme": 9, "dixieme": 10},
}


def spellings(largest: int) -> dict[str, int]:
    """All folded ways to write the numbers from 0 to `largest` (69 at most): "vingt et un", "vingt-et-un", ..."""
    found = {word: value for word, value in CARDINALS.items() if value <= largest and word != "vingts"}
    for tens in (10, *sorted({value for value in _TENS.values() if value <= largest})):
        for unit in range(7 if tens == 10 else 1, 10):
            joints = ("-et-", " et ") if unit == 1 else ("-", " ")
            words = {f"{_word(tens)}{joint}{_word(unit)}": tens + unit for joint in joints if tens + unit <= largest}
            found |= words
    return found


def _word(value: int) -> str:
    return next(word for word, known in CARDINALS.items() if known == value)


def read_number(words: Sequence[str]) -> tuple[int, int]:
    """(value, words used) of the number that opens these folded words; (0, 0) when none does.

    ["soixante", "dix", "ans"] -> (70, 2); "quatre" "vingt" "dix" -> (90, 3); "trois" "quatre" -> (3, 1).
    """
    total, part, used, joint = 0, 0, 0, 0
    for word in words:
        if word in SCALES:
            part = max(part, 1) * SCALES[word]
            if SCALES[word] > 100:
                total, part = total + part, 0
        elif word == "vingts" or (word == "vingt" and part % 100 == 4):
            part += 76  # quatre-vingts
        elif word in CARDINALS:
            if used and not _continues(total + part, CARDINALS[word]):
                break
            part += CARDINALS[word]
        elif word == "et" and used:
            joint = 1
            continue
        else:
            break
        used, joint = used + 1 + joint, 0
    return (total + part, used) if used else (0, 0)


def _continues(part: int, value: int) -> bool:
    """Whether a word goes on with the number so far: "soixante" "dix" does, "trois" "quatre" does not."""
    low = part % 100
    if low == 0:
        return part > 0
    if value >= 17:
        return False
    return (
        (low % 20 == 0 and low in (20, 30, 40, 50, 60, 80) and value <= 16)
        or (low in (30, 50) and value < 10)
        or (low in (10, 70, 90) and value in (7, 8, 9))
    )
