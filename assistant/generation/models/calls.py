"""How a model is called: time limits, retries before the first word, a circuit breaker, a bound on calls at once."""

import math
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, stop_after_attempt, wait_exponential

from assistant.errors import ModelError
from assistant.generation.failures import model_error
from assistant.generation.models.base import Model
from assistant.generation.models.breaker import Breaker, Clock
from assistant.generation.models.open import at_once_of
from assistant.settings.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import RunnableConfig

_ATTEMPTS = 3
_TRANSIENT = ("down", "quota", "half")
"""Failures that may be over in a moment; tried again only while nothing was written."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`first`: seconds until the first word; `whole`: until the last; `at_once`: generations at the same time.

    `backoff`: seconds before the first new attempt, doubled before the next.
    """

    first: float = 30.0
    whole: float = 60.0
    at_once: int = 1
    backoff: float = 0.25


def bounds_of(settings: Settings) -> Bounds:
    """The first word may take half of the time: a model that only reads its passages until then would not end."""
    return Bounds(settings.llm_seconds / 2, settings.llm_seconds, at_once_of(settings))


class Calls:
    """One for each model; safe for several threads."""

    def __init__(
        self, model: Model, bounds: Bounds, *, breaker: Breaker | None = None, clock: Clock = time.monotonic
    ) -> None:
        self.model = model
        self._bounds, self._clock = bounds, clock
        self._breaker = breaker or Breaker(clock=clock)
        self._slots = threading.BoundedSemaphore(bounds.at_once)
        self._last = ""

    def stream(
        self, messages: Sequence["BaseMessage"], *, stop: threading.Event, config: "RunnableConfig | None" = None
    ) -> Generator[str, None, None]:
        """Pieces of text within the bounds, "" while nothing comes. Raises ModelError, with the counters' reason."""
        permit = self._breaker.allow()
        if permit is None:
            raise model_error("open")
        if not self._slots.acquire(blocking=False):
            self._breaker.left(permit)
            raise model_error("busy")
        try:
            yield from self._tried(messages, stop, config)
        except ModelError as error:
            self._last = str(error)
            self._breaker.failed(permit)
            raise
        except BaseException:
            self._breaker.left(permit)
            raise
        else:
            (self._breaker.left if stop.is_set() else self._breaker.succeeded)(permit)
        finally:
            stop.set()
            self._slots.release()

    def problem(self) -> str:
        """ "" when the last call went well or none was made, else one French line for the operator."""
        failures, rest = self._breaker.health()
        if not failures:
            return ""
        again = f" Nouvel essai dans {math.ceil(rest)}\u00a0s." if rest else ""
        return f"{self._last} Les réponses sont celles du moteur embarqué.{again}"

    def _tried(
        self, messages: Sequence["BaseMessage"], stop: threading.Event, config: "RunnableConfig | None"
    ) -> Iterator[str]:
        begun = self._clock()
        written = False

        def may_be_over(state: RetryCallState) -> bool:
            error = state.outcome.exception() if state.outcome else None
            return isinstance(error, ModelError) and error.reason in _TRANSIENT and not written

        attempts = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential(multiplier=self._bounds.backoff),
            retry=may_be_over,
            sleep=stop.wait,  # type: ignore[arg-type]  # what it returns is not used
            reraise=True,
        )
        for attempt in attempts:
            with attempt:
                ended = threading.Event()
                try:
                    for piece in self.model.stream(messages, stop=ended, config=config):
                        written = written or bool(piece)
                        self._check(begun, written)
                        yield piece
                        if stop.is_set():
                            return
                finally:
                    ended.set()

    def _check(self, begun: float, written: bool) -> None:
        passed = self._clock() - begun
        if passed > self._bounds.whole or (not written and passed > self._bounds.first):
            raise model_error("slow")
