"""A GGUF file run in this process by xllamacpp (llama.cpp). The only file that knows it.

llama.cpp also listens on a free port of the loopback, which cannot be turned off: a key made for this process alone
closes it to everybody else. Its tokenizer answers there.
"""

import atexit
import os
import secrets
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from assistant.errors import ModelError
from assistant.generation.failures import model_error
from assistant.generation.models.base import ANSWER_TOKENS
from assistant.generation.models.thread_stream import Put, stream_from_thread

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import RunnableConfig

_BATCH = 64
"""Tokens of a prompt that are read in one go: the work is stopped between two of them (a second on two slow cores)."""
_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
_MAGIC = b"GGUF"
_QUIET = -1


class GgufModel:
    """The model, loaded once; llama.cpp works on `at_once` answers together, each with `context` tokens.

    `threads`: cores that it takes, 0 for all. More than are free makes it many times slower: they wait for each other.
    """

    def __init__(self, path: Path, *, context: int, at_once: int = 1, threads: int = 0) -> None:
        _check(path)
        try:
            import xllamacpp
        except ImportError:
            raise ModelError(
                f"GUICHET_LLM=gguf:{path} demande xllamacpp, qui n’est pas installé. "
                "Installez-le\u202f: .venv/bin/pip install -e '.[gguf]' -c constraints.txt",
                reason="missing",
            ) from None
        self.name, self.context = f"gguf:{path.name}", context
        self._key = secrets.token_urlsafe(32)
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx, params.n_parallel = context * at_once, at_once
        params.n_batch = params.n_ubatch = _BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads or len(os.sched_getaffinity(0))
        params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [self._key]
        params.n_threads_http, params.ui, params.endpoint_slots = 1, False, False
        params.cache_ram_mib = 0  # no earlier question is kept in memory beyond the one in place
        params.warmup, params.verbosity = False, _QUIET
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError:
            raise ModelError(
                f"Le modèle {path} ne s’ouvre pas\u202f; attendu\u202f: un modèle de conversation au format GGUF, et "
                "assez de mémoire libre (sa taille, et un gigaoctet).",
                reason="unusable",
            ) from None
        atexit.register(self.close)
        self._client = httpx.Client(
            base_url=self._server.listening_address,
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=10,
            trust_env=False,
        )

    def count(self, text: str) -> int:
        try:
            response = self._client.post("/tokenize", json={"content": text})
            return len(response.raise_for_status().json()["tokens"])
        except (httpx.HTTPError, KeyError, ValueError):
            raise model_error("down") from None

    def stream(
        self,
        messages: Sequence["BaseMessage"],
        *,
        stop: threading.Event,
        config: "RunnableConfig | None" = None,  # noqa: ARG002 - not LangChain's
    ) -> Iterator[str]:
        request = {
            "messages": [{"role": _ROLES[each.type], "content": str(each.text)} for each in messages],
            "stream": True,
            "max_tokens": ANSWER_TOKENS,
            "temperature": 0,
            "return_progress": True,  # calls us while the prompt is read too, so that it can be stopped there
        }
        return stream_from_thread(lambda put: self._write(request, put, stop), stop)

    def close(self) -> None:
        atexit.unregister(self.close)
        self._client.close()
        self._server = None

    def _write(self, request: dict[str, Any], put: Put, stop: threading.Event) -> None:
        ended: list[str] = []
        wrong: list[str] = []

        def take(chunk: dict[str, Any]) -> bool:
            """Whether llama.cpp is to stop."""
            if "error" in chunk:
                wrong.append(str(chunk["error"].get("type", "")))
                return True
            for choice in chunk.get("choices", ()):
                put(choice["delta"].get("content") or "")
                ended.extend([choice["finish_reason"]] if choice["finish_reason"] else [])
            return stop.is_set()

        server = self._server
        if server is None:
            raise model_error("down")
        server.handle_chat_completions(request, take)
        if stop.is_set():
            return
        if wrong:
            raise model_error("rubbish")
        if not ended:
            raise model_error("half")
        if ended[-1] == "length":
            raise model_error("long")


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise ModelError(
            f"Le modèle {path} ne se lit pas ({type(error).__name__})\u202f; attendu\u202f: un fichier GGUF, dans "
            "GUICHET_LLM=gguf:/chemin/modele.gguf.",
            reason="unusable",
        ) from None
    if magic != _MAGIC:
        raise ModelError(f"Le fichier {path} n’est pas un modèle GGUF.", reason="unusable")
