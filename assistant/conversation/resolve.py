"""A follow-up and its history -> self-standing queries; a question that stands alone is left as it is.

Earlier turns are replayed into a `Memory`; the reader says how the turn changes the last query, and `edits` does it.
A turn that is read as new is answered as it would be without any history. Nothing is kept but a bounded cache.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from assistant.answer import Answer
from assistant.answering.smalltalk import is_only_courtesy
from assistant.answering.topics.decide import Alone
from assistant.conversation.edits import Editor, is_one_sided
from assistant.conversation.memory import remember
from assistant.conversation.subject import is_new
from assistant.steps import Question, Resolved, Understood
from assistant.understanding.fiche_filter import is_anew, read_restriction
from assistant.understanding.query import Query, Without
from assistant.understanding.reader import Memory, QuestionReader

Respond = Callable[[Resolved], Answer]
_AHEAD = 2.0
"""How far another fiche is ahead of the one spoken of, in the unit of the scores, to be what a turn is about."""
LookAlone = Callable[[str, Sequence[str]], Alone]


class Conversation:
    """`look_alone`: what the search says of a turn alone, beside the fiches spoken of."""

    def __init__(self, editor: Editor, reader: QuestionReader, respond: Respond, look_alone: LookAlone) -> None:
        self._editor, self._reader, self._look_alone = editor, reader, look_alone
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
        held = False
        memory = self._replay(tuple(history)) if history and not is_anew(typed) else Memory()
        questions = understood.alone
        if memory.last is not None and not is_only_courtesy(asked):
            beside = self._reader.read(asked, memory)
            alone = self._look_alone(beside[0].text, memory.current)
            new = is_new(beside[0], memory, alone)
            held = bool(memory.current and alone.words) and not alone.unknown and alone.lead < _AHEAD
            if is_one_sided(questions[0]) or not new:
                leans = beside[0].edit != "new"
                questions = beside if leans else self._reader.read(asked, memory, leans=True)
        queries: list[Query] = []
        for position, question in enumerate(questions):
            before = memory if not position else Memory(queries[-1], queries[-1].fiches)
            query = self._editor.apply(question, before, held=held and not position)
            queries.append(
                query.model_copy(update={"where": (*query.where, Without(fiches=without))}) if without else query
            )
        return Resolved(typed, questions, tuple(queries))

    def _replayed(self, history: tuple[str, ...]) -> Memory:
        before = self._replay(history[:-1]) if len(history) > 1 else Memory()
        resolved = self.resolve(self.understand(Question(history[-1], history[:-1])))
        if resolved.questions[-1].edit == "none":
            return before
        new = resolved.questions[-1].edit == "new"
        return remember(before, resolved.queries[-1], self._respond(resolved), new=new)
