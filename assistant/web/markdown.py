"""Text -> HTML that is safe to show: everything is escaped, and only what is listed here becomes markup.

Knows paragraphs, headings, bullets, numbers, tables, **bold**, *italic* and calls such as `[fiche 2-3]`.
Links and images are never made from a text: they stay as they were written.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

CALL = re.compile(r"\[(fiche (\d{1,2}-\d{1,2})|préambule|enjeu (?:n° ?)?(\d{1,2}))\]", re.IGNORECASE)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\w*])")
_BULLET = re.compile(r"^(\s*)[-*•]\s+(.*)$")
_NUMBER = re.compile(r"^(\s*)\d{1,3}[.)]\s+(.*)$")
_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")
_SIGNS = re.compile(r"\*\*|\s*\[\d[\d, ]*(?:\]|$)|^\s*(?:[-*•]|#{1,6}|\d{1,3}[.)])\s+", re.MULTILINE)
_RULE = re.compile(r"^[\s|:-]+$")

Chip = Callable[[str], str]
"""The HTML of a call to "2-3", "préambule" or "enjeu 1"."""


def plain(text: str) -> str:
    """A sentence that is being written, as text to read: without the signs of Markdown and the marks of passages.

    "- **Communes** [1" -> "Communes"
    """
    return _SIGNS.sub("", text).strip()


def french(label: str) -> str:
    """Non-breaking spaces where French typography has them: `« Bonjour » :` breaks nowhere before `»` or `:`."""
    return re.sub(r"« ", "«\u00a0", re.sub(r" (?=[:;?!»])", "\u00a0", label))


def called(match: re.Match[str]) -> str:
    """`[fiche 2-3]` -> "2-3"; `[enjeu n°1]` -> "enjeu 1"; `[préambule]` -> "préambule"."""
    if match[2]:
        return match[2]
    return f"enjeu {match[3]}" if match[3] else "préambule"


def inline(text: str, chip: Chip) -> str:
    """One line of text, escaped, with its bold, italic and calls."""
    safe = escape(text)
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    safe = _ITALIC.sub(r"<em>\1</em>", safe)
    return CALL.sub(lambda match: chip(called(match)), safe)


def render_text(text: str, chip: Chip) -> str:
    """A whole answer. Lines that follow each other make one paragraph, with its line breaks."""
    return "".join(_blocks(text.splitlines(), chip))


def _blocks(lines: list[str], chip: Chip) -> Iterator[str]:
    position = 0
    while position < len(lines):
        line = lines[position]
        kind = _kind(line)
        end = position + 1
        while end < len(lines) and kind != "heading" and _kind(lines[end]) == kind:
            end += 1
        block = lines[position:end]
        if kind == "heading":
            yield f"<h3>{inline(line.lstrip('# '), chip)}</h3>"
        elif kind == "bullet":
            yield _list("ul", _BULLET, block, chip)
        elif kind == "number":
            yield _list("ol", _NUMBER, block, chip)
        elif kind == "row":
            yield _table(block, chip)
        elif kind == "text":
            yield "<p>" + "<br>".join(inline(part.strip(), chip) for part in block) + "</p>"
        position = end


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    for kind, pattern in (("heading", _HEADING), ("bullet", _BULLET), ("number", _NUMBER), ("row", _ROW)):
        if pattern.match(line):
            return kind
    return "text"


def _list(tag: str, pattern: re.Pattern[str], lines: list[str], chip: Chip) -> str:
    """Two levels are enough: what is indented by two spaces or more stands under the item before it."""
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        match = pattern.match(line)
        if match is None:
            continue
        content = inline(match[2], chip)
        if len(match[1]) >= 2 and items:
            items[-1][1].append(f"<li>{content}</li>")
        else:
            items.append((content, []))
    return _tagged(tag, (f"<li>{content}{_tagged(tag, below) if below else ''}</li>" for content, below in items))


def _tagged(tag: str, pieces: Iterable[str]) -> str:
    return f"<{tag}>{''.join(pieces)}</{tag}>"


def _table(lines: list[str], chip: Chip) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if not _RULE.match(line)]
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{inline(cell, chip)}</th>' for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{inline(cell, chip)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
