"""The generated engine: a chat model writes from the passages, the gate lets pass what they support, and the rest goes.

Whatever goes wrong, the embedded answer is given, within the limit, with one line that says so.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace

from assistant.answer import Answer, Partial
from assistant.calls import Calls
from assistant.completion import complete
from assistant.gate import Gate
from assistant.material import Material
from assistant.models import Model
from assistant.passing import Passing
from assistant.wording import write_prompt
from corpus.errors import ModelError

__all__ = ["Generator", "Partial"]

ANSWER_TOKENS = 600
"""Room that is kept for the answer."""
NOTE = "Réponse composée sans le modèle de langue."


class Generator:
    """Safe for several threads."""

    def __init__(self, model: Model, gate: Gate, calls: Calls) -> None:
        self.model, self.calls = model, calls
        self._gate = gate

    def stream(self, material: Material, embedded: Answer) -> Iterator[Partial | Answer]:
        """What passed so far, then the Answer, always last. Closing it ends the model's work."""
        stop = threading.Event()
        try:
            yield from self._write(material, embedded, stop)
        except ModelError as error:
            yield replace(embedded, note=NOTE, fell_back=error.reason)
        finally:
            stop.set()

    def _write(self, material: Material, embedded: Answer, stop: threading.Event) -> Iterator[Partial | Answer]:
        room = self.model.context - ANSWER_TOKENS
        messages, left = write_prompt(material, room=room, count=self.model.count)
        passing = Passing(self._gate, left.given)
        for piece in self.calls.stream(messages, stop=stop):
            passing.feed(piece)
            yield Partial(passing.text, passing.pending)
        passing.end()
        answer = complete(passing.passed, embedded, material=left)
        if answer is None:
            raise ModelError("Rien de ce que le modèle a écrit n’est dans les passages.", reason="unsupported")
        yield answer
