"""A model's growing text -> complete sentences; the marks that a sentence cites passages with, read and replaced.

`corpus.sentences.split_sentences` cuts the document's own paragraphs, word for word; `split_growing_text` cuts text
that is still being written, with lists and citation marks in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import citation_mark

_CITED = r"(?:\d{1,2}-\d{1,2}|\d{1,3}|pr[ée]ambule|enjeu\s+\d{1,2})"
_WORD = r"(?:passages?|extraits?|sources?|documents?|fiches?|réf\.?|n°)"
_MARK = re.compile(
    rf"\s*[\[【]\s*(?:{_WORD}\s*)*({_CITED}(?:\s*(?:,|;|/|et|&)\s*(?:{_WORD}\s*)*{_CITED})*)\s*[\]】]", re.IGNORECASE
)
"""[1], [1, 2], [fiche 2-3], [passage 1 et passage 3], with the spaces before; any other bracket is text."""
_NUMBER = re.compile(_CITED, re.IGNORECASE)
_END = re.compile(rf"[.!?…]+[»”\")]*(?:{_MARK.pattern})*", re.IGNORECASE)
_START = re.compile(r"\s+[«“\"(*_]*\s?[A-ZÀÂÇÉÈÊËÎÏÔŒÙÛÜ0-9]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:cf|ex|etc|art|p|M|MM|Mme|Mlle|Dr|av|bd|St|Ste|réf|tél|env|min|max|c\.-à-d|i\.e)\.|\bn°\.?|\b[A-Z]\.)$"
)
_LINE = re.compile(r"\n+")
_BULLET = re.compile(r"^\s*(?:[-–•*▪]|\d{1,2}[.)]|[a-z]\))\s+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence apart from its marks: `cited` the marks in order of use, as written; `places` where each group stood.

    "A [1] et B [2, 9]." -> text "A et B.", cited ("1", "2", "9"), places ((1, ("1",)), (6, ("2", "9"))).
    """

    text: str
    cited: tuple[str, ...]
    places: tuple[tuple[int, tuple[str, ...]], ...]


def split_growing_text(text: str) -> tuple[list[str], str]:
    """(complete sentences, unfinished rest) of a text that may still grow; a line is a sentence of its own.

    "Elle paie [1]. Il agit. [2] Pu" -> (["Elle paie [1].", "Il agit. [2]"], "Pu"). A sentence is complete when what
    follows it shows that no mark of its own is to come; the caller passes the rest when the text has ended.
    """
    sentences: list[str] = []
    start = 0
    for match in _LINE.finditer(text):
        line = text[start : match.start()]
        more, rest = _split_line(line)
        if _marks_only(rest) and not more and sentences:  # a mark alone on its line belongs to the line before
            sentences[-1] = f"{sentences[-1]} {rest.strip()}"
        else:
            sentences += [*more, rest.strip()] if rest.strip() else more
        start = match.end()
    more, rest = _split_line(text[start:])
    return sentences + more, rest


def _split_line(line: str) -> tuple[list[str], str]:
    sentences: list[str] = []
    start = 0
    bullet = _BULLET.match(line)
    for match in _END.finditer(line, bullet.end() if bullet else 0):
        piece = line[start : match.end()]
        bare = line[start : match.start()] + line[match.start()]
        if not _START.match(line, match.end()) or _ABBREVIATION.search(bare):
            continue
        if piece.count("(") > piece.count(")") or piece.count("«") > piece.count("»"):
            continue
        sentences.append(piece.strip())
        start = match.end()
    return sentences, line[start:].lstrip() if sentences else line


def _marks_only(text: str) -> bool:
    return bool(text.strip()) and not _MARK.sub("", text).strip(" .;,")


def is_lead(sentence: str) -> bool:
    """Whether a sentence only opens a list: "Les financeurs sont :"."""
    return _MARK.sub("", sentence).rstrip(" *_").endswith(":")


def is_item(sentence: str) -> bool:
    """Whether a sentence is an item of a list: "- Communes [1]"."""
    return _BULLET.match(sentence) is not None


def read_marks(sentence: str) -> Marked:
    cited: list[str] = []
    places: list[tuple[int, tuple[str, ...]]] = []
    text, start = "", 0
    for match in _MARK.finditer(sentence):
        text += sentence[start : match.start()]
        marks = tuple(" ".join(each.lower().split()) for each in _NUMBER.findall(match.group(1)))
        places.append((len(text), marks))
        cited += marks
        start = match.end()
    return Marked(text + sentence[start:], tuple(dict.fromkeys(cited)), tuple(places))


def write_calls(marked: Marked, fiches: Mapping[str, str]) -> str:
    """The sentence with its marks replaced in their places, `fiches`: mark -> fiche; the same call is not repeated."""
    text, start, last = "", 0, ""
    for place, marks in marked.places:
        calls = " ".join(dict.fromkeys(citation_mark(fiches[mark]) for mark in marks if mark in fiches))
        text += marked.text[start:place]
        start = place
        if calls and not (last == calls and not marked.text[place:].strip(" .!?…")):
            text = _insert(text, calls) if not marked.text[place:].strip() else f"{text.rstrip()} {calls}"
            last = calls
    return text + marked.text[start:]


def append_calls(text: str, fiches: Sequence[str]) -> str:
    """The sentence with these fiches called before its full stop."""
    return _insert(text, " ".join(dict.fromkeys(citation_mark(fiche) for fiche in fiches)))


def _insert(text: str, calls: str) -> str:
    """Calls before the closing punctuation: ("Il agit.", "[fiche 2-3]") -> "Il agit [fiche 2-3]."."""
    body = text.rstrip()
    bare = body.rstrip(" .;,") if not body.endswith(("etc.", "...")) else body
    return f"{bare} {calls}{body[len(bare) :].strip()}"
