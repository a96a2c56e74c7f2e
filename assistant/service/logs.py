"""Logs as JSON, one object a line on standard error: what happened, when, how long; never what was asked.

A text that could hold a question has no way in: values are numbers, words of ours and fiche numbers; of an exception
its type and its place in the code are written, not its message. The lines of libraries go the same way.
"""

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime

_OURS = logging.getLogger("guichet")
_LIBRARIES = ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio", "gradio", "httpx")
Value = str | int | float | bool | list[str] | Exception | None


def log(event: str, **values: Value) -> None:
    """One line of the kind `event`, for the operator."""
    _OURS.info(event, extra={"values": values})


class JsonLines(logging.Formatter):
    """{"time", "level", "event", ...}; of a library's line only its logger and its place in the code are written."""

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, Value] = getattr(record, "values", {})
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if record.name == _OURS.name else "library",
        }
        if record.name != _OURS.name:
            line |= {"logger": record.name, "place": f"{record.module}:{record.lineno}"}
        for name, value in values.items():
            line[name] = traceback_record(value) if isinstance(value, BaseException) else value
        if record.exc_info and record.exc_info[1]:
            line["error"] = traceback_record(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def traceback_record(error: BaseException) -> dict[str, object]:
    """{"type": "KeyError", "at": ["chain.py:71 answer", ...]}: the innermost frames last, no message."""
    frames = traceback.extract_tb(error.__traceback__, limit=-8)
    return {
        "type": type(error).__name__,
        "at": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames],
    }


def configure_logs() -> None:
    """Sends our lines, and the warnings of libraries, to standard error as JSON; called once, by the server."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    _OURS.setLevel(logging.INFO)
    for name in _LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def open_standard_streams() -> None:
    """Opens the null device as those streams that are closed (`>&-`, a bare service manager).

    Else the first file that is opened takes their number, and what a library prints goes into it.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, mode), number)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8")
