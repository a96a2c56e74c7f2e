"""The database of an installation: the same promises on SQLite and on a real PostgreSQL (docs/donnees.md)."""

import json
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, text

from assistant.cli.main import main
from assistant.errors import DatabaseError, SettingsError
from assistant.settings.settings import Settings
from assistant.storage.backup import read_backup, restore_backup, write_backup
from assistant.storage.database import FILE, Database, database_at, newest, open_database, read_url
from assistant.storage.opinions import Opinion, OpinionStore
from tests.support.services import LONG, ROOT, Postgres

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty one of each kind."""
    if request.param == "sqlite":
        opened = database_at(tmp_path / "new" / FILE)
    else:
        opened = Database(read_url(request.getfixturevalue("postgres").make_database(tmp_path.name)))
    yield opened
    opened.close()


both = pytest.mark.parametrize("database", KINDS, indirect=True)


def opinions(database: Database) -> list[dict[str, object]]:
    return list(OpinionStore(database).rows())


@both
def test_opinions_are_kept_counted_and_marked(database: Database) -> None:
    store = OpinionStore(database)
    store.add(Opinion("a", useful=True, fiches=("2-3", "2-4"), text="l’été, « 100 % » ; \u202f🙂 \\ %s"))
    for reason in ("pas-clair", "incomplet", "incomplet"):
        store.add(Opinion("c", useful=False, reason=reason, status="declined"))
    store.add(Opinion("b", useful=False))
    assert [(each.question, each.count, each.reasons, each.declined) for each in store.disliked()] == [
        ("c", 3, ("incomplet", "pas-clair"), 3),
        ("b", 1, (), 0),
    ]
    assert (store.mark_as_candidate("c"), store.mark_as_candidate("z")) == (True, False)
    first = next(store.rows())
    assert (first["fiches"], first["text"]) == ("2-3 2-4", "l’été, « 100 % » ; \u202f🙂 \\ %s")
    assert [each.candidate for each in store.disliked()] == [True, False]


@both
def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    OpinionStore(database).add(Opinion("a", useful=True))
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(text("UPDATE avis SET question = 'b'"))
        raise ZeroDivisionError
    assert [row["question"] for row in opinions(database)] == ["a"]


@both
def test_what_is_read_stays_as_it_was_when_the_reading_began(database: Database) -> None:
    store = OpinionStore(database)
    store.add(Opinion("a", useful=True))
    with database.reading() as connection:
        count = text("SELECT count(*) FROM avis")
        before = connection.execute(count).scalar()
        store.add(Opinion("b", useful=True))
        assert (before, connection.execute(count).scalar()) == (1, 1)
    assert len(opinions(database)) == 2


@both
def test_processes_and_threads_that_begin_together_migrate_once_and_lose_nothing(database: Database) -> None:
    """Two processes and four threads of this one, on a database that no one has opened before."""
    script = (
        "import sys\nfrom assistant.storage.database import Database\n"
        "from assistant.storage.opinions import OpinionStore, Opinion\n"
        "from sqlalchemy import make_url\nstore = OpinionStore(Database(make_url(sys.argv[1])))\n"
        "for n in range(10): store.add(Opinion(f'process {n}', useful=True))\n"
    )
    address = database.engine.url.render_as_string(hide_password=False)
    others = [subprocess.Popen([sys.executable, "-c", script, address], cwd=ROOT) for _ in range(2)]

    def write() -> None:
        store = OpinionStore(Database(make_url(address)))
        for n in range(10):
            store.add(Opinion(f"thread {n}", useful=True))
        store.database.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(timeout=LONG) for other in others] == [0, 0]
    assert len(opinions(database)) == 60


@both
def test_the_tables_are_those_that_the_code_knows(database: Database) -> None:
    """A column added to the code without its step, or to a step without the code, shows here."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with database.writing() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == newest()
        found = compare_metadata(context, known_metadata())
    assert found == []


def known_metadata() -> list[object]:
    from assistant.accounts.tables import _METADATA as ACCESS
    from assistant.storage.opinions import _METADATA

    return [_METADATA, ACCESS]


@both
def test_a_database_of_a_later_version_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    later = Database(database.engine.url)
    with pytest.raises(DatabaseError, match=r"version plus récente.*9999.*guichet restore"):
        OpinionStore(later).add(Opinion("a", useful=True))
    later.close()
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM avis")).scalar() == 0


def old_file(path: Path) -> None:
    """As the version before the migrations wrote it."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE avis (id INTEGER NOT NULL, date DATETIME NOT NULL, question VARCHAR NOT NULL, status VARCHAR "
            "NOT NULL, fiches VARCHAR NOT NULL, useful INTEGER NOT NULL, reason VARCHAR NOT NULL, text VARCHAR NOT "
            "NULL, candidate INTEGER NOT NULL, PRIMARY KEY (id))"
        )
        connection.execute(
            "INSERT INTO avis VALUES (7, '2026-11-02 08:30:00', 'qui paie ?', 'answered', '2-3', 0, 'incomplet', '', 1)"
        )


def test_the_file_of_an_earlier_installation_is_taken_over(tmp_path: Path) -> None:
    old_file(tmp_path / "avis.sqlite3")
    database = open_database(Settings(home=tmp_path))
    (row,) = opinions(database)
    assert (row["id"], row["date"], row["question"], row["candidate"]) == (7, "2026-11-02T08:30:00", "qui paie ?", 1)
    OpinionStore(database).add(Opinion("b", useful=True))
    assert [row["id"] for row in opinions(database)] == [7, 8]
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert inspect(connection).has_table("alembic_version")


@both
def test_a_backup_comes_back_the_same_and_numbers_go_on(database: Database, tmp_path: Path) -> None:
    store = OpinionStore(database)
    for n in range(3):
        store.add(Opinion(f"question {n} é\u2028", useful=bool(n % 2), text="t" * n))
    with database.writing() as connection:  # more rows than a batch holds
        copy = (
            "INSERT INTO avis (date, question, status, fiches, useful, reason, text, candidate) SELECT date, question,"
        )
        for _ in range(9):
            connection.execute(text(f"{copy} status, fiches, useful, reason, text, candidate FROM avis"))
    with database.writing() as connection:
        connection.execute(text("DELETE FROM avis WHERE id = 2"))
    before = opinions(database)
    backup = write_backup(database, tmp_path / "avis.zip")
    assert (backup.rows, (tmp_path / "avis.zip").stat().st_mode & 0o077) == (1535, 0)
    store.add(Opinion("après", useful=True))
    with pytest.raises(DatabaseError, match=r"contient déjà.*--remplacer"):
        restore_backup(database, tmp_path / "avis.zip")
    assert len(opinions(database)) == 1536
    restore_backup(database, tmp_path / "avis.zip", replace=True)
    assert opinions(database) == before
    store.add(Opinion("ensuite", useful=True))
    assert [row["id"] for row in opinions(database)] == [row["id"] for row in before] + [1537]


@pytest.mark.services
def test_a_backup_moves_an_installation_from_sqlite_to_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    old_file(tmp_path / "avis.sqlite3")
    here = open_database(Settings(home=tmp_path))
    there = Database(read_url(postgres.make_database("move")))
    write_backup(here, tmp_path / "avis.zip")
    restore_backup(there, tmp_path / "avis.zip")
    assert opinions(there) == opinions(here) != []
    there.close()


@pytest.mark.parametrize("fault", ["cut", "byte", "text", "missing", "manifest", "later", "fewer"])
def test_a_damaged_backup_is_refused_and_nothing_changes(tmp_path: Path, fault: str) -> None:
    database = database_at(tmp_path / FILE)
    OpinionStore(database).add(Opinion("a", useful=True, text="x" * 500))
    path = tmp_path / "avis.zip"
    write_backup(database, path)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if fault == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif fault == "byte":
        path.write_bytes(content[:120] + bytes([content[120] ^ 1]) + content[121:])
    elif fault == "text":
        path.write_text("ce n’est pas une sauvegarde")
    elif fault == "missing":
        path.unlink()
    else:
        manifest = json.loads(members["manifeste.json"])
        if fault == "manifest":
            manifest["format"] = 99
        elif fault == "later":
            manifest["step"] = "9999"
        else:
            members["tables/avis.jsonl"] = b""
        with zipfile.ZipFile(path, "w") as archive:
            for name, value in (members | {"manifeste.json": json.dumps(manifest).encode()}).items():
                archive.writestr(name, value)
    with pytest.raises(DatabaseError) as error:
        restore_backup(database, path, replace=True)
    assert "\n" not in str(error.value)
    assert len(opinions(database)) == 1


def test_backup_and_restore_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    monkeypatch.setenv("GUICHET_HOME", str(tmp_path / "home"))
    file = f"{tmp_path}/avis.zip"
    code, _, said = run("backup", file)
    assert (code, said.count("\n")) == (1, 1)
    assert "rien à sauvegarder" in said
    OpinionStore(tmp_path / "home" / FILE).add(Opinion("a", useful=True))
    assert run("backup", file) == (0, f"Sauvegardé dans {file} : 1 ligne.\n", "")
    assert read_backup(Path(file)).rows == 1
    code, _, said = run("backup", file)
    assert (code, "existe déjà" in said) == (1, True)
    assert run("backup", file, "--remplacer")[0] == 0
    code, _, said = run("restore", file)
    assert (code, "--remplacer" in said) == (1, True)
    assert run("restore", file, "--remplacer")[0] == 0
    monkeypatch.setenv("GUICHET_HOME", str(tmp_path / "other"))
    code, shown, said = run("restore", file)
    assert (code, said) == (0, "")
    assert "1 ligne" in shown
    assert [row["question"] for row in OpinionStore(tmp_path / "other" / FILE).rows()] == ["a"]
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_backup_on_a_place_that_cannot_be_written_is_one_french_line(tmp_path: Path) -> None:
    database = database_at(tmp_path / FILE)
    OpinionStore(database).add(Opinion("a", useful=True))
    with pytest.raises(DatabaseError, match="n’a pas pu être écrite"):
        write_backup(database, tmp_path / "no" / "avis.zip")


@pytest.mark.parametrize("given", ["mysql://a:s3cret@b/c", "avis", "sqlite://", "http://x", "postgresql+pg8000://b/c"])
def test_an_address_of_another_kind_is_refused_without_its_password(given: str) -> None:
    with pytest.raises(SettingsError, match="GUICHET_DATABASE") as error:
        read_url(given)
    assert "s3cret" not in str(error.value)


@pytest.mark.services
def test_postgresql_gone_and_back_costs_the_opinions_of_that_time_only(postgres: Postgres) -> None:
    database = Database(read_url(postgres.make_database("gone").replace("guichet@", "guichet:motdepasse@")))
    store = OpinionStore(database)
    store.add(Opinion("avant", useful=True))
    postgres.stop()
    try:
        with pytest.raises(DatabaseError, match=r"Vérifiez que PostgreSQL tourne") as error:
            store.add(Opinion("pendant", useful=True))
        with pytest.raises(DatabaseError, match="ne se lit pas"):
            store.disliked()
    finally:
        postgres.start()
    assert "motdepasse" not in str(error.value)
    assert "\n" not in str(error.value)
    store.add(Opinion("après", useful=True))
    assert [row["question"] for row in store.rows()] == ["avant", "après"]
    database.close()
