"""What is saved of a question, when the operator asks for it: masked, for so many days, then erased by itself.

Without GUICHET_FEEDBACK only an opinion's verdict, reason and fiches are saved: nothing that anybody wrote.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from assistant.service.clock_drift import Drift
from assistant.service.logs import log
from assistant.settings.settings import Settings
from assistant.storage.opinions import DECLINED, LIMITS, Opinion, OpinionStore
from assistant.text.personal_data import mask
from corpus.errors import GuichetError

PURGE_EVERY = 3600.0
"""Seconds between two purges of a server."""


@dataclass(frozen=True)
class MaskingStore:
    """The only way from the network to the store of opinions: masks what people wrote; drops it when not `texts`."""

    store: OpinionStore
    texts: bool

    def add(self, opinion: Opinion) -> None:
        """Raises DatabaseError, in French, when it cannot be written."""
        question, text = (mask(opinion.question), mask(opinion.text)) if self.texts else ("", "")
        self.store.add(replace(opinion, question=question, text=text))

    def add_declined(self, question: str) -> None:
        """Saves a question that was declined, masked; the journal has a setting of its own (GUICHET_JOURNAL)."""
        question = mask(question)[: LIMITS["question"]]
        self.store.add(Opinion(question, useful=False, status="declined", reason=DECLINED))


def purge(store: OpinionStore, days: int) -> int:
    """Erases what is older than `days`; returns how many rows were erased."""
    rows = store.erase(before=datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days))
    if rows:
        log("purged", rows=rows, days=days)
    return rows


def purge_regularly(
    store: OpinionStore,
    days: int,
    *,
    every: float = PURGE_EVERY,
    drift: Drift | None = None,
    also: Callable[[], None] | None = None,
) -> None:
    """Purges now, then every so many seconds, in the background, for as long as the process lives.

    Not while the date of the machine has moved by days: what is erased does not come back when it is set right.
    `also`: what is to be purged besides the opinions.
    """
    since = drift or Drift()

    def work() -> None:
        while True:
            try:
                if moved := since.days():
                    log("purge_held", moved=moved)
                else:
                    purge(store, days)
                    if also:
                        also()
            except GuichetError as error:
                log("purge_failed", error=error)
            time.sleep(every)

    threading.Thread(target=work, name="guichet-purge", daemon=True).start()


def notice(settings: Settings) -> str:
    """What the page says of retention, in one or two French sentences."""
    saved = [
        *(["les questions restées sans réponse"] if settings.journal else []),
        *(["les avis avec leur question"] if settings.feedback else []),
    ]
    if not saved:
        return "Aucune question n’est conservée\u202f; un avis ne garde que son verdict et les fiches citées."
    return (
        f"Sont conservés {settings.retention}\u00a0jours, données personnelles reconnues masquées\u202f: "
        f"{' et '.join(saved)}. N’écrivez pas de nom."
    )
