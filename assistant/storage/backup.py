"""A whole database in one file, and back: the same file goes into SQLite or PostgreSQL, of this version or a later one.

    sauvegarde.zip
        manifeste.json      what wrote it, the step of its tables, and for each table its rows and their SHA-256
        tables/avis.jsonl   one row a line

Written from one consistent view, while the page goes on being served; read back whole and checked before anything is
changed, then put in place in one transaction. Not in it: the index, which is made again from the package's document;
the open sessions and the attempts to log in, which a restored backup must not bring back.
"""

import base64
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, MetaData, Table, func, insert, select, text

from assistant.accounts.tables import TRANSIENT
from assistant.errors import DatabaseError
from assistant.storage.database import Database, migrate, newest

FORMAT = 1
_MANIFEST = "manifeste.json"
_STEPS = "alembic_version"
_TIMES = (datetime, date, time)
_BATCH = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One table: how many rows, and the SHA-256 of its lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file holds: the step that its tables were at, when it was written, its tables."""

    format: int
    step: str
    written: str
    tables: dict[str, Part]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


def write_backup(database: Database, path: Path, *, replace: bool = False) -> Backup:
    """Write all tables to `path`, whole or not at all; readable by its owner only. Raises DatabaseError in French."""
    if path.exists() and not replace:
        raise DatabaseError(f"{path} existe déjà. Choisissez un autre nom, ou ajoutez --remplacer.")
    if not database.exists():
        raise DatabaseError(f"Il n’y a rien à sauvegarder : {database.place} n’existe pas encore.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, database.reading() as connection:
                backup = _write_tables(connection, archive)
            file.flush()
            os.fsync(file.fileno())
        read_backup(unfinished)
        unfinished.replace(path)
    except OSError as error:
        raise DatabaseError(
            f"La sauvegarde n’a pas pu être écrite : {path} ({error.strerror}). Vérifiez la place et les droits."
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return backup


def _write_tables(connection: Connection, archive: zipfile.ZipFile) -> Backup:
    parts = {}
    for table in _tables(connection):
        digest, rows = hashlib.sha256(), 0
        with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
                line = (json.dumps(dict(row), ensure_ascii=False, default=_plain) + "\n").encode()
                digest.update(line)
                rows += 1
                file.write(line)
        parts[table.name] = Part(rows, digest.hexdigest())
    step = connection.execute(text(f"SELECT version_num FROM {_STEPS}")).scalar_one()  # noqa: S608 - our constant
    backup = Backup(FORMAT, step, datetime.now(UTC).isoformat(timespec="seconds"), parts)
    archive.writestr(_MANIFEST, json.dumps(asdict(backup), indent=1))
    return backup


def _tables(connection: Connection) -> list[Table]:
    """Those of the database, whatever made them, the referred ones first; not the transient ones."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in {_STEPS, *TRANSIENT}]


def _plain(value: object) -> object:
    """What JSON has no word for, as text; the column's type says how to read it back."""
    if isinstance(value, _TIMES):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value)} in a table: say here how a backup writes it")


def read_backup(path: Path) -> Backup:
    """What the file holds, every line checked; raises DatabaseError, in French, when it is no backup or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            backup = _read_manifest(archive)
            for name, part in backup.tables.items():
                digest, rows = hashlib.sha256(), 0
                for line in _lines(archive, name):
                    digest.update(line)
                    rows += 1
                if Part(rows, digest.hexdigest()) != part:
                    raise ValueError(f"la table {name} n’est pas celle qui avait été écrite")
    except FileNotFoundError as error:
        raise DatabaseError(f"Il n’y a pas de fichier {path}.") from error
    except (OSError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, EOFError) as error:
        reason = f"{error}" if type(error) is ValueError else type(error).__name__  # the libraries' own are English
        raise DatabaseError(
            f"{path} n’est pas une sauvegarde lisible ({reason}). Prenez-en une autre : rien n’a été changé."
        ) from error
    return backup


def _read_manifest(archive: zipfile.ZipFile) -> Backup:
    manifest = json.loads(archive.read(_MANIFEST))
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']}, attendu {FORMAT}")
    tables = {str(name): Part(int(part["rows"]), str(part["sha256"])) for name, part in manifest["tables"].items()}
    return Backup(FORMAT, str(manifest["step"]), str(manifest["written"]), tables)


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with archive.open(f"tables/{table}.jsonl") as file:
        yield from file


def restore_backup(database: Database, path: Path, *, replace: bool = False) -> Backup:
    """Put back what the file holds, in one transaction. Raises DatabaseError in French, and then nothing has changed.

    A database that holds rows is refused unless `replace`, which puts the file's rows in place of all of them.
    """
    backup = read_backup(path)
    scratch = Database(URL.create("sqlite", database=""))  # a private file of SQLite's own, gone when it is closed
    with scratch.engine.begin() as here, zipfile.ZipFile(path) as archive:
        _bring_to_now(here, archive, backup)
        tables = _tables(here)
        with database.writing() as there:
            if not replace and any(there.execute(select(func.count()).select_from(table)).scalar() for table in tables):
                raise DatabaseError(
                    f"{database.place} contient déjà des données. Sauvegardez-les (guichet backup), puis ajoutez "
                    "--remplacer pour mettre cette sauvegarde à leur place."
                )
            for table in reversed(tables):
                there.execute(table.delete())
            for table in tables:
                _insert(there, table, (dict(row) for row in here.execute(select(table)).mappings()))
                _count_on(there, table)
    scratch.close()
    return backup


def _bring_to_now(connection: Connection, archive: zipfile.ZipFile, backup: Backup) -> None:
    """The rows as the tables of this version hold them: read at their own step, then moved on like any database."""
    migrate(connection, backup.step)
    known = {table.name: table for table in _tables(connection)}
    if unknown := set(backup.tables) - set(known):
        raise DatabaseError(f"La sauvegarde contient des tables inconnues ici : {', '.join(sorted(unknown))}.")
    for name, table in known.items():
        connection.execute(table.delete())
        if name in backup.tables:
            _insert(connection, table, (_read_row(table, line) for line in _lines(archive, name)))
    if backup.step != newest():
        migrate(connection)


def _read_row(table: Table, line: bytes) -> Row:
    row: Row = json.loads(line)
    for name, value in row.items():
        kind = table.c[name].type.python_type
        if isinstance(value, str) and kind in _TIMES:
            row[name] = kind.fromisoformat(value)
        elif isinstance(value, str) and kind is bytes:
            row[name] = base64.b64decode(value)
    return row


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        connection.execute(insert(table), batch)


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a counter of its own: it goes on after the last of those put back."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
        ).scalar()
        if sequence:
            last = connection.execute(select(func.max(column))).scalar() or 0
            connection.execute(
                text("SELECT setval(CAST(:name AS regclass), :next, false)"), {"name": sequence, "next": last + 1}
            )
