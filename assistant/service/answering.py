"""The engine as the service and the page see it."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.answer import Answer, Partial
from assistant.understanding.query import Query
from corpus.document import Document
from corpus.partners import RoleTable


class Answering(Protocol):
    """What the page needs of assistant.chain.Guichet; must be safe to call from several threads."""

    @property
    def document(self) -> Document: ...

    @property
    def table(self) -> RoleTable: ...

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer: ...

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        """What is written so far, then the Answer, which `answer` gives alone; closing it ends the work."""
        ...

    def execute(self, query: Query) -> Answer: ...

    def embedded(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer without any chat model."""
        ...

    def model_problem(self) -> str:
        """ "" when the chat model does its work or there is none, else one French line for the operator."""
        ...
