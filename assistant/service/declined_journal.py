"""Saves the questions that were declined, when the operator asks for it (GUICHET_JOURNAL=oui)."""

from collections.abc import Iterator, Sequence

from assistant.answer import Answer, Partial
from assistant.service.answering import Answering, AnsweringWrapper
from assistant.service.logs import log
from assistant.storage.retention import Keeper
from corpus.errors import GuichetError


class DeclinedJournal(AnsweringWrapper):
    """Answers as `guichet` does, and saves the questions that it declined; a failed write stops no answer."""

    def __init__(self, guichet: Answering, keeper: Keeper) -> None:
        super().__init__(guichet)
        self._keeper = keeper

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        answer = self._guichet.answer(question, history)
        self._save_if_declined(question, answer)
        return answer

    def embedded(self, question: str, history: Sequence[str] = ()) -> Answer:
        answer = self._guichet.embedded(question, history)
        self._save_if_declined(question, answer)
        return answer

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        for part in self._guichet.stream(question, history):
            if isinstance(part, Answer):
                self._save_if_declined(question, part)
            yield part

    def _save_if_declined(self, question: str, answer: Answer) -> None:
        if answer.status == "declined":
            try:
                self._keeper.add_declined(question)
            except GuichetError as error:
                log("journal_failed", error=error)
