"""What a chat model writes from: the passages behind the embedded answer, or None when that answer stays.

Exact answers (lists, counts, comparisons), refusals, small talk and urgent help are never put in other words: they
quote nothing. Nor are lists of partners among the passages: they are shown as they are, beside what the model writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain_core.documents import Document
from langchain_core.runnables import RunnableConfig

from assistant.answer import Answer, Citation
from assistant.text.french import typeset
from corpus.document import Chunk
from index.retriever import PassageRetriever

_PROSE = frozenset(("descriptif", "dispositifs", "preambule", "introduction"))
"""Sections whose passages are prose."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage given to the model. `mark`: what its text cites it with, "1" for [1]; the rest as in `Citation`."""

    mark: str
    fiche: str
    section: str
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """`question`: self-standing. `passages`: the most useful first. `facts`: lines of the embedded answer that are
    exact, shown whatever the model writes."""

    question: str
    passages: tuple[Passage, ...]
    facts: tuple[str, ...] = ()


def find_sources(
    question: str, embedded: Answer, retriever: PassageRetriever, config: RunnableConfig | None = None
) -> Sources | None:
    """`question`: self-standing. None when the embedded answer is to be given as it is.

    Only passages of the fiches that the embedded answer quotes are given, so that no sentence can cite another fiche:
    first those that it quotes from, whole, in its order, then the others of these fiches, the nearest first.
    """
    if embedded.status != "answered" or not embedded.quoted:
        return None
    fiches = {citation.fiche for citation in embedded.quoted}

    def is_prose_of_them(chunk: Chunk) -> bool:
        return chunk.section in _PROSE and _fiche(chunk.fiche, chunk.enjeu) in fiches

    ranked = [_passage(document) for document in retriever.invoke(question, config, keep=is_prose_of_them)]
    quoted = [passage for citation in embedded.quoted for passage in ranked if _holds(passage, citation)]
    chosen = dict.fromkeys([*quoted, *ranked])
    passages = tuple(replace(passage, mark=str(rank)) for rank, passage in enumerate(chosen, start=1))
    return Sources(question, passages, _exact_lines(embedded)) if passages else None


def _passage(document: Document) -> Passage:
    found = document.metadata
    return Passage("", _fiche(found["fiche"], found["enjeu"]), found["section"], found["body"], tuple(found["lines"]))


def _fiche(fiche: str, enjeu: int) -> str:
    """As a citation names it: "2-3", "enjeu 1", "préambule"."""
    return fiche or (f"enjeu {enjeu}" if enjeu else "préambule")


def _holds(passage: Passage, citation: Citation) -> bool:
    return passage.fiche == citation.fiche and bool(set(citation.lines) & set(passage.lines))


def _exact_lines(embedded: Answer) -> tuple[str, ...]:
    """The blocks of the embedded answer that quote nothing: lists of partners, what was checked in them."""
    blocks = embedded.text.split("\n\n")
    return tuple(block for block in blocks if _names(block, embedded.citations, embedded.quoted))


def _names(block: str, citations: Sequence[Citation], quoted: Sequence[Citation]) -> bool:
    lists = [citation for citation in citations if citation not in quoted]
    return any(
        line and typeset(line) in block for citation in lists for line in citation.quote.splitlines()
    ) and not any(shown_quote(citation) in block for citation in quoted)


def shown_quote(citation: Citation) -> str:
    """A quote as the text of an answer shows it."""
    return typeset(citation.quote.rstrip(" ;"))
