"""Build the index into a new folder and swap it in whole; reopen it when nothing changed.

    home/index/current          a text file that names the folder in use
    home/index/<stamp>/         chroma/ and manifest.json
    home/index/build.lock       held while a process builds

A build that fails, for whatever reason, leaves `current` as it was. The manifest names corpus, chunking, residents'
words and encoder; another identity rebuilds, with a line that says why.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from corpus.load import corpus_digest
from index.chunks import Metadata, metadata
from index.encoder.base import Encoder
from index.entries import Entries, Entry, entries_digest
from index.errors import BuildRunningError, DamagedIndexError, StoreError
from index.storage.chroma import Store, digests_of_files, is_chromas

FORMAT = 2
_ROOM = 40 * 2**20
"""Bytes that an index and its making take, with some to spare."""
ASKED = ("phrases",)
"""Kinds that are questions themselves: they are encoded as the question will be."""
Report = Callable[[int, int], None]
"""Called with (texts encoded so far, texts in all)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an index was made of; two indexes with the same identity hold the same vectors."""

    format: int
    corpus: str
    entries: str
    encoder: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`digests`: kind -> SHA-256 of its ids and texts; `files`: those of Chroma's folder -> theirs, {} on a server."""

    identity: Identity
    built: str
    seconds: float
    counts: dict[str, int]
    digests: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1)


def manifest_of(text: str) -> Manifest:
    """Raises ValueError, KeyError or TypeError when the text is no manifest."""
    content = json.loads(text)
    identity = Identity(**content["identity"])
    return Manifest(
        identity, content["built"], content["seconds"], content["counts"], content["digests"], content.get("files", {})
    )


def digest_of(ids: Sequence[str], texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join((*ids, *texts)).encode()).hexdigest()


def identity_of(entries: Entries, encoder_identity: str) -> Identity:
    return Identity(FORMAT, corpus_digest(), entries_digest(entries), encoder_identity)


def reason_to_build(home: Path, wanted: Identity) -> str:
    """Why the index must be built, in French; "" when the one in use is right."""
    folder = current_folder(home)
    if folder is None:
        return "il n’y en a pas encore"
    try:
        found = read_manifest(folder).identity
    except StoreError:
        return "celui qui est là est abîmé"
    return difference(found, wanted)


def difference(found: Identity, wanted: Identity) -> str:
    """What changed from one to the other, in French; "" when nothing did."""
    names = {
        "format": "son format a changé",
        "corpus": "le document a changé",
        "entries": "le découpage ou les mots d’usage ont changé",
        "encoder": "l’encodeur a changé",
    }
    return " et ".join(text for name, text in names.items() if getattr(found, name) != getattr(wanted, name))


def current_folder(home: Path) -> Path | None:
    pointer = home / "index" / "current"
    try:
        folder = home / "index" / pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return folder if folder.parent == home / "index" and (folder / "manifest.json").exists() else None


def read_manifest(folder: Path) -> Manifest:
    try:
        return manifest_of((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(f"L’index est abîmé : {folder}. Reconstruisez : guichet index --rebuild") from error


def build_index(home: Path, entries: Entries, encoder: Encoder, *, report: Report | None = None) -> Manifest:
    """Encode everything, write a new folder, make it the one in use. Raises StoreError or BuildRunningError."""
    index = home / "index"
    with _writing(index), _locked(index):
        _sweep(index)
        folder = index / time.strftime("%Y%m%d-%H%M%S")
        while folder.exists():
            folder = folder.with_name(folder.name + "x")
        try:
            with _writing(index):  # here too: what is left of the disk is looked at before the folder is removed
                manifest = _write(folder, entries, encoder, report)
            temporary = index / "current.new"
            temporary.write_text(folder.name, encoding="utf-8")
            temporary.replace(index / "current")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _sweep(index)
    return manifest


def _write(folder: Path, entries: Entries, encoder: Encoder, report: Report | None) -> Manifest:
    folder.mkdir(parents=True)
    store = Store(folder / "chroma")
    try:
        manifest = fill(store, entries, encoder, report)
    finally:
        store.close()
    manifest = replace(manifest, files=digests_of_files(folder / "chroma"))
    (folder / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def fill(store: Store, entries: Entries, encoder: Encoder, report: Report | None = None) -> Manifest:
    """Encode everything into `store`, a collection a kind; what was written, for its manifest."""
    started = time.perf_counter()
    kinds = entries.kinds()
    total, done = sum(len(kind) for kind in kinds.values()), 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        if report:
            report(done, total)

    chunk_metadata = {chunk.id: metadata(chunk) for chunk in entries.chunks}
    digests = {}
    for name, kind in kinds.items():
        encode = encoder.encode_queries if name in ASKED else encoder.encode_passages
        vectors = encode([entry.text for entry in kind], progress=progress)
        metadatas = [_metadata(name, entry, chunk_metadata) for entry in kind]
        ids, texts = [entry.id for entry in kind], [entry.text for entry in kind]
        store.write_collection(name, ids, texts, metadatas, vectors)
        digests[name] = digest_of(ids, texts)
    identity = identity_of(entries, encoder.identity)
    seconds = round(time.perf_counter() - started, 2)
    counts = {name: len(kind) for name, kind in kinds.items()}
    return Manifest(identity, time.strftime("%Y-%m-%dT%H:%M:%S"), seconds, counts, digests)


def _metadata(kind: str, entry: Entry, chunks: Mapping[str, Metadata]) -> Metadata:
    """Passages carry all of their chunk's metadata; the others their document and their chunk."""
    own: Metadata = {"document": entry.document, "chunk": entry.chunk}
    return own | chunks[entry.chunk] if kind == "passages" else own


@contextlib.contextmanager
def _writing(index: Path) -> Iterator[None]:
    """Turn what the disk refuses into one French line; Chroma reports a full disk in words of its own, or in none."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        yield
    except DamagedIndexError as error:  # a new folder that does not open
        raise StoreError(_full(index) if _is_full(index) else f"{error}") from error
    except StoreError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(_full(index)) from error
        raise StoreError(
            f"Le dossier de l’index n’est pas accessible en écriture : {index} ({error.strerror}). "
            "Donnez-lui les droits, ou choisissez un autre dossier : GUICHET_HOME=/chemin"
        ) from error
    except Exception as error:
        said = any(sign in str(error).lower() for sign in ("disk is full", "no space left", "disk i/o error"))
        if said or (is_chromas(error) and _is_full(index)):
            raise StoreError(_full(index)) from error
        if is_chromas(error):
            raise StoreError(
                f"L’index n’a pas pu être écrit dans {index} ({error}). Relancez : guichet index"
            ) from error
        raise


def _is_full(index: Path) -> bool:
    return shutil.disk_usage(index).free < _ROOM


def _full(index: Path) -> str:
    old = "" if current_folder(index.parent) is None else " ; l’ancien index reste en service"
    return (
        f"Le disque est plein : l’index n’a pas pu être écrit dans {index}. "
        f"Libérez de la place ({_ROOM >> 20} Mo), puis relancez{old}."
    )


@contextlib.contextmanager
def _locked(index: Path) -> Iterator[None]:
    with (index / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunningError(
                f"Un autre processus construit déjà l’index dans {index}. Attendez qu’il finisse, puis relancez."
            ) from error
        yield


def _sweep(index: Path) -> None:
    """Remove the folders of builds that are not in use: older ones, and those that were cut off."""
    used = current_folder(index.parent)
    for folder in index.iterdir():
        if folder.is_dir() and folder != used:
            shutil.rmtree(folder, ignore_errors=True)
