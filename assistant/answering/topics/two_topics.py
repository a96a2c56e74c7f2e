"""Whether a question holds two topics, each with its own fiche: a fitted decision over what its clauses find.

Clauses (`assistant.answering.topics.clauses`) are searched, all in one call of the encoder. Each way to set some
of them against others whose best fiches differ is a candidate; a logistic regression over `FEATURES` gives the
probability that its two fiches are those meant. Only the search and the marks speak, never the length. It does not
compose: `assistant.answering.topics.answer` does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from assistant.answering.topics.clauses import AND, COMMA, MORE, NONE, STOP, Clause, adds
from assistant.learned import Cutoff
from assistant.text.languages import language_of
from corpus.text import flatten
from index.encoder.base import Floats

WEIGHTS_FILE = Path(__file__).parent.parent.parent / "data" / "two_topics.json"
FAR, SECOND, TELLING = 8.0, 6.0, 2
"""A question's clauses are searched when its first fiche leads the second one by less than FAR standard deviations,
the second one's own score reaches SECOND (in French: another language has fewer sides), and two clauses have TELLING
content words or more; or when its words say that there are two topics. On the training questions 87 in 100 of those
with two topics pass, and 3 in 10 of those with one topic and several clauses: the others are spared the time."""
FEATURES = (
    *("better lead", "better answered", "better score", "better share", "lesser share"),
    *("whole answered", "second in the whole", "before the third", "shares in the whole"),
    *("clauses held", "pair against one", "pair", "pair against its better"),
    *("stop", "more", "and", "comma", "no mark", "not neighbours", "content on both sides"),
    *("same enjeu", "says two"),
)
_SAYS_TWO = re.compile(
    r"\b(?:pour (?:chacune?|les (?:deux|2)|lun|l une?|chaque)|l une? et (?:pour |de )?l autre|dans (?:un|l un) cas"
    r"|chaque (?:cas|besoin|volet|projet|sujet)|d une part|respecti\w+|deux (?:choses|projets|questions|sujets)"
    r"|d un cote|(?:for |of )?each|both|pr l(?:es|e) (?:deux|2))\b"
)
"""Words by which a question says that it has two topics."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a text finds. `scores`: (fiches,) higher is better; `answered`: the probability that the document answers;
    `content`: its content words, a name that the registry knows counting as two."""

    scores: Floats
    answered: float
    content: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A question and its clauses, each with what it finds. `fiches`: those that scores are of."""

    question: str
    clauses: tuple[Clause, ...]
    whole: Look
    looks: tuple[Look, ...]
    fiches: tuple[str, ...]

    @property
    def enjeux(self) -> tuple[str, ...]:
        return tuple(each.split("-")[0] for each in self.fiches)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Clauses `first` (a range of positions) against clauses `second`; columns of the fiche of each; their features."""

    first: range
    second: range
    fiches: tuple[int, int]
    features: Floats


@dataclass(frozen=True, slots=True)
class Cut:
    """Two topics: the clauses of each, as positions, in the order of the question; the column of its fiche."""

    chance: float
    fiches: tuple[int, int]
    clauses: tuple[tuple[int, ...], tuple[int, ...]]


def may_hold_two(question: str, scores: Floats) -> bool:
    """Whether cutting a question into clauses is worth its time. `scores`: (fiches,) of the whole question."""
    if says_two(question) or adds(question):
        return True
    best, second = map(float, np.sort(scores)[::-1][:2])
    found = second >= SECOND or language_of(question) != "fr"
    return found and best - second < FAR


def are_worth_it(question: str, clauses: Sequence[Clause]) -> bool:
    """Whether searching these clauses is."""
    said = says_two(question) or any(each.mark == MORE for each in clauses[1:])
    return said or sum(each.weight >= TELLING for each in clauses) > 1


def says_two(question: str) -> bool:
    return _SAYS_TWO.search(flatten(question)) is not None


def find_cut(seen: Seen, weights: Cutoff) -> Cut | None:
    """The likeliest two topics of a question, None when it more likely has one."""
    found = list(candidates(seen))
    if not found:
        return None
    chances = weights.linear.probabilities(np.stack([each.features for each in found]))
    best = int(np.argmax(chances))
    if float(chances[best]) < weights.level:
        return None
    return Cut(float(chances[best]), found[best].fiches, _shared(found[best], seen.looks))


def candidates(seen: Seen) -> Iterator[Candidate]:
    """Every cut in two, and every clause against a later one, where the best fiches differ."""
    count = len(seen.clauses)
    weights = np.array([each.weight for each in seen.clauses], np.float32)
    views = _Views(seen.whole, seen.looks, weights / max(float(weights.sum()), 1.0))
    cuts = [(range(i), range(i, count)) for i in range(1, count)]
    pairs = [(range(i, i + 1), range(j, j + 1)) for i, j in combinations(range(count), 2)]
    for first, second in dict.fromkeys([*cuts, *pairs]):
        sides = _sum_up(seen.looks, weights, first), _sum_up(seen.looks, weights, second)
        fiches = int(np.argmax(sides[0].scores)), int(np.argmax(sides[1].scores))
        if fiches[0] != fiches[1]:
            marks = [each.mark for each in seen.clauses[first.stop : second.start + 1]]
            said = [float(seen.enjeux[fiches[0]] == seen.enjeux[fiches[1]]), float(says_two(seen.question))]
            features = views.of(sides, fiches) + _marks(marks, first.stop < second.start, sides) + said
            yield Candidate(first, second, fiches, np.asarray(features, np.float32))


def _sum_up(looks: Sequence[Look], weights: Floats, part: range) -> Look:
    """What several clauses find together: scores averaged by weight, the best probability, all content."""
    kept = [looks[i] for i in part]
    shares = weights[part.start : part.stop] / max(float(weights[part.start : part.stop].sum()), 1.0)
    scores = np.sum([each.scores * share for each, share in zip(kept, shares, strict=True)], axis=0)
    return Look(scores, max(each.answered for each in kept), sum(each.content for each in kept))


class _Views:
    """What is computed once for all candidates of a question."""

    def __init__(self, whole: Look, looks: Sequence[Look], shares: Floats) -> None:
        self._whole, self._shares = whole, shares
        self._log_whole = _log_shares(whole.scores)
        self._logs = np.stack([_log_shares(each.scores) for each in looks])
        self._best = self._logs.argmax(axis=1)
        self._order = np.argsort(-whole.scores, kind="stable")
        self._alone = float((self._logs * shares[:, None]).sum(axis=0).max())

    def of(self, sides: tuple[Look, Look], fiches: tuple[int, int]) -> list[float]:
        first, second = fiches
        leads = [
            float(sides[0].scores[first] - sides[0].scores[second]),
            float(sides[1].scores[second] - sides[1].scores[first]),
        ]
        own = [float(_log_shares(side.scores)[fiche]) for side, fiche in zip(sides, fiches, strict=True)]
        both = float((np.maximum(self._logs[:, first], self._logs[:, second]) * self._shares).sum())
        one = float(max((self._logs[:, each] * self._shares).sum() for each in fiches))
        ranks = [int(np.flatnonzero(self._order == each)[0]) for each in fiches]
        third = next(each for each in self._order if each not in fiches)
        scores = self._whole.scores
        return [
            max(leads),
            max(_log_odds(side.answered) for side in sides),
            max(float(side.scores[fiche]) for side, fiche in zip(sides, fiches, strict=True)),
            max(own),
            min(own),
            _log_odds(self._whole.answered),
            float(np.log1p(max(ranks))),
            float(min(scores[first], scores[second]) - scores[third]),
            float(min(self._log_whole[first], self._log_whole[second])),
            float(self._shares[(self._best == first) | (self._best == second)].sum()),
            both - self._alone,
            both,
            both - one,
        ]


def _marks(marks: Sequence[str], apart: bool, sides: tuple[Look, Look]) -> list[float]:
    found = [float(mark in marks) for mark in (STOP, MORE, AND)] + [float(marks == [COMMA]), float(NONE in marks)]
    return [*found, float(apart), float(min(side.content for side in sides) >= 2)]


def _shared(candidate: Candidate, looks: Sequence[Look]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Every clause to the topic that it speaks for; those of the candidate to their own where one would have none."""
    one, other = candidate.fiches
    first = tuple(i for i, look in enumerate(looks) if look.scores[one] >= look.scores[other])
    second = tuple(i for i in range(len(looks)) if i not in first)
    return (first, second) if first and second else (tuple(candidate.first), tuple(candidate.second))


def _log_shares(scores: Floats) -> Floats:
    """The logarithm of the softmax: the weights of the search were fitted so that this is a probability."""
    shifted = scores - scores.max()
    shares: Floats = shifted - np.log(np.exp(shifted).sum())
    return shares


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 1e-3), 1 - 1e-3)
    return float(np.log(bounded / (1 - bounded)))


def texts_of(question: str, clauses: Sequence[Clause], chosen: Sequence[int]) -> str:
    """The words of some clauses, those that follow each other with what stands between them, others by a comma."""
    pieces: list[str] = []
    before = -2
    for i in chosen:
        start = clauses[before].end if i == before + 1 else clauses[i].start
        text = question[start : clauses[i].end]
        if i == before + 1:
            pieces[-1] += text
        else:
            pieces.append(text)
        before = i
    return ", ".join(piece.strip(" ,;:") for piece in pieces)
