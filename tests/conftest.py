"""What tests share: the real assistant, opened once, and a small encoder for indexes that must be quick to build."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from services_support import Postgres, postgres_cluster

from assistant.chain import Guichet, open_guichet
from assistant.settings import Settings, read_settings
from corpus.fiche import Document
from corpus.load import CORPUS_FILE, load_document
from index.encoder import Floats, Progress, encode_in_batches
from index.entries import Entries, make_entries
from index.tokens import stems

os.environ.setdefault("HF_HUB_OFFLINE", "1")


class HashingEncoder:
    """A bag of stems hashed into `dimensions` columns, rows of length 1: a real, tiny encoder, the same everywhere."""

    def __init__(self, identity: str = "hashing", *, dimensions: int = 64) -> None:
        self.identity = identity
        self._dimensions = dimensions

    def encode_queries(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        return encode_in_batches(self._encode, texts, progress)

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        return encode_in_batches(self._encode, texts, progress)

    def _encode(self, texts: Sequence[str]) -> Floats:
        rows = np.zeros((len(texts), self._dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.01
            for stem in stems(text):
                row[sum(ord(letter) * 31**place for place, letter in enumerate(stem)) % self._dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


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


class Delivered:
    """The delivered file, line by line, to hold quotes against."""

    def __init__(self) -> None:
        self._lines = CORPUS_FILE.read_text(encoding="utf-8").split("\n")

    def holds(self, quote: str, lines: Sequence[int]) -> bool:
        """Whether every line of the quote stands in those lines of the file, white space and calls of notes aside."""
        text = "\n".join(self._lines[line - 1] for line in lines)
        texts = squeezed(text), squeezed(re.sub(r"(?<=[a-zé])[1-4](?=[\s.,;])", "", text))
        return bool(lines) and all(any(squeezed(each) in text for text in texts) for each in quote.splitlines())


def squeezed(text: str) -> str:
    """Without white space, bullets and hyphens: what line wraps and the page's layout change."""
    return re.sub(r"[\s\-–•\uf0b7\uf0a7\uf0fc\u00ad]+", "", text)


@pytest.fixture(scope="session")
def delivered() -> Delivered:
    return Delivered()


Launch = Callable[..., tuple[int, str, str]]
"""(arguments..., input=text, folder=its working folder, **environment) -> (exit code, output, errors)."""


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
            timeout=120,
        )
        return done.returncode, done.stdout, done.stderr

    return run
