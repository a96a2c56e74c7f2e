"""A Guichet whose model is the test server, for the tests of the generated engine."""

from collections.abc import Iterator

from assistant.answer import Answer, Partial
from assistant.chain import Guichet
from assistant.generation.engine import Generator
from assistant.generation.gate.gate import Gate
from assistant.generation.models.breaker import Breaker
from assistant.generation.models.calls import Bounds, Calls
from assistant.generation.models.langchain_chat import ChatModel, open_chat
from assistant.settings.settings import Settings

EASY = Bounds(first=60, whole=120, at_once=1, backoff=0.01)
"""Never reached, however busy the machine is."""
QUICK = Bounds(first=1, whole=2, at_once=1, backoff=0.01)


def chat_model(url: str, key: str = "") -> ChatModel:
    settings = Settings(llm="openai:essai", llm_url=url, llm_seconds=30)
    return ChatModel(
        open_chat("openai", "essai", url=url, key=key, settings=settings), name="openai:essai", context=4096
    )


def generated(
    guichet: Guichet, gate: Gate, url: str, *, bounds: Bounds = EASY, breaker: Breaker | None = None
) -> Guichet:
    """The same assistant, its answers written by the model at `url`. A breaker that never opens unless one is given."""
    return generated_by(guichet, gate, Calls(chat_model(url), bounds, breaker=breaker or Breaker(most=1_000_000)))


def generated_by(guichet: Guichet, gate: Gate, calls: Calls) -> Guichet:
    generator = Generator(calls.model, gate, calls)
    return Guichet(guichet.document, guichet.index, guichet.encoder, reader=guichet.reader.model, generator=generator)


def last(stream: Iterator[Partial | Answer]) -> Answer:
    """The Answer that a stream ends with."""
    *_, answer = stream
    assert isinstance(answer, Answer)
    return answer
