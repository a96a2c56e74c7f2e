"""The counters that Prometheus reads; the only file that knows its library. They hold counts and times, no texts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from assistant.answer import GENERATED, Answer
from assistant.service.limits import Queue

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30)


class Metrics:
    """One registry for each server of a process, so that two servers in one process (tests) count apart."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._seconds = Histogram(
            "guichet_answer_seconds",
            "Temps d’une réponse, attente comprise",
            ("status", "engine"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._rejected = Counter(
            "guichet_rejected", "Questions renvoyées par une limite", ("reason",), registry=registry
        )
        self._fell_back = Counter(
            "guichet_fell_back",
            "Réponses du moteur embarqué à la place du modèle de langue",
            ("reason",),
            registry=registry,
        )
        self._disconnected = Counter(
            "guichet_client_disconnected", "Personnes parties avant la fin de leur réponse", registry=registry
        )
        self._failures = Counter("guichet_failures", "Questions restées sans réponse", registry=registry)
        self._component = Gauge(
            "guichet_component_up", "1 quand le composant va bien", ("component",), registry=registry
        )
        self._working = Gauge("guichet_working", "Questions en cours", registry=registry)
        self._waiting = Gauge("guichet_waiting", "Questions en attente", registry=registry)

    def watch(self, queue: Queue) -> None:
        self._working.set_function(lambda: queue.working)
        self._waiting.set_function(lambda: queue.waiting)

    def count_answer(self, answer: Answer, seconds: float) -> None:
        self._seconds.labels(answer.status, answer.engine).observe(seconds)
        if answer.fell_back:
            self._fell_back.labels(answer.fell_back).inc()

    def count_rejection(self, reason: str) -> None:
        self._rejected.labels(reason).inc()

    def count_disconnection(self) -> None:
        self._disconnected.inc()

    def count_failure(self) -> None:
        self._failures.inc()

    def set_component(self, name: str, *, up: bool) -> None:
        self._component.labels(name).set(int(up))

    def fallbacks(self) -> dict[str, int]:
        """How often each reason made the embedded answer stand in for a generated one, since the start."""
        samples = [sample for metric in self._fell_back.collect() for sample in metric.samples]
        return {s.labels["reason"]: int(s.value) for s in samples if s.name.endswith("_total")}

    def generated(self) -> int:
        """Answers that the chat model wrote, since the start."""
        samples = [sample for metric in self._seconds.collect() for sample in metric.samples]
        return int(sum(s.value for s in samples if s.name.endswith("_count") and s.labels["engine"] == GENERATED))

    def exposition(self) -> bytes:
        """The text that Prometheus reads, of the type CONTENT_TYPE."""
        return generate_latest(self._registry)
