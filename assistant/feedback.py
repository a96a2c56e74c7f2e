"""What people thought of an answer, in one SQLite file through SQLAlchemy; and what comes out of it.

Kept: the question, the fiches that were cited, the verdict, its reason, a free text. Nothing about who wrote.
A row is written only when someone clicks: the server keeps no conversation.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, create_engine, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import StoreError

REASONS = {
    "mauvaise-fiche": "mauvaise fiche",
    "incomplet": "incomplet",
    "hors-document": "pas dans le document",
    "pas-clair": "pas clair",
}
LIMITS = {"question": 4000, "text": 2000}
_METADATA = MetaData()
_ROWS = Table(
    "avis",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("date", DateTime, nullable=False),
    Column("question", String, nullable=False),
    Column("status", String, nullable=False),
    Column("fiches", String, nullable=False),
    Column("useful", Integer, nullable=False),
    Column("reason", String, nullable=False),
    Column("text", String, nullable=False),
    Column("candidate", Integer, nullable=False, default=0),
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """`status` and `fiches` are those of the answer; `reason` is a key of `REASONS` or ""."""

    question: str
    useful: bool
    status: str = ""
    fiches: tuple[str, ...] = ()
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Disliked:
    """A question that did not satisfy: how many times, for which reasons; `candidate` when it was kept as a trial."""

    question: str
    count: int
    reasons: tuple[str, ...]
    candidate: bool


def read_opinion(record: object) -> Opinion:
    """What the page sent; raises ValueError, in French, when it is not an opinion. Long texts are cut to `LIMITS`."""
    if not isinstance(record, dict) or not isinstance(record.get("question"), str):
        raise ValueError("un objet avec « question » est attendu")
    if not isinstance(record.get("useful"), bool):
        raise ValueError("« useful » doit être vrai ou faux")
    reason = record.get("reason") or ""
    if reason and reason not in REASONS:
        raise ValueError(f"« reason » inconnue ; attendu : {', '.join(REASONS)}")
    fiches = record.get("fiches")
    return Opinion(
        record["question"][: LIMITS["question"]],
        record["useful"],
        str(record.get("status") or "")[:20],
        tuple(str(each)[:20] for each in fiches[:43]) if isinstance(fiches, list) else (),
        str(reason),
        str(record.get("text") or "")[: LIMITS["text"]],
    )


class FeedbackStore:
    """The file is made at the first opinion; reading without a file gives nothing. Raises StoreError in French."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 5})

    def add(self, opinion: Opinion) -> None:
        values = {
            "date": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "question": opinion.question,
            "status": opinion.status,
            "fiches": " ".join(opinion.fiches),
            "useful": int(opinion.useful),
            "reason": opinion.reason,
            "text": opinion.text,
            "candidate": 0,
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _METADATA.create_all(self._engine)
            with self._engine.begin() as connection:
                connection.execute(insert(_ROWS).values(values))
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(
                f"L’avis n’a pas pu être écrit dans {self.path}. Vérifiez la place et les droits."
            ) from error

    def rows(self) -> Iterator[dict[str, object]]:
        """All opinions, oldest first, as plain records."""
        if not self.path.exists():
            return
        with self._engine.connect() as connection:
            for row in connection.execute(select(_ROWS).order_by(_ROWS.c.id)).mappings():
                yield {**row, "date": row["date"].isoformat(), "useful": bool(row["useful"])}

    def disliked(self) -> list[Disliked]:
        """Questions that were answered badly in someone's eyes, the most frequent first."""
        if not self.path.exists():
            return []
        query = (
            select(_ROWS.c.question, func.count(), func.group_concat(_ROWS.c.reason), func.max(_ROWS.c.candidate))
            .where(_ROWS.c.useful == 0)
            .group_by(_ROWS.c.question)
            .order_by(func.count().desc(), func.max(_ROWS.c.id).desc())
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        return [
            Disliked(question, count, tuple(sorted({r for r in (reasons or "").split(",") if r})), bool(kept))
            for question, count, reasons, kept in found
        ]

    def keep_as_candidate(self, question: str) -> bool:
        """Marks a question for the evaluation; False when nobody sent it."""
        if not self.path.exists():
            return False
        with self._engine.begin() as connection:
            changed = connection.execute(update(_ROWS).where(_ROWS.c.question == question).values(candidate=1))
        return bool(changed.rowcount)

    def to_eval(self) -> Iterator[str]:
        """The questions kept as candidates, one JSON line each, to be completed by a reader before they count."""
        seen: set[object] = set()
        for row in self.rows():
            if row["candidate"] and row["question"] not in seen:
                seen.add(row["question"])
                record = {"id": f"avis-{row['id']}", "question": row["question"], "fiches": [], "à compléter": True}
                yield json.dumps(record, ensure_ascii=False)
