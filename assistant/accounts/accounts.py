"""The accounts: a name, a role, a password that is stored as its Argon2id hash. Knows nothing of HTTP.

Names are compared without case (« Marie » is « marie »), passwords after NFC, so that an accent typed on another
machine is the same. Checking a password is slow on purpose (a twentieth of a second, 64 MiB): never on an event loop.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from sqlalchemy import delete, func, insert, select, update

from assistant.accounts.tables import ACCOUNTS, SESSIONS, UtcClock, utc_now
from assistant.errors import AccountError
from assistant.storage.database import Database

if TYPE_CHECKING:
    from argon2 import PasswordHasher

AccountRole = Literal["agent", "opérateur"]
ACCOUNT_ROLES: tuple[AccountRole, ...] = get_args(AccountRole)
SHORTEST, LONGEST = 12, 1000
"""Characters of a password: what the CNIL asks of one that is protected by a limit of attempts, with a margin."""
_NAME = re.compile(r"[\w][\w.@-]{0,63}")
_COLUMNS = (ACCOUNTS.c.name, ACCOUNTS.c.role, ACCOUNTS.c.created, ACCOUNTS.c.changed, ACCOUNTS.c.seen)


@dataclass(frozen=True, slots=True)
class Account:
    """`changed`: when its password was last set; `seen`: its last login. Both UTC."""

    name: str
    role: AccountRole
    created: datetime
    changed: datetime
    seen: datetime | None


class Accounts:
    """The accounts of a database. Raises AccountError for an impossible name or password, DatabaseError."""

    def __init__(self, database: Database, *, now: UtcClock = utc_now) -> None:
        self.database = database
        self._now = now

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """The hash that a name without account is checked against: its refusal takes as long as another."""
        return self._hasher.hash("personne")

    def exist(self) -> bool:
        """Whether there is at least one; a database that was never written has none."""
        if not self.database.exists():
            return False
        with self.database.reading() as connection:
            return connection.execute(select(ACCOUNTS.c.name).limit(1)).first() is not None

    def all(self) -> list[Account]:
        if not self.database.exists():
            return []
        with self.database.reading() as connection:
            return [_account(row._mapping) for row in connection.execute(select(*_COLUMNS).order_by(ACCOUNTS.c.name))]

    def add(self, name: str, password: str, role: AccountRole = "agent") -> Account:
        name, hashed = read_name(name), self._hashed(name, password)
        values = {"name": name, "role": role, "password": hashed, "created": self._now(), "changed": self._now()}
        with self.database.writing() as connection:
            if connection.execute(select(ACCOUNTS.c.name).where(ACCOUNTS.c.name == name)).first():
                raise AccountError(
                    f"Le compte « {name} » existe déjà. Son mot de passe : guichet users password {name}"
                )
            connection.execute(insert(ACCOUNTS).values(values))
        return Account(name, role, values["created"], values["changed"], None)  # type: ignore[arg-type]

    def set_password(self, name: str, password: str) -> None:
        """The sessions that are open with the old one end."""
        name = read_name(name)
        hashed = self._hashed(name, password)
        wanted = update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(password=hashed, changed=self._now())
        with self.database.writing() as connection:
            if not connection.execute(wanted).rowcount:
                raise _unknown(name)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.name == name))

    def remove(self, name: str) -> int:
        """Removes the account and its sessions; returns how many accounts remain."""
        name = read_name(name)
        with self.database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.name == name))
            if not connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == name)).rowcount:
                raise _unknown(name)
            return connection.execute(select(func.count()).select_from(ACCOUNTS)).scalar_one()

    def check(self, name: str, password: str) -> Account | None:
        """The account of that name and password, its login noted; None for any other pair. Slow."""
        from argon2.exceptions import VerificationError

        given = normalise_password(password[:LONGEST])
        try:
            name = read_name(name)
        except AccountError:
            name = ""
        with self.database.reading() as connection:
            query = select(*_COLUMNS, ACCOUNTS.c.password).where(ACCOUNTS.c.name == name)
            row = connection.execute(query).first()
        stored = row.password if row else self._nobody
        try:
            self._hasher.verify(stored, given)
        except VerificationError:
            return None
        if row is None:
            return None
        values: dict[str, object] = {"seen": self._now()}
        if self._hasher.check_needs_rehash(stored):
            values["password"] = self._hasher.hash(given)
        with self.database.writing() as connection:
            same = (ACCOUNTS.c.name == name) & (ACCOUNTS.c.password == stored)
            changed = connection.execute(update(ACCOUNTS).where(same).values(values)).rowcount
        return _account(row._mapping) if changed else None

    def _hashed(self, name: str, password: str) -> str:
        password = normalise_password(password)
        if not SHORTEST <= len(password) <= LONGEST:
            raise AccountError(
                f"Le mot de passe compte {len(password)} caractères ; attendu : de {SHORTEST} à {LONGEST} "
                "(quatre mots sans lien font un bon mot de passe)."
            )
        if password.casefold() == name or len(set(password)) < 5:
            raise AccountError("Ce mot de passe se devine ; choisissez quatre mots sans lien entre eux.")
        return self._hasher.hash(password)


def read_name(given: str) -> str:
    """« Marie.Dupont » -> « marie.dupont »; raises AccountError for what cannot be a name."""
    name = comparable(given)
    if not _NAME.fullmatch(name):
        raise AccountError(
            "Ce nom de compte ne convient pas ; attendu : lettres, chiffres, « . », « - », « @ », 64 au plus."
        )
    return name


def comparable(name: str) -> str:
    """The name as the tables hold it, however it is typed: « É » is one character, case does not count, accents do."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def normalise_password(password: str) -> str:
    """As it is hashed: composed accents; a lone surrogate, which UTF-8 cannot write, is replaced."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode("utf-8")


def _account(row: Mapping[Any, Any]) -> Account:
    role = row["role"] if row["role"] in ACCOUNT_ROLES else "agent"
    return Account(row["name"], cast(AccountRole, role), row["created"], row["changed"], row["seen"])


def _unknown(name: str) -> AccountError:
    return AccountError(f"Il n’y a pas de compte « {name} ». Ceux qui existent : guichet users list")
