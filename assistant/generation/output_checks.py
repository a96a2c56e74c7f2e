"""Whether a model's growing text is still worth waiting for: its length, its language, whether it repeats itself.

What the text says is checked by the gate.
"""

import unicodedata

from assistant.text.languages import language_of

MOST = 6000
"""Characters of an answer; the embedded engine's longest has 4,300."""
_FIRST = 120
"""Characters from which the language is looked at."""
_WINDOW, _TIMES = 60, 4
"""When the last 60 characters stand four times in the text, the model repeats itself."""
_OPEN, _CLOSE = "<think>", "</think>"


def printable(piece: str) -> str:
    """Without control, format and other invisible characters: they would steer a terminal or turn a line around."""
    return "".join(each for each in piece if each == "\n" or unicodedata.category(each)[0] != "C")


def spoken(text: str) -> str:
    """The text without the thinking that some models write before it: "<think>Voyons.</think>Oui." -> "Oui."."""
    start = text.lstrip()
    if start.startswith(_OPEN):
        return start.partition(_CLOSE)[2]
    return "" if _OPEN.startswith(start) else text


def fault_of(text: str, *, ended: bool = False) -> str:
    """A reason of `assistant.generation.failures` to stop, or ""; `ended`: no more text is to come."""
    if len(text) > MOST:
        return "long"
    if ended and not text.strip():
        return "empty"
    if (ended or len(text) >= _FIRST) and language_of(text) != "fr":
        return "language"
    if len(text) > _WINDOW * _TIMES and text.count(text[-_WINDOW:]) >= _TIMES:
        return "repeats"
    return ""
