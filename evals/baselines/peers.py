"""What Guichet is held against: each peer finds fiches for a question, from the same text with the same encoder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.scoring.rows import Answerer
from evals.sets.questions import Question
from index.encoder.base import Encoder, Floats
from index.evidence import Index, Method
from index.retriever import PassageRetriever

TOP = 4
"""Passages that a pipeline without a selection of its own shows as its sources."""


@dataclass(frozen=True, slots=True)
class PeerResult:
    """`ranking`: fiches, best first; `cited`: those shown as sources; `score`: how sure it is to have found something.

    `declined`: whether it said that the document does not hold it; no peer but Guichet can.
    """

    ranking: tuple[str, ...]
    cited: tuple[str, ...]
    score: float
    declined: bool = False


Peer = Callable[[Question], PeerResult]


class OnceEncoder(Encoder):
    """Another encoder, which reads a question once for all the peers."""

    def __init__(self, encoder: Encoder) -> None:
        self.identity, self.prompts = encoder.identity, encoder.prompts
        self._encoder = encoder
        self._vectors: dict[tuple[str, ...], Floats] = {}

    def encode_batch(self, texts: Sequence[str]) -> Floats:
        key = tuple(texts)
        if key not in self._vectors:
            self._vectors[key] = self._encoder.encode_batch(texts)
        return self._vectors[key]


def rank_passages(passages: Sequence[tuple[str, float]]) -> PeerResult:
    """Ranked (fiche, score) of passages -> PeerResult; "" is a passage outside the fiches, which no ranking counts."""
    ranking = tuple(dict.fromkeys(fiche for fiche, _ in passages if fiche))
    cited = tuple(dict.fromkeys(fiche for fiche, _ in passages[:TOP] if fiche))
    return PeerResult(ranking, cited, passages[0][1] if passages else 0.0)


def passage_peer(index: Index, encoder: Encoder, method: Method) -> Peer:
    """Search over our own passages by one method; what it cites are the fiches of the 4 best."""
    retriever = PassageRetriever(index=index, encoder=encoder, method=method)

    def find(question: Question) -> PeerResult:
        passages = retriever.invoke(question.question)
        return rank_passages([(passage.metadata["fiche"], passage.metadata["score"]) for passage in passages])

    return find


def whole_assistant(answerer: Answerer) -> Peer:
    """Guichet itself: its ranking (its citations where it did not rank), its citations, its confidence."""

    def find(question: Question) -> PeerResult:
        answer = answerer.answer(question.question, question.history)
        ranking = answer.ranking or answer.fiches
        return PeerResult(ranking, answer.fiches, answer.confidence, declined=answer.status == "declined")

    return find


def compared(questions: Sequence[Question]) -> list[Question]:
    """Questions that stand alone, either answered by fiches or outside: no peer knows a conversation."""
    return [q for q in questions if not q.history and ((q.answerable and q.gold) or q.type == "hors_sujet")]
