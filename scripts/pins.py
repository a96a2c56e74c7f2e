"""Writes constraints.txt from what is installed in .venv, or with --check says how the two differ.

Every distribution that pyproject.toml asks for, directly or through another one, gets one line; what merely happens to
be installed gets none. Lines with a marker that is false here (`; python_version >= "3.13"`) are kept as they stand.
The CUDA libraries that some builds of torch bring get no line: torch pins them itself with `==`. Resolves nothing: to
move a version, install it in .venv first.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
HEADER = """\
# Exact versions of everything that `make setup` installs, transitive ones too. Written by `make pins`; a test holds it
# against pyproject.toml and against what is installed. Builds for other Pythons and machines are pinned by marker.
"""


def normalise(name: str) -> str:
    """PEP 503: "PyStemmer" -> "pystemmer", "hf_xet" -> "hf-xet"."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> list[Requirement]:
    """What pyproject.toml asks for: to run, to develop, to build."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    return [Requirement(line) for group in [*groups, project["build-system"]["requires"]] for line in group]


def applies(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


def is_exact(requirement: Requirement) -> bool:
    return any(part.operator == "==" and "*" not in part.version for part in requirement.specifier)


def needed() -> dict[str, str]:
    """Normalised name -> installed version, without the local part (torch "2.13.0+cpu" -> "2.13.0").

    Raises PackageNotFoundError when .venv does not hold something that is needed.
    """
    pins: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = declared()
    while waiting:
        requirement = waiting.pop()
        name = normalise(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        found = distribution(name)
        pins[name] = Version(found.version).public
        children = [Requirement(line) for line in found.requires or []]
        waiting += [
            child
            for child in children
            if applies(child, requirement.extras) and not (name == "torch" and is_exact(child))
        ]
    return pins


def kept_lines() -> Iterator[str]:
    """The lines of constraints.txt whose marker is false here."""
    for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            marker = Requirement(line).marker
            if marker is not None and not marker.evaluate():
                yield line


def render() -> str:
    lines = [f"{name}=={version}" for name, version in needed().items()]
    return HEADER + "\n".join(sorted([*lines, *kept_lines()])) + "\n"


def main() -> int:
    wanted, found = render(), CONSTRAINTS.read_text(encoding="utf-8")
    if "--check" not in sys.argv[1:]:
        CONSTRAINTS.write_text(wanted, encoding="utf-8")
        return 0
    missing = sorted(set(wanted.splitlines()) - set(found.splitlines()))
    surplus = sorted(set(found.splitlines()) - set(wanted.splitlines()))
    for sign, lines in (("+", missing), ("-", surplus)):
        for line in lines:
            sys.stderr.write(f"{sign} {line}\n")
    return 1 if missing or surplus else 0


if __name__ == "__main__":
    sys.exit(main())
