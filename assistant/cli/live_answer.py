"""An answer on a terminal while it is being written: what passed the gate, then, greyed, the sentence under way.

All of it is wiped before the answer is printed: a sentence that does not pass leaves no trace. Where the output is no
terminal, nothing is shown before the answer. By hand rather than with rich: its Live crops a text that is longer than
the screen at the bottom, where this one is being written.
"""

import shutil
from collections.abc import Iterable
from typing import TextIO

from assistant.answer import Answer, Partial

_GREY, _PLAIN, _WIPE = "\x1b[2m", "\x1b[0m", "\x1b[J"


def watch(stream: Iterable[Partial | Answer], out: TextIO) -> Answer:
    """The Answer that the stream ends with; it is not printed."""
    shown: Partial | None = None
    rows = 0
    live = out.isatty()
    for part in stream:
        if isinstance(part, Answer):
            out.write(_up(rows))
            out.flush()
            return part
        if live and part != shown:
            size = shutil.get_terminal_size()
            lines = _lines(part, size.columns)[2 - size.lines :]
            out.write(_up(rows) + "".join(f"{line}\n" for line in lines))
            out.flush()
            shown, rows = part, len(lines)
    raise ValueError("a stream ends with an Answer")


def _up(rows: int) -> str:
    """To the beginning of what was drawn, and all of it wiped."""
    return f"\x1b[{rows}F{_WIPE}" if rows else ""


def _lines(partial: Partial, columns: int) -> list[str]:
    """Rows of the terminal, none wider than it."""
    sure = [row for line in partial.text.splitlines() for row in _cut(line, columns)]
    pending = [f"{_GREY}{row}{_PLAIN}" for line in partial.pending.splitlines() for row in _cut(line, columns)]
    return sure + pending


def _cut(line: str, columns: int) -> list[str]:
    return [line[start : start + columns] for start in range(0, len(line), columns)] or [""]
