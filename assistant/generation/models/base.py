"""What a chat model is to the engine: one small protocol. Imports no library of models."""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import RunnableConfig

ANSWER_TOKENS = 600
"""What a model may write at most; so many tokens of its context are left free."""


class Model(Protocol):
    """A chat model. `name`: as shown to the operator, no key. `context`: tokens, prompt and answer together."""

    @property
    def name(self) -> str: ...

    @property
    def context(self) -> int: ...

    def count(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer where it has one, else a safe over-estimate."""
        ...

    def stream(
        self, messages: Sequence["BaseMessage"], *, stop: threading.Event, config: "RunnableConfig | None" = None
    ) -> Iterator[str]:
        """Pieces of text, "" now and then while nothing comes. Closing it or setting `stop` really ends the work.

        `config`: of the step that calls, for the callbacks; a model that is not LangChain's has no use for it.
        At most ANSWER_TOKENS. Raises ModelError, its `reason` one of REASONS of `assistant.generation.failures`.
        """
        ...

    def close(self) -> None: ...
