"""The open logins: a session is found by a random token, which the browser holds; the database stores its digest only.

Two web processes on one database see the same sessions. A session ends when it was not used for a while, when it is too
old however much it is used, when it is closed, and with its account. A session that was read is cached for `FRESH`
seconds, so that a page of many requests asks the database once; a process learns so late what another one closed.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import delete, insert, select, update

from assistant.accounts.accounts import ACCOUNT_ROLES, AccountRole
from assistant.accounts.tables import ACCOUNTS, SESSIONS, UtcClock, utc_now
from assistant.errors import DatabaseError
from assistant.service.limits import Clock
from assistant.service.logs import log
from assistant.storage.database import Database

FRESH = 5.0
"""Seconds for which a session that was read is cached."""
IDLE = timedelta(minutes=60)
"""Without use for so long, a session ends: an agent who left the desk is logged out before somebody else sits there."""
LONGEST = timedelta(hours=12)
"""However much it is used, a session ends after a working day."""
NOTED = timedelta(minutes=1)
"""The last use is written at most so often: not at each request."""
CACHED = 10_000
"""Sessions in the cache of a process; beyond, the one that was read longest ago leaves it."""


@dataclass(frozen=True, slots=True)
class Session:
    """`seen`: its last use that was written. `read`: when it was read, by the process's own clock."""

    digest: str
    name: str
    role: AccountRole
    created: datetime
    seen: datetime
    read: float = 0.0


class Sessions:
    """The open sessions of a database. Safe for several threads."""

    def __init__(self, database: Database, *, now: UtcClock = utc_now, clock: Clock = time.monotonic) -> None:
        self._database = database
        self._now = now
        self._clock = clock
        self._cache: OrderedDict[str, Session] = OrderedDict()
        self._lock = Lock()

    def open(self, name: str) -> str:
        """A new session of that account; returns its token, which is stored nowhere."""
        token = secrets.token_urlsafe(32)
        values = {"digest": digest_of(token), "name": name, "created": self._now(), "seen": self._now()}
        with self._database.writing() as connection:
            connection.execute(insert(SESSIONS).values(values))
        return token

    def cached(self, token: str) -> Session | None:
        """The session when it was read a moment ago, without asking the database; None when it is not in the cache."""
        session = self._cache.get(digest_of(token))
        if session is None or self._clock() - session.read >= FRESH or self._is_over(session):
            return None
        return session

    def find(self, token: str) -> Session | None:
        """The open session of that token, its use written; None when there is none, or it has ended.

        When the database cannot be asked, one that this process read before goes on: raises DatabaseError for others.
        """
        digest = digest_of(token)
        try:
            session = self._read(digest)
        except DatabaseError as error:
            session = self._cache.get(digest)
            if session is None or self._is_over(session):
                raise
            log("session_unverified", error=error)
            session = replace(session, seen=self._now())
        with self._lock:
            if session is None:
                self._cache.pop(digest, None)
                return None
            self._cache[digest] = session = replace(session, read=self._clock())
            self._cache.move_to_end(digest)
            if len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return session

    def _read(self, digest: str) -> Session | None:
        if not self._database.exists():
            return None
        columns = (SESSIONS.c.digest, SESSIONS.c.name, ACCOUNTS.c.role, SESSIONS.c.created, SESSIONS.c.seen)
        query = select(*columns).join(ACCOUNTS, ACCOUNTS.c.name == SESSIONS.c.name).where(SESSIONS.c.digest == digest)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        role: AccountRole = row.role if row.role in ACCOUNT_ROLES else "agent"
        session = Session(row.digest, row.name, role, row.created, row.seen)
        if self._is_over(session):
            return None
        if self._now() - session.seen >= NOTED:
            session = replace(session, seen=self._now())
            with self._database.writing() as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.digest == digest).values(seen=session.seen))
        return session

    def _is_over(self, session: Session) -> bool:
        now = self._now()
        return now - session.seen >= IDLE or now - session.created >= LONGEST

    def close(self, token: str) -> None:
        digest = digest_of(token)
        with self._lock:
            self._cache.pop(digest, None)
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest))

    def purge(self) -> None:
        """Erases the sessions that have ended."""
        now = self._now()
        over = (SESSIONS.c.seen <= now - IDLE) | (SESSIONS.c.created <= now - LONGEST)
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(over))


def digest_of(token: str) -> str:
    """What the database stores: who reads it cannot make the cookie again."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def form_token(token: str) -> str:
    """What the forms of a session carry: another site cannot know it, and it does not give the cookie away."""
    return hashlib.sha256(f"formulaire:{token}".encode("utf-8", "replace")).hexdigest()
