"""The evaluation questions as frozen data, and how they group into conversations. Does not judge answers.

A record of `evals/sets/data/questions.jsonl` has the KEYS, which docs/evaluation.md explains.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.errors import GuichetError

QUESTIONS_FILE = Path(__file__).parent / "data" / "questions.jsonl"

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
TYPES = (
    "financeurs",
    "operateurs",
    "dispositifs",
    "descriptif",
    "fait",
    "inverse",
    "agregat",
    "navigation",
    "preambule",
    "suite",
    "hors_sujet",
    "fausse_premisse",
    "injection",
    "bavardage",
)
STYLES = ("neutre", "familier", "oral", "sms", "administratif", "sigle", "autre_langue")
KEYS = (
    *("id", "split", "type", "style", "history", "question", "answerable"),
    *("gold_fiches", "ok_fiches", "must", "must_not", "note"),
)
NEAR_MISS = "Voisin"
"""How the note of a question begins that must be declined although its topic stands in the document."""

_TURN = re.compile(r"([a-z]+-\d+)-\d+")


@dataclass(frozen=True, slots=True)
class Question:
    """`history`: earlier turns of the person, oldest first. `gold`: fiches that must all be cited; `ok`: that may be.

    `must`: groups of alternatives, one of each stands in a right answer; `must_not`: strings that none holds.
    """

    id: str
    split: Split
    type: str
    style: str
    history: tuple[str, ...]
    question: str
    answerable: bool
    gold: tuple[str, ...]
    ok: tuple[str, ...]
    must: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
    note: str

    @property
    def conversation(self) -> str:
        """What the id opens with: "ed-012-3" -> "ed-012"; a question that stands alone is its own conversation."""
        match = _TURN.fullmatch(self.id)
        return match[1] if match else self.id

    @property
    def turn(self) -> int:
        """Its place in its conversation, from 1."""
        return len(self.history) + 1

    @property
    def near_miss(self) -> bool:
        return not self.answerable and self.note.startswith(NEAR_MISS)

    @property
    def single(self) -> bool:
        """Whether one fiche answers and nothing was said before: what the figures on ranking look at."""
        return self.answerable and len(self.gold) == 1 and not self.history


def question_from(record: dict[str, Any]) -> Question:
    """A record of the file -> Question; raises GuichetError when a key is missing or a word is unknown."""
    missing = [key for key in KEYS if key not in record]
    if missing:
        raise GuichetError(f"Question {record.get('id', '?')} : il manque {', '.join(missing)} (docs/evaluation.md).")
    for key, known in (("split", SPLITS), ("type", TYPES), ("style", STYLES)):
        if record[key] not in known:
            found = f"Question {record['id']} : « {key} » vaut « {record[key]} »"
            raise GuichetError(f"{found} ; attendu : {', '.join(known)}.")
    return Question(
        id=record["id"],
        split=record["split"],
        type=record["type"],
        style=record["style"],
        history=tuple(record["history"]),
        question=record["question"],
        answerable=record["answerable"],
        gold=tuple(record["gold_fiches"]),
        ok=tuple(record["ok_fiches"]),
        must=tuple(tuple(group) for group in record["must"]),
        must_not=tuple(record["must_not"]),
        note=record["note"],
    )


def load_questions(split: str | None = None, *, path: Path = QUESTIONS_FILE) -> list[Question]:
    """The questions of one split, or all of them (None, "all"), in the order of the file."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = [question_from(record) for record in records]
    return [question for question in questions if split in (None, "all", question.split)]


def questions_digest(path: Path = QUESTIONS_FILE) -> str:
    """SHA-256 of the file, in hexadecimal: runs on different sets are not comparable."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def conversations(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """Conversation -> its questions by turn; only those where something was said before a question."""
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.conversation, []).append(question)
    return {
        name: sorted(group, key=lambda question: question.turn)
        for name, group in groups.items()
        if any(question.history for question in group)
    }


def turns(conversation: Sequence[Question]) -> int:
    """How many turns of the person a conversation has: the history of its last question, and that question."""
    return max(question.turn for question in conversation)
