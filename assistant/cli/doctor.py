"""`guichet doctor`: the whole set-up, each part asked to do its work once, what is wrong said with what repairs it.

The checks that a running server asks (assistant/service/) are the same here. Nothing is built,
unpacked or written: what is not there yet is told.
"""

import threading
from collections.abc import Iterator, Mapping

from assistant.assemble import index_place
from assistant.chain import Guichet
from assistant.cli.installation import check_folder, check_packages, check_python, check_space
from assistant.errors import SettingsError
from assistant.generation.failures import model_error
from assistant.service.assemble import check_engine, check_opinions
from assistant.service.health import Check, State, state_of
from assistant.settings.settings import Settings, read_settings
from assistant.storage.opinions import open_opinions
from assistant.understanding.model import load_model
from corpus.load import load_document
from index.encoder.base import Encoder
from index.encoder.load import is_ready, load_encoder
from index.entries import make_entries
from index.evidence import Index
from index.storage.build import identity_of

WELL = "bien"
_MAKE = "Il sera préparé par\u202f: guichet index"


def examine(environment: Mapping[str, str]) -> Iterator[State]:
    """Every part in order, as it is found; with wrong settings, only what does not depend on them."""
    yield state_of("Python", check_python, vital=True)
    yield state_of("paquets", check_packages, vital=True)
    try:
        settings = read_settings(environment)
    except SettingsError as error:
        yield State("réglages", str(error).replace("\n  - ", " "), True)
        return
    yield State("réglages", "", True)
    yield from Examination(settings).states()


class Examination:
    """The parts of one installation; each is opened once, and those that stand on a broken one are not tried."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._document = load_document()
        self._encoder: Encoder | None = None
        self._index: Index | None = None
        self._key_is_read = not settings.llm_key_file

    def states(self) -> Iterator[State]:
        settings = self._settings
        made = is_ready(settings.encoder, settings.home / "models")
        parts: list[tuple[str, Check]] = [
            ("dossier", lambda: check_folder(settings.home)),
            ("place libre", lambda: check_space(settings.home, made=made)),
            ("encodeur", self._try_encoder),
            ("serveur Chroma" if settings.chroma_url else "index", self._try_index),
            ("réponses", self._try_answers),
            ("avis", lambda: check_opinions(open_opinions(settings))),
        ]
        if settings.llm_key_file:
            parts.append(("clé du modèle", self._try_key))
        if settings.llm:
            parts.append(("modèle", self._try_model))
        for name, check in parts:
            yield state_of(name, check, vital=True)

    def _try_encoder(self) -> str:
        settings = self._settings
        if not is_ready(settings.encoder, settings.home / "models"):
            return f"L’encodeur {settings.encoder} n’est pas encore déballé dans {settings.home}. {_MAKE}"
        encoder = load_encoder(settings.encoder, models=settings.home / "models")
        length = float((encoder.encode_queries(["bonjour"]) ** 2).sum())
        if abs(length - 1) > 0.01:
            return f"L’encodeur {settings.encoder} ne calcule pas juste. Effacez {settings.home}/models. {_MAKE}"
        self._encoder = encoder
        return ""

    def _try_index(self) -> str:
        if self._encoder is None:
            return _after("l’encodeur")
        entries, place = make_entries(self._document), index_place(self._settings)
        wanted = identity_of(entries, self._encoder.identity)
        reason = place.reason_to_build(wanted)
        if reason:
            return f"L’index est à construire ({reason}). {_MAKE}"
        self._index = place.open(entries, wanted)
        return ""

    def _try_answers(self) -> str:
        if self._encoder is None or self._index is None:
            return _after("l’index")
        return check_engine(
            Guichet(self._document, self._index, self._encoder, reader=load_model(self._settings.home / "models"))
        )

    def _try_key(self) -> str:
        from assistant.generation.models.open import read_key

        read_key(self._settings)
        self._key_is_read = True
        return ""

    def _try_model(self) -> str:
        """One tiny generation, until its first word."""
        if not self._key_is_read:
            return _after("sa clé")
        from langchain_core.messages import HumanMessage

        from assistant.generation.models.calls import Calls, bounds_of
        from assistant.generation.models.open import open_model

        model, stop = open_model(self._settings), threading.Event()
        try:
            calls = Calls(model, bounds_of(self._settings))
            written = calls.stream([HumanMessage("Répondez par un seul mot : bonjour.")], stop=stop)
            return "" if any(written) else str(model_error("empty"))
        finally:
            stop.set()
            model.close()


def _after(part: str) -> str:
    return f"Pas vérifié\u202f: réparez d’abord {part}."
