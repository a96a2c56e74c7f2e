"""Raw text -> source lines that know their page, their bullet and the gap above them; joins wrapped lines.

The file was taken from a PDF: text lines alternate with blank ones, a page break glues the next line to the
one before with a single space in front, and the glyph of most bullets was lost and left that same space. Does
not know fiches or sections.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CALL = re.compile(r"(?<=[^\W\d_]{4})([1-9])(?=[\s.,;:)]|$)")
_SHORT, _COLUMN = 45, 60
"""The column holds 60 to 75 characters. A line under `_SHORT`, or one that ends a sentence although the next word
would have fitted into `_COLUMN`, was not wrapped: it ends a paragraph."""

_RULE = 20
_SENTENCE_START = re.compile(r"(?:L’|Les |Le |La |Il |Elle |En |Ces? |Cette )")
"""A capital on an article or a pronoun opens a sentence, even below a bullet without a full stop (line 5268)."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A non-blank line: `gap` blank lines above it; `bullet` "-", "lost" (its glyph) or "" ; `page` where a page
    begins; `ruled` below the rule of blanks that separates footnotes."""

    number: int
    text: str
    gap: int
    bullet: str
    page: bool
    ruled: bool


def read_lines(text: str) -> list[SourceLine]:
    """The non-blank lines of the delivered text, in order; never raises.

    A leading space is a page break where the line above is not blank, the trace of a lost bullet otherwise;
    both may stand together.
    """
    lines: list[SourceLine] = []
    above, gap = "", 0
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped:
            above, gap = raw, gap + 1
            continue
        spaces = len(raw) - len(raw.lstrip())
        page = bool(spaces and above.strip())
        spaces -= page
        bullet = "-" if stripped.startswith("- ") else "lost" if spaces else ""
        body = stripped[2:].strip() if bullet == "-" else stripped
        ruled = len(above) > _RULE and not above.strip()
        lines.append(SourceLine(number, re.sub(r"\s+", " ", body), gap, bullet, page, ruled))
        above, gap = raw, 0
    return lines


def join(texts: Sequence[str]) -> str:
    """Undo line wraps: ["Vitry-sur-", "Seine et", "Ivry"] -> "Vitry-sur-Seine et Ivry".

    A word cut after a hyphen keeps it: in this document each of these hyphens belongs to the word
    ("inter-/entreprises", "médico-/sociale").
    """
    joined = ""
    for text in texts:
        glued = re.search(r"\w-$", joined) is not None
        joined = joined + text if glued or not joined else f"{joined} {text}"
    return joined


def strip_calls(text: str, numbers: Sequence[int]) -> tuple[str, list[tuple[int, str]]]:
    """Take the calls of footnotes out of a text: ("... définit2 :", [2]) -> ("... définit :", [(2, "définit")])."""
    found: list[tuple[int, str]] = []
    for match in _CALL.finditer(text):
        if int(match[1]) in numbers:
            found.append((int(match[1]), re.split(r"[\s’']", text[: match.start()])[-1]))
    for match in reversed([match for match in _CALL.finditer(text) if int(match[1]) in numbers]):
        text = text[: match.start()] + text[match.end() :]
    return text, found


def continues(previous: SourceLine, line: SourceLine, *, started: str) -> bool:
    """Whether `line` goes on with the paragraph `started`, whose last line is `previous`."""
    if line.bullet:
        return False
    if line.gap == 0 and not line.page:
        return True
    started = started.rstrip()
    unfinished = not started.endswith((".", ";", ":", "!", "?", "…"))
    small = line.text[:1].islower() or line.text[:1] in "(«"
    if line.gap > 1 and not (unfinished and small):
        return False
    if unfinished and _SENTENCE_START.match(line.text):
        return False
    if unfinished:
        return small or len(previous.text) >= _SHORT
    fits = len(previous.text) + 1 + len(line.text.split()[0]) <= _COLUMN
    return small or (not fits and not started.endswith((":", ";")))
