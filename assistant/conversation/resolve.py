"""A follow-up and its history -> self-standing queries; a question that stands alone is left as it is.

Earlier turns are replayed into a `Memory`; the reader says how the turn changes the last query, and `edits` does it.
A turn that is read as new is answered as it would be without any history. Nothing is kept but a bounded cache.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from assistant.answer import Answer
from assistant.answering.smalltalk import is_only_courtesy
from assistant.conversation.edits import apply
from assistant.conversation.memory import remember
from assistant.steps import Question, Resolved, Understood
from assistant.understanding.fiche_filter import is_anew, read_restriction
from assistant.understanding.query import Query, Without
from assistant.understanding.reader import Memory, QuestionReader, Read
from corpus.document import Document

Respond = Callable[[Resolved], Answer]
IsElsewhere = Callable[[str, Sequence[str]], bool]


_CLOSE = 0.1
"""Probability of being a new question from which a turn with a subject of its own is one."""
_LISTS = frozenset(("financeurs", "operateurs", "porteurs", "dispositifs"))


class Conversation:
    """`is_elsewhere`: whether a turn, alone, is answered by other fiches than these."""

    def __init__(self, document: Document, reader: QuestionReader, respond: Respond, is_elsewhere: IsElsewhere) -> None:
        self._document, self._reader, self._is_elsewhere = document, reader, is_elsewhere
        # What older turns were answered is not sought again when they are replayed.
        self._respond = lru_cache(maxsize=256)(respond)
        self._replay = lru_cache(maxsize=256)(self._replayed)

    def understand(self, question: Question) -> Understood:
        """The step "understand": the questions of the message, without its history."""
        _, asked = read_restriction(question.typed)
        return Understood(question, self._reader.read(asked))

    def resolve(self, understood: Understood) -> Resolved:
        """The step "resolve": the self-standing queries; each knows the fiches left out."""
        typed, history = understood.question.typed, understood.question.history
        without, asked = read_restriction(typed)
        memory = self._replay(tuple(history)) if history and not is_anew(typed) else Memory()
        questions = understood.alone
        if memory.last is not None and not is_only_courtesy(asked):
            beside = self._reader.read(asked, memory)
            questions = questions if self._is_new(beside[0], memory) else beside
        queries: list[Query] = []
        for position, question in enumerate(questions):
            before = memory if not position else Memory(queries[-1], queries[-1].fiches)
            query = apply(question, before, self._document)
            queries.append(
                query.model_copy(update={"where": (*query.where, Without(fiches=without))}) if without else query
            )
        return Resolved(typed, questions, tuple(queries))

    def _is_new(self, turn: Read, memory: Memory) -> bool:
        """Whether a turn is a question of its own: it was read so, or it names a subject of its own: beside the list that
        it asks for, and it comes close ("qui finance le logement ?"), or one that other fiches answer."""
        if turn.edit != "project" or turn.bare or turn.query.fiches or not memory.current:
            return turn.edit == "new"
        named = turn.newness > _CLOSE and bool(_LISTS & {*turn.query.show})
        return named or self._is_elsewhere(turn.text, memory.current)

    def _replayed(self, history: tuple[str, ...]) -> Memory:
        before = self._replay(history[:-1]) if len(history) > 1 else Memory()
        resolved = self.resolve(self.understand(Question(history[-1], history[:-1])))
        if resolved.questions[-1].edit == "none":
            return before
        new = resolved.questions[-1].edit == "new"
        return remember(before, resolved.queries[-1], self._respond(resolved), new=new)
