"""A question asked again of one fiche, or of all but some: how that is written before it, and how it is read.

It is written in the question itself, so that the address, the history and an export carry it along:
"Sans les fiches 2-3 et 2-1 : qui finance ?" -> (("2-3", "2-1"), "qui finance ?"). A fiche that is pinned
("Dans la fiche 2-1 : ...") is read like any fiche that a question names.
"""

import re

from assistant.text.french import enumerate_words

_NUMBER = r"\d{1,2}-\d{1,2}"
_LEFT_OUT = re.compile(
    rf"\s*sans (?:la fiche|les fiches) ({_NUMBER}(?:(?:, | et | ni ){_NUMBER})*)\s*:\s*(?=\S)", re.IGNORECASE
)
_ANEW = "Nouvelle question : "
_PINNED = re.compile(rf"\s*dans la fiche {_NUMBER}\s*:\s*(?=\S)", re.IGNORECASE)


def anew(question: str) -> str:
    """The question asked without the turns before it."""
    return f"{_ANEW}{question}"


def is_anew(question: str) -> bool:
    return question.startswith(_ANEW)


def read_restriction(question: str) -> tuple[tuple[str, ...], str]:
    """The fiches that a question leaves out, and the question without saying so, nor that it is a new one."""
    question = question.removeprefix(_ANEW)
    found = _LEFT_OUT.match(question)
    return (tuple(re.findall(_NUMBER, found[1])), question[found.end() :]) if found else ((), question)


def unrestricted(question: str) -> str:
    """The question as it was before a fiche was pinned or left out."""
    _, bare = read_restriction(question)
    return _PINNED.sub("", bare, count=1)


def pinned(question: str, fiche: str) -> str:
    """The question as it is asked of one fiche."""
    return f"Dans la fiche {fiche} : {unrestricted(question)}"


def left_out(question: str, fiche: str) -> str:
    """The question as it is asked of all fiches but this one, and those it leaves out already."""
    before, _ = read_restriction(question)
    fiches = [*(each for each in before if each != fiche), fiche]
    noun = "les fiches" if len(fiches) > 1 else "la fiche"
    return f"Sans {noun} {enumerate_words(fiches)} : {unrestricted(question)}"
