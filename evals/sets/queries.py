"""Labelled questions and follow-ups with the query that they ask: what the reader learns from (`evals.fitting.reader`).

`data/queries.jsonl`: {"question", "queries"}, several queries for several questions in one message.
`data/turns.jsonl`: {"last", "current", "listed", "turn", "edit", "after"}: a turn with the query, the fiches and the
list of the turn before, how it changes that query, and the self-standing query that it means.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.understanding.query import Query

QUERIES_FILE = Path(__file__).parent / "data" / "queries.jsonl"
TURNS_FILE = Path(__file__).parent / "data" / "turns.jsonl"
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
        digest = hashlib.sha256(self.text.encode()).digest()
        return "validation" if digest[0] * 100 // 256 < _VALIDATION else "train"


def read_labelled() -> Iterator[LabelledQuestion]:
    """All of them, questions first. Raises ValueError on a query that is none."""
    for line in QUERIES_FILE.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        yield LabelledQuestion(record["question"], tuple(map(Query.model_validate, record["queries"])))
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
