"""What holds the project together: imports point one way, every version is pinned, the command line starts light."""

import ast
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
LAYERS = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "assistant": {"corpus", "index", "assistant"},
    "evals": {"corpus", "index", "assistant", "evals"},
}
DOORS = {"chromadb": r"index/store\.py", "gradio": r"assistant/web\w*\.py"}
"""The files through which a third-party system enters."""
HANDED_OVER = {("assistant/cli/main.py", "evals")}
"""The one command that is not the assistant's own work: `guichet eval` calls `evals`, from inside its function."""
PINS = runpy.run_path(str(ROOT / "scripts" / "pins.py"))
declared, normalise = PINS["declared"], PINS["normalise"]
CONSTRAINTS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def imports(source: str) -> Iterator[str]:
    """Full names of the modules that a source imports anywhere in it, inside functions too; a relative one as "."."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." if node.level else node.module or "."


def faults(path: str, source: str) -> list[str]:
    """What the imports of a source at `path` (from the root, with /) break, one line each."""
    found = []
    layer = path.split("/")[0]
    for name in imports(source):
        top = name.split(".")[0]
        if top in {*LAYERS, "tests", "scripts"} and top not in LAYERS[layer] and (path, top) not in HANDED_OVER:
            found.append(f"{path}: {layer} imports {top}")
        if top in DOORS and not re.fullmatch(DOORS[top], path):
            found.append(f"{path}: {top} enters through {DOORS[top]} only")
        if name in {".", "index"}:
            found.append(f"{path}: name what you import: from index.evidence import ...")
    return found


def sources() -> dict[str, str]:
    files = (path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_imports_point_one_way_and_third_parties_enter_through_one_door() -> None:
    assert [fault for path, source in sources().items() for fault in faults(path, source)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("corpus/parsing/parse.py", "import index.storage.chroma"),
        ("index/evidence.py", "def f():\n    from assistant.answer import Answer"),
        ("assistant/chain.py", "import os, evals.cli"),
        ("evals/cli.py", "from tests.project.test_setup import faults"),
        ("index/storage/build.py", "from chromadb.config import Settings"),
        ("assistant/chain.py", "if True:\n    import gradio as gr"),
        ("assistant/chain.py", "import index"),
        ("index/storage/build.py", "from . import store"),
    ],
)
def test_the_guard_of_the_imports_sees_every_kind_of_fault(path: str, source: str) -> None:
    assert len(faults(path, source)) == 1


def test_the_guard_of_the_imports_lets_pass_what_is_right() -> None:
    source = "import chromadb\nfrom corpus.document import Chunk\nfrom index.encoder.base import Floats"
    assert faults("index/storage/chroma.py", source) == []
    assert faults("assistant/web_page.py", "import gradio") == []


def test_what_the_code_imports_is_asked_for_in_pyproject() -> None:
    owners = packages_distributions()
    names = {name.split(".")[0] for source in sources().values() for name in imports(source)}
    third = names - sys.stdlib_module_names - set(LAYERS) - {"."}
    asked = {normalise(requirement.name) for requirement in declared()}
    assert {name for name in third if asked.isdisjoint(map(normalise, owners.get(name, [name])))} == set()


def test_every_constraint_is_one_exact_version() -> None:
    for requirement in CONSTRAINTS:
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        assert not re.search(r"[*+]", pin.version), requirement


def test_everything_that_pyproject_asks_for_is_pinned_to_a_version_it_accepts() -> None:
    pins = {normalise(each.name): next(iter(each.specifier)).version for each in CONSTRAINTS if each.marker is None}
    assert pins["torch"] == "2.13.0"
    for requirement in declared():
        assert requirement.specifier.contains(pins[normalise(requirement.name)]), requirement


def test_the_constraints_are_what_is_installed_transitively_and_nothing_else() -> None:
    run = subprocess.run([sys.executable, "scripts/pins.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, ""), "make pins"


def test_the_command_line_starts_without_anything_heavy() -> None:
    code = (
        "import sys, assistant.cli\n"
        "heavy = {'torch', 'gradio', 'chromadb', 'transformers', 'sentence_transformers', 'onnxruntime', 'sklearn'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("[]\n", "")
