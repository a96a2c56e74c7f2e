"""The lock on GUICHET_HOME: one server for a folder. The system releases it however the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import ServerError
from assistant.settings.settings import Settings

LOCK = "guichet.lock"


@contextmanager
def lock_folder(settings: Settings) -> Iterator[None]:
    """Locks the folder until the block ends; raises ServerError when another server has it.

    With a Chroma server nothing in the folder belongs to one process: several servers may share it.
    """
    path = settings.home / LOCK
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise ServerError(
            f"Le dossier {settings.home} n’est pas accessible en écriture ({error.strerror}). "
            "Donnez-lui les droits, ou choisissez-en un autre : GUICHET_HOME=/chemin guichet serve"
        ) from error
    with file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if settings.chroma_url else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            number = file.read(20).strip() or "inconnu"
            raise ServerError(
                f"Un autre serveur Guichet (processus {number}) tient déjà le dossier {settings.home}. Arrêtez-le, "
                "ou donnez un autre dossier à celui-ci : GUICHET_HOME=/chemin guichet serve"
            ) from error
        _write_process_number(file.fileno())
        yield


def _write_process_number(descriptor: int) -> None:
    """For the message of another server; when the disk is full that message names no process."""
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    except OSError:
        return
