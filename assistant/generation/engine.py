"""The generated engine: a chat model writes from the passages, the gate lets pass what they support, and the rest goes.

Whatever goes wrong, the embedded answer is given, within the limit, with one line that says so.
"""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig

from assistant.answer import Answer, Partial
from assistant.errors import ModelError
from assistant.generation.combine import combine
from assistant.generation.failures import log_failure, model_error, note_of
from assistant.generation.gate.gate import Gate, open_gate
from assistant.generation.gate.live import GatedText
from assistant.generation.models.base import ANSWER_TOKENS, Model
from assistant.generation.models.calls import Calls, bounds_of
from assistant.generation.output_checks import fault_of, printable, spoken
from assistant.generation.passages import Sources
from assistant.generation.prompt import write_prompt
from assistant.settings.settings import Settings
from assistant.text.personal_data import mask
from corpus.document import Document
from corpus.registry import Registry
from index.encoder.base import Encoder

_TEMPLATE = 96
"""Tokens that a chat template may add around the messages."""
_EVERY = 80
"""Characters after which a growing text is checked over again."""


class Generator:
    """Safe for several threads."""

    def __init__(self, model: Model, gate: Gate, calls: Calls) -> None:
        self.model, self.calls = model, calls
        self._gate = gate

    def stream(
        self, sources: Sources, embedded: Answer, config: RunnableConfig | None = None
    ) -> Iterator[Partial | Answer]:
        """What passed so far, then the Answer, always last. Closing it ends the model's work.

        The same Partial comes again while the model is silent, so that the reader may leave.
        """
        stop = threading.Event()
        try:
            yield from self._write(sources, embedded, stop, config)
        except ModelError as error:
            yield _instead(embedded, error.reason)
        except Exception as error:
            log_failure("model_failed", error)
            yield _instead(embedded, "error")
        finally:
            stop.set()

    def prompt(self, sources: Sources) -> tuple[list[BaseMessage], Sources]:
        """What is sent, and the sources that is left in it. A server need not know who asks."""
        room = self.model.context - ANSWER_TOKENS - _TEMPLATE
        asked = replace(sources, question=mask(sources.question))
        return write_prompt(asked, room=room, count=self.model.count)

    def _write(
        self, sources: Sources, embedded: Answer, stop: threading.Event, config: RunnableConfig | None
    ) -> Iterator[Partial | Answer]:
        messages, left = self.prompt(sources)
        gated = GatedText(self._gate, left.passages)
        raw, text, checked = "", "", 0
        with closing(self.calls.stream(messages, stop=stop, config=config)) as pieces:
            for piece in pieces:
                raw += printable(piece)
                more = spoken(raw)[len(text) :]
                text += more
                if len(raw) >= checked + _EVERY:
                    checked = len(raw)
                    _check(text)
                gated.feed(more)
                yield Partial(gated.text, gated.pending, embedded)
        _check(text, ended=True)
        gated.end()
        answer = combine(gated.passed, embedded, sources=left)
        if answer is None:
            raise model_error("nothing" if gated.passed else "unsupported")
        yield answer


def _check(text: str, *, ended: bool = False) -> None:
    reason = fault_of(text, ended=ended)
    if reason:
        raise model_error(reason)


def _instead(embedded: Answer, reason: str) -> Answer:
    return replace(embedded, note=note_of(reason), fell_back=reason)


def make_generator(
    model: Model, settings: Settings, document: Document, registry: Registry, encoder: Encoder
) -> Generator:
    """The engine around a model, with the bounds of the settings."""
    return Generator(model, open_gate(document, registry, encoder), Calls(model, bounds_of(settings)))
