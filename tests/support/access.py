"""What the tests of access share: a clock that the test turns, accounts, and a browser's way of sending forms."""

import re
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert, select

from assistant.accounts.accounts import Accounts
from assistant.accounts.tables import ACCOUNTS
from assistant.storage.database import FILE, Database, database_at, read_url
from tests.support.browser import ListingDesk
from tests.support.services import LONG

PASSWORD = "bateau lavoir vingt radis"  # noqa: S105 - of tests
DESK = ListingDesk()
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]
CLOSED = ("/", "/parcourir", "/tableau", "/fiche?fiche=2-3", "/carte.md?fiche=2-3", "/public", "/suivi", "/compte")
both = pytest.mark.parametrize("url", KINDS, indirect=True)
one = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""Marks of tests that take the address of a database: of both kinds, or of one where the kind is no matter."""


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 27, 9, 0)

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, **span: float) -> None:
        self.moment += timedelta(**span)


def make_accounts(url: str) -> None:
    """« marie », an operator, and « paul », an agent, in the database at that address."""
    database = Database(read_url(url))
    with database.writing() as connection:
        connection.execute(insert(ACCOUNTS), list(_accounts()))
    database.close()


@cache
def _accounts() -> tuple[dict[str, object], ...]:
    """Their rows, as « guichet users add » writes them: a hash is meant to take long, and is made once."""
    with tempfile.TemporaryDirectory() as folder:
        database = database_at(Path(folder) / FILE)
        accounts = Accounts(database)
        accounts.add("marie", PASSWORD, "opérateur")
        accounts.add("paul", PASSWORD)
        with database.reading() as connection:
            rows = tuple(dict(row) for row in connection.execute(select(ACCOUNTS)).mappings())
        database.close()
    return rows


def browser_of(address: str, **headers: str) -> httpx.Client:
    """Sends what a browser sends with a form of our own pages, and keeps the cookies."""
    return httpx.Client(base_url=address, headers={"origin": address} | headers, timeout=LONG)


def log_in(client: httpx.Client, name: str = "marie", password: str = PASSWORD, **more: str) -> httpx.Response:
    return client.post("/connexion", data={"nom": name, "passe": password} | more)


def logged_in(address: str, name: str = "marie") -> httpx.Client:
    client = browser_of(address)
    assert log_in(client, name).status_code == 303
    return client


def token_in(page: str) -> str:
    """What the forms of a page carry."""
    found = re.search(r'name="jeton" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]
