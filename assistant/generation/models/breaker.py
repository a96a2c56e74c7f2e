"""A circuit breaker: after some failures in a row nobody waits for a model that is down, for a while."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds, as `time.monotonic` counts them."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A call that may be made. `trial`: the one that is let through to see whether the model works again."""

    trial: bool = False


class Breaker:
    """Closed: all calls pass. Open after `most` failures in a row, for `rest` seconds. Then one call at a time is let
    through (half open): its success closes the breaker, its failure opens it again.
    """

    def __init__(self, *, most: int = 3, rest: float = 30.0, clock: Clock = time.monotonic) -> None:
        self._most, self._rest, self._clock = most, rest, clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._trying = False

    def allow(self) -> Permit | None:
        """None when no call may be made now. A permit ends with `succeeded`, `failed` or `left`, once."""
        with self._lock:
            if self._failures < self._most:
                return Permit()
            if self._trying or self._clock() < self._until:
                return None
            self._trying = True
            return Permit(trial=True)

    def succeeded(self, permit: Permit) -> None:
        with self._lock:
            self._failures = 0
            self._end(permit)

    def failed(self, permit: Permit) -> None:
        with self._lock:
            self._failures += 1
            self._until = self._clock() + self._rest
            self._end(permit)

    def left(self, permit: Permit) -> None:
        """The call ended without telling whether the model works: the caller closed it."""
        with self._lock:
            self._end(permit)

    def health(self) -> tuple[int, float]:
        """Failures in a row since the last success; seconds until it is tried again, 0 when it may be now."""
        with self._lock:
            open_for = self._until - self._clock() if self._failures >= self._most else 0.0
            return self._failures, max(0.0, open_for)

    def _end(self, permit: Permit) -> None:
        """A call that began before the breaker opened does not end the trial of another one."""
        if permit.trial:
            self._trying = False
