"""A small real double of a chat model: writes what a function makes of the messages it is given."""

import threading
from collections.abc import Callable, Iterator, Sequence

from langchain_core.messages import BaseMessage
from langchain_core.runnables import RunnableConfig

from assistant.errors import ModelError

Write = Callable[[str], str]
"""The last message -> what the model writes."""


class ScriptedModel:
    """`asked`: the last message of every call, in order. Counts a token for every four characters, begun ones too."""

    name = "essai"

    def __init__(self, write: Write, *, context: int = 4096) -> None:
        self._write = write
        self.context = context
        self.asked: list[str] = []

    def count(self, text: str) -> int:
        return -(-len(text) // 4)

    def stream(
        self,
        messages: Sequence[BaseMessage],
        *,
        stop: threading.Event,
        config: RunnableConfig | None = None,  # noqa: ARG002
    ) -> Iterator[str]:
        self.asked.append(str(messages[-1].content))
        text = self._write(self.asked[-1])
        for start in range(0, len(text), 7):
            if stop.is_set():
                return
            yield text[start : start + 7]

    def close(self) -> None:
        pass


class FailingModel(ScriptedModel):
    """Fails with a reason whenever it is called."""

    def __init__(self, reason: str) -> None:
        super().__init__(lambda _: "")
        self._reason = reason

    def stream(
        self,
        messages: Sequence[BaseMessage],  # noqa: ARG002
        *,
        stop: threading.Event,  # noqa: ARG002
        config: RunnableConfig | None = None,  # noqa: ARG002
    ) -> Iterator[str]:
        raise ModelError("Panne d’essai.", reason=self._reason)


def is_working() -> bool:
    """Whether a model writes or reads in a thread of this process."""
    return any(thread.name == "guichet-model" for thread in threading.enumerate())
