"""What the project asks for: every import is declared, every version pinned, and the command line starts light."""

import re
import runpy
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement

from tests.support.structure import PRODUCT, ROOT, imports, product_sources

PINS = runpy.run_path(str(ROOT / "scripts" / "pins.py"))
declared, normalise = PINS["declared"], PINS["normalise"]
CONSTRAINTS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
HEAVY = {"torch", "gradio", "chromadb", "transformers", "sentence_transformers", "onnxruntime", "sklearn"}


def test_what_the_code_imports_is_asked_for_in_pyproject() -> None:
    owners = packages_distributions()
    names = {name.split(".")[0] for source in product_sources().values() for name in imports(source)}
    third = names - sys.stdlib_module_names - set(PRODUCT)
    asked = {normalise(requirement.name) for requirement in declared()}
    assert {name for name in third if asked.isdisjoint(map(normalise, owners.get(name, [name])))} == set()


def test_every_constraint_is_one_exact_version() -> None:
    for requirement in CONSTRAINTS:
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        assert not re.search(r"[*+]", pin.version), requirement


def test_everything_that_pyproject_asks_for_is_pinned_to_a_version_it_accepts() -> None:
    pins = {normalise(pin.name): next(iter(pin.specifier)).version for pin in CONSTRAINTS if pin.marker is None}
    for requirement in declared():
        assert requirement.specifier.contains(pins[normalise(requirement.name)]), requirement


def test_the_constraints_are_what_is_installed_transitively_and_nothing_else() -> None:
    run = subprocess.run([sys.executable, "scripts/pins.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, ""), "make pins"


@pytest.mark.parametrize("module", ["assistant.cli.main", "assistant.settings.settings", "assistant.chain"])
def test_the_command_line_starts_without_anything_heavy(module: str) -> None:
    code = f"import sys, {module}; print(sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("[]\n", "")
