"""Clean questions -> the same questions as they are typed in a hurry; the same seed gives the same letters.

What a question is about stays legible: figures, fiche numbers and acronyms are left alone. What is asked in another
language was translated by hand: `translations.jsonl`, one line {"id", "language", "question"} a form.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.sets.questions import Question
from evals.sets.records import read_records

TRANSLATIONS_FILE = Path(__file__).parent / "data" / "translations.jsonl"
TRANSLATED = "autre langue"
_SHORTENED = {
    "est-ce que": "esk",
    "est-ce qu'": "esk ",
    "qu'est-ce que": "kesk",
    "quelque chose": "qqch",
    "quelqu'un": "qqn",
    "aujourd'hui": "ajd",
    "il y a": "ya",
    "y a-t-il": "ya",
    "c'est": "c",
    "j'ai": "g",
    "je suis": "chui",
    "je ne sais pas": "jsp",
    "s'il vous plaît": "svp",
    "pour": "pr",
    "avec": "avc",
    "dans": "ds",
    "vous": "vs",
    "nous": "ns",
    "tous": "ts",
    "tout": "tt",
    "toujours": "tjs",
    "beaucoup": "bcp",
    "combien": "cb",
    "quand": "qd",
    "quelles": "kel",
    "quelle": "kel",
    "quels": "kel",
    "quel": "kel",
    "quoi": "koi",
    "qui": "ki",
    "que": "ke",
    "pas": "pa",
    "plus": "+",
    "les": "le",
    "des": "de",
    "bonjour": "bjr",
    "merci": "mrc",
}
_ORDERED = sorted(_SHORTENED, key=len, reverse=True)
_SMS = re.compile(rf"(?<![\w'])(?:{'|'.join(re.escape(each) for each in _ORDERED)})(?!\w)")
_LONG = re.compile(r"\b[a-zà-öø-ÿœ]{5,}\b")
_ONE_WORD_IN = 4
"""One in so many of the long words gets a slip of the finger; at least one."""


def drop_accents(text: str, _: random.Random) -> str:
    """ "Où va l’été ?" -> "Ou va l’ete ?"."""
    opened = text.replace("œ", "oe").replace("Œ", "Oe")
    return "".join(c for c in unicodedata.normalize("NFD", opened) if not unicodedata.combining(c))


def drop_apostrophes(text: str, generator: random.Random) -> str:
    """ "l'accueil d’enfants" -> "l accueil denfants": a space or nothing, as it falls."""
    return re.sub(r"['’]", lambda _: generator.choice(("", " ")), text)


def write_sms(text: str, generator: random.Random) -> str:
    """ "Qui finance les crèches pour nous ?" -> "ki finance le creches pr ns"."""
    lowered = text.replace("’", "'").lower()
    short = _SMS.sub(lambda match: _SHORTENED[match[0]], lowered)
    return re.sub(r"\s*[?!.]+\s*$", "", drop_accents(short, generator)).replace("'", "")


def mistype(text: str, generator: random.Random) -> str:
    """Swap two letters, drop one, or strike one twice, in a quarter of the long lower-case words."""
    found = list(_LONG.finditer(text))
    chosen = generator.sample(found, min(len(found), max(1, len(found) // _ONE_WORD_IN)))
    for match in sorted(chosen, key=lambda match: match.start(), reverse=True):
        text = text[: match.start()] + _slip(match[0], generator) + text[match.end() :]
    return text


def _slip(word: str, generator: random.Random) -> str:
    """The first letter stays: people look at it."""
    i = generator.randrange(1, len(word) - 1)
    return generator.choice(
        (
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
            word[:i] + word[i + 1 :],
            word[:i] + word[i] + word[i:],
        )
    )


NOISES: Mapping[str, Callable[[str, random.Random], str]] = {
    "sans accents": drop_accents,
    "sans apostrophes": drop_apostrophes,
    "SMS": write_sms,
    "fautes de frappe": mistype,
}


@dataclass(frozen=True, slots=True)
class Noised:
    """A clean question and the same one with one kind of noise."""

    kind: str
    clean: Question
    noisy: Question


def add_noise(questions: Sequence[Question], *, seed: int = 0) -> list[Noised]:
    """Each question with each kind of noise; what noise leaves as it was is left out."""
    noised = []
    for question in questions:
        for kind, noise in NOISES.items():
            text = noise(question.question, random.Random(f"{seed} {question.id} {kind}"))  # noqa: S311
            if text != question.question:
                noised.append(Noised(kind, question, replace(question, question=text)))
    return noised


def translated(questions: Sequence[Question], *, path: Path = TRANSLATIONS_FILE) -> list[Noised]:
    """Those of the questions that were translated, with each of their translations."""
    known = {question.id: question for question in questions}
    return [
        Noised(TRANSLATED, known[record["id"]], replace(known[record["id"]], question=record["question"]))
        for record in read_records(path, dict)
        if record["id"] in known
    ]
