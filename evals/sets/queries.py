"""Labelled questions and follow-ups with the query that they ask: what the reader learns from (`evals.fitting.reader`).

`data/queries.jsonl`: {"question", "queries"}, several queries for several questions in one message.
`data/turns.jsonl`: {"last", "current", "listed", "turn", "edit", "after"}: a turn with the query, the fiches and the
list of the turn before, how it changes that query, and the self-standing query that it means.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.understanding.query import Query, Show
from evals.sets.questions import load_questions
from evals.sets.training import read_training

QUERIES_FILE = Path(__file__).parent / "data" / "queries.jsonl"
TURNS_FILE = Path(__file__).parent / "data" / "turns.jsonl"
_SHOWN_BY: dict[str, tuple[Show, ...]] = {
    "financeurs": ("financeurs",),
    "operateurs": ("operateurs",),
    **dict.fromkeys(("dispositifs", "descriptif", "fait", "hors_sujet", "bavardage", "injection", "preambule"), ()),
}
"""What a question on a topic asks, by its type: nothing that is a list, for most of them."""
_NUMBERED = re.compile(r"\d{1,2}\s?[-.]\s?\d")
_VALIDATION = 10
"""Of a hundred questions, those that are kept for the report."""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """`last`, `current`, `listed`: of the turn before, None and () for a question that nothing precedes; `edit`: how
    the turn changes the last query, "new" for one that stands alone; `queries`: what it asks, () for a courtesy."""

    text: str
    queries: tuple[Query, ...]
    edit: str = "new"
    last: Query | None = None
    current: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()

    @property
    def split(self) -> str:
        """ "train" or "validation", by the text alone."""
        return "validation" if _digest(self.text) * 100 // 256 < _VALIDATION else "train"


def _digest(text: str) -> int:
    """A number from 0 to 255 that any text keeps."""
    return hashlib.sha256(text.encode()).digest()[0]


def read_labelled() -> Iterator[LabelledQuestion]:
    """All of them, questions first, then turns, then the questions on topics that are labelled for the other weights.
    Raises ValueError on a query that is none."""
    follow_ups = list(read_turns())
    for line in QUERIES_FILE.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        question = LabelledQuestion(record["question"], tuple(map(Query.model_validate, record["queries"])))
        yield after_another(question, follow_ups) if _number(question.text) % 3 == 0 else question
    yield from follow_ups
    for question in read_topical(learned=True):
        yield after_another(question, follow_ups) if _number(question.text) % 3 == 0 else question


def read_turns() -> Iterator[LabelledQuestion]:
    """Those of conversations. Raises ValueError on a query that is none."""
    for line in TURNS_FILE.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield LabelledQuestion(
            record["turn"],
            tuple(map(Query.model_validate, record["after"])),
            record["edit"],
            Query.model_validate(record["last"]),
            tuple(record["current"]),
            tuple(record["listed"]),
        )


def after_another(question: LabelledQuestion, others: Sequence[LabelledQuestion]) -> LabelledQuestion:
    """A whole question after a turn of another conversation: it is new there as well. One that selects nothing by
    itself, « et combien ? », would not be: it is left alone."""
    if not any(query.topic or query.fiches or query.where for query in question.queries):
        return question
    before = others[_number(question.text) // 3 % len(others)]
    return replace(question, last=before.last, current=before.current, listed=before.listed)


def _number(text: str) -> int:
    """A number that any text keeps."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[1:5], "big")


def read_topical(*, learned: bool) -> Iterator[LabelledQuestion]:
    """Questions of "train" that are about a topic, as their type says. The reader learns a third of them, so that lists
    stay in sight; the others are those that it never saw."""
    ours = [question for question in load_questions("train") if not question.history]
    for question in (*ours, *read_training()):
        show = _SHOWN_BY.get(question.type)
        ours_to_learn = _digest(question.question) % 3 == 0
        if show is not None and not _NUMBERED.search(question.question) and ours_to_learn == learned:
            yield LabelledQuestion(question.question, (Query(topic=question.question, show=show),))
