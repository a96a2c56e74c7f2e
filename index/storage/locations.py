"""Where the index of an installation is: in its folder, or on a Chroma server that several web processes share.

On a server, a version of the index is a set of collections:

    guichet-000007.begun        made first, by one process only: it claims the number
    guichet-000007.passages     ... a collection a kind
    guichet-000007.manifest     made last: a version without it was never finished, and is never read

Versions are numbered, not dated: a clock that is set back changes nothing. The one in use is the last that was made of
what this process asks for, so that two releases of Guichet can share a server while one replaces the other.
"""

import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.errors import GuichetError
from index.encoder.base import Encoder
from index.entries import Entries
from index.errors import DamagedIndexError, StoreError
from index.evidence import Index
from index.storage.build import (
    Identity,
    Manifest,
    Report,
    build_index,
    difference,
    fill,
    identity_of,
    manifest_of,
    reason_to_build,
)
from index.storage.chroma import Store, unreachable
from index.storage.read import open_index, read_index

_FINISHED = 2
"""Finished versions that stay: the newest, and the one that a process may still be opening."""
_STALE = 3600
"""Seconds after which an unfinished version is taken for one that was cut off."""
_NAME = re.compile(r"(\d{6})\.(\w+)")
_PREFIX = "guichet-"


class Place(Protocol):
    def reason_to_build(self, wanted: Identity) -> str:
        """Why it must be built, in French; "" when the one there is right."""

    def build(self, entries: Entries, encoder: Encoder, *, report: Report | None = None) -> Manifest: ...

    def open(self, entries: Entries, wanted: Identity) -> Index:
        """Raises DamagedIndexError when it must be built again, StoreError when it cannot be had."""


@dataclass(frozen=True, slots=True)
class Folder:
    """In `home`: one process at a time builds it."""

    home: Path

    def reason_to_build(self, wanted: Identity) -> str:
        return reason_to_build(self.home, wanted)

    def build(self, entries: Entries, encoder: Encoder, *, report: Report | None = None) -> Manifest:
        return build_index(self.home, entries, encoder, report=report)

    def open(self, entries: Entries, wanted: Identity) -> Index:  # noqa: ARG002 - one index a folder
        return open_index(self.home, entries)


@dataclass(frozen=True, slots=True)
class Server:
    """On a Chroma server, by its address. Processes that build at the same time make a version each."""

    address: str

    def reason_to_build(self, wanted: Identity) -> str:
        finished = self._finished()
        if not finished:
            return "il n’y en a pas encore"
        if any(manifest.identity == wanted for manifest in finished.values()):
            return ""
        return difference(finished[max(finished)].identity, wanted)

    def build(self, entries: Entries, encoder: Encoder, *, report: Report | None = None) -> Manifest:
        number = self._claim()
        try:
            with closing(Store(self.address, prefix=_prefix(number))) as store:
                manifest = fill(store, entries, encoder, report)
                store.write_note("manifest", {"manifest": manifest.to_json()})
            self._sweep(number)
        except GuichetError:
            raise
        except Exception as error:  # the server's own words, the network's
            raise StoreError(f"L’index n’a pas pu être écrit ({error}). {unreachable(self.address)}") from error
        return manifest

    def open(self, entries: Entries, wanted: Identity) -> Index:
        for _ in range(3):
            right = [number for number, manifest in self._finished().items() if manifest.identity == wanted]
            if not right:
                break
            number = max(right)
            manifest = self._finished()[number]
            try:
                with closing(Store(self.address, prefix=_prefix(number))) as store:
                    return read_index(store, entries, manifest, self.address)
            except DamagedIndexError:
                if number in self._finished():  # else another process has just put a newer one in its place
                    raise
        raise DamagedIndexError(f"Il n’y a pas d’index sur {self.address}. Construisez-le : guichet index")

    def _finished(self) -> dict[int, Manifest]:
        """Number -> manifest of the versions that are whole."""
        found = {}
        for name, note in self._notes().items():
            match = _NAME.fullmatch(name)
            if match and match[2] == "manifest":
                try:
                    found[int(match[1])] = manifest_of(str(note.get("manifest")))
                except (ValueError, KeyError, TypeError):
                    continue
        return found

    def _notes(self) -> dict[str, dict[str, object]]:
        with closing(Store(self.address, prefix=_PREFIX)) as store:
            try:
                return store.notes()
            except Exception as error:  # the network's
                raise StoreError(unreachable(self.address)) from error

    def _numbers(self) -> list[int]:
        return [int(match[1]) for match in map(_NAME.fullmatch, self._notes()) if match]

    def _claim(self) -> int:
        """A number that no other process has: the server makes a collection once."""
        number = max(self._numbers(), default=0)
        while True:
            number += 1
            with closing(Store(self.address, prefix=_prefix(number))) as store:
                if store.write_note("begun", {"begun": int(time.time())}):
                    return number

    def _sweep(self, newest: int) -> None:
        """Remove the finished versions but the last ones, and the unfinished that nobody can be writing any more."""
        notes, last = self._notes(), sorted(self._finished())[-_FINISHED:]
        with closing(Store(self.address, prefix=_PREFIX)) as store:
            for name in sorted(notes, key=lambda name: not name.endswith(".manifest")):
                match = _NAME.fullmatch(name)
                if match and int(match[1]) not in last and int(match[1]) < newest and self._is_over(notes, match[1]):
                    store.remove(name)

    def _is_over(self, notes: dict[str, dict[str, object]], number: str) -> bool:
        begun = notes.get(f"{number}.begun", {}).get("begun")
        return f"{number}.manifest" in notes or not isinstance(begun, int) or begun + _STALE < time.time()


def ready_index(
    place: Place,
    entries: Entries,
    encoder: Encoder,
    *,
    report: Report | None = None,
    say: Callable[[str], None] | None = None,
    rebuild: bool = False,
) -> Index:
    """The index of `place`, built when there is none, when it is of something else, or when it is damaged; says why."""
    identity = identity_of(entries, encoder.identity)
    reason = "vous l’avez demandé" if rebuild else place.reason_to_build(identity)
    if not reason:
        try:
            return place.open(entries, identity)
        except DamagedIndexError:
            reason = "celui qui est là est abîmé"
    if say:
        say(f"Construction de l’index ({reason}).")
    place.build(entries, encoder, report=report)
    return place.open(entries, identity)


def _prefix(number: int) -> str:
    return f"{_PREFIX}{number:06d}."
