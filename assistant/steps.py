"""What travels along the chain: the output of each step, in the order of the steps (`assistant.chain`).

Question -> Question -> Understood -> Resolved -> Searched -> Decided -> Answered -> Partial, ..., Answer
"""

from dataclasses import dataclass

from assistant.answer import Answer
from assistant.answering.topics.decide import Decision, QuestionPart, Search
from assistant.answering.topics.reading import Reading
from assistant.answering.topics.topic import Topic
from assistant.understanding.query import Query
from assistant.understanding.reader import Read


@dataclass(frozen=True, slots=True)
class Question:
    """`typed`: as the person wrote it; cleaned after the step "clean". `history`: their earlier turns, oldest first."""

    typed: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """`alone`: the questions that the message holds when it is read without its history."""

    question: Question
    alone: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """`questions`: what was read, after the history; `queries`: the self-standing query of each of them."""

    typed: str
    questions: tuple[Read, ...]
    queries: tuple[Query, ...]

    @property
    def leans(self) -> bool:
        """Whether the message was read as a follow-up of the turn before."""
        return self.questions[0].edit != "new"


@dataclass(frozen=True, slots=True)
class SearchedTopic:
    """A query that has a topic. `reading`: of the topic's words; `outside`: it asks about the preamble; `preferred`:
    the search with the fiches first that hold the actors of the question."""

    topic: Topic
    reading: Reading
    outside: bool
    search: Search
    preferred: Search


@dataclass(frozen=True, slots=True)
class Searched:
    """`topics`: one item for each query; None for a query that needs no search."""

    resolved: Resolved
    topics: tuple[SearchedTopic | None, ...]


@dataclass(frozen=True, slots=True)
class DecidedTopic:
    """`parts`: the two topics of a question that holds two, () otherwise."""

    searched: SearchedTopic
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
