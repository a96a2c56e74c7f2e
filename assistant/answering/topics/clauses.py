"""A question -> its clauses, cut at marks and at the words that add something: what may hold one topic each.

Does not say whether they are two topics: `assistant.answering.topics.two_topics` weighs that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.text.languages import language_of

MOST = 6
"""Clauses of a question at most: the lightest are joined to a neighbour, so that what is encoded stays bounded."""
STOP, COMMA, AND, MORE, NONE = "stop", "comma", "and", "more", "none"
"""What stands before a clause: the end of a sentence, a comma, "et", "en plus" and the like, nothing."""
_ADDS = (
    r"en plus|de plus|par ailleurs|sinon|aussi|[ée]galement|ensuite|d.autre part|plus autre chose|autre question"
    r"|also|besides|as well|además|también|[iî]n plus|de asemenea|também|ayrıca|وأيضا|أيضا|كذلك"
)
_POINTS = rf"(?P<stop>[.?!…;؟。？！]+)|(?P<more>\b(?:{_ADDS})\b)|(?P<comma>[,:،，、+]|\s[-–—]\s|[()])"
_CUT = re.compile(rf"{_POINTS}|(?P<and>(?<!\w)(?:et|e|é|puis|mais|alors|&)(?!\w)(?!['’]))", re.IGNORECASE)
_CUT_FOREIGN = re.compile(
    rf"{_POINTS}|(?P<and>(?<!\w)(?:and|but|y|pero|e|mas|și|şi|si|iar|dar|ve|ama|&)(?!\w)|\s(?=و\w{{2}}))", re.IGNORECASE
)
"""French "y" and "but" are no conjunctions."""
_MORE = re.compile(rf"\b(?:{_ADDS})\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\s(?=(?:ma|mon|mes|moi|je|j['’]\w+|on|nous|il|elle|faut|faudrait|faudra|aussi)\s)", re.IGNORECASE
)
"""Where a new clause may begin in a message without any mark."""

Weigh = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Clause:
    """`start`, `end`: its place; `mark`: STOP, COMMA..., what stands before it; `weight`: its content words."""

    start: int
    end: int
    mark: str
    weight: int


def adds(question: str) -> bool:
    """Whether a question says that something more comes: "en plus", "besides"."""
    return _MORE.search(question) is not None


def clauses_of(question: str, weigh: Weigh) -> tuple[Clause, ...]:
    """At least one clause, at most MOST; a piece without content words belongs to the one before (the first, after)."""
    found = _pieces(question, _marked(question), weigh)
    if len(found) == 1:
        bare = [(match.start(), match.end(), NONE) for match in _SUBJECT.finditer(question)]
        found = _pieces(question, bare, weigh)
    while len(found) > MOST:
        lightest = min(range(len(found)), key=lambda i: (found[i].weight, found[i].mark == STOP))
        after = lightest + 1 < len(found) and (lightest == 0 or found[lightest + 1].mark != STOP)
        left = lightest if after else lightest - 1
        found[left : left + 2] = [_joined(found[left], found[left + 1])]
    return tuple(found)


def _marked(question: str) -> list[tuple[int, int, str]]:
    cut = _CUT if language_of(question) == "fr" else _CUT_FOREIGN
    return [(match.start(), match.end(), match.lastgroup or STOP) for match in cut.finditer(question)]


def _pieces(question: str, marks: list[tuple[int, int, str]], weigh: Weigh) -> list[Clause]:
    """The text between marks; of marks that follow each other the most telling one is kept (STOP is kept as such)."""
    found: list[Clause] = []
    start, mark = 0, STOP
    for left, right, kind in [*marks, (len(question), len(question), STOP)]:
        weight = weigh(question[start:left])
        if weight:
            found.append(Clause(start, left, mark, weight))
            start, mark = right, kind
        elif found:
            found[-1] = replace(found[-1], end=left) if re.search(r"\w", question[start:left]) else found[-1]
            start, mark = right, MORE if MORE in (mark, kind) else STOP if STOP in (mark, kind) else kind
        else:
            mark = STOP
    return found or [Clause(0, len(question), STOP, 0)]


def _joined(one: Clause, other: Clause) -> Clause:
    return Clause(one.start, other.end, one.mark, one.weight + other.weight)
