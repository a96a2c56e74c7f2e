"""Questions through an assistant, one row of facts each: what a saved run holds and every figure is computed from."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.answer import Answer
from evals.scoring.grade import grade
from evals.scoring.reference import Reference, stray_negations
from evals.sets.questions import Question

Report = Callable[[int, int], None]
"""Called with (questions done, questions in all)."""

KEPT_RANKS = 10


class Answerer(Protocol):
    """What is evaluated: `assistant.chain.Guichet`, or anything that answers like it."""

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One question of a run. `checks`: check -> held, with "right"; `elapsed_ms` is measured around the call.

    `quotes` citations, of which `standing` stand in the document; `list_f1` None where no whole list was asked;
    `error` the exception that came instead of an answer.
    """

    id: str
    split: str
    type: str
    style: str
    turn: int
    checks: Mapping[str, bool]
    status: str
    fiches: tuple[str, ...] = ()
    ranking: tuple[str, ...] = ()
    confidence: float = 0.0
    elapsed_ms: float = 0.0
    length: int = 0
    quotes: int = 0
    standing: int = 0
    negations: int = 0
    list_f1: float | None = None
    error: str = ""

    @property
    def right(self) -> bool:
        return self.checks["right"]


def evaluate(
    answerer: Answerer, questions: Sequence[Question], reference: Reference, *, report: Report | None = None
) -> list[Row]:
    """A row for each question, in order, asked one after the other.

    An exception makes a row with its name in `error`: it counts as wrong, is printed, and fails the bars.
    """
    rows = []
    for done, question in enumerate(questions, start=1):
        rows.append(_ask(answerer, question, reference))
        if report:
            report(done, len(questions))
    return rows


def _ask(answerer: Answerer, question: Question, reference: Reference) -> Row:
    started = time.perf_counter()
    try:
        answer = answerer.answer(question.question, question.history)
    except Exception as error:  # whatever breaks one answer must not hide the other questions
        return make_row(question, None, reference, error=f"{type(error).__name__}: {error}"[:200])
    return make_row(question, answer, reference, elapsed_ms=(time.perf_counter() - started) * 1000)


def make_row(
    question: Question, answer: Answer | None, reference: Reference, *, elapsed_ms: float = 0.0, error: str = ""
) -> Row:
    asked: dict[str, Any] = {name: getattr(question, name) for name in ("id", "split", "type", "style", "turn")}
    checks = grade(question, answer)
    if answer is None:
        return Row(**asked, checks=checks, status="error", error=error)
    quotes, standing = reference.count_quotes(answer)
    return Row(
        **asked,
        checks=checks,
        status=answer.status,
        fiches=answer.fiches,
        ranking=answer.ranking[:KEPT_RANKS],
        confidence=round(answer.confidence, 4),
        elapsed_ms=round(elapsed_ms, 2),
        length=len(answer.text),
        quotes=quotes,
        standing=standing,
        negations=stray_negations(answer),
        list_f1=reference.list_f1(question, answer),
        error=error,
    )


def pair(rows: Iterable[Row], questions: Sequence[Question]) -> list[tuple[Question, Row]]:
    """Each row with its question; rows of questions that the set no longer has are left out."""
    known = {question.id: question for question in questions}
    return [(known[row.id], row) for row in rows if row.id in known]
