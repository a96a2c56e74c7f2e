"""The service of a server, put together from the settings: questions with their limits, counters, health checks."""

from dataclasses import dataclass

from assistant.service.answering import Answering
from assistant.service.clock_drift import Drift
from assistant.service.health import Health
from assistant.service.limits import Limits
from assistant.service.metrics import Metrics
from assistant.service.questions import QuestionService
from assistant.settings.settings import Settings
from assistant.storage.opinions import OpinionStore
from assistant.storage.retention import MaskingStore
from index.errors import StoreError
from index.storage.build import current_folder
from index.storage.chroma import reach
from index.storage.watch import Watch

_TEST_QUESTION = "Quelles fiches parlent de l’accueil des jeunes enfants ?"
"""Asked by the check of the engine: it goes through the encoder and the search."""


@dataclass(frozen=True)
class Service:
    """`questions` is the only way to the engine."""

    questions: QuestionService
    metrics: Metrics
    health: Health


def assemble_service(guichet: Answering, settings: Settings, masking_store: MaskingStore) -> Service:
    metrics = Metrics()
    health = Health()
    health.add("réponses", lambda: check_engine(guichet), vital=True)
    if settings.chroma_url:
        health.add("index", lambda: _check_shared_index(settings.chroma_url))
    elif current_folder(settings.home) is not None:
        health.add("index", Watch(settings.home).problem)
    if settings.llm:
        health.add("modèle", guichet.model_problem)
    health.add("avis", lambda: check_opinions(masking_store.store))
    health.add("horloge", Drift().problem)
    limits = Limits(account_rate=settings.session_rate, address_rate=settings.address_rate)
    save_declined = masking_store.add_declined if settings.journal else None
    return Service(QuestionService(guichet, limits, metrics, save_declined=save_declined), metrics, health)


def check_engine(guichet: Answering) -> str:
    """Asks a whole question, without the chat model, which has its own check."""
    guichet.embedded(_TEST_QUESTION)
    return ""


def _check_shared_index(address: str) -> str:
    """Every process holds the index in memory: without the server it goes on answering, but could not restart."""
    try:
        reach(address)
    except StoreError as error:
        return f"{error} Les réponses continuent."
    return ""


def check_opinions(opinions: OpinionStore) -> str:
    """Writes, and does not only read: a disk that is full reads well. Makes no database where there is none."""
    if opinions.database.exists():
        opinions.database.check()
    return ""
