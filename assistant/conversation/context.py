"""A turn with what was read in it and the memory of those before: what every step of a conversation looks at.

A step (`assistant.conversation.steps_on_lists`, `assistant.conversation.steps_on_fiche`) takes a `Leaning` and gives
the request that the turn makes, or None when it does not lean in that way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.conversation.cues import Cues
from assistant.conversation.memory import Memory
from assistant.conversation.own_question import turn_on
from assistant.understanding.reading import Reading
from assistant.understanding.request import Request
from corpus.document import Document
from corpus.registry import Registry

Rank = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Leaning:
    """`own`: what the turn would ask if nothing had been said before."""

    own: Request
    reading: Reading
    cues: Cues
    memory: Memory
    document: Document
    registry: Registry
    rank: Rank

    def on(self, fiche: str, *, named_by_words: bool = False) -> Request:
        """The turn's own question, of this fiche; `named_by_words`: its content words say which fiche, no more."""
        return turn_on(fiche, self.own, self.reading, self.cues, self.memory, plain=named_by_words)

    def best_of(self, pool: tuple[str, ...]) -> str:
        scores = self.rank(self.reading.question)
        return max(pool, key=lambda each: scores[each])


Step = Callable[[Leaning], Request | None]
