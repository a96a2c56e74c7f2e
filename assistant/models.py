"""The chat model that GUICHET_LLM names, behind one small protocol; LangChain and xllamacpp are imported when used."""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


class Model(Protocol):
    """A chat model. `name`: as shown to the operator, no key. `context`: tokens, prompt and answer together."""

    @property
    def name(self) -> str: ...

    @property
    def context(self) -> int: ...

    def count(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer where it has one, else a safe over-estimate."""
        ...

    def stream(self, messages: Sequence["BaseMessage"], *, stop: threading.Event) -> Iterator[str]:
        """Pieces of text; closing it or setting `stop` really ends the model's work. Raises ModelError."""
        ...

    def close(self) -> None: ...


def open_model(settings: Settings) -> Model:
    """Raises ModelError: an unknown provider, a missing extra with the command that installs it."""
    raise NotImplementedError
