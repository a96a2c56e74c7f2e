"""A follow-up and its history -> a self-standing understanding; a question that stands alone is left alone.

Earlier turns are replayed into a `Memory` (what was last asked, which fiches answered, the lists last shown); a new
turn leans on it when its words say so (pronouns, ordinals, "et ...", a bare "qui paye ?") or when it says too little
to stand: `STEPS` has one for each way. Works without a language model; nothing is kept but a bounded
cache of replayed turns.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.answer import Answer
from assistant.answering.smalltalk import is_courtesy, is_only_courtesy
from assistant.conversation.context import FollowUp, Rank, Step
from assistant.conversation.cues import read_cues
from assistant.conversation.memory import Memory, remember
from assistant.conversation.steps_on_fiche import (
    actor_in_fiche,
    corrected,
    in_town,
    neighbour,
    other,
    refused,
    renamed,
    repeated,
    returned,
    same_fiche,
)
from assistant.conversation.steps_on_lists import compared, counted, ordinal_fiche, ordinal_item, over_all, restricted
from assistant.steps import Question, Resolved, Understood
from assistant.understanding.fiche_filter import read_restriction
from assistant.understanding.interpret import understand
from assistant.understanding.paraphrase import paraphrase
from assistant.understanding.query import is_exact
from assistant.understanding.reader import QuestionReader, Read
from assistant.understanding.reading import read
from assistant.understanding.request import Request, Understanding
from assistant.understanding.rules_over_fiches import asks_for_missing
from corpus.document import Document
from corpus.registry import Registry

_TOPICAL, _SURE = 0.3, 0.8
"""Probability of a topic from which a question is left to the search; confidence from which the reader is believed
against the rules."""

Respond = Callable[[Resolved], Answer]

STEPS: tuple[Step, ...] = (
    refused,
    compared,
    repeated,
    actor_in_fiche,
    renamed,
    ordinal_item,
    returned,
    counted,
    ordinal_fiche,
    corrected,
    other,
    restricted,
    neighbour,
    over_all,
    in_town,
    same_fiche,
)
"""The ways in which a turn leans on those before; the most telling first."""


class Conversation:
    def __init__(
        self, document: Document, registry: Registry, respond: Respond, rank: Rank, reader: QuestionReader
    ) -> None:
        self._document, self._reader = document, reader
        self._registry = registry
        # What older turns were answered, and what they were compared with, is not sought again when they are replayed.
        self._respond = lru_cache(maxsize=256)(respond)
        self._rank = lru_cache(maxsize=256)(rank)
        self._replay = lru_cache(maxsize=256)(self._replayed)

    def understand(self, question: Question) -> Understood:
        """The step "understand": the question without its history."""
        _, asked = read_restriction(question.typed)
        return Understood(question, understand(asked, self._document, self._registry))

    def resolve(self, understood: Understood) -> Resolved:
        """The step "resolve": the self-standing understanding; each request knows the fiches left out."""
        typed = understood.question.typed
        without, asked = read_restriction(typed)
        found = self._after_history(asked, understood.alone, understood.question.history)
        requests = tuple(replace(request, without=without) for request in found.requests)
        alone = not (found.rewritten or without or is_only_courtesy(asked))
        exact = self._exact(asked, found) if alone else ()
        return Resolved(typed, replace(found, requests=requests) if without else found, exact)

    def _exact(self, asked: str, found: Understanding) -> tuple[Read, ...]:
        """The queries of a message that stands alone, when all of its questions are exact; () where the rules' reading
        is kept: they found something exact, and the reader is not sure."""
        reads = self._reader.read(asked)
        if not all(is_exact(read.query) and read.topical < _TOPICAL for read in reads):
            return ()
        searched = any(request.kind == "topic" for request in found.requests)
        return reads if searched or all(read.confidence > _SURE for read in reads) else ()

    def _after_history(self, typed: str, alone: Understanding, history: Sequence[str]) -> Understanding:
        if not history:
            return alone
        memory = self._replay(tuple(history))
        if memory.request is None:
            return alone
        request = self._lean(typed, alone, memory)
        if request is None:
            return alone
        return Understanding(paraphrase(request, self._document, self._registry), (request,), rewritten=True)

    def _replayed(self, history: tuple[str, ...]) -> Memory:
        before = self._replay(history[:-1]) if len(history) > 1 else Memory()
        resolved = self.resolve(self.understand(Question(history[-1], history[:-1])))
        request = resolved.understanding.requests[0]
        return remember(before, history[-1], request, self._respond(resolved), self._document)

    def _lean(self, typed: str, alone: Understanding, memory: Memory) -> Request | None:
        """The request that the turn makes with the memory's help; None when it stands alone."""
        reading = read(typed, self._document, self._registry)
        cues = read_cues(typed, reading)
        if cues.new_topic or len(alone.requests) > 1 or is_courtesy(typed, reading):
            return None
        if reading.actors and asks_for_missing(reading):
            return None  # the hours of the town hall are lacking whatever fiche was spoken of
        turn = FollowUp(alone.requests[0], reading, cues, memory, self._document, self._registry, self._rank)
        return next((request for step in STEPS if (request := step(turn)) is not None), None)
