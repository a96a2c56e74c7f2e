"""The whole way of a question, from top to bottom: understand -> search -> decide -> answer.

    Guichet.answer(question, history)
        rewrite   a follow-up and its history -> a self-standing question       assistant.conversation.resolve
        read      -> requests: what is asked, of what                           assistant.understanding.interpret
        search    topics only -> fiches and passages                            index.evidence
        decide    answer, decline or smalltalk                                  assistant.answering.topics.decide




The steps are LangChain runnables, joined by `|`, so that they can be traced, replaced or streamed like any chain.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer import MAX_QUESTION, Answer, Partial
from assistant.answering.respond import Responder
from assistant.answering.topics.decide import Decider
from assistant.conversation.resolve import Conversation
from assistant.generation.engine import Generator
from assistant.generation.passages import Material, gather
from assistant.learned import Cutoff
from assistant.text.spelling import load_speller
from assistant.understanding.interpret import understand
from assistant.understanding.question_words import load_question_words
from assistant.understanding.request import Understanding
from assistant.understanding.self_introduction import ask_only
from corpus.document import Document
from corpus.partners import RoleTable
from corpus.registry import load_registry
from index.encoder.base import Encoder
from index.entries import Entries
from index.evidence import Index, PassageSearch

_TURNS, _STEP = 12, 6
"""Earlier turns that are read at least: what is older is forgotten, some turns at a time, so that the turns before the
last one are seldom read anew (a conversation keeps what it made of those that begin alike)."""
CUT = "Votre message est très long : seul son début (4\u202f000 caractères) a été lu."
"""Said below the answer to a question longer than MAX_QUESTION."""
Report = Callable[[int, int], None]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """What travels along the chain: the question typed, its history, and what each step adds."""

    typed: str
    history: tuple[str, ...]
    understanding: Understanding | None = None
    answer: Answer | None = None


class Guichet:
    """The assistant, ready to answer; holds no conversation, safe for several threads."""

    def __init__(
        self,
        document: Document,
        index: Index,
        encoder: Encoder,
        *,
        cutting: Cutoff | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.document = document
        self.index = index
        self.encoder = encoder
        self._generator = generator
        self._passages = PassageSearch(index, encoder, "mixed")
        self.registry = load_registry()
        self.table = RoleTable(document, self.registry)
        self._speller = load_speller(*spelling_texts(index.entries))
        self._decider = Decider(index, encoder, document, self.registry, cutting=cutting)
        self._responder = Responder(self.table, index, self._decider)
        self._conversation = Conversation(document, self.registry, self._responder.respond, self._decider.rank)
        self.respond = self._responder.respond
        self.chain: Runnable[Turn, Turn] = RunnableLambda(self._rewrite) | RunnableLambda(self._respond)

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """Answer a question; `history` holds the person's earlier turns, oldest first. Never raises on any text."""
        return last(self.stream(question, history))

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        """The same, with what is written on the way when a chat model writes it; the Answer comes last."""
        started = time.perf_counter()
        for each in self._engine(self._asked(question, history)):
            yield each if isinstance(each, Partial) else _finished(each, question, started)

    def embedded(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer of the embedded engine, whatever model there is."""
        started = time.perf_counter()
        return _finished(_answered(self._asked(question, history)), question, started)

    def prepare(self, question: str, history: Sequence[str] = ()) -> tuple[Answer, Material | None]:
        """The embedded answer, and what a chat model would be given to write from: None when it would not be asked."""
        return self._prepared(self._asked(question, history))

    def model_problem(self) -> str:
        """ "" when the chat model does its work or there is none, else one French line for the operator."""
        return self._generator.calls.problem() if self._generator else ""

    def close(self) -> None:
        """Frees the chat model; nothing else is held."""
        if self._generator:
            self._generator.model.close()

    def _asked(self, question: str, history: Sequence[str]) -> Turn:
        """All the way of the embedded engine."""
        return self.chain.invoke(Turn(self.written(question), tuple(self.written(each) for each in window(history))))

    def _engine(self, turn: Turn) -> Iterator[Partial | Answer]:
        embedded, material = self._prepared(turn) if self._generator else (_answered(turn), None)
        if self._generator and material:
            yield Partial("", "", embedded)  # before the model reads: the proof is there already
            for each in self._generator.stream(material, embedded):
                yield replace(each, embedded=embedded) if isinstance(each, Partial) else each
        else:
            yield embedded

    def _prepared(self, turn: Turn) -> tuple[Answer, Material | None]:
        embedded, asked = _answered(turn), turn.understanding
        return embedded, gather(asked.question, embedded, self._passages) if asked else None

    def written(self, question: str) -> str:
        """What is read of a question: its beginning, without who asks, in written French."""
        return self._speller.correct(ask_only(clean(question), self.registry))

    def _rewrite(self, turn: Turn) -> Turn:
        return replace(turn, understanding=self._conversation.resolve(turn.typed, turn.history))

    def _respond(self, turn: Turn) -> Turn:
        understanding = turn.understanding or understand(turn.typed, self.document, self.registry)
        answer = self._responder.respond(turn.typed, understanding)
        return replace(turn, understanding=understanding, answer=answer)


def last(stream: Iterator[Partial | Answer]) -> Answer:
    """The Answer that a stream ends with."""
    *_, answer = stream
    if isinstance(answer, Partial):
        raise TypeError("a stream ends with an Answer")
    return answer


def _answered(turn: Turn) -> Answer:
    if turn.answer is None:
        raise TypeError("the chain answers")
    return turn.answer


def _finished(answer: Answer, question: str, started: float) -> Answer:
    if len(question) > MAX_QUESTION:
        answer = replace(answer, text=f"{answer.text}\n\n{CUT}")
    return replace(answer, elapsed_ms=(time.perf_counter() - started) * 1000)


def window(history: Sequence[str]) -> Sequence[str]:
    """The 12 to 17 last turns of a long history, beginning with the same one 6 times in a row."""
    return history[max(0, len(history) - _TURNS) // _STEP * _STEP :]


def spelling_texts(entries: Entries) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What spelling is corrected towards: the document's texts, names, question words; residents' phrases."""
    registry = load_registry()
    names = [name for actor in registry.actors for name in (actor.name, *actor.spellings, *actor.usage)]
    names += [variant for named in registry.named for variant in named.variants]
    kinds = entries.kinds()
    spoken = kinds.pop("phrases")
    texts = [entry.text for kind in kinds.values() for entry in kind]
    return (*texts, *names, *load_question_words().expressions), tuple(entry.text for entry in spoken)


def clean(text: str) -> str:
    """Without control characters and beyond `MAX_QUESTION`; line breaks become spaces."""
    kept = "".join(character if character.isprintable() else " " for character in text[:MAX_QUESTION])
    return " ".join(kept.split())
