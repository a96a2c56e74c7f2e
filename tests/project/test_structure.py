"""What holds the folders together: imports point one way, a library enters through one folder, files stay short."""

import pytest

from tests.support.structure import LONGEST, MOST_IN_ASSISTANT, faults, length_faults, product_sources, read_sources

OFFENDERS: tuple[str, ...] = (
    "assistant/generation/engine.py: assistant/generation/ imports no assistant.service",
    "assistant/generation/models/breaker.py: assistant/generation/ imports no assistant.service",
    "assistant/generation/models/calls.py: assistant/generation/ imports no assistant.service",
    "assistant/generation/models/langchain_chat.py: assistant/generation/ imports no assistant.service",
    "assistant/web/app.py: gradio is imported in assistant/web/conversation/ only",
    "assistant/web/pages/reliability.py: assistant/ reads no file of evals/",
    "evals/fitting/fit.py: more than 300 lines",
    "tests/accounts/test_access.py: more than 300 lines",
    "tests/deploy/test_files.py: more than 300 lines",
    "tests/generation/test_models.py: more than 300 lines",
)
"""What is still to be mended, a line each; what is mended leaves the list."""


def test_the_folders_keep_their_rules() -> None:
    assert set(faults(product_sources())) - set(OFFENDERS) == set()


def test_no_file_of_the_tests_and_scripts_is_long() -> None:
    assert set(length_faults(read_sources("tests", "scripts"))) - set(OFFENDERS) == set()


@pytest.mark.parametrize(
    ("path", "source", "fault"),
    [
        ("corpus/parsing/new.py", "import index.storage.chroma", "corpus/ imports no index"),
        ("index/new.py", "def f():\n    from assistant.answer import Answer", "index/ imports no assistant"),
        ("assistant/new.py", "import os, evals.cli", "assistant/ imports no evals"),
        ("evals/new.py", "from tests.project.test_setup import Checkout", "the product imports no tests"),
        ("assistant/understanding/new.py", "from assistant.web import api", "imports no assistant.web"),
        ("assistant/conversation/new.py", "from assistant.accounts.tables import Now", "imports no assistant.accounts"),
        ("assistant/answering/exact/new.py", "import assistant.service.logs", "imports no assistant.service"),
        ("assistant/generation/gate/new.py", "from assistant import storage", "imports no assistant.storage"),
        ("assistant/generation/new.py", "from assistant.cli.main import main", "imports no assistant.cli"),
        ("assistant/generation/new.py", "from gradio import Blocks", "gradio is imported in"),
        ("assistant/web/new.py", "if True:\n    import gradio as gr", "gradio is imported in"),
        ("assistant/text/new.py", "from assistant.understanding.spans import Span", "imports no assistant.und"),
        ("assistant/settings/new.py", "import assistant.generation.engine", "imports no assistant.generation"),
        ("index/encoder/new.py", "from chromadb.config import Settings", "chromadb is imported in"),
        ("assistant/new.py", "import index", "name what you import"),
        ("index/storage/new.py", "from . import store", "name what you import"),
        ("assistant/web/pages/new.py", 'RESULTS = ROOT / "evals" / "results"', "reads no file of evals/"),
        ("assistant/web/pages/new.py", 'RESULTS = open("evals/results/last.json")', "reads no file of evals/"),
        ("assistant/new/__init__.py", '"""A folder."""\nfrom assistant.answer import Answer', "a docstring and"),
        ("evals/new.py", "x = 1\n" * (LONGEST + 1), f"more than {LONGEST} lines"),
        ("corpus/errors.py", "def f():\n    from corpus.load import load_document", "a circle of imports"),
    ],
)  # fmt: skip
def test_a_planted_fault_of_each_kind_is_seen(path: str, source: str, fault: str) -> None:
    before = product_sources()
    (new,) = set(faults(before | {path: source})) - set(faults(before))
    assert fault in new


def test_a_ninth_file_directly_in_the_assistant_is_seen() -> None:
    planted = {f"assistant/new_{number}.py": "" for number in range(MOST_IN_ASSISTANT + 1)}
    assert any("files directly in it" in fault for fault in faults(planted))


def test_what_is_right_passes() -> None:
    right = {
        "index/storage/new.py": "import chromadb\nfrom corpus.document import Chunk\nfrom index.entries import Entries",
        "assistant/web/conversation/new.py": '"""Reads nothing of evals/."""\nimport gradio\nHELP = "python -m evals"',
        "assistant/text/new.py": "from assistant.errors import ModelError\nfrom assistant.text import french",
    }
    assert faults(right) == []
