"""A turn of the conversation as the browser stores it, and back. The server stores nothing.

What comes back from the browser is not trusted: what is not a turn is left out, and its HTML is made anew.
"""

import re
from dataclasses import replace
from typing import Any, get_args

from assistant.answer import EMBEDDED, GENERATED, Answer, Choice, Citation, Partial, Status
from assistant.answer_records import AnswerRecord
from assistant.web.conversation.render import render_failed, render_turn, render_understood, render_written
from assistant.web.markdown import CALL, called, plain
from corpus.document import Document

STOPPED = "Réponse arrêtée\u00a0: elle peut être incomplète."
STOPPED_EMBEDDED = "Réponse arrêtée. Celle-ci est composée sans modèle de langue."
_SURROGATES = re.compile("[\ud800-\udfff]")


def turn_record(question: str, answer: Answer, document: Document, position: int) -> dict[str, Any]:
    """What the browser holds of a turn: enough to show it again and to open its fiches; `position` counts from 0."""
    return _stored_answer(question, answer) | {"html": render_turn(question, answer, document, position)}


def _stored_answer(question: str, answer: Answer) -> dict[str, Any]:
    """A turn without its HTML."""
    return {
        "question": question,
        "answer": AnswerRecord.of(answer).model_dump(exclude_none=True)
        | {
            "suggestions": [[choice.label, choice.question] for choice in answer.suggestions],
            "choices": [[choice.label, choice.question] for choice in answer.choices],
        },
        "citations": [
            {"fiche": c.fiche, "section": c.section, "quote": c.quote, "lines": list(c.lines)} for c in answer.citations
        ],
    }


def written_record(question: str, partial: Partial, document: Document, position: int) -> dict[str, Any]:
    """What the browser holds of a turn while a model writes it: enough to show it, and to keep it when it is stopped.

    `pending` is text, never HTML.
    """
    embedded = partial.embedded
    return {
        "question": question,
        "position": position,
        "text": partial.text,
        "html": render_written(partial.text, document, position),
        "understood": render_understood(embedded) if embedded else "",
        "pending": plain(partial.pending),
        "embedded": _stored_answer(question, embedded) if embedded else None,
    }


def stopped_record(value: object, document: Document) -> tuple[int, dict[str, Any]] | None:
    """The position of the turn that a person stopped, and the turn, from what the browser sent back; None when nothing
    was begun.

    Its text is what passed the gate, or the embedded answer when nothing had.
    """
    if not isinstance(value, dict) or not isinstance(value.get("question"), str):
        return None
    written = tidy(value)
    stored, position = written.get("embedded"), written.get("position")
    embedded = read_answer(stored) if isinstance(stored, dict) else None
    if embedded is None or not isinstance(position, int) or position < 0:
        return None
    text = written["text"] if isinstance(written.get("text"), str) else ""
    answer = replace(embedded, note=STOPPED_EMBEDDED)
    if text.strip():
        places = {called(match) for match in CALL.finditer(text)}
        citations = tuple(citation for citation in embedded.citations if citation.fiche in places)
        answer = replace(embedded, text=text, citations=citations, engine=GENERATED, note=STOPPED)
    return position, turn_record(written["question"], answer, document, position)


def failed_record(question: str, message: str, position: int) -> dict[str, Any]:
    """A turn that could not be answered, with the line that says what repairs it."""
    return {
        "question": question,
        "citations": [],
        "failed": message,
        "html": render_failed(question, message, position),
    }


def read_turns(value: object) -> list[dict[str, Any]]:
    """The turns that the browser sent back; anything else is left out."""
    if not isinstance(value, list):
        return []
    return [tidy(turn) for turn in value if isinstance(turn, dict) and isinstance(turn.get("question"), str)]


def tidy(value: Any, depth: int = 8) -> Any:
    """What came from a browser, without the characters that UTF-8 cannot write, nor what is nested deeper than `depth`
    (a turn is less deep).
    """
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, list | dict) and not depth:
        return None
    if isinstance(value, list):
        return [tidy(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {tidy(key): tidy(item, depth - 1) for key, item in value.items()}
    return value


def render_again(value: object, document: Document) -> list[dict[str, Any]]:
    """The turns that a browser stored, with their HTML made anew: nothing of theirs is shown as it stands."""
    turns = []
    for position, turn in enumerate(read_turns(value)):
        answer = read_answer(turn)
        if answer is None:
            message = str(turn.get("failed") or "Cette question n’a pas reçu de réponse.")
            turns.append(failed_record(turn["question"], message, position))
        else:
            turns.append(turn_record(turn["question"], answer, document, position))
    return turns


def read_answer(turn: dict[str, Any]) -> Answer | None:
    """The answer of a turn that came back from the browser; None when it holds none."""
    stored = turn.get("answer")
    if not isinstance(stored, dict) or not isinstance(stored.get("answer"), str):
        return None
    status: Status = next((status for status in get_args(Status) if status == stored.get("status")), "answered")
    return Answer(
        text=stored["answer"],
        status=status,
        citations=read_citations(turn),
        ranking=_texts(stored.get("ranking")),
        understood=str(stored.get("understood") or ""),
        see_also=_texts(stored.get("see_also")),
        suggestions=_read_choices(stored.get("suggestions")),
        choices=_read_choices(stored.get("choices")),
        engine=GENERATED if stored.get("engine") == GENERATED else EMBEDDED,
        note=str(stored.get("note") or ""),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _read_choices(value: object) -> tuple[Choice, ...]:
    pairs = value if isinstance(value, list) else []
    return tuple(Choice(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2)


def read_citations(turn: dict[str, Any]) -> tuple[Citation, ...]:
    """The citations of a turn that came back from the browser; what is malformed is left out."""
    rows = turn.get("citations")
    return tuple(_read_citation(row) for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict))


def _read_citation(row: dict[str, Any]) -> Citation:
    lines = row.get("lines")
    numbers = tuple(line for line in lines if isinstance(line, int)) if isinstance(lines, list) else ()
    return Citation(str(row.get("fiche", "")), str(row.get("section", "")), str(row.get("quote", "")), numbers)
