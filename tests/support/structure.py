"""The rules of the folders, checked on the source: who imports whom, and how long a file may be.

A source is a path from the root of the repository ("assistant/chain.py") and its text.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PRODUCT = ("corpus", "index", "assistant", "evals")
STEPS = ("understanding", "conversation", "answering", "generation")
"""The steps of an answer: folders of assistant/, in order."""
SERVING = ("service", "accounts", "storage", "web", "cli")
"""The folders of assistant/ that bring a question to the steps and an answer to its reader."""

FORBIDDEN: dict[str, tuple[str, ...]] = {
    "": ("tests", "scripts"),
    "corpus/": ("index", "assistant", "evals"),
    "index/": ("assistant", "evals"),
    "assistant/": ("evals",),
    **{f"assistant/{step}/": tuple(f"assistant.{folder}" for folder in SERVING) for step in STEPS},
    "assistant/text/": tuple(f"assistant.{folder}" for folder in (*STEPS, *SERVING, "settings")),
    "assistant/settings/": tuple(f"assistant.{folder}" for folder in (*STEPS, *SERVING)),
}
"""Folder -> the modules that no file in it imports."""
ONLY_IN = {"gradio": "assistant/web/conversation/", "chromadb": "index/storage/"}
"""Library -> the one folder that imports it."""
ALLOWED = {("assistant/cli/main.py", "evals")}
"""`guichet eval` hands its arguments over to evals."""
LONGEST = 300
"""Lines of a file."""
MOST_IN_ASSISTANT = 8
"""Python files directly in assistant/."""


def product_sources() -> dict[str, str]:
    return read_sources(*PRODUCT)


def read_sources(*folders: str) -> dict[str, str]:
    files = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


@cache
def imports(source: str) -> frozenset[str]:
    """The full name of everything that a source imports, inside functions too.

    `from corpus.document import Chunk` -> "corpus.document.Chunk"; a relative import -> ".".
    """
    names = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {"." if node.level else f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def faults(sources: Mapping[str, str]) -> list[str]:
    """The broken rules of product sources, one line each."""
    found = [fault for path, source in sources.items() for fault in file_faults(path, source)]
    directly = [path for path in sources if re.fullmatch(r"assistant/\w+\.py", path)]
    if len(directly) > MOST_IN_ASSISTANT:
        found.append(f"assistant/: {len(directly)} files directly in it, {MOST_IN_ASSISTANT} at most")
    return [*found, *circles(sources)]


@cache
def file_faults(path: str, source: str) -> list[str]:
    """The broken rules that one product source shows by itself."""
    found = [*length_faults({path: source})]
    names = imports(source)
    for folder, modules in FORBIDDEN.items():
        for module in modules:
            if (
                path.startswith(folder)
                and (path, module) not in ALLOWED
                and any(_is_in(name, module) for name in names)
            ):
                found.append(f"{path}: {folder or 'the product'} imports no {module}")
    for library, folder in ONLY_IN.items():
        if not path.startswith(folder) and any(_is_in(name, library) for name in names):
            found.append(f"{path}: {library} is imported in {folder} only")
    if names & {".", "index"}:
        found.append(f"{path}: name what you import: from index.evidence import ...")
    if path.startswith("assistant/") and any(
        re.search(r"(?:^|[/\\])evals(?:[/\\]|$)", text) for text in strings(source)
    ):
        found.append(f"{path}: assistant/ reads no file of evals/")
    if path.endswith("__init__.py") and any(not _is_docstring(node) for node in ast.parse(source).body):
        found.append(f"{path}: a docstring and nothing else")
    return found


def length_faults(sources: Mapping[str, str]) -> list[str]:
    lengths = {path: len(source.splitlines()) for path, source in sources.items()}
    return [f"{path}: more than {LONGEST} lines" for path, length in lengths.items() if length > LONGEST]


def strings(source: str) -> Iterator[str]:
    """The strings of a source, docstrings left out."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def circles(sources: Mapping[str, str]) -> list[str]:
    """The first circle of imports among the files, as one line; imports inside functions count."""
    modules = {module_of(path): path for path in sources}
    graph = {}
    for module, path in modules.items():
        parts = [name.split(".") for name in imports(sources[path])]
        longest = (
            next((m for end in range(len(p), 0, -1) if (m := ".".join(p[:end])) in modules), None) for p in parts
        )
        graph[module] = {imported for imported in longest if imported}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [f"a circle of imports: {' <- '.join(error.args[1])}"]
    return []


def module_of(path: str) -> str:
    """ "index/__init__.py" -> "index"; "index/chunks.py" -> "index.chunks"."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _is_in(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
