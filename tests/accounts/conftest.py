"""A database with two accounts, a clock that the test turns, and a real server on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.storage.database import FILE
from tests.support.access import DESK, Clock, make_accounts
from tests.support.browser import served


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with two accounts, of each kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/{FILE}"
    else:
        address = request.getfixturevalue("postgres").make_database(tmp_path.name)
    make_accounts(address)
    return address


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def address(url: str, tmp_path: Path, clock: Clock) -> Iterator[str]:
    with served(DESK, tmp_path, now=clock, database=url) as started:
        yield started
