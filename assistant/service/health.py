"""Whether each component does its work, checked by letting it work; a failure is one French line, never silent."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.service.limits import Clock
from assistant.service.logs import log
from corpus.errors import GuichetError

Check = Callable[[], str]
"""Returns "" when all is well, else one French line that says what is lost and what repairs it; may raise."""
FRESH = 5.0
"""Seconds for which a result is cached."""


@dataclass(frozen=True, slots=True)
class State:
    """`problem`: "" when the component is well. `vital`: without it no question is answered."""

    name: str
    problem: str
    vital: bool


class Health:
    """The components of a server, each with its check."""

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        self._checks: list[tuple[str, Check, bool]] = []
        self._clock = clock
        self._lock = threading.Lock()
        self._states: tuple[State, ...] = ()
        self._checked = -FRESH

    def add(self, name: str, check: Check, *, vital: bool = False) -> None:
        """`name` is shown to people and names the gauge: a French word or two."""
        self._checks.append((name, check, vital))

    def states(self) -> tuple[State, ...]:
        with self._lock:
            if not self._states or self._clock() - self._checked >= FRESH:
                self._states = tuple(state_of(name, check, vital=vital) for name, check, vital in self._checks)
                self._checked = self._clock()
            return self._states


def summary(states: tuple[State, ...]) -> str:
    """One word for all: "prêt", "dégradé" (it answers, something is lost), "indisponible" (it cannot answer)."""
    if any(state.problem and state.vital for state in states):
        return "indisponible"
    return "dégradé" if any(state.problem for state in states) else "prêt"


def state_of(name: str, check: Check, *, vital: bool = False) -> State:
    """Runs the check; what it raises is its problem."""
    try:
        problem = check()
    except GuichetError as error:
        problem = str(error)
    except Exception as error:
        log("check_failed", component=name, error=error)
        problem = f"Ne répond pas ({type(error).__name__})."
    return State(name, problem, vital)
