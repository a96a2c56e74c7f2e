"""A page over a small double of the assistant, served as `guichet serve` does; a question says how long it takes.

"lent 2" is answered after two seconds. Run by the tests of faults, in a process of its own.
"""

import sys
import threading
from collections.abc import Sequence

from assistant.answer import Answer
from assistant.settings.settings import read_settings
from assistant.web.app import serve
from corpus.errors import GuichetError
from tests.support.browser import ListingDesk


class SlowDesk(ListingDesk):
    def answer(self, question: str, history: Sequence[str] = ()) -> Answer:
        word, _, seconds = question.partition(" ")
        if word == "lent":
            threading.Event().wait(float(seconds))  # libfaketime breaks time.sleep where the steady clock is left alone
        return super().answer(question, history)


if __name__ == "__main__":
    try:
        serve(SlowDesk, read_settings())
    except GuichetError as error:
        sys.exit(f"guichet : {error}")
