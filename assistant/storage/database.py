"""The database of an installation: a SQLite file by default, PostgreSQL by its address; the same tables on both.

    database = open_database(settings)            nothing is opened yet
    with database.writing() as connection: ...    one transaction, committed at the end, or nothing of it
    with database.reading() as connection: ...    one consistent view

Tables are made and changed by the steps in `assistant/storage/migrations`, applied before the first use. Knows no
table.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from assistant.errors import DatabaseError, SettingsError
from assistant.settings.settings import Settings

FILE = "avis.sqlite3"
"""Named after what it held first: the file of earlier installations goes on being used."""
MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT = 5
"""Seconds that a lock, or a server that does not answer, is waited for."""
_MIGRATING = 7_860_008
"""The number of PostgreSQL's advisory lock: two web processes that start together migrate one after the other."""


class Database:
    """Safe for several threads; survives a server that goes away and comes back. Errors are DatabaseError, in
    French.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._ready = False
        self._file = 0
        self._preparing = threading.Lock()
        self.engine: Engine = _make_engine(url)

    @property
    def path(self) -> Path | None:
        """The SQLite file; None for a server."""
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    @property
    def place(self) -> str:
        """Where it is, for a person; never with the password."""
        return f"{self.path}" if self.path else self._url.render_as_string(hide_password=True)

    def exists(self) -> bool:
        """False when nothing was ever written: a file is made at the first writing."""
        return self.path.exists() if self.path else True

    def prepare(self) -> None:
        """Apply the steps that are missing, once a process; processes that start together wait for one another."""
        with self._preparing:
            if self._ready and self._file == self._inode():
                return
            if self.path:
                if self._ready:  # removed, or another put in its place: what is open leads to a file that has no name
                    self.engine.dispose()
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.engine.execution_options(guichet_writes=True).begin() as connection:
                if not self.path:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
                migrate(connection)
            self._ready, self._file = True, self._inode()

    def _inode(self) -> int:
        return self.path.stat().st_ino if self.path and self.path.exists() else 0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the right to write from its beginning."""
        with self._french_errors("n’a pas pu être écrite"):
            self.prepare()
            with self.engine.execution_options(guichet_writes=True).begin() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, however long it is read."""
        with self._french_errors("ne se lit pas"):
            self.prepare()
            with self._view() as connection:
                yield connection

    def _view(self) -> Connection:
        connection = self.engine.connect()
        return connection if self.path else connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def _french_errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseError(f"La base {self.place} {what} ({_reason(error)}). {self._repair()}") from error

    def _repair(self) -> str:
        if self.path:
            return "Vérifiez la place libre, les droits, et que c’est bien le fichier de Guichet."
        return "Vérifiez que PostgreSQL tourne et que GUICHET_DATABASE est juste."

    def check(self) -> None:
        """Raises DatabaseError, one French line, when nothing can be written to it now: it writes, and changes
        nothing.
        """
        with self.writing() as connection:
            connection.execute(text("PRAGMA user_version = 0" if self.path else "SELECT txid_current()"))

    def rewrite(self) -> None:
        """Rewrites a SQLite file without the erased rows, its log too; PostgreSQL does so by itself (autovacuum)."""
        if not self.path:
            return
        with self._french_errors("n’a pas pu être réécrite"):
            connection = self.engine.raw_connection()
            try:
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    connection.cursor().execute(statement).close()
            finally:
                connection.close()

    def close(self) -> None:
        self.engine.dispose()


def _make_engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _WAIT})
        event.listen(engine, "connect", _open_file)
        event.listen(engine, "begin", _begin)
        return engine
    options = {"connect_timeout": _WAIT, "options": f"-c lock_timeout={_WAIT}s -c statement_timeout={6 * _WAIT}s"}
    return create_engine(url, pool_pre_ping=True, pool_timeout=_WAIT, connect_args=options)


def _open_file(connection: Any, _: object) -> None:
    """WAL: readers do not wait for a writer. FULL: what was acknowledged survives a power cut, not only a kill.

    The driver's own transactions are turned off: it would begin them too late for what was read to stay consistent.
    """
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: one that began by reading could be refused in the middle."""
    writes = connection.get_execution_options().get("guichet_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(connection: Connection, revision: str = "head") -> None:
    """Apply the steps up to `revision`, in the transaction of `connection`.

    Raises DatabaseError when the database was written by a later version of Guichet.
    """
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = _migrations()
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise DatabaseError(
            f"La base a été écrite par une version plus récente de Guichet (étape {current}, inconnue ici). "
            "Installez cette version, ou restaurez une sauvegarde : guichet restore FICHIER"
        )
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise DatabaseError(
            f"La base ne peut pas passer à l’étape {revision} ({error}). Mettez Guichet à jour."
        ) from error


def newest() -> str:
    """The last step that this version of Guichet knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_migrations()).get_current_head() or ""


def _migrations() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", f"{MIGRATIONS}".replace("%", "%%"))
    return config


def _reason(error: Exception) -> str:
    """The first line of what the driver said, which holds no statement and no value."""
    said = f"{error.orig}" if isinstance(error, DBAPIError) else f"{error}"
    return said.strip().split("\n")[0][:200] or type(error).__name__


def read_url(given: str) -> URL:
    """The address of GUICHET_DATABASE, with its driver; raises SettingsError, which shows no password."""
    expected = "attendu : postgresql://utilisateur:motdepasse@machine/base ou sqlite:////dossier/fichier.sqlite3"
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"GUICHET_DATABASE n’est pas une adresse de base ; {expected}.") from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        try:
            import psycopg  # noqa: F401 - only whether it is there
        except ImportError as error:
            raise SettingsError(
                "GUICHET_DATABASE demande PostgreSQL, dont le pilote manque : "
                ".venv/bin/pip install -c constraints.txt « psycopg[binary] »"
            ) from error
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return url
    raise SettingsError(f"GUICHET_DATABASE commence par « {url.drivername}: » ; {expected}.")


def database_at(path: Path) -> Database:
    """The one in that SQLite file."""
    return Database(URL.create("sqlite", database=f"{path}"))


def open_database(settings: Settings) -> Database:
    """That of this installation: the address of GUICHET_DATABASE, else a file in its folder."""
    return Database(read_url(settings.database)) if settings.database else database_at(settings.home / FILE)
