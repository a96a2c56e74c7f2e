"""How much may be asked, how fast, and how many questions are answered at once. Knows nothing of HTTP or of answers.

Time is that of a monotonic clock: moving the machine's date neither blocks anybody nor lets anybody through.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import LimitError

Clock = Callable[[], float]
"""Seconds; only differences mean something."""
MAX_CALLERS = 10_000
"""Callers that a rate remembers; beyond, the one that asked longest ago is forgotten, and starts afresh."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the account that is logged in, and the address of its machine; "" where there is none."""

    account: str = ""
    address: str = ""


NOBODY = Caller()
CALLER: ContextVar[Caller] = ContextVar("caller", default=NOBODY)


@contextmanager
def asked_by(caller: Caller) -> Iterator[None]:
    """What is asked inside the block counts for this caller."""
    token = CALLER.set(caller)
    try:
        yield
    finally:
        CALLER.reset(token)


class Client(Protocol):
    @property
    def host(self) -> str: ...


class Request(Protocol):
    """What a request of Starlette, or Gradio's wrapping of one, says of its machine."""

    @property
    def client(self) -> Client | None: ...


def caller_of(request: Request, account: str = "") -> Caller:
    return Caller(account=account, address=request.client.host if request.client else "")


@dataclass(frozen=True, slots=True)
class Limits:
    """`turns` of a conversation; questions a minute for an account and for an address (0: no limit).

    `concurrency` questions are answered at once, `queue_size` wait behind them for `queue_timeout` seconds at the most.
    """

    turns: int = 100  # a conversation of an hour; its history is read anew with each question
    account_rate: int = 30
    address_rate: int = 600
    concurrency: int = 4  # a question takes some 20 ms of one core: more at once only make each other wait
    queue_size: int = 32  # the last of them is answered within the timeout, even where a model writes
    queue_timeout: float = 20.0  # nobody at a front desk waits longer


class Rate:
    """At most `per_minute` for each key: a bucket of that many, filled again evenly over the minute (0: no limit).

    By hand: the storages of the library `limits` measure with the machine's date, and bound no memory.
    """

    def __init__(self, per_minute: int, *, clock: Clock = time.monotonic, max_callers: int = MAX_CALLERS) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._max_callers = max_callers
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Takes one question out of the bucket of `key`; returns 0, or the seconds to wait when the bucket is empty."""
        if not self._per_minute or not key:
            return 0.0
        speed = self._per_minute / 60
        with self._lock:
            now = self._clock()
            left, since = self._buckets.pop(key, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - since) * speed)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            if len(self._buckets) > self._max_callers:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / speed

    def __len__(self) -> int:
        return len(self._buckets)


class Queue:
    """Lets `concurrency + queue_size` questions in at the most, `concurrency` of which are answered at once."""

    def __init__(self, limits: Limits) -> None:
        self._timeout = limits.queue_timeout
        self._slots = threading.BoundedSemaphore(limits.concurrency)
        self._lock = threading.Lock()
        self._tickets: set[object] = set()
        self._working = 0
        self.capacity = limits.concurrency + limits.queue_size

    @property
    def working(self) -> int:
        return self._working

    @property
    def waiting(self) -> int:
        return max(0, len(self._tickets) - self._working)

    def enter(self) -> object:
        """A ticket, to be released; does not wait, raises LimitError when the queue is full."""
        ticket = object()
        with self._lock:
            if len(self._tickets) >= self.capacity:
                raise _busy()
            self._tickets.add(ticket)
        return ticket

    def release(self, ticket: object) -> None:
        """May be called more than once, from any thread."""
        with self._lock:
            self._tickets.discard(ticket)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until a question may be answered; raises LimitError when that takes longer than the timeout."""
        if not self._slots.acquire(timeout=self._timeout):
            raise _busy()
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
            self._slots.release()


def _busy() -> LimitError:
    return LimitError(
        "Un instant\u202f: Guichet répond déjà à beaucoup de questions. Réessayez dans quelques secondes.",
        reason="busy",
        retry_after=5,
    )
