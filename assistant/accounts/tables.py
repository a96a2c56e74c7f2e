"""The three tables of access, as SQLAlchemy sees them, and the one clock that they are written by.

comptes      one row an account: its name, its role, its password as an Argon2 hash
sessions     one row a login that is open: the SHA-256 of its cookie, never the cookie
tentatives   one row a login that was not good, or is being tried
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, ForeignKey, Integer, MetaData, String, Table

UtcClock = Callable[[], datetime]
"""UTC, without a time zone, as the tables hold it; that of the machine, since several web processes share a table."""
_METADATA = MetaData()
ACCOUNTS = Table(
    "comptes",
    _METADATA,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password", String, nullable=False),
    Column("created", DateTime, nullable=False),
    Column("changed", DateTime, nullable=False),
    Column("seen", DateTime, nullable=True),
)
SESSIONS = Table(
    "sessions",
    _METADATA,
    Column("digest", String, primary_key=True),
    Column("name", String, ForeignKey("comptes.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("created", DateTime, nullable=False),
    Column("seen", DateTime, nullable=False),
)
ATTEMPTS = Table(
    "tentatives",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, index=True),
    Column("date", DateTime, nullable=False, index=True),
)
TRANSIENT = frozenset({SESSIONS.name, ATTEMPTS.name})
"""Tables that no backup holds, so that none brings a closed session back."""


def utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
