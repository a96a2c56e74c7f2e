"""A small real double of the assistant: its chat model writes when a test says so, and knows that it was stopped."""

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answer import Answer, Partial
from tests.support.browser import ListingDesk

WHOLE = (
    "Les modes d’accueil sont adaptés aux horaires [fiche 2-3].\n\n- Communes [fiche 2-3]\n- Agglomération [fiche 2-3]"
)


class WritingDesk(ListingDesk):
    """Gives what `says` puts in, as it comes. Without anything to say it gives signs of life."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.broken = problem
        self.said: queue.SimpleQueue[Partial | Answer] = queue.SimpleQueue()
        self.begun = threading.Event()
        self.stopped = threading.Event()

    def model_problem(self) -> str:
        return self.broken

    def says(self, text: str, pending: str = "") -> None:
        self.said.put(Partial(text, pending))

    def ends(self, text: str = WHOLE, *, note: str = "", fell_back: str = "") -> None:
        answer = ListingDesk().answer("qui ?")
        made = replace(answer, text=text, engine="généré")
        self.said.put(replace(answer, note=note, fell_back=fell_back) if fell_back else made)

    def stream(self, question: str, history: Sequence[str] = ()) -> Iterator[Partial | Answer]:
        embedded = self.embedded(question, history)
        last = Partial("", "", embedded)
        finished = False
        self.begun.set()
        try:
            yield last
            while True:
                try:
                    given = self.said.get(timeout=0.1)
                except queue.Empty:
                    yield last
                    continue
                if isinstance(given, Answer):
                    finished = True
                    yield given
                    return
                last = replace(given, embedded=embedded)
                yield last
        finally:
            if not finished:
                self.stopped.set()
