"""How often a login may be tried: so many times for an account, and for an address, within a quarter of an hour.

Counted in the database, so that two web processes count together and a restart resets nothing. An attempt is written
before its password is checked: those that come at once are counted too. A digest is stored, not the name or the
address, and is erased after `WINDOW`.
"""

import hashlib
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, func, insert, select, text

from assistant.accounts.accounts import comparable
from assistant.accounts.tables import ATTEMPTS, UtcClock, utc_now
from assistant.errors import LimitError
from assistant.storage.database import Database

WINDOW = timedelta(minutes=15)
FOR_ACCOUNT, FOR_ADDRESS = 5, 30
"""An office behind one address has several agents who mistype; an account has one."""


class Attempts:
    """The attempts of a database. Raises DatabaseError when it cannot be used: then nobody logs in."""

    def __init__(self, database: Database, *, now: UtcClock = utc_now) -> None:
        self._database = database
        self._now = now

    def begin(self, name: str, address: str) -> None:
        """Counts an attempt; raises LimitError, which says when to try again, when there were too many."""
        now = self._now()
        keys = {_key("compte", comparable(name)): FOR_ACCOUNT, _key("adresse", network_of(address)): FOR_ADDRESS}
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":  # counted one after the other, as SQLite's writers are
                connection.execute(text(f"LOCK TABLE {ATTEMPTS.name} IN SHARE ROW EXCLUSIVE MODE"))
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.date <= now - WINDOW))
            for key, most in keys.items():
                mine = ATTEMPTS.c.key == key
                count, oldest = connection.execute(select(func.count(), func.min(ATTEMPTS.c.date)).where(mine)).one()
                if count >= most:
                    wait = max(1, int((oldest + WINDOW - now).total_seconds()))
                    break
            else:
                connection.execute(insert(ATTEMPTS), [{"key": key, "date": now} for key in keys])
                return
        raise LimitError(
            f"Trop d’essais de connexion. Réessayez dans {-(-wait // 60)}\u00a0minutes, ou demandez un nouveau mot de "
            "passe à la personne qui administre Guichet.",
            reason="login",
            retry_after=wait,
        )

    def clear(self, name: str, address: str) -> None:
        """After a good login: erases the account's attempts, and the one just counted for the address."""
        with self._database.writing() as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == _key("compte", comparable(name))))
            last = select(func.max(ATTEMPTS.c.id)).where(ATTEMPTS.c.key == _key("adresse", network_of(address)))
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id == last.scalar_subquery()))

    def purge(self) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.date <= self._now() - WINDOW))


def network_of(address: str) -> str:
    """What counts as one machine: an IPv4 address, the /64 of an IPv6 one, which one machine has to itself."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(read, IPv6Address):
        return f"{read.ipv4_mapped or ip_network((read, 64), strict=False)}"
    return f"{read}"


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode("utf-8", "replace")).hexdigest()
