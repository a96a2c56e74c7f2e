"""Whole answers, saved and asked again: shows that a change of the code changes no answer.

    guichet eval answers --save before.jsonl         asks every question of the sets, and saves the answers
    guichet eval answers --against before.jsonl      asks the same questions again, and says which answers differ

A line of the file is one question: {"question", "history", "answer"}, where "answer" holds every field of
`assistant.answer.Answer` but `elapsed_ms`. Answers are compared exactly, confidence included: on another processor the
last digits of a confidence may differ.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.text.french import typeset
from corpus.errors import GuichetError
from evals.scoring.rows import Answerer, Report

_ROOT = Path(__file__).parent.parent
QUESTION_FOLDERS = (_ROOT / "evals" / "sets" / "data", _ROOT / "tests" / "data")
_SHOWN = 5

Asked = tuple[str, tuple[str, ...]]
"""A question and what was asked before it in the conversation, oldest first."""
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer is not the saved one, and the fields that differ."""

    asked: Asked
    fields: tuple[str, ...]


def question_files(more: Iterable[Path] = ()) -> list[Path]:
    """Every JSON Lines file of `QUESTION_FOLDERS`, then `more`."""
    return [*(path for folder in QUESTION_FOLDERS for path in sorted(folder.glob("*.jsonl"))), *more]


def read_questions(files: Iterable[Path]) -> list[Asked]:
    """The questions of the files, each once, in order; lines without a "question" (labelled sentences) are left out."""
    records = (record for path in files for record in _read_lines(path) if "question" in record)
    return list(dict.fromkeys((record["question"], tuple(record.get("history", ()))) for record in records))


def save_answers(answerer: Answerer, questions: Sequence[Asked], path: Path, *, report: Report | None = None) -> None:
    """Ask, and write a line for each question. Raises GuichetError when the file cannot be written."""
    lines = []
    for done, (question, history) in enumerate(questions, start=1):
        record = {"question": question, "history": history, "answer": answer_record(answerer, (question, history))}
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
        if report:
            report(done, len(questions))
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise GuichetError(f"Impossible d’écrire {path} : {error.strerror}.") from error


def compare_answers(answerer: Answerer, path: Path, *, report: Report | None = None) -> tuple[int, list[Change]]:
    """(how many questions the saved file holds, those whose answer is another now)."""
    records = list(_read_lines(path))
    changes = []
    for done, record in enumerate(records, start=1):
        try:
            asked, saved = (record["question"], tuple(record["history"])), dict(record["answer"])
        except (KeyError, TypeError, ValueError) as error:
            raise GuichetError(f"{path}, ligne {done} : ce n’est pas une réponse gardée.") from error
        answer = answer_record(answerer, asked)
        fields = tuple(name for name in answer | saved if name not in saved or answer.get(name) != saved[name])
        if fields:
            changes.append(Change(asked, fields))
        if report:
            report(done, len(records))
    return len(records), changes


def answer_record(answerer: Answerer, asked: Asked) -> Record:
    """The whole answer as it is read back from JSON, without `elapsed_ms`."""
    record: Record = json.loads(json.dumps(asdict(answerer.answer(*asked))))
    del record["elapsed_ms"]
    return record


def describe_changes(count: int, changes: Sequence[Change]) -> str:
    """How many answers differ, in which fields, and the first questions of them; in French."""
    lines = [f"{count} questions ; réponses différentes : {len(changes)}"]
    fields = Counter(field for change in changes for field in change.fields)
    lines += [f"  {field} : {number}" for field, number in fields.most_common()]
    for change in changes[:_SHOWN]:
        question, history = change.asked
        lines.append(f"« {' / '.join((*history, question))[:200]} » : {', '.join(change.fields)}")
    return typeset("\n".join(lines))


def _read_lines(path: Path) -> Iterator[Record]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GuichetError(f"Fichier absent ou illisible : {path}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise GuichetError(f"{path}, ligne {number} : ce n’est pas du JSON.") from error
        if not isinstance(record, dict):
            raise GuichetError(f"{path}, ligne {number} : un objet JSON est attendu.")
        yield record
