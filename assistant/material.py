"""What a chat model is given to write from: the passages behind the embedded answer, or None when that answer stays.

Exact answers (lists, counts, comparisons), refusals, small talk and urgent help are never rewritten by a model.
"""

from dataclasses import dataclass

from assistant.answer import Answer
from assistant.gate import Given
from assistant.understanding import Understanding
from corpus.fiche import Chunk, Document
from index.search import Index

_FICHES = 2
"""Fiches whose passages are given: those that the embedded answer cites, in its order."""


@dataclass(frozen=True, slots=True)
class Material:
    """`given`: the passages, each with its mark. `facts`: exact sentences of ours that need no model."""

    question: str
    given: tuple[Given, ...]
    facts: tuple[str, ...] = ()


def gather(
    question: str,
    embedded: Answer,
    *,
    understanding: Understanding,
    document: Document,  # noqa: ARG001 - part of the interface
    index: Index,
) -> Material | None:
    """`question`: self-standing. None when the embedded answer is to be given as it is."""
    if embedded.status != "answered" or any(request.kind != "topic" for request in understanding.requests):
        return None
    fiches = embedded.fiches[:_FICHES]
    chunks = [chunk for fiche in fiches for chunk in index.entries.chunks if _place(chunk) == fiche]
    given = tuple(
        Given(str(rank), _place(chunk), chunk.section, chunk.body, chunk.lines)
        for rank, chunk in enumerate(chunks, start=1)
    )
    return Material(question, given) if given else None


def _place(chunk: Chunk) -> str:
    """As a citation names it: "2-3", "enjeu 1", "préambule"."""
    return chunk.fiche or (f"enjeu {chunk.enjeu}" if chunk.enjeu else "préambule")
