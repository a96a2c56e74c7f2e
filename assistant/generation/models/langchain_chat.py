"""A chat model on a server, through LangChain's `init_chat_model`. What it raises is told by kind, never in its words:
a server may repeat a key or a question in its errors.
"""

import asyncio
import math
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.generation.failures import log_failure, model_error
from assistant.generation.models.base import ANSWER_TOKENS
from assistant.generation.models.thread_stream import Put, stream_from_thread
from assistant.generation.output_checks import MOST
from assistant.settings.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage
    from langchain_core.runnables import RunnableConfig

_EXTRAS = ("openai", "ollama", "mistralai")
"""Providers that are an extra of our package; any other is LangChain's package of that name."""
_LOOK = 0.05
"""Seconds between two looks at whether the work is to stop."""
_CLOSING = 5
"""Seconds that the work under way may take to end when the model is closed."""
_ENDS = ("finish_reason", "done_reason", "stop_reason")
"""Where servers say that an answer is whole, and why it ended."""
_CUT = ("length", "max_tokens")
_STATUS = {401: "key", 403: "key", 404: "unknown", 429: "quota"}


def open_chat(provider: str, name: str, *, url: str, key: str, settings: Settings) -> "BaseChatModel":
    """LangChain's model, nothing sent yet. Raises ModelError with the command that installs what is missing."""
    package = f"langchain_{provider}"
    try:
        import_module(package)
    except ImportError:
        wanted = f"-e '.[{provider}]' -c constraints.txt" if provider in _EXTRAS else package.replace("_", "-")
        raise ModelError(
            f"GUICHET_LLM={provider}:{name} demande {package.replace('_', '-')}, qui n’est pas installé. "
            f"Installez-le\u202f: .venv/bin/pip install {wanted}",
            reason="missing",
        ) from None
    from langchain.chat_models import init_chat_model

    try:
        chat: BaseChatModel = init_chat_model(name, model_provider=provider, **_options(provider, url, key, settings))
    except Exception as error:
        raise ModelError(
            f"GUICHET_LLM={provider}:{name} ne s’ouvre pas ({type(error).__name__})\u202f; vérifiez le nom du modèle, "
            "GUICHET_LLM_URL, et la clé si le fournisseur en demande une (GUICHET_LLM_KEY).",
            reason="unusable",
        ) from None
    return chat


def _options(provider: str, url: str, key: str, settings: Settings) -> dict[str, Any]:
    """No retry of the library's own (`assistant.generation.models.calls` counts them), no key but ours, no address
    but the one named.
    """
    if provider == "ollama":
        return {
            "temperature": 0,
            "num_predict": ANSWER_TOKENS,
            "num_ctx": settings.llm_context,
            "client_kwargs": {"timeout": settings.llm_seconds}
            | ({"headers": {"Authorization": f"Bearer {key}"}} if key else {}),
        } | ({"base_url": url} if url else {})
    options: dict[str, Any] = {"temperature": 0, "max_retries": 0, "timeout": settings.llm_seconds}
    if provider == "openai":
        from openai import DefaultAsyncHttpxClient

        # LangChain shares one HTTP client between all models, which fails when they run on loops of their own.
        # max_tokens as every compatible server knows it: LangChain would rename it; a key of the environment that was
        # meant for another service must not be sent to this one.
        return options | {
            "base_url": url,
            "api_key": key or "sans-cle",
            "http_async_client": DefaultAsyncHttpxClient(timeout=settings.llm_seconds),
            "extra_body": {"max_tokens": ANSWER_TOKENS},
            "stream_usage": False,
            "use_responses_api": False,
        }
    address = {"endpoint" if provider == "mistralai" else "base_url": url} if url else {}
    return options | {"max_tokens": ANSWER_TOKENS} | address | ({"api_key": key} if key else {})


class ChatModel:
    """Its calls run on an event loop of its own thread, where cancelling one closes its connection at once."""

    def __init__(self, chat: "BaseChatModel", *, name: str, context: int) -> None:
        self._chat = chat
        self.name, self.context = name, context
        self._closing = threading.Event()
        self._running: set[Future[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="guichet-chat", daemon=True)
        self._thread.start()

    def count(self, text: str) -> int:
        """Two bytes a token: French takes three to four with the tokenizers of today's models."""
        return math.ceil(len(text.encode("utf-8", "replace")) / 2)

    def stream(
        self, messages: Sequence["BaseMessage"], *, stop: threading.Event, config: "RunnableConfig | None" = None
    ) -> Iterator[str]:
        def produce(put: Put) -> None:
            future = asyncio.run_coroutine_threadsafe(self._run(messages, put, stop, config), self._loop)
            self._running.add(future)
            future.add_done_callback(self._running.discard)
            future.result()

        return stream_from_thread(produce, stop)

    def close(self) -> None:
        """Ends what is being written, too."""
        if self._loop.is_closed():
            return
        self._closing.set()
        wait(list(self._running), timeout=_CLOSING)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=_CLOSING)
        self._loop.close()

    async def _run(
        self, messages: Sequence["BaseMessage"], put: Put, stop: threading.Event, config: "RunnableConfig | None"
    ) -> None:
        work = asyncio.ensure_future(self._read(messages, put, config))
        while not work.done():
            await asyncio.wait({work}, timeout=_LOOK)
            if stop.is_set() or self._closing.is_set():
                work.cancel()  # again and again: a library may take one for its own
        if not work.cancelled():
            work.result()
        elif not stop.is_set():
            raise model_error("down")

    async def _read(self, messages: Sequence["BaseMessage"], put: Put, config: "RunnableConfig | None") -> None:
        ended, written = "", 0
        try:
            async for chunk in self._chat.astream(list(messages), config):
                if getattr(chunk, "tool_call_chunks", None):
                    raise model_error("tool")
                put(str(chunk.text))
                written += len(chunk.text)
                if written > MOST:
                    raise model_error("long")
                await asyncio.sleep(0)  # a server that never pauses must not keep `_run` from seeing that it is to stop
                ended = _end_of(chunk) or ended
        except Exception as error:
            reason = kind_of(error)
            log_failure("model_error", error, reason=reason)  # its type and its place, never its words
            raise model_error("half" if written and reason == "down" else reason) from None
        if not ended:
            raise model_error("half")
        if ended in _CUT:
            raise model_error("long")


def _end_of(chunk: "AIMessageChunk") -> str:
    return next((str(chunk.response_metadata[key]) for key in _ENDS if chunk.response_metadata.get(key)), "")


def kind_of(error: BaseException) -> str:
    """What went wrong, as a reason: by the HTTP status where there is one, else by the kind of the exception."""
    if isinstance(error, ModelError):
        return error.reason
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(status, int) and status >= 400:
        return _STATUS.get(status, "down" if status >= 500 else "rubbish")
    names = {each.__name__ for each in type(error).__mro__}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return "slow"
    if names & {"RemoteProtocolError", "ReadError", "IncompleteRead"}:
        return "half"
    if isinstance(error, OSError) or names & {"APIConnectionError", "TransportError"}:
        return "down"
    return "rubbish"
