"""A follow-up and its history -> a self-standing understanding; a question that stands alone is left alone."""

from collections.abc import Callable, Sequence

from assistant.names import Registry
from assistant.understand import understand
from assistant.understanding import Understanding
from corpus.fiche import Document

Remember = Callable[[str, Understanding], tuple[str, ...]]


class Conversation:
    def __init__(self, document: Document, registry: Registry, remember: Remember) -> None:
        self._document = document
        self._registry = registry
        self._remember = remember

    def resolve(self, typed: str, history: Sequence[str]) -> Understanding:
        return understand(typed, self._document, self._registry)
