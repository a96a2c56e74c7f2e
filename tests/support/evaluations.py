"""Small real doubles of the assistant that evaluations are given: scripted, recorded, faulty."""

from collections.abc import Callable, Sequence

from assistant.answer import Answer, Citation
from evals.scoring.rows import Answerer

Corrupt = Callable[[str, Answer], Answer]
"""(question, its right answer) -> a wrong one."""


class Scripted:
    """Answers with the ranking that a function gives, citing its first fiche."""

    def __init__(self, rank: Callable[[str], Sequence[str]]) -> None:
        self._rank = rank

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        ranking = tuple(self._rank(" ".join([*history, question])))
        citations = tuple(Citation(fiche, "titre", "", ()) for fiche in ranking[:1])
        return Answer("Communes", "answered", citations, ranking, confidence=0.9)


class Recorded:
    """Asks another assistant once, and answers the same question the same way from then on."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._kept: dict[tuple[str, ...], Answer] = {}

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        key = (*history, question)
        if key not in self._kept:
            self._kept[key] = self._answerer.answer(question, history)
        return self._kept[key]


class Faulty:
    """Corrupts the answers of another assistant."""

    def __init__(self, answerer: Answerer, corrupt: Corrupt) -> None:
        self._answerer = answerer
        self._corrupt = corrupt

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self._corrupt(question, self._answerer.answer(question, history))


class Forgetful:
    """Answers every question as if nothing had been said before."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:  # noqa: ARG002
        return self._answerer.answer(question)


class Broken:
    """Raises on questions that hold a word."""

    def __init__(self, answerer: Answerer, word: str) -> None:
        self._answerer = answerer
        self._word = word

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        if self._word in question:
            raise KeyError(self._word)
        return self._answerer.answer(question, history)
