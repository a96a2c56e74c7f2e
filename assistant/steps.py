"""What travels along the chain: the output of each step, in the order of the steps (`assistant.chain`).

Question -> Question -> Understood -> Resolved -> Searched -> Decided -> Answered -> Partial, ..., Answer
"""

from dataclasses import dataclass

from assistant.answer import Answer
from assistant.answering.topics.decide import Decision, QuestionPart, Search
from assistant.understanding.query import Query
from assistant.understanding.reader import Read
from assistant.understanding.reading import Reading
from assistant.understanding.request import Request, Understanding


@dataclass(frozen=True, slots=True)
class Question:
    """`typed`: as the person wrote it; cleaned after the step "clean". `history`: their earlier turns, oldest first."""

    typed: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """`alone`: what the question asks when it is read without its history."""

    question: Question
    alone: Understanding


@dataclass(frozen=True, slots=True)
class Resolved:
    """`understanding`: the self-standing question and its requests, after the history was read; `exact`: the questions
    of a message that stands alone, where all of them are exact queries: they are executed instead of the requests."""

    typed: str
    understanding: Understanding
    exact: tuple[Read, ...] = ()

    @property
    def queries(self) -> tuple[Query, ...]:
        return tuple(read.query for read in self.exact)


@dataclass(frozen=True, slots=True)
class SearchedTopic:
    """A request that is about a topic. `reading`: of the topic's words; `outside`: it asks about the preamble."""

    request: Request
    reading: Reading
    outside: bool
    search: Search


@dataclass(frozen=True, slots=True)
class Searched:
    """`topics`: one item for each request; None for a request that needs no search."""

    resolved: Resolved
    topics: tuple[SearchedTopic | None, ...]


@dataclass(frozen=True, slots=True)
class DecidedTopic:
    """`parts`: the two topics of a question that holds two, () otherwise."""

    topic: SearchedTopic
    decision: Decision
    parts: tuple[QuestionPart, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """`emergency`: the likeliest kind of emergency in the message and its probability; ("", 0) without a topic."""

    resolved: Resolved
    topics: tuple[DecidedTopic | None, ...]
    emergency: tuple[str, float]


@dataclass(frozen=True, slots=True)
class Answered:
    """`question`: self-standing; `answer`: that of the embedded engine."""

    question: str
    answer: Answer
