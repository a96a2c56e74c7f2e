"""Where every question from the network meets the engine: limits before it, counters and one log line after it.

The page, the public face and the HTTP interface ask here, and nowhere else. What is asked is neither logged nor kept.
"""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from assistant.answer import Answer, Partial
from assistant.errors import LimitError
from assistant.service.answering import Answering, Relay
from assistant.service.limits import CALLER, Admission, Caller, Clock, Limits, Rate, Ticket
from assistant.service.logs import log
from assistant.service.metrics import Metrics
from corpus.errors import GuichetError


class Reception(Relay):
    """Answers as `guichet` does, within `limits`. Raises LimitError, or GuichetError when no answer could be made.

    What else goes wrong inside is logged with its place and without its message, which could hold the question, and
    becomes one French line: nobody at the desk sees a traceback.
    """

    def __init__(self, guichet: Answering, limits: Limits, metrics: Metrics, *, clock: Clock = time.monotonic) -> None:
        super().__init__(guichet)
        self.limits = limits
        self._admission = Admission(limits)
        self._rates = (
            ("session", Rate(limits.session_rate, clock=clock)),
            ("address", Rate(limits.address_rate, clock=clock)),
        )
        self.metrics = metrics
        self._pool = ThreadPoolExecutor(self._admission.most, thread_name_prefix="guichet")
        metrics.watch(self._admission)

    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        """For a caller in a thread of its own; waits there for its turn."""
        ticket = self._enter(CALLER.get(), len(history))
        try:
            return self._answer(ticket, question, history)
        finally:
            ticket.leave()

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        """The same in pieces, the Answer last; the place is given back when it ends, or is closed before."""
        return self._stream(CALLER.get(), question, history)  # who asks is read now: the pieces may be asked elsewhere

    def _stream(self, caller: Caller, question: str, history: Sequence[str]) -> Iterator[Partial | Answer]:
        ticket = self._enter(caller, len(history))
        started = time.perf_counter()
        try:
            with self._counted(started), ticket.turn():
                for each in self._guichet.stream(question, history):
                    if isinstance(each, Answer):
                        self._answered(each, started, len(history))
                    yield each
        except GeneratorExit:
            self.metrics.gone()
            log("gone", ms=_ms(started))
            raise
        finally:
            ticket.leave()

    async def ask(self, question: str, history: Sequence[str], caller: Caller, *, embedded: bool = False) -> Answer:
        """For the event loop: who is sent back is so at once, and who waits does it in a thread of this house.

        `embedded`: the embedded engine's answer, at once, whatever model there is.
        """
        ticket = self._enter(caller, len(history))
        future = self._pool.submit(partial(self._answer, ticket, question, history, embedded=embedded))
        future.add_done_callback(lambda _: ticket.leave())
        return await asyncio.wrap_future(future)

    def _enter(self, caller: Caller, turns: int) -> Ticket:
        try:
            if turns > self.limits.turns:
                raise LimitError(
                    f"Cette conversation compte {turns} questions\u202f; la limite est de {self.limits.turns}. "
                    "Commencez-en une nouvelle.",
                    reason="turns",
                )
            for kind, rate in self._rates:
                wait = rate.take(getattr(caller, kind))
                if wait:
                    raise _too_fast(kind, wait)
            return self._admission.enter()
        except LimitError as error:
            self._sent_back(error)
            raise

    def _answer(self, ticket: Ticket, question: str, history: Sequence[str], *, embedded: bool = False) -> Answer:
        started = time.perf_counter()
        give = self._guichet.embedded if embedded else self._guichet.answer
        with self._counted(started), ticket.turn():
            answer = give(question, history)
        self._answered(answer, started, len(history))
        return answer

    @contextmanager
    def _counted(self, started: float) -> Iterator[None]:
        """What is raised inside is counted, and is a GuichetError."""
        try:
            yield
        except LimitError as error:
            self._sent_back(error)
            raise
        except GuichetError as error:
            self._failed(error, started)
            raise
        except Exception as error:
            self._failed(error, started)
            raise GuichetError(
                "Guichet n’a pas pu répondre à cette question. Réessayez, ou dites-la autrement."
            ) from None

    def _answered(self, answer: Answer, started: float, turns: int) -> None:
        self.metrics.answered(answer, time.perf_counter() - started)
        log(
            "answer",
            status=answer.status,
            fiches=list(answer.fiches),
            engine=answer.engine,
            fell_back=answer.fell_back,
            turns=turns,
            ms=_ms(started),
        )

    def _sent_back(self, error: LimitError) -> None:
        self.metrics.sent_back(error.reason)
        log("sent_back", reason=error.reason)

    def _failed(self, error: Exception, started: float) -> None:
        self.metrics.failed()
        log("failure", error=error, ms=_ms(started))


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _too_fast(kind: str, wait: float) -> LimitError:
    seconds = max(1, math.ceil(wait))
    return LimitError(
        f"Un instant\u202f: beaucoup de questions en une minute. Réessayez dans {seconds}\u00a0seconde"
        f"{'s' if seconds > 1 else ''}.",
        reason=kind,
        retry_after=seconds,
    )
