"""The way of a question: one LangChain runnable a step, each with its name.

    clean       the question as it is read: its beginning, in written French    understanding/cleaning.py
    understand  the questions it holds, without its history -> queries          understanding/reader.py
    resolve     with its history -> self-standing queries                       conversation/resolve.py
    search      queries with a topic -> scores of the fiches                    answering/respond.py, index/
    decide      answer, decline or small talk; one topic or two; an emergency   answering/respond.py, topics/decide.py
    answer      the answer of the embedded engine                               answering/respond.py
    generate    with a chat model: the answer in its words, while it writes     generation/engine.py

`assistant.steps` has what each step hands to the next one. A callback handler in `config` sees every step.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda

from assistant.answer import MAX_QUESTION, Answer, Partial
from assistant.answering.respond import Responder
from assistant.answering.topics.decide import Decider
from assistant.conversation.edits import Editor
from assistant.conversation.resolve import Conversation
from assistant.generation.engine import Generator
from assistant.generation.passages import Sources, find_sources
from assistant.learned import Cutoff
from assistant.steps import Answered, Question, Resolved
from assistant.understanding.cleaning import Cleaner
from assistant.understanding.model import ReaderModel
from assistant.understanding.query import Query
from assistant.understanding.reader import QuestionReader, Read
from corpus.document import Document
from corpus.partners import RoleTable
from corpus.registry import load_registry
from index.encoder.base import Encoder
from index.evidence import Index
from index.retriever import PassageRetriever

CUT = "Votre message est très long : seul son début (4\u202f000 caractères) a été lu."
"""Said below the answer to a question longer than MAX_QUESTION."""


class Guichet:
    """The assistant, ready to answer; stores no conversation, safe for several threads."""

    def __init__(
        self,
        document: Document,
        index: Index,
        encoder: Encoder,
        *,
        reader: ReaderModel,
        cutting: Cutoff | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.document, self.index, self.encoder, self._generator = document, index, encoder, generator
        self.registry = load_registry()
        self.table = RoleTable(document, self.registry)
        self.retriever = PassageRetriever(index=index, encoder=encoder)
        decider = Decider(index, encoder, document, self.registry, cutting=cutting)
        responder = Responder(self.table, index, decider)
        self.reader = QuestionReader(document, self.registry, reader)
        editor = Editor(document, self.registry, decider.nearest)
        conversation = Conversation(editor, self.reader, responder.respond, decider.look_alone)
        cleaner = Cleaner(self.registry, index.entries)
        self.clean_text, self.respond = cleaner.clean_text, responder.respond
        embedded = (
            RunnableLambda(cleaner.clean, name="clean")
            | RunnableLambda(conversation.understand, name="understand")
            | RunnableLambda(conversation.resolve, name="resolve")
            | RunnableLambda(responder.search, name="search")
            | RunnableLambda(responder.decide, name="decide")
            | RunnableLambda(responder.answer, name="answer")
        )
        generate: Runnable[Answered, Partial | Answer] = RunnableGenerator(
            self._generate,  # type: ignore[arg-type]  # its types do not say that it passes the config on
            name="generate",
        )
        self.embedded_chain = embedded.with_config(run_name="guichet")
        self.chain = (embedded | generate).with_config(run_name="guichet")

    def answer(self, question: str, history: Sequence[str] = (), *, config: RunnableConfig | None = None) -> Answer:
        """Answer a question; `history` holds the person's earlier turns, oldest first. Never raises on any text."""
        started = time.perf_counter()
        return _finish(self.chain.invoke(Question(question, tuple(history)), config), question, started)

    def stream(
        self, question: str, history: Sequence[str] = (), *, config: RunnableConfig | None = None
    ) -> Iterator[Partial | Answer]:
        """What a chat model has written so far, if there is one; then the Answer, last. Closing it stops the model."""
        started = time.perf_counter()
        for item in self.chain.stream(Question(question, tuple(history)), config):
            yield item if isinstance(item, Partial) else _finish(item, question, started)

    def embedded(self, question: str, history: Sequence[str] = (), *, config: RunnableConfig | None = None) -> Answer:
        """The answer of the embedded engine: the same chain without the step "generate"."""
        started = time.perf_counter()
        return _finish(self.embedded_chain.invoke(Question(question, tuple(history)), config).answer, question, started)

    def execute(self, query: Query) -> Answer:
        """The answer to a query, as if a question had been read so; what it names and the document has not is told."""
        started = time.perf_counter()
        read = Read(query.topic, query)
        return _finish(self.respond(Resolved(query.topic, (read,), (query,))), query.topic, started)

    def prepare(self, question: str, history: Sequence[str] = ()) -> tuple[Answer, Sources | None]:
        """The embedded answer, and what a chat model would write from: None when it would not be asked."""
        answered = self.embedded_chain.invoke(Question(question, tuple(history)))
        return answered.answer, find_sources(answered.question, answered.answer, self.retriever)

    def model_problem(self) -> str:
        """ "" when the chat model works or there is none, else one French line for the operator."""
        return self._generator.calls.problem() if self._generator else ""

    def close(self) -> None:
        """Close the chat model; nothing else is open."""
        if self._generator:
            self._generator.model.close()

    def _generate(self, inputs: Iterator[Answered], config: RunnableConfig) -> Iterator[Partial | Answer]:
        for answered in inputs:
            embedded, generator = answered.answer, self._generator
            sources = find_sources(answered.question, embedded, self.retriever, config) if generator else None
            if generator and sources:
                yield Partial("", "", embedded)  # before the model reads, the embedded answer can be shown
                yield from generator.stream(sources, embedded, config)
            else:
                yield embedded


def _finish(answer: Partial | Answer, question: str, started: float) -> Answer:
    if isinstance(answer, Partial):
        raise TypeError("the chain ends with an Answer")
    if len(question) > MAX_QUESTION:
        answer = replace(answer, text=f"{answer.text}\n\n{CUT}")
    return replace(answer, elapsed_ms=(time.perf_counter() - started) * 1000)
