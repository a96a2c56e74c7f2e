"""What a chat model is given to write from: the passages behind the embedded answer, or None when that answer stays.

Exact answers (lists, counts, comparisons), refusals, small talk and urgent help are never put in other words: they
quote nothing. Nor are lists of partners among the passages: they are shown as they are, beside what the model writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Answer, Citation
from assistant.generation.gate.gate import Given
from assistant.text.french import typeset
from corpus.document import Chunk
from index.evidence import Retriever

_WORDED = frozenset(("descriptif", "dispositifs", "preambule", "introduction"))
"""Sections whose passages are prose."""
_SEARCHED = 500
"""Passages ranked: more than the document has."""


@dataclass(frozen=True, slots=True)
class Material:
    """`given`: the passages, the most useful first, each with its mark. `facts`: lines of the embedded answer that are
    exact, shown whatever the model writes."""

    question: str
    given: tuple[Given, ...]
    facts: tuple[str, ...] = ()


def gather(question: str, embedded: Answer, passages: Retriever) -> Material | None:
    """`question`: self-standing. None when the embedded answer is to be given as it is.

    Only passages of the fiches that the embedded answer quotes are given, so that no sentence can cite another fiche:
    first those that it quotes from, whole, in its order, then the others of these fiches, the nearest first.
    """
    if embedded.status != "answered" or not embedded.quoted:
        return None
    fiches = {citation.fiche for citation in embedded.quoted}
    ranked = [found.chunk for found in passages.search(question, limit=_SEARCHED)]
    kept = [chunk for chunk in ranked if chunk.section in _WORDED and place(chunk) in fiches]
    quoted = [chunk for citation in embedded.quoted for chunk in kept if _holds(chunk, citation)]
    chosen = list(dict.fromkeys([*quoted, *kept]))
    given = tuple(given_from(chunk, str(rank)) for rank, chunk in enumerate(chosen, start=1))
    return Material(question, given, _exact_lines(embedded)) if given else None


def given_from(chunk: Chunk, mark: str) -> Given:
    return Given(mark, place(chunk), chunk.section, chunk.body, chunk.lines)


def place(chunk: Chunk) -> str:
    """As a citation names it: "2-3", "enjeu 1", "préambule"."""
    return chunk.fiche or (f"enjeu {chunk.enjeu}" if chunk.enjeu else "préambule")


def _holds(chunk: Chunk, citation: Citation) -> bool:
    return place(chunk) == citation.fiche and bool(set(citation.lines) & set(chunk.lines))


def _exact_lines(embedded: Answer) -> tuple[str, ...]:
    """The blocks of the embedded answer that quote nothing: lists of partners, what was checked in them."""
    blocks = embedded.text.split("\n\n")
    return tuple(block for block in blocks if _names(block, embedded.citations, embedded.quoted))


def _names(block: str, citations: Sequence[Citation], quoted: Sequence[Citation]) -> bool:
    lists = [citation for citation in citations if citation not in quoted]
    return any(
        line and typeset(line) in block for citation in lists for line in citation.quote.splitlines()
    ) and not any(said(citation) in block for citation in quoted)


def said(citation: Citation) -> str:
    """A quote as the text of an answer shows it."""
    return typeset(citation.quote.rstrip(" ;"))
