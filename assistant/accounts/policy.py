"""Who may do what: what a path requires, who a visitor is, when a login is needed. Knows nothing of HTTP but paths.

A login is needed as soon as an account exists, a proxy says who is logged in, or GUICHET_LOGIN asks for it; with
GUICHET_OPEN, only for the operator's pages. Once needed it stays so until the server is started again: removing the
last account, or losing the database, opens nothing.
"""

import ipaddress
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from assistant.accounts.accounts import AccountRole, Accounts, comparable
from assistant.accounts.login_attempts import Attempts
from assistant.accounts.sessions import FRESH, Sessions
from assistant.accounts.tables import UtcClock, utc_now
from assistant.errors import DatabaseError, ServerError
from assistant.service.limits import Clock
from assistant.settings.settings import Settings
from assistant.storage.database import Database

Need = Literal["nothing", "agent", "operator", "program"]
_NOTHING = frozenset({"/connexion", "/health/live", "/health/ready", "/metrics", "/favicon.ico", "/theme.css"})
"""Open without a login: the login itself, the health of the server (/metrics has its networks)."""
_FILES = ("/guichet/", "/assets/", "/static/")
"""Scripts and styles, the same for everybody."""
_OPERATOR = frozenset({"/suivi"})
_PROGRAM = "/api/"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a request. `token`: of the session's cookie, "" after a proxy's header or a password sent along."""

    name: str
    role: AccountRole
    token: str = ""

    def may(self, need: Need) -> bool:
        return need != "operator" or self.role == "opérateur"


VISITOR: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
"""Who sends the request, for the frame and the forms of the pages; None without a login."""


def need_of(path: str, *, public: bool) -> Need:
    """What a path requires when a login is needed; a path that is not named here requires an agent."""
    if path in _NOTHING or path.startswith(_FILES) or (public and path == "/public"):
        return "nothing"
    if path in _OPERATOR:
        return "operator"
    return "program" if path.startswith(_PROGRAM) else "agent"


class Access:
    """The accounts, sessions and attempts of a server, and whether a login is needed."""

    def __init__(
        self, database: Database, settings: Settings, *, now: UtcClock = utc_now, clock: Clock = time.monotonic
    ) -> None:
        self.settings = settings
        self.accounts = Accounts(database, now=now)
        self.attempts = Attempts(database, now=now)
        self.sessions = Sessions(database, now=now, clock=clock)
        self._clock = clock
        self._needed: bool | None = True if settings.login or settings.sso_header else None
        self._looked = -FRESH

    @property
    def recent(self) -> bool:
        """Whether `login_is_needed` answers without asking the database."""
        return self._needed is True or self._clock() - self._looked < FRESH

    def login_is_needed(self) -> bool | None:
        """None when the database never answered; when it stops answering, its last answer holds."""
        if not self.recent:
            with suppress(DatabaseError):
                self._needed = self.accounts.exist()
            self._looked = self._clock()
        return self._needed

    def role_of(self, name: str) -> AccountRole:
        """The role of a person whom the proxy has authenticated."""
        return "opérateur" if comparable(name) in map(comparable, self.settings.operators) else "agent"

    def purge(self) -> None:
        self.sessions.purge()
        self.attempts.purge()


def check_listening(access: Access) -> None:
    """Raises ServerError when the page would be open to a network without anybody having wanted it."""
    settings = access.settings
    if settings.open or is_loopback(settings.host):
        return
    needed = access.login_is_needed()
    if needed:
        return
    reason = "aucun compte n’existe" if needed is False else "la base des comptes ne se lit pas"
    raise ServerError(
        f"GUICHET_HOST={settings.host} ouvrirait la page au réseau sans connexion ({reason}). Créez un compte "
        "(guichet users add NOM --role opérateur), ou réglez GUICHET_OPEN=oui si tout le réseau peut s’en servir."
    )


def is_loopback(host: str) -> bool:
    """Whether all that a host name stands for is this machine; an unknown name is left to who opens the port."""
    try:
        addresses = {str(entry[4][0]) for entry in socket.getaddrinfo(host or "0.0.0.0", None)}  # noqa: S104 - not listened on
    except (OSError, UnicodeError):
        return True
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in addresses)


def is_among(address: str, networks: Sequence[str]) -> bool:
    """Whether an address is in one of the networks; what is no address is in none."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(read, "ipv4_mapped", None)
    return any((mapped or read) in ipaddress.ip_network(network, strict=False) for network in networks)
