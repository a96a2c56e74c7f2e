"""A Guichet made from the settings: document, encoder, index, chat model, speller, each opened once."""

from collections.abc import Callable

from threadpoolctl import threadpool_limits

from assistant.chain import Guichet
from assistant.generation.engine import make_generator
from assistant.generation.models.open import open_model
from assistant.settings.settings import Settings
from assistant.understanding.model import load_model
from corpus.load import load_document
from corpus.registry import load_registry
from index.encoder.load import load_encoder
from index.entries import make_entries
from index.storage.locations import Folder, Place, Server, ready_index

Report = Callable[[int, int], None]
Say = Callable[[str], None]


def open_guichet(
    settings: Settings, *, report: Report | None = None, say: Say | None = None, rebuild: bool = False
) -> Guichet:
    """Everything ready: encoder unpacked, index built or reopened. Raises GuichetError with one French line.

    From here on the process computes its products with one thread: the matrices are small, and a second thread only
    waits where the encoder works (measured on two cores: 14 ms an answer with two, 7 ms with one).
    """
    threadpool_limits(1, user_api="blas")
    model = open_model(settings) if settings.llm else None  # first: what is wrong with it is told at once
    document = load_document()
    entries = make_entries(document)
    encoder = load_encoder(settings.encoder, models=settings.home / "models")
    index = ready_index(index_place(settings), entries, encoder, report=report, say=say, rebuild=rebuild)
    generator = make_generator(model, settings, document, load_registry(), encoder) if model else None
    return Guichet(document, index, encoder, reader=load_model(settings.home / "models"), generator=generator)


def index_place(settings: Settings) -> Place:
    """Where the index of these settings is."""
    return Server(settings.chroma_url) if settings.chroma_url else Folder(settings.home)
