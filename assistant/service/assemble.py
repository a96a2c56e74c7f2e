"""What stands around the engine in a server: the reception with its limits, the counters, the health of each part."""

from dataclasses import dataclass

from assistant.service.answering import Answering
from assistant.service.clock_drift import Drift
from assistant.service.health import Health
from assistant.service.limits import Limits
from assistant.service.metrics import Metrics
from assistant.service.questions import Reception
from assistant.settings.settings import Settings
from assistant.storage.opinions import FeedbackStore
from index.errors import StoreError
from index.storage.build import current_folder
from index.storage.chroma import reach
from index.storage.watch import Watch

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
    health.add("réponses", lambda: check_engine(guichet), vital=True)
    if settings.chroma_url:
        health.add("index", lambda: _shared_index(settings.chroma_url))
    elif current_folder(settings.home) is not None:
        health.add("index", Watch(settings.home).problem)
    if settings.llm:
        health.add("modèle", guichet.model_problem)
    health.add("avis", lambda: check_opinions(feedback))
    health.add("horloge", Drift().problem)
    return House(Reception(guichet, limits_of(settings), metrics), metrics, health)


def limits_of(settings: Settings) -> Limits:
    return Limits(session_rate=settings.session_rate, address_rate=settings.address_rate)


def check_engine(guichet: Answering) -> str:
    """A question goes the whole way, without a chat model, which has its own check."""
    guichet.embedded(_TRIED)
    return ""


def _shared_index(address: str) -> str:
    """Every page holds the index in memory: without the server it goes on, but a restart would not."""
    try:
        reach(address)
    except StoreError as error:
        return f"{error} Les réponses continuent."
    return ""


def check_opinions(feedback: FeedbackStore) -> str:
    """Written to, and not only read: a disk that is full reads well. Where nothing was ever written, nothing is now."""
    if feedback.database.exists():
        feedback.database.check()
    return ""
