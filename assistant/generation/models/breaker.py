"""A circuit breaker: after some failures in a row nobody is made to wait for a model that is down, for a while."""

import threading
import time
from dataclasses import dataclass

from assistant.service.limits import Clock


@dataclass(frozen=True, slots=True)
class Health:
    """`failures` in a row since the last success; `rest`: seconds until it is tried again, 0 when it may be now."""

    failures: int
    rest: float


class Breaker:
    """Closed: all pass. Open after `most` failures in a row, for `rest` seconds. Then one call is let through (half
    open): its success closes it, its failure opens it again.
    """

    def __init__(self, *, most: int = 3, rest: float = 30.0, clock: Clock = time.monotonic) -> None:
        self._most, self._rest, self._clock = most, rest, clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._trying = False

    def enter(self) -> bool:
        """Whether a call may be made now; who is let in tells how it went: `succeeded`, `failed` or `left`."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._trying or self._clock() < self._until:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._trying = 0, False

    def failed(self) -> None:
        with self._lock:
            self._failures, self._trying = self._failures + 1, False
            self._until = self._clock() + self._rest

    def left(self) -> None:
        """The call ended without telling whether the model works: the person went away."""
        with self._lock:
            self._trying = False

    def health(self) -> Health:
        with self._lock:
            open_for = self._until - self._clock() if self._failures >= self._most else 0.0
            return Health(self._failures, max(0.0, open_for))
