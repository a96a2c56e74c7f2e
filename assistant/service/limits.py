"""How much may be asked, how fast, and how many questions are worked on at once. Knows nothing of HTTP or of answers.

Time is that of a monotonic clock: a machine whose date is set back neither blocks anybody nor lets anybody through.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from assistant.errors import LimitError

Clock = Callable[[], float]
KNOWN_CALLERS = 10_000
"""Callers remembered by a rate; beyond, the one that asked longest ago is forgotten, and starts afresh."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a session (a tab, a login) and the address of its machine; "" where there is none (command line)."""

    session: str = ""
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


@dataclass(frozen=True, slots=True)
class Limits:
    """`turns` of a conversation; questions a minute (0: no limit); `at_once` worked on, `waiting` behind them.

    `patience`: seconds that a question waits for its turn before it is sent back.
    """

    turns: int = 100  # a conversation of an hour; its history is read anew with each question
    session_rate: int = 30
    address_rate: int = 600
    at_once: int = 4  # a question takes some 20 ms of one core: more at once only make each other wait
    waiting: int = 32  # the last of them is answered within the patience, even where a model writes
    patience: float = 20.0  # nobody at a front desk waits longer


class Rate:
    """At most `per_minute` for each key: a bucket of that many, filled again evenly over the minute (0: no limit)."""

    def __init__(self, per_minute: int, *, clock: Clock = time.monotonic, known: int = KNOWN_CALLERS) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._known = known
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
            if len(self._buckets) > self._known:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / speed

    def __len__(self) -> int:
        return len(self._buckets)


class Ticket:
    """A place in the house, given back once by `leave`; `turn` waits until the question may be worked on."""

    def __init__(self, admission: "Admission") -> None:
        self._admission = admission
        self._held = True

    def leave(self) -> None:
        if self._held:
            self._held = False
            self._admission.leave()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Raises LimitError when the turn has not come within the patience."""
        with self._admission.slot():
            yield


class Admission:
    """Lets in `at_once + waiting` questions at the most, and works on `at_once` of them; the others are sent back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots = threading.BoundedSemaphore(limits.at_once)
        self._lock = threading.Lock()
        self._inside = 0
        self._working = 0

    @property
    def most(self) -> int:
        return self._limits.at_once + self._limits.waiting

    @property
    def working(self) -> int:
        return self._working

    @property
    def waiting(self) -> int:
        return max(0, self._inside - self._working)

    def enter(self) -> Ticket:
        """At once: a ticket, or LimitError when the house is full."""
        with self._lock:
            if self._inside >= self.most:
                raise _busy()
            self._inside += 1
        return Ticket(self)

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1

    @contextmanager
    def slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=self._limits.patience):
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
