"""LangChain's RAG tutorial, as a peer: recursive splitter 1000/200, Chroma, the 4 best chunks, its prompt, a model.

Given everything but what the tutorial does not have: the same delivered text, the same encoder with its own prompts,
and for its answers the same model. `evals compare` runs its retrieval half alone, which needs no model.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.errors import GuichetError
from evals.baselines.peers import TOP, PeerResult, rank_passages
from evals.scoring.quotes_standing import line_numbers
from evals.sets.questions import Question
from index.encoder.base import Encoder
from index.storage.chroma import Store

CHUNK_SIZE, CHUNK_OVERLAP = 1000, 200
_COLLECTION = "tutorial"
PROMPT = """Vous êtes un assistant qui répond à des questions. Utilisez les extraits suivants pour répondre à la \
question. Si vous ne connaissez pas la réponse, dites simplement que vous ne savez pas. Répondez en trois phrases au \
plus et restez concis.
Question : {question}
Contexte : {context}
Réponse :"""
"""Its own (hub "rlm/rag-prompt"), in French so that the answers are."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A chunk that was found, and the fiche that most of it belongs to; "" for none."""

    fiche: str
    text: str


class TutorialPipeline:
    """Builds its own Chroma folder in `folder`; raises GuichetError when the splitter is not installed."""

    def __init__(self, document: Document, raw: str, encoder: Encoder, folder: Path) -> None:
        chunks = split(raw)
        owners = owners_of(document, raw)
        self._fiches = {f"{start}": _owner(owners[start : start + len(text)]) for start, text in chunks}
        self._texts = {f"{start}": text for start, text in chunks}
        self._encoder = encoder
        self._store = Store(folder)
        vectors = encoder.encode_passages([text for _, text in chunks])
        ids = [f"{start}" for start, _ in chunks]
        metadatas = [{"start": start} for start, _ in chunks]
        self._store.write_collection(_COLLECTION, ids, [text for _, text in chunks], metadatas, vectors)

    def find(self, question: Question) -> PeerResult:
        """Every chunk, ranked; what it cites are the fiches of the 4 best."""
        vector = self._encoder.encode_queries([question.question])[0]
        ranked = self._store.query(_COLLECTION, vector, limit=len(self._fiches))
        return rank_passages([(self._fiches[id], score) for id, score in ranked])

    def excerpts(self, question: str) -> list[Excerpt]:
        """The 4 best chunks."""
        vector = self._encoder.encode_queries([question])[0]
        ranked = self._store.query(_COLLECTION, vector, limit=TOP)
        return [Excerpt(self._fiches[id], self._texts[id]) for id, _ in ranked]

    def close(self) -> None:
        self._store.close()


def tutorial_prompt(question: str, excerpts: Sequence[Excerpt]) -> str:
    return PROMPT.format(question=question, context="\n\n".join(excerpt.text for excerpt in excerpts))


def split(raw: str) -> list[tuple[int, str]]:
    """Pairs (start in the text, chunk), by the tutorial's own splitter and settings."""
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise GuichetError(
            "La comparaison demande le découpeur de LangChain. Installez-le : pip install langchain-text-splitters"
        ) from error
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP, add_start_index=True)
    return [(each.metadata["start_index"], each.page_content) for each in splitter.create_documents([raw])]


def owners_of(document: Document, raw: str) -> list[str]:
    """For each character, the fiche it belongs to; "" outside the fiches and for white space."""
    regions: dict[int, str] = {}
    for fiche in document.fiches:
        lines = list(line_numbers(fiche))
        regions |= dict.fromkeys(range(min(lines), max(lines) + 1), fiche.number)
    return [
        "" if character.isspace() else regions.get(number, "")
        for number, line in enumerate(re.split(r"(?<=\n)", raw), start=1)
        for character in line
    ]


def _owner(characters: Sequence[str]) -> str:
    """The fiche that most of a chunk's characters belong to; "" when it holds none."""
    counts = Counter(owner for owner in characters if owner)
    return counts.most_common(1)[0][0] if counts else ""
