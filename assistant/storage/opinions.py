"""The opinions on answers, in the installation's database; and the lists that are made from them.

Saved: the question, the fiches that were cited, the verdict, its reason, a free text. Nothing about who wrote.
A row is written only when someone clicks: the server saves no conversation.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from assistant.settings.settings import Settings
from assistant.storage.database import Database, database_at, open_database

REASONS = {
    "mauvaise-fiche": "mauvaise fiche",
    "incomplet": "incomplet",
    "hors-document": "pas dans le document",
    "pas-clair": "pas clair",
}
DECLINED = "sans-reponse"
"""In place of a reason: nobody said anything, Guichet declined (saved when the operator asked for the journal)."""
SHOWN = {**REASONS, DECLINED: "au journal"}
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
    """`status` and `fiches` are those of the answer; `reason` is a key of `SHOWN` or ""."""

    question: str
    useful: bool
    status: str = ""
    fiches: tuple[str, ...] = ()
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Disliked:
    """A question that did not satisfy: how many times, for which reasons; `candidate`: marked for the evaluation.

    `declined`: how many of those times Guichet had said that the document does not hold it.
    """

    question: str
    count: int
    reasons: tuple[str, ...]
    candidate: bool
    declined: int = 0


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
        tuple(str(fiche)[:20] for fiche in fiches[:43]) if isinstance(fiches, list) else (),
        str(reason),
        str(record.get("text") or "")[: LIMITS["text"]],
    )


class OpinionStore:
    """A file is made at the first opinion; reading without a file gives nothing. Raises DatabaseError in French."""

    def __init__(self, place: Path | Database) -> None:
        self.database = place if isinstance(place, Database) else database_at(place)

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
        with self.database.writing() as connection:
            connection.execute(insert(_ROWS).values(values))

    def rows(self) -> Iterator[dict[str, object]]:
        """All opinions, oldest first, as plain records."""
        if not self.database.exists():
            return
        with self.database.reading() as connection:
            for row in connection.execute(select(_ROWS).order_by(_ROWS.c.id)).mappings():
                yield {**row, "date": row["date"].isoformat(), "useful": bool(row["useful"])}

    def disliked(self) -> list[Disliked]:
        """Questions that were answered badly in someone's eyes, the most frequent first."""
        if not self.database.exists():
            return []
        declined = func.sum(case((_ROWS.c.status == "declined", 1), else_=0))
        reasons = func.aggregate_strings(_ROWS.c.reason, ",")
        query = (
            select(_ROWS.c.question, func.count(), reasons, func.max(_ROWS.c.candidate), declined)
            .where(_ROWS.c.useful == 0)
            .group_by(_ROWS.c.question)
            .order_by(func.count().desc(), func.max(_ROWS.c.id).desc())
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Disliked(question, count, tuple(sorted(set((reasons or "").split(",")) - {""})), bool(candidate), declined)
            for question, count, reasons, candidate, declined in rows
        ]

    def mark_as_candidate(self, question: str) -> bool:
        """Marks a question for the evaluation; False when nobody sent it."""
        with self.database.writing() as connection:
            changed = connection.execute(update(_ROWS).where(_ROWS.c.question == question).values(candidate=1))
        return bool(changed.rowcount)

    def erase(self, *, before: datetime | None = None, containing: str = "") -> int:
        """Erases what is older than `before` (UTC, naive) and holds `containing`; with neither, everything.

        Returns how many rows were erased. A SQLite file is rewritten, so that nothing of them stays in its free pages.
        """
        if not self.database.exists():
            return 0
        wanted = delete(_ROWS)
        if before is not None:
            wanted = wanted.where(_ROWS.c.date < before)
        if containing:
            wanted = wanted.where(
                _ROWS.c.question.icontains(containing, autoescape=True)
                | _ROWS.c.text.icontains(containing, autoescape=True)
            )
        with self.database.writing() as connection:
            rows = connection.execute(wanted).rowcount
        if rows:
            self.database.rewrite()
        return rows

    def export(self) -> Iterator[str]:
        """All opinions, one JSON line each."""
        for row in self.rows():
            yield json.dumps(row, ensure_ascii=False)

    def to_eval(self) -> Iterator[str]:
        """The questions marked as candidates, one JSON line each, to be completed by a reader before they count."""
        seen: set[object] = set()
        for row in self.rows():
            if row["candidate"] and row["question"] not in seen:
                seen.add(row["question"])
                yield json.dumps(_candidate(row), ensure_ascii=False)


def _candidate(row: Mapping[str, object]) -> dict[str, object]:
    """The record of an evaluation question, with what only a reader of the document can say left empty; the note keeps
    what the page answered and what was said of it, for that reader."""
    reason = SHOWN.get(str(row["reason"]), "")
    said = [f"fiches citées : {row['fiches'] or 'aucune'}", *([reason] if reason else []), str(row["text"])]
    return {
        "id": f"avis-{row['id']}",
        "split": "",
        "type": "",
        "style": "",
        "history": [],
        "question": row["question"],
        "answerable": None,
        "gold_fiches": [],
        "ok_fiches": [],
        "must": [],
        "must_not": [],
        "note": " ; ".join(part for part in said if part),
    }


def open_opinions(settings: Settings) -> OpinionStore:
    """The store of this installation; raises SettingsError when its address cannot be one."""
    return OpinionStore(open_database(settings))


def shown_lines(store: OpinionStore) -> Iterator[str]:
    """What did not satisfy, for a terminal: "  3  ✓ question (incomplet, déclinée)"; ✓: marked for the evaluation."""
    for disliked in store.disliked():
        about = [SHOWN.get(reason, reason) for reason in disliked.reasons] + ["déclinée"] * bool(disliked.declined)
        reasons = f" ({', '.join(about)})" if about else ""
        mark = "✓" if disliked.candidate else " "
        yield f"{disliked.count:3d}  {mark} {' '.join(disliked.question.split())}{reasons}"
