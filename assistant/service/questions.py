"""Where every question from the network meets the engine: limits before it, counters and one log line after it.

The page, the public page and the HTTP interface ask here, and nowhere else. Questions are not logged; those that were
declined are saved when the operator asks for it (GUICHET_JOURNAL).
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from assistant.answer import Answer, Partial
from assistant.errors import LimitError
from assistant.service.answering import Answering
from assistant.service.limits import CALLER, Caller, Clock, Limits, Queue, Rate
from assistant.service.logs import log
from assistant.service.metrics import Metrics
from assistant.understanding.query import Query
from corpus.document import Document
from corpus.errors import GuichetError
from corpus.partners import RoleTable

_NO_ANSWER = "Guichet n’a pas pu répondre à cette question. Réessayez, ou dites-la autrement."


class QuestionService:
    """Answers as `guichet` does, within `limits`. Raises LimitError, or GuichetError when no answer could be made.

    Any other exception is logged with its place in the code and without its message, which could hold the question,
    and becomes one French line: nobody at the desk sees a traceback.

    `save_declined` saves a declined question; when it raises GuichetError, the answer is given all the same.
    """

    def __init__(
        self,
        guichet: Answering,
        limits: Limits,
        metrics: Metrics,
        *,
        save_declined: Callable[[str], None] | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._guichet = guichet
        self._save_declined = save_declined
        self.limits = limits
        self.metrics = metrics
        self._queue = Queue(limits)
        self._account_rate = Rate(limits.account_rate, clock=clock)
        self._address_rate = Rate(limits.address_rate, clock=clock)
        self._pool = ThreadPoolExecutor(self._queue.capacity, thread_name_prefix="guichet")
        metrics.watch(self._queue)

    @property
    def document(self) -> Document:
        return self._guichet.document

    @property
    def table(self) -> RoleTable:
        return self._guichet.table

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """For a caller in a thread of its own, which waits for its turn."""
        ticket = self._enter(CALLER.get(), len(history))
        return self._answer(ticket, lambda: self._guichet.answer(question, history), question, len(history))

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        """The same in pieces, the Answer last; its ticket is released when it ends, or is closed before."""
        return self._stream(CALLER.get(), question, history)  # read now: another context may ask for the pieces

    def _stream(self, caller: Caller, question: str, history: Sequence[str]) -> Iterator[Partial | Answer]:
        ticket = self._enter(caller, len(history))
        started = time.perf_counter()
        try:
            with self._count_errors(started), self._queue.turn():
                for part in self._guichet.stream(question, history):
                    if isinstance(part, Answer):
                        self._note_answer(part, question, len(history), started)
                    yield part
        except GeneratorExit:
            self.metrics.count_disconnection()
            log("client_disconnected", ms=_ms(started))
            raise
        finally:
            self._queue.release(ticket)

    async def ask(self, question: str, history: Sequence[str], caller: Caller, *, embedded: bool = False) -> Answer:
        """For the event loop: rejects without waiting, and waits for its turn in a thread of this service.

        `embedded`: asks the embedded engine only, whatever chat model there is.
        """
        answer_by = self._guichet.embedded if embedded else self._guichet.answer
        return await self._submit(caller, lambda: answer_by(question, history), question, len(history))

    async def execute(self, query: Query, caller: Caller) -> Answer:
        """A query instead of a question, within the same limits."""
        return await self._submit(caller, lambda: self._guichet.execute(query), query.topic, 0)

    async def _submit(self, caller: Caller, work: Callable[[], Answer], question: str, turns: int) -> Answer:
        ticket = self._enter(caller, turns)
        try:
            future = self._pool.submit(self._answer, ticket, work, question, turns)
        except RuntimeError as error:  # the pool is shut down, or no thread can be started
            self._queue.release(ticket)
            raise GuichetError(_NO_ANSWER) from error
        future.add_done_callback(lambda _: self._queue.release(ticket))  # cancelled before it ran
        return await asyncio.wrap_future(future)

    def _enter(self, caller: Caller, turns: int) -> object:
        try:
            if turns > self.limits.turns:
                raise LimitError(
                    f"Cette conversation compte {turns} questions\u202f; la limite est de {self.limits.turns}. "
                    "Commencez-en une nouvelle.",
                    reason="turns",
                )
            if wait := self._account_rate.take(caller.account):
                raise _too_fast("account", wait)
            if wait := self._address_rate.take(caller.address):
                raise _too_fast("address", wait)
            return self._queue.enter()
        except LimitError as error:
            self._count_rejection(error)
            raise

    def _answer(self, ticket: object, work: Callable[[], Answer], question: str, turns: int) -> Answer:
        started = time.perf_counter()
        try:
            with self._count_errors(started), self._queue.turn():
                answer = work()
        finally:
            self._queue.release(ticket)
        self._note_answer(answer, question, turns, started)
        return answer

    @contextmanager
    def _count_errors(self, started: float) -> Iterator[None]:
        """Counts what is raised inside, and raises it as a GuichetError."""
        try:
            yield
        except LimitError as error:
            self._count_rejection(error)
            raise
        except GuichetError as error:
            self._count_failure(error, started)
            raise
        except Exception as error:
            self._count_failure(error, started)
            raise GuichetError(_NO_ANSWER) from None

    def _note_answer(self, answer: Answer, question: str, turns: int, started: float) -> None:
        self.metrics.count_answer(answer, time.perf_counter() - started)
        log(
            "answer",
            status=answer.status,
            fiches=list(answer.fiches),
            engine=answer.engine,
            fell_back=answer.fell_back,
            turns=turns,
            ms=_ms(started),
        )
        if self._save_declined and answer.status == "declined":
            try:
                self._save_declined(question)
            except GuichetError as error:
                log("journal_failed", error=error)

    def _count_rejection(self, error: LimitError) -> None:
        self.metrics.count_rejection(error.reason)
        log("rejected", reason=error.reason)

    def _count_failure(self, error: Exception, started: float) -> None:
        self.metrics.count_failure()
        log("failure", error=error, ms=_ms(started))


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _too_fast(reason: str, wait: float) -> LimitError:
    seconds = max(1, math.ceil(wait))
    return LimitError(
        f"Un instant\u202f: beaucoup de questions en une minute. Réessayez dans {seconds}\u00a0seconde"
        f"{'s' if seconds > 1 else ''}.",
        reason=reason,
        retry_after=seconds,
    )
