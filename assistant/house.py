"""What stands around the engine in a server: the reception with its limits, the counters, the health of each part."""

from dataclasses import dataclass

from assistant.feedback import FeedbackStore
from assistant.health import Health
from assistant.limits import Limits
from assistant.metrics import Metrics
from assistant.reception import Reception
from assistant.settings import Settings
from assistant.web_events import Answering
from corpus.errors import StoreError
from index.build import current_folder

_TRIED = "Quelles fiches parlent de l’accueil des jeunes enfants ?"
"""Asked by the check of the engine: it goes through the encoder and the search."""


@dataclass(frozen=True)
class House:
    """`reception` is the only way to the engine."""

    reception: Reception
    metrics: Metrics
    health: Health


def open_house(guichet: Answering, settings: Settings, feedback: FeedbackStore) -> House:
    metrics = Metrics()
    health = Health()
    health.add("réponses", lambda: _engine(guichet), vital=True)
    if current_folder(settings.home) is not None:
        health.add("index", lambda: _index(settings))
    if settings.llm:
        health.add("modèle", guichet.model_problem)
    health.add("avis", lambda: _opinions(feedback))
    return House(Reception(guichet, limits_of(settings), metrics), metrics, health)


def limits_of(settings: Settings) -> Limits:
    return Limits(
        turns=settings.turns,
        session_rate=settings.session_rate,
        address_rate=settings.address_rate,
        at_once=settings.at_once,
        waiting=settings.waiting,
        patience=settings.patience,
    )


def _engine(guichet: Answering) -> str:
    guichet.embedded(_TRIED)
    return ""


def _index(settings: Settings) -> str:
    """The server holds the index in memory: without its folder it goes on, but a restart would have to build it."""
    if current_folder(settings.home) is not None:
        return ""
    return "Le dossier de l’index a disparu\u202f; les réponses continuent. Reconstruisez-le\u202f: guichet index"


def _opinions(feedback: FeedbackStore) -> str:
    try:
        if feedback.database.exists():
            with feedback.database.reading():
                pass
    except StoreError as error:
        return str(error)
    return ""
