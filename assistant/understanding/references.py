"""Fiches, enjeux and piliers named in a question, by number in any spelling or by name: "la 2-3", "fiche n° 2.3",
"fiche deux trois", "enjeux 7 à 9", "pilier santé". Works on folded text; says which of them do not exist.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.text.numbers import ORDINALS, spellings
from assistant.text.stop_words import NOT_A_TITLE
from corpus.document import Document
from corpus.text import fold, stems, words

_NUMBERS = spellings(24)
_WORD = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_ANNOUNCE = r"(?:fiches?|fich|fo|f\.|f°)\s*(?:operationnelles?\s*)?(?:(?:n|no|num|numero|n°|°)\s*°?\s*)?"
_SEPARATOR = r"(?:\s?[-–—./]\s?|\s+tiret\s+)"
_FIGURES = re.compile(
    rf"(?P<announced>{_ANNOUNCE})?(?<![\d\-–./,])(?P<enjeu>\d{{1,3}}){_SEPARATOR}(?P<rank>\d{{1,2}})(?![\d%]|[-–—./]\d(?!\d?[-–—.]\d)|,\d|\s?(?:ans|mois|h\b|heures|euros))"
)
_SPACED = re.compile(
    rf"(?:\b{_ANNOUNCE}|\b(?:la|de|pour|dans|sur|et|numero|n°)\s+)(?P<enjeu>\d{{1,2}})\s+(?P<rank>\d)\b(?!\s*(?:%|fiches?|ans|enjeux|euros|mois|piliers?))"
)
_SPOKEN = re.compile(
    rf"(?:\b{_ANNOUNCE}|\b(?:la|de la|pour la|dans la|sur la|et la)\s+)"
    rf"(?P<enjeu>{_WORD})(?:\s+tiret\s+|\s+|-)(?P<rank>{_WORD})\b"
)
_SPOKEN_FIRST = re.compile(rf"^\W*(?P<enjeu>{_WORD})(?:\s+tiret\s+|\s+|-)(?P<rank>{_WORD})\s*(?=[:,?]|$)")
"""A question that opens with a number, and pauses: "huit un : opérateurs ?"."""
_ENJEU = re.compile(
    rf"\b(?:l?enjeux?|enj\.?)\s*(?:strategiques?\s*)?(?:(?:n|no|numero|n°)\s*°?\s*)?(?P<first>\d{{1,3}}|{_WORD})(?![-–./]\d)"
    rf"(?P<more>(?:\s*(?:,|et|a|ou|-)\s*(?:(?:l'?\s*)?enjeu\s*)?(?:\d{{1,2}})(?![-\d]))*)"
)
_ENJEU_ABOUT = re.compile(
    r"(?<!par )(?<!quel )(?<!quels )(?<!chaque )(?<!\bd')\b(?:enjeu|thematique) (?:strategique )?(?!n[o°]?\b|\d)(?P<about>[^,.?!;:()]+)"
)
"""An enjeu named by words of its title: "l'enjeu décrochage scolaire"; not "par enjeu", "chaque enjeu" nor "quel enjeu"."""
_ORDINAL_ENJEU = re.compile(r"\b(premier|deuxieme|second|troisieme|quatrieme|cinquieme|sixieme|dernier) enjeu\b")
_ORDINAL_PILIER = re.compile(r"\b(premier|deuxieme|second|troisieme|quatrieme|cinquieme|sixieme|septieme) pilier\b")
_QUOTED_PILIER = re.compile(r"\bpilier\s*[«\"“]\s?(?P<name>[^»\"”]{3,60}?)\s?[»\"”]")
_ONE_PILIER = r"(?:\d{1,2}|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\b(?![-.]\d)"
_PILIER_JOINT = r"\s*(?:,|et|ou|ni)\s*(?:(?:dans |de |du )?(?:le |l')?(?:piliers? |volets? )?)?"
_PILIER = re.compile(
    rf"\b(?:piliers?|pilies?|pilars?|pilares|pillars?|volets?)\s*(?:(?:n|no|numero|n°)\s*°?\s*)?(?P<number>{_ONE_PILIER})"
    rf"(?P<more>(?:{_PILIER_JOINT}{_ONE_PILIER}(?!\s+[a-z]*(?:fiche|enjeu|autre|pilier|seul)))*)"
)
PILIER_WORDS = {
    1: ("emploi", "developpement economique", "insertion", "economie", "economique"),
    2: ("cadre de vie", "renouvellement urbain", "renovation urbaine", "renouvellement", "urbain", "urbanisme"),
    3: ("lien social", "citoyennete", "acces aux droits", "egalite femmes-hommes", "egalite", "services publics"),
    4: ("education", "petite enfance", "enfance", "jeunesse", "educatif", "scolaire"),
    5: ("sante",),
}
PILIER_NAMES = "|".join(name for names in PILIER_WORDS.values() for name in sorted(names, key=len, reverse=True))
"""A pattern of all of them."""
_PILIER_NAME = re.compile(
    r"\b(?:piliers?|volets?|parties?|chapitres?|rubriques?|domaines?|axes?|thematiques?|themes?|fiches?|celles?|ceux|lesquelles|parmi les fiches|garde que|hors|toujours en|sauf|(?:^|\bet )en|fiches? [^.?!,]{0,24}\bsur|en (?:tout|tt) sur)"
    r"\s+(?:operationnelles?\s+)?(?:sur |de |du |d')?(?:l'|la |le |les |leur )?(?:pilier |volet |theme )?[«\"“]?\s?(?P<name>"
    + PILIER_NAMES
    + r")\b(?!\s+nationale)(?:\s*(?:,|et|\s)\s*(?:l'|la |les )?(?:citoyennete|petite enfance|enfance|jeunesse|insertion|emploi|renouvellement urbain"
    r"|acces aux droits(?: et aux services publics)?|egalite femmes-hommes)\b)*"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """`kind`: "fiche", "enjeu" or "pilier"; `numbers`: as they are written, those that do not exist too; `start`, `end`:
    its place in the folded text."""

    start: int
    end: int
    kind: str
    numbers: tuple[str, ...]


def find_references(question: str, document: Document) -> tuple[Reference, ...]:
    """The references of a question, from left to right; those to what does not exist too."""
    text = fold(question)
    known = {fiche.number for fiche in document.fiches}
    found: list[Reference] = []
    for pattern in (_FIGURES, _SPACED, _SPOKEN, _SPOKEN_FIRST):
        for match in pattern.finditer(text):
            if any(each.start < match.end() and match.start() < each.end for each in found):
                continue
            number = f"{_number(match['enjeu'])}-{_number(match['rank'])}"
            announced = "fich" in match.group(0) or "fo" in match.group(0)
            listed = bool(found) and pattern is _FIGURES and found[-1].end > match.start() - 4
            if number in known or announced or listed or (pattern is _FIGURES and _looks_like_fiche(text, match)):
                found.append(Reference(*match.span(), "fiche", (number,)))
    found += _enjeux(text, document)
    found += _piliers(text, found)
    return tuple(sorted(found, key=lambda each: each.start))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _NUMBERS[text]


def _looks_like_fiche(text: str, match: re.Match[str]) -> bool:
    """ "la 25-1", "de 7-3": an article before, and no year or date ("2015-20" is none)."""
    before = text[: match.start()].rstrip()
    return (
        int(match["enjeu"]) < 100 and re.search(r"(?:\bla|\bune|\bde|\bpour|\bet|\bsur|\bdans|^)$", before) is not None
    )


def _enjeux(text: str, document: Document) -> Iterator[Reference]:
    for match in _ENJEU.finditer(text):
        numbers = [_number(match["first"])]
        for joint, value in re.findall(r"(,|et|a|ou|-)\s*(?:(?:l'?\s*)?enjeu\s*)?(\d{1,2})", match["more"]):
            numbers += range(numbers[-1] + 1, int(value) + 1) if joint in ("a", "-") else [int(value)]
        yield Reference(*match.span(), "enjeu", tuple(map(str, numbers)))
    for match in _ORDINAL_ENJEU.finditer(text):
        number = ORDINALS.get(match[1], document.enjeux[-1].number)
        yield Reference(*match.span(), "enjeu", (str(number),))
    for match in _ENJEU_ABOUT.finditer(text):
        if (named := _titled(match["about"], document)) is not None:
            number, length = named
            yield Reference(match.start(), match.start("about") + length, "enjeu", (str(number),))
    for enjeu in document.enjeux:
        title = fold(enjeu.title)
        quoted = re.search(r"enjeu\s*(?:[«\"“]|:)\s*([^»\"”]{12,})", text)
        if title in text or (quoted and quoted[1].strip() in title):
            start = text.find(title)
            span = quoted.span() if quoted and start < 0 else (start, start + len(title))
            yield Reference(*span, "enjeu", (str(enjeu.number),))


def _titled(about: str, document: Document) -> tuple[int, int] | None:
    """The one enjeu whose title holds more of these words than any other, and how far into them it is named."""
    found = [
        (match.end(), frozenset(stems(match.group())))
        for match in list(re.finditer(r"[a-z]{4,}", about))[:5]
        if match.group() not in NOT_A_TITLE
    ]
    titles = {enjeu.number: _title_stems(enjeu.title) for enjeu in document.enjeux}
    held = {number: sum(word <= title for _, word in found) for number, title in titles.items()}
    best = max(held.values(), default=0)
    fitting = [number for number, count in held.items() if count == best]
    if not best or len(fitting) != 1:
        return None
    return fitting[0], max(end for end, word in found if word <= titles[fitting[0]])


@lru_cache(maxsize=256)
def _title_stems(title: str) -> frozenset[str]:
    """The content stems of a title of the document."""
    return frozenset(each for word in words(title) if len(word) > 3 and word not in NOT_A_TITLE for each in stems(word))


def _piliers(text: str, others: list[Reference]) -> Iterator[Reference]:
    spans = [(each.start, each.end) for each in others]
    for match in _PILIER.finditer(text):
        spans.append(match.span())
        numbers = map(_number, (match["number"], *re.findall(_ONE_PILIER, match["more"])))
        yield Reference(*match.span(), "pilier", tuple(map(str, numbers)))
    for match in _ORDINAL_PILIER.finditer(text):
        spans.append(match.span())
        yield Reference(*match.span(), "pilier", (str(ORDINALS[match[1]]),))
    for match in _QUOTED_PILIER.finditer(text):
        known = [number for number, names in PILIER_WORDS.items() if any(name in match["name"] for name in names)]
        spans.append(match.span())
        if known or not others:
            yield Reference(*match.span(), "pilier", (str(known[0]) if known else f"« {match['name']} »",))
    for match in _PILIER_NAME.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in spans):
            continue
        spans.append(match.span())
        number = next(number for number, names in PILIER_WORDS.items() if match["name"] in names)
        yield Reference(*match.span(), "pilier", (str(number),))
