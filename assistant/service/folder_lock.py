"""What a server needs of the system: a folder of its own (a lock that is released however it ends), its streams."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import ServerError
from assistant.settings.settings import Settings

LOCK = "guichet.lock"


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """The folder is this server's until the block ends; raises ServerError when it is another's.

    With a Chroma server nothing in the folder belongs to one process: several may serve from it.
    """
    _open_standard_streams()
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
        _sign(file.fileno())
        yield


def _open_standard_streams() -> None:
    """Gives the null device to those that this process was started without (`>&-`, a bare service manager).

    Else the first file that is opened takes their number, and what a library prints goes into it.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, mode), number)
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8")


def _sign(descriptor: int) -> None:
    """Write who holds it; a disk that is full costs the number only."""
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    except OSError:
        return
