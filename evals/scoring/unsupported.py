"""What an answer says that its cited passages do not hold: actors, numbers, fiche numbers. It judges saved runs.

It checks the work of `assistant.generation.gate`, and stays apart from it on purpose: it imports nothing of ours, reads
the names from `corpus/data/acteurs.json` itself, and compares plainly (a name, a number stands in the cited text or
not), so that a fault of the gate does not hide itself here.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent.parent.parent / "corpus" / "data"
_CALL = re.compile(
    r"\[(?:fiche\s+)?(\d{1,2}-\d{1,2}|préambule|enjeu (?:n°\s?)?\d{1,2})(?:\s*,\s*[^\]]*)?\]", re.IGNORECASE
)
_FICHE = re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])")
_DIGITS = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_UNITS = "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
_TENS = {"vingt": "20", "trente": "30", "quarante": "40", "cinquante": "50", "soixante": "60"}
_COUNTED = {word: str(value) for value, word in enumerate(_UNITS.split("|"), start=2)}
_COUNTED |= _TENS | {"cent": "100", "mille": "1000"}
_JOINED = re.compile(rf"\b({'|'.join(_TENS)})[ -](?:et[ -])?(une?|{_UNITS})\b")
_ORDINALS = re.compile(r"(?<=\d)(?:eme|er|ere|e|nd|nde)\b")
_AMBIGUOUS = frozenset(
    (
        *(
            "commune",
            "communes",
            "ville",
            "villes",
            "agglomération",
            "agglo",
            "communaux",
            "intercommunaux",
            "communal",
        ),
        *("entreprise", "entreprises", "association", "associations", "école", "écoles", "département", "région"),
        *("étudiants", "élèves", "parents", "le 94", "face"),
    )
)
"""Names that are also common words: they count only where the answer lists them or has them act."""
_LISTED = r"(?:^|\n)\s*[-–•*]\s*(?:l[ae]s?\s|l')?{name}\s*(?:$|\n|[;,.(\[])"
_DOES = (
    r"(?:financ\w+|menee?s?|portee?s?|mise?s? en oeuvre|pilotee?s?|organisee?s?) par "
    r"(?:[^.;\n]{{0,80}}\b)?(?:l[ae]s? |l')?{name}\b"
)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """What the cited passages do not hold, as the answer writes it (actors by the registry's name)."""

    actors: tuple[str, ...]
    numbers: tuple[str, ...]
    fiches: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.actors) + len(self.numbers) + len(self.fiches)


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that an answer cites."""

    fiche: str
    text: str


def unsupported(answer: str, cited: Sequence[Cited]) -> Unsupported:
    """Lists of what the answer names and no cited passage holds; () where it holds all."""
    evidence = "\n".join(passage.text for passage in cited)
    held = _with_members(actors_in(evidence, every=True))
    shown = _CALL.sub(" ", answer)
    return Unsupported(
        tuple(name for name in actors_in(shown) if name not in held),
        tuple(number for number in numbers_in(shown) if number not in numbers_in(evidence)),
        tuple(fiche for fiche in fiches_in(answer) if fiche not in {passage.fiche for passage in cited}),
    )


def fiches_in(text: str) -> tuple[str, ...]:
    """Numbers of fiches, and what is called outside them: "[préambule]", "[enjeu 3]"."""
    outside = (re.sub(r"n°\s?", "", each.lower()) for each in _CALL.findall(text))
    return tuple(dict.fromkeys([*_FICHE.findall(text), *(place for place in outside if not place[:1].isdigit())]))


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers in digits or words, without those of fiches: "45 % des moins de vingt-cinq ans" -> ("45", "25")."""
    plain = _ORDINALS.sub("", _fold(_FICHE.sub(" ", text)))
    plain = re.sub(r"quatre[ -]vingts?[ -](dix)", "90", plain)
    plain = re.sub(r"quatre[ -]vingts?", "80", plain)
    plain = _JOINED.sub(_added, plain)
    found = [re.sub(r"[ \u00a0\u202f]", "", each).replace(".", ",") for each in _DIGITS.findall(plain)]
    found += [_COUNTED[word] for word in re.findall(r"[a-z]+", plain) if word in _COUNTED]
    return tuple(dict.fromkeys(found))


def _added(match: re.Match[str]) -> str:
    units = {"un": "1", "une": "1"} | _COUNTED
    return str(int(_COUNTED[match.group(1)]) + int(units[match.group(2)]))


def actors_in(text: str, *, every: bool = False) -> tuple[str, ...]:
    """Names of the actors that a text names, longest spelling first, so that none hides in another's.

    `every`: common words too ("communes"), which otherwise count only in a list or after what somebody does.
    """
    plain = _fold(text)
    spaced = f" {' '.join(re.findall(r'[a-z0-9]+', plain))} "
    found = []
    for spelling, actor, ambiguous in _spellings():
        name = f" {spelling} "
        if name not in spaced:
            continue
        if not ambiguous or every or _acts(spelling, plain):
            found.append(actor)
        spaced = spaced.replace(name, " | ")
    return tuple(dict.fromkeys(found))


def _with_members(names: Sequence[str]) -> frozenset[str]:
    """The members of joint holders too: "FASS et Pôle emploi" names Pôle emploi."""
    records = {record["nom"]: record for record in _records()}
    called = {record["id"]: str(record["nom"]) for record in records.values()}
    return frozenset(names) | {called[id] for name in names for id in records[name]["membres"]}


def _acts(spelling: str, plain: str) -> bool:
    name = re.escape(spelling)
    return any(re.search(pattern.format(name=name), plain) for pattern in (_LISTED, _DOES))


@cache
def _records() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads((_DATA / "acteurs.json").read_text(encoding="utf-8")))


@cache
def _spellings() -> tuple[tuple[str, str, bool], ...]:
    """(spelling as plain words, actor, whether it is a common word), singular and plural, longest first."""
    common = {_plain(name) for name in _AMBIGUOUS}
    found: dict[str, str] = {}
    for record in _records():
        for name in _names(record):
            words = _plain(name)
            if len(words) > 1:
                found.setdefault(words, str(record["nom"]))
                found.setdefault(" ".join(re.sub(r"(?<=\w{3})s$", "", word) for word in words.split()), record["nom"])
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0]))
    return tuple((words, actor, words in common or f"{words}s" in common) for words, actor in ordered)


def _names(record: Mapping[str, Any]) -> list[str]:
    return [str(each) for each in (record["nom"], record["sigle"], *record["variantes"], *record["usage"]) if each]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", _fold(text)))


def _fold(text: str) -> str:
    opened = text.lower().replace("œ", "oe").replace("’", "'")
    return "".join(each for each in unicodedata.normalize("NFD", opened) if not unicodedata.combining(each))
