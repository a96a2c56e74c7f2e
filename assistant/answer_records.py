"""The machine interface's records: a question read from JSON that may be hostile, an answer written as JSON."""

import json
from typing import Any


def read_record(line: str) -> tuple[str, str, list[str]]:
    """(id, question, history) of a line of `batch` or a body of `POST /api/ask`; raises ValueError, in French."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:  # RecursionError: thousands of nested brackets
        raise ValueError("ce n’est pas du JSON") from error
    if not isinstance(record, dict):
        raise ValueError("un objet JSON est attendu")
    question, history = record.get("question"), record.get("history", [])
    if not isinstance(question, str):
        raise ValueError("« question » manque ou n’est pas un texte")
    if not isinstance(history, list) or not all(isinstance(each, str) for each in history):
        raise ValueError("« history » doit être une liste de textes")
    return _name(record.get("id", "")), question, history


def _name(id: object) -> str:
    try:
        return str(id)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; lists within lists
        raise ValueError("« id » doit être un texte ou un nombre") from error


def written(record: dict[str, Any]) -> str:
    """One line of JSON, with its accents; where a lone surrogate makes UTF-8 impossible, in ASCII with \\u escapes."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(record)
    return line
