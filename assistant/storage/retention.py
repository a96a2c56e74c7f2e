"""What is kept of a question, when the operator asks for it: masked, for so many days, then erased by itself.

Without GUICHET_FEEDBACK an opinion keeps its verdict, its reason and the fiches: nothing that anybody wrote.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from assistant.service.clock_drift import Drift
from assistant.service.logs import log
from assistant.settings.settings import Settings
from assistant.storage.opinions import FeedbackStore, Opinion
from assistant.text.personal_data import mask
from corpus.errors import GuichetError

PURGE_EVERY = 3600.0
"""Seconds between two purges of a server."""


@dataclass(frozen=True)
class Keeper:
    """The only way from the network to the store of opinions."""

    store: FeedbackStore
    texts: bool

    def add(self, opinion: Opinion) -> None:
        """Raises DatabaseError, in French, when it cannot be written."""
        if self.texts:
            self.store.add(replace(opinion, question=mask(opinion.question), text=mask(opinion.text)))
        else:
            self.store.add(replace(opinion, question="", text=""))

    def add_declined(self, question: str) -> None:
        """For the journal, which has a setting of its own."""
        self.store.add(Opinion.of_declined(mask(question)))


def purge(store: FeedbackStore, days: int) -> int:
    """Erases what is older than `days`; returns how many rows went."""
    gone = store.erase(before=datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days))
    if gone:
        log("purged", rows=gone, days=days)
    return gone


def keep_purging(
    store: FeedbackStore,
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


def keeper_of(store: FeedbackStore, settings: Settings) -> Keeper:
    return Keeper(store, settings.feedback)


def notice(settings: Settings) -> str:
    """What the page says of it, in one or two French sentences."""
    kept = [
        *(["les questions restées sans réponse"] if settings.journal else []),
        *(["les avis avec leur question"] if settings.feedback else []),
    ]
    if not kept:
        return "Aucune question n’est conservée\u202f; un avis ne garde que son verdict et les fiches citées."
    return (
        f"Sont conservés {settings.retention}\u00a0jours, données personnelles reconnues masquées\u202f: "
        f"{' et '.join(kept)}. N’écrivez pas de nom."
    )
