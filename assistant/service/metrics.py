"""The counters that Prometheus reads; the only file that knows its library. They hold counts and times, no texts."""

from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from assistant.answer import GENERATED, Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30)


class Crowd(Protocol):
    """How many questions are worked on, and wait."""

    @property
    def working(self) -> int: ...

    @property
    def waiting(self) -> int: ...


class Metrics:
    """One registry for each server of a process, so that two servers in one process (tests) count apart."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._seconds = Histogram(
            "guichet_answer_seconds",
            "Temps d’une réponse, attente comprise",
            ("status", "engine"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._sent_back = Counter(
            "guichet_sent_back", "Questions renvoyées par une limite", ("reason",), registry=self._registry
        )
        self._fell_back = Counter(
            "guichet_fell_back",
            "Réponses du moteur embarqué à la place du modèle de langue",
            ("reason",),
            registry=self._registry,
        )
        self._gone = Counter("guichet_gone", "Personnes parties avant la fin de leur réponse", registry=self._registry)
        self._failures = Counter("guichet_failures", "Questions restées sans réponse", registry=self._registry)
        self._component = Gauge(
            "guichet_component_up", "1 quand le composant va bien", ("component",), registry=self._registry
        )
        self._working = Gauge("guichet_working", "Questions en cours", registry=self._registry)
        self._waiting = Gauge("guichet_waiting", "Questions en attente", registry=self._registry)

    def watch(self, crowd: Crowd) -> None:
        self._working.set_function(lambda: crowd.working)
        self._waiting.set_function(lambda: crowd.waiting)

    def answered(self, answer: Answer, seconds: float) -> None:
        self._seconds.labels(answer.status, answer.engine).observe(seconds)
        if answer.fell_back:
            self.fell_back(answer.fell_back)

    def sent_back(self, reason: str) -> None:
        self._sent_back.labels(reason).inc()

    def fallen(self) -> dict[str, int]:
        """How often each reason made the embedded answer stand in for a generated one, since the start."""
        samples = [sample for metric in self._fell_back.collect() for sample in metric.samples]
        return {each.labels["reason"]: int(each.value) for each in samples if each.name.endswith("_total")}

    def written(self) -> int:
        """Answers that the chat model wrote, since the start."""
        samples = [sample for metric in self._seconds.collect() for sample in metric.samples]
        counts = [each.value for each in samples if each.name.endswith("_count") and each.labels["engine"] == GENERATED]
        return int(sum(counts))

    def fell_back(self, reason: str) -> None:
        self._fell_back.labels(reason).inc()

    def gone(self) -> None:
        self._gone.inc()

    def failed(self) -> None:
        self._failures.inc()

    def component(self, name: str, *, up: bool) -> None:
        self._component.labels(name).set(int(up))

    def exposed(self) -> bytes:
        """The page that Prometheus reads, of the kind CONTENT_TYPE."""
        return generate_latest(self._registry)
