"""What of the machine can be wrong before Guichet itself is asked: Python, the packages, the folder, the free space.

Each check returns "" when all is well, else one French line that says what was found, expected, and what repairs it.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PYTHON = (3, 11)
CONSTRAINTS = Path(__file__).parent.parent.parent / "constraints.txt"
MAKING, RUNNING = 1_500, 200
"""Megabytes that must be free: to unpack the encoder and build the index (they take 620), and once they are there."""
_TOLD = 4
"""Packages named in one line."""
Installed = Callable[[str], str]
"""Name of a distribution -> its version; raises PackageNotFoundError."""


def check_python(found: tuple[int, ...] = sys.version_info[:3]) -> str:
    if found >= PYTHON:
        return ""
    wanted, has = (".".join(map(str, numbers)) for numbers in (PYTHON, found))
    return f"Python {has}\u202f; attendu\u202f: {wanted} ou plus. Réinstallez\u202f: make setup PYTHON=python{wanted}"


def check_packages(constraints: Path = CONSTRAINTS, *, installed: Installed = version) -> str:
    """Installed versions against the pinned ones. A package that only an option or a test needs may be missing."""
    try:
        pins = list(_pins(constraints.read_text(encoding="utf-8").splitlines()))
    except (OSError, ValueError) as error:
        return (
            f"Les versions épinglées ne se lisent pas ({constraints}, {type(error).__name__})\u202f; "
            "attendu\u202f: le fichier livré avec Guichet."
        )
    needed = {canonicalize_name(Requirement(line).name) for line in requires("guichet") or [] if "extra ==" not in line}
    wrong = []
    for pin in pins:
        wanted = next(iter(pin.specifier)).version
        try:
            found = Version(installed(pin.name)).public  # torch "2.13.0+cpu" is 2.13.0
        except PackageNotFoundError:
            if canonicalize_name(pin.name) in needed:
                wrong.append(f"{pin.name} manque (attendu {wanted})")
            continue
        if found != wanted:
            wrong.append(f"{pin.name} {found} (attendu {wanted})")
    if not wrong:
        return ""
    more = f" et {len(wrong) - _TOLD} de plus" if len(wrong) > _TOLD else ""
    return f"{', '.join(wrong[:_TOLD])}{more}. Remettez les versions essayées\u202f: make setup"


def _pins(lines: Iterable[str]) -> Iterator[Requirement]:
    """The pins that hold on this Python and machine; raises ValueError on a line that is none."""
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        try:
            pin = Requirement(line)
        except InvalidRequirement as error:
            raise ValueError(line) from error
        if len(pin.specifier) != 1:
            raise ValueError(line)
        if pin.marker is None or pin.marker.evaluate():
            yield pin


def check_folder(home: Path) -> str:
    """GUICHET_HOME, or the folder where it will be made, can be written."""
    there = _existing(home)
    if not there.is_dir():
        return f"{there} n’est pas un dossier. Choisissez-en un autre\u202f: GUICHET_HOME=/chemin"
    if os.access(there, os.W_OK | os.X_OK):
        return ""
    return (
        f"Le dossier {there} n’est pas accessible en écriture. Donnez-lui les droits, ou choisissez-en un autre\u202f: "
        "GUICHET_HOME=/chemin"
    )


def check_space(home: Path, *, made: bool, free: Callable[[Path], int] | None = None) -> str:
    """`made`: encoder and index are there already. `free`: bytes free where a folder is."""
    there = _existing(home)
    left = (free(there) if free else shutil.disk_usage(there).free) // 1_000_000
    needed = RUNNING if made else MAKING
    if left >= needed:
        return ""
    return (
        f"{left}\u00a0Mo libres pour {home}\u202f; il en faut {needed}. Libérez de la place, ou choisissez un autre "
        "dossier\u202f: GUICHET_HOME=/chemin"
    )


def _existing(folder: Path) -> Path:
    """The folder, else the nearest one above it that exists."""
    return next((path for path in (folder, *folder.parents) if path.exists()), folder)
