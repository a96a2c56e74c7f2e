"""What tests share: the real assistant, opened once, and a small encoder for indexes that must be quick to build."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assemble import open_guichet
from assistant.chain import Guichet
from assistant.settings.settings import Settings, read_settings
from corpus.document import Document
from corpus.load import load_document
from index.entries import Entries, make_entries
from tests.support.delivered import Delivered
from tests.support.encoder import HashingEncoder
from tests.support.launch import Launch
from tests.support.services import LONG, Postgres, postgres_cluster

os.environ.setdefault("HF_HUB_OFFLINE", "1")

LONGEST_FIRST = ("project/test_style.py", "evals/", "deploy/", "browser/", "faults/", "generation/", "index/")
"""Where the long files are: begun last, one of them would leave the other processes without work."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((n for n, begins in enumerate(LONGEST_FIRST) if path.startswith(begins)), len(LONGEST_FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def hashing() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture(scope="session")
def document() -> Document:
    return load_document()


@pytest.fixture(scope="session")
def entries(document: Document) -> Entries:
    return make_entries(document)


@pytest.fixture(scope="session")
def few(entries: Entries) -> Entries:
    """All that stands in three fiches, so that an index is built in a moment."""
    kept = ("1-1", "1-2", "2-1")
    kinds = (tuple(entry for entry in kind if entry.document in kept) for kind in entries.kinds().values())
    return Entries(entries.chunks, *kinds)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Those of the environment: models and index are kept in GUICHET_HOME, by default in `var/`."""
    return read_settings()


@pytest.fixture(scope="session")
def guichet(settings: Settings) -> Guichet:
    """The real assistant, its encoder and index ready; nothing of it changes from test to test."""
    return open_guichet(settings)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of its own, for the tests that ask for it."""
    with postgres_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def delivered() -> Delivered:
    return Delivered()


@pytest.fixture(scope="session")
def launch(settings: Settings) -> Launch:
    """Run `python -m assistant.cli` in a process of its own."""

    def run(*arguments: str, input: str = "", folder: Path | None = None, **more: str) -> tuple[int, str, str]:
        environment = os.environ | {"GUICHET_HOME": str(settings.home), "PYTHONIOENCODING": "utf-8"} | more
        command = [sys.executable, "-m", "assistant.cli", *arguments]
        done = subprocess.run(
            command,
            input=input,
            env=environment,
            cwd=folder or Path(__file__).parent.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LONG,
        )
        return done.returncode, done.stdout, done.stderr

    return run
