"""The chat model that GUICHET_LLM names; its library is imported when it is opened.

`langchain_chat.py` speaks to servers through LangChain, `llama_cpp.py` runs a file in this process.
"""

import stat
from pathlib import Path

from assistant.errors import ModelError
from assistant.generation.models.base import Model
from assistant.settings.settings import Settings

SERVER_AT_ONCE = 3
"""One less than the questions that Guichet works on at the same time: the last is left for what needs no model."""


def open_model(settings: Settings) -> Model:
    """Raises ModelError: a missing extra with the command that installs it, a file that is no model, an open key."""
    provider, _, name = settings.llm.partition(":")
    key = read_key(settings)
    if provider == "gguf":
        from assistant.generation.models.llama_cpp import GgufModel

        return GgufModel(Path(name).expanduser(), context=settings.llm_context, at_once=at_once_of(settings))
    from assistant.generation.models.langchain_chat import ChatModel, open_chat

    chat = open_chat(provider, name, url=settings.llm_url, key=key, settings=settings)
    return ChatModel(chat, name=settings.llm, context=settings.llm_context)


def at_once_of(settings: Settings) -> int:
    """How many answers a model writes at the same time.

    A file runs on this machine's cores, which two answers would share; a server has its own.
    """
    return 1 if settings.llm.startswith("gguf:") else SERVER_AT_ONCE


def read_key(settings: Settings) -> str:
    """The key, from the environment or its file; "" without any. Raises ModelError when others can read the file."""
    if not settings.llm_key_file:
        return settings.llm_key.strip()
    path = Path(settings.llm_key_file).expanduser()
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ModelError(
                f"D’autres que vous ont accès au fichier de la clé, {path} (droits {stat.S_IMODE(mode):o}) ; "
                f"attendu : 600. Corrigez-les : chmod 600 {path}",
                reason="key",
            )
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ModelError(
            f"Le fichier de la clé, GUICHET_LLM_KEY_FILE={path}, ne se lit pas ({type(error).__name__}) ; "
            "attendu : un fichier texte qui ne contient que la clé.",
            reason="key",
        ) from None
    if not key or len(key.split()) != 1:
        raise ModelError(
            f"Le fichier de la clé, {path}, n’en contient pas une seule ; attendu : la clé, sur une ligne.",
            reason="key",
        )
    return key
