"""One answer against its gold: the named checks whose conjunction is `right`. Pure functions over strings.

The definitions are those of the scorer that travels with the development questions (a test compares the two):
text is compared without case, accents, or difference between apostrophes and spaces, a figure or a fiche number is
matched whole. Blind to anything that strings do not show: read the answers too.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

from assistant.answer import Answer
from corpus.text import flatten
from evals.sets.questions import Question

LIMITS = {"fait": 900, "financeurs": 1500, "operateurs": 1500, "hors_sujet": 900, "bavardage": 900}
LIMIT = 2600
LIMIT_OF_MANY = 4000
_MANY = 6
"""Characters that an answer may have by type, otherwise, and when it names more than `_MANY` fiches."""

_FICHE = re.compile(r"\d{1,2}-\d{1,2}")
_FIGURE = re.compile(r"\d[\d\- ]*\d?|\d+ .*")
_DENIALS = (
    "n existe pas",
    "aucune fiche",
    "pas de fiche",
    "ne contient pas",
    "ne figure pas",
    "n y figure pas",
    "ne mentionne pas",
    "ne comporte pas",
    "ne compte que",
    "ne precise pas",
    "ne dit pas",
    "inexact",
    "introuvable",
    "ne trouve pas",
    "pas mentionne",
    "n est pas cite",
    "n apparait pas",
    "je n ai pas trouve",
)


_flat = lru_cache(maxsize=50_000)(partial(flatten, hyphens=False))
"""The words of the gold come back with every question and every run."""


def stands_in(needle: str, folded: str) -> bool:
    """Whether `needle` stands in a text as `flatten` leaves it; figures whole ("2-1" is not in "12-1")."""
    wanted = _flat(needle)
    if _FIGURE.fullmatch(wanted):
        return re.search(rf"(?<![\d\-]){re.escape(wanted)}(?!\d|-\d)", folded) is not None
    return wanted in folded


def missing_groups(must: Iterable[Sequence[str]], folded: str) -> list[tuple[str, ...]]:
    """The groups of which no alternative stands in a folded text."""
    return [tuple(group) for group in must if not any(stands_in(alternative, folded) for alternative in group)]


def limit_of(question: Question) -> int:
    """Characters that the answer to a question may have."""
    limit = LIMITS.get(question.type, LIMIT)
    return max(limit, LIMIT_OF_MANY) if len(question.gold) > _MANY else limit


def grade(question: Question, answer: Answer | None) -> dict[str, bool]:
    """The checks that a question asks for, in a fixed order, "right" last. None: there was no answer at all."""
    if answer is None:
        return {"status": False, "right": False}
    text = flatten(re.sub(r"[*_`#>]+", "", answer.text), hyphens=False)
    cited, gold, allowed = set(answer.fiches), set(question.gold), {*question.gold, *question.ok}
    checks = {"status": _status_holds(question, answer, text)}
    if question.answerable:
        checks["recall"] = gold <= cited
        if gold or question.type == "bavardage":
            checks["precision"] = cited <= allowed
    checks["must"] = not missing_groups(question.must, text)
    shown = flatten(answer.text, hyphens=False)
    checks["must_not"] = not any(
        bad in cited if _FICHE.fullmatch(bad) else stands_in(bad, shown) for bad in question.must_not
    )
    checks["concise"] = bool(answer.text.strip()) and len(answer.text) <= limit_of(question)
    checks["right"] = all(checks.values())
    return checks


def _status_holds(question: Question, answer: Answer, text: str) -> bool:
    if question.type == "bavardage":
        return answer.status == "smalltalk" or (answer.status == "answered" and not answer.fiches)
    if question.answerable:
        return answer.status == "answered"
    said_so = question.type in ("fausse_premisse", "suite") and any(denial in text for denial in _DENIALS)
    return answer.status in ("declined", "smalltalk") or said_so
