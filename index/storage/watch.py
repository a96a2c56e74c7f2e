"""Whether the index on the disk is still whole, while a process answers from its copy in memory."""

from pathlib import Path

from index.errors import StoreError
from index.storage.build import current_folder, read_manifest
from index.storage.chroma import check_files

_GOES_ON = "les réponses continuent. Reconstruisez-le\u202f: guichet index --rebuild"
Stamp = tuple[tuple[str, int, int], ...]


class Watch:
    """Reads the files again only when a size or a date changed: asked every few seconds, it costs a few `stat`.

    A change within a page of the database that leaves it well-formed shows at the next opening only.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._stamp: Stamp = ()
        self._problem = ""

    def problem(self) -> str:
        """One French line, "" when all is well."""
        folder = current_folder(self._home)
        if folder is None:
            return f"Le dossier de l’index a disparu\u202f; {_GOES_ON}"
        stamp = _stamp(folder)
        if stamp != self._stamp:
            self._problem = _look(folder)
            self._stamp = stamp
        return self._problem


def _stamp(folder: Path) -> Stamp:
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            state = path.stat()
        except FileNotFoundError:
            continue
        found.append((f"{path}", state.st_size, state.st_mtime_ns))
    return tuple(found)


def _look(folder: Path) -> str:
    try:
        check_files(folder / "chroma", read_manifest(folder).files)
    except StoreError:
        return f"L’index est abîmé sur le disque\u202f; {_GOES_ON}"
    return ""
