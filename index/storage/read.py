"""A folder or a server -> an `Index` in memory, held against the manifest of what was written."""

from pathlib import Path

import numpy as np

from index.entries import Entries
from index.errors import DamagedIndexError, StoreError
from index.evidence import Index
from index.storage.build import Manifest, current_folder, digest_of, read_manifest
from index.storage.chroma import Store, Stored, check_files


def open_index(home: Path, entries: Entries) -> Index:
    """Read the index in use; raises StoreError when there is none, or when it does not hold these entries."""
    folder = current_folder(home)
    if folder is None:
        raise StoreError(f"Il n’y a pas d’index dans {home}. Construisez-le : guichet index")
    manifest = read_manifest(folder)
    check_files(folder / "chroma", manifest.files)
    store = Store(folder / "chroma")
    try:
        return read_index(store, entries, manifest, f"{home}")
    finally:
        store.close()  # everything is in memory: nothing of the folder is needed any more


def _is_sound(stored: Stored, digest: str) -> bool:
    """Whether ids and texts are those that were written, and every vector still one of length 1.

    Chroma gives vectors back to the last bit or next to it: a digest of them would not hold.
    """
    lengths = np.linalg.norm(stored.vectors, axis=-1)
    return digest_of(stored.ids, stored.texts) == digest and bool(np.all(np.abs(lengths - 1) < 1e-3))


def read_index(store: Store, entries: Entries, manifest: Manifest, place: str) -> Index:
    """All of a store in memory, held against its manifest; raises DamagedIndexError, which names `place`."""
    vectors = {}
    for name, kind in entries.kinds().items():
        stored = store.read_collection(name)
        if not _is_sound(stored, manifest.digests.get(name, "")):
            raise DamagedIndexError(
                f"L’index de {place} n’est plus celui qui y a été écrit (« {name} »). "
                "Reconstruisez : guichet index --rebuild"
            )
        position = {id: row for row, id in enumerate(stored.ids)}
        try:
            order = [position[entry.id] for entry in kind]
        except KeyError as error:
            raise DamagedIndexError(
                f"L’index de {place} ne tient pas {error}. Reconstruisez : guichet index --rebuild"
            ) from error
        vectors[name] = stored.vectors[order]
    return Index(entries, vectors)
