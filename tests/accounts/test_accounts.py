"""Accounts, sessions and attempts as the database keeps them, on SQLite and on a real PostgreSQL; the command."""

import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.accounts.accounts import Accounts
from assistant.accounts.login_attempts import FOR_ACCOUNT, FOR_ADDRESS, WINDOW, Attempts, network_of
from assistant.accounts.sessions import Sessions
from assistant.accounts.tables import ACCOUNTS, ATTEMPTS, SESSIONS
from assistant.cli.main import main
from assistant.errors import AccountError, LimitError
from assistant.storage.backup import restore_backup, write_backup
from assistant.storage.database import FILE, Database, database_at, read_url
from assistant.storage.opinions import Opinion, OpinionStore
from tests.support.access import PASSWORD, Clock
from tests.support.services import LONG, Postgres

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty one of each kind."""
    if request.param == "sqlite":
        opened = database_at(tmp_path / FILE)
    else:
        opened = Database(read_url(request.getfixturevalue("postgres").make_database(tmp_path.name)))
    yield opened
    opened.close()


both = pytest.mark.parametrize("database", KINDS, indirect=True)


@both
def test_an_account_is_checked_by_its_password_kept_as_an_argon2_hash(database: Database) -> None:
    accounts = Accounts(database)
    assert not accounts.exist()
    accounts.add("Zoé.D", "mot de passe e\u0301te\u0301", "opérateur")
    assert accounts.exist()
    found = accounts.check(" ZOE\u0301.d ", "mot de passe été")
    assert found is not None
    assert (found.name, found.role) == ("zoé.d", "opérateur")
    for name, password in (("zoé.d", "mot de passe ete"), ("zoe.d", "mot de passe été"), ("", ""), ("a\x00", "\ud800")):
        assert accounts.check(name, password) is None
    with database.reading() as connection:
        kept = connection.execute(select(ACCOUNTS.c.password)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert "passe" not in kept
    assert [each.seen is not None for each in accounts.all()] == [True]


@both
def test_what_cannot_be_an_account_is_refused_in_one_french_line(database: Database) -> None:
    accounts = Accounts(database)
    accounts.add("paul", PASSWORD)
    for name, password, told in (
        ("paul", PASSWORD, "existe déjà"),
        ("", PASSWORD, "nom de compte"),
        ("a b", PASSWORD, "nom de compte"),
        ("<script>", PASSWORD, "nom de compte"),
        ("x" * 65, PASSWORD, "nom de compte"),
        ("léa", "trop court", "attendu : de 12"),
        ("léa", "aaaaaaaaaaaaaaaa", "se devine"),
        ("marie-antoinette", "Marie-Antoinette", "se devine"),
    ):
        with pytest.raises(AccountError, match=told) as error:
            accounts.add(name, password)
        assert "\n" not in f"{error.value}"
        assert password not in f"{error.value}"
    for act in (lambda: accounts.remove("léa"), lambda: accounts.set_password("léa", PASSWORD)):
        with pytest.raises(AccountError, match="Il n’y a pas de compte « léa »"):
            act()


@both
def test_a_session_is_known_by_two_processes_until_one_closes_it(database: Database) -> None:
    Accounts(database).add("paul", PASSWORD)
    clock = Clock()
    here, there = (Sessions(database, now=clock, clock=lambda: clock().timestamp()) for _ in range(2))
    token = here.open("paul")
    for sessions in (here, there):
        found = sessions.find(token)
        assert found is not None
        assert (found.name, found.role) == ("paul", "agent")
    with database.reading() as connection:
        assert token not in f"{connection.execute(select(SESSIONS)).all()}"
    here.close(token)
    assert here.cached(token) is None
    assert here.find(token) is None
    clock.turn(seconds=5)
    assert there.cached(token) is None
    assert there.find(token) is None
    assert there.find("") is None


@both
def test_a_session_ends_without_use_and_when_it_is_old(database: Database) -> None:
    Accounts(database).add("paul", PASSWORD)
    clock = Clock()
    sessions = Sessions(database, now=clock, clock=lambda: clock().timestamp())
    unused = sessions.open("paul")
    clock.turn(minutes=59)
    assert sessions.find(unused)
    clock.turn(minutes=59)
    assert sessions.find(unused), "its last use counts, not its beginning"
    clock.turn(minutes=60)
    assert sessions.cached(unused) is None
    assert sessions.find(unused) is None
    used = sessions.open("paul")
    for _ in range(23):
        clock.turn(minutes=30)
        assert sessions.find(used)
    clock.turn(minutes=30)
    assert sessions.find(used) is None
    with database.reading() as connection:
        assert len(connection.execute(select(SESSIONS)).all()) == 2
    sessions.purge()
    with database.reading() as connection:
        assert connection.execute(select(SESSIONS)).all() == []


@both
def test_a_new_password_and_a_removed_account_end_the_sessions(database: Database) -> None:
    accounts = Accounts(database)
    accounts.add("paul", PASSWORD)
    sessions = Sessions(database)
    first = sessions.open("paul")
    accounts.set_password("paul", "un autre mot de passe")
    assert sessions.find(first) is None
    assert accounts.check("paul", PASSWORD) is None
    second = sessions.open("paul")
    assert accounts.remove("paul") == 0
    assert sessions.find(second) is None


@both
def test_attempts_are_counted_by_account_and_by_address_and_forgotten(database: Database) -> None:
    clock = Clock()
    attempts = Attempts(database, now=clock)
    for name in ("Zoé", "zoé", "ZOE\u0301", " zoé ", "zoé"):
        attempts.begin(name, "10.0.0.1")
    with pytest.raises(LimitError, match=r"Réessayez dans 15") as refused:
        Attempts(database, now=clock).begin("zoé", "10.9.9.9")
    assert refused.value.retry_after == WINDOW.total_seconds()
    attempts.begin("paul", "10.0.0.1")
    clock.turn(minutes=15)
    attempts.begin("zoé", "10.0.0.1")
    attempts.clear("zoé", "10.0.0.1")
    with database.reading() as connection:
        assert connection.execute(select(ATTEMPTS)).all() == []
    for number in range(FOR_ADDRESS):
        attempts.begin(f"nom{number}", f"2001:db8:0:1::{number + 1}")
    with pytest.raises(LimitError):
        attempts.begin("encore", "2001:db8:0:1:ffff::1")
    attempts.begin("encore", "2001:db8:0:2::1")
    clock.turn(minutes=15)
    attempts.purge()
    with database.reading() as connection:
        assert connection.execute(select(ATTEMPTS)).all() == []


@both
def test_attempts_that_come_at_once_are_all_counted(database: Database) -> None:
    attempts, let_in, barrier = Attempts(database), [], threading.Barrier(12)

    def attempt() -> None:
        barrier.wait(timeout=LONG)
        try:
            attempts.begin("paul", "10.0.0.1")
            let_in.append(1)
        except LimitError:
            pass

    threads = [threading.Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONG)
    assert len(let_in) == FOR_ACCOUNT


def test_the_machine_of_an_address() -> None:
    given = ("10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "fe80::1%eth0", "testclient")
    assert [network_of(each) for each in given] == [
        "10.0.0.1",
        "10.0.0.1",
        "2001:db8::/64",
        "fe80::/64",
        "testclient",
    ]  # fmt: skip


@both
def test_a_backup_holds_the_accounts_and_brings_no_session_back(database: Database, tmp_path: Path) -> None:
    accounts, sessions = Accounts(database), Sessions(database)
    accounts.add("marie", PASSWORD, "opérateur")
    OpinionStore(database).add(Opinion("a", useful=True))
    closed = sessions.open("marie")
    Attempts(database).begin("marie", "10.0.0.1")
    assert set(write_backup(database, tmp_path / "s.zip").tables) == {"avis", "comptes"}
    sessions.close(closed)
    still = sessions.open("marie")
    restore_backup(database, tmp_path / "s.zip", replace=True)
    found = accounts.check("marie", PASSWORD)
    assert found is not None
    assert found.role == "opérateur"
    assert sessions.find(closed) is None
    assert Sessions(database).find(still) is None
    elsewhere = database_at(tmp_path / "elsewhere" / FILE)
    restore_backup(elsewhere, tmp_path / "s.zip")
    assert Accounts(elsewhere).check("marie", PASSWORD) is not None


def test_the_command_makes_lists_changes_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str, said: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        code = main(["users", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    monkeypatch.setenv("GUICHET_HOME", str(tmp_path))
    assert run("list")[:2] == (0, "")
    assert run("add", "Marie", "--role", "opérateur", said=f"{PASSWORD}\n") == (
        0,
        "Le compte « marie » (opérateur) est créé.\n",
        "",
    )
    assert run("add", "paul", said=f"{PASSWORD}\r\n")[0] == 0
    code, shown, _ = run("list")
    assert [line.split()[:2] for line in shown.splitlines()] == [["marie", "opérateur"], ["paul", "agent"]]
    assert "argon2" not in shown
    assert run("password", "paul", said="un tout autre mot de passe\n")[0] == 0
    accounts = Accounts(database_at(tmp_path / FILE))
    assert accounts.check("paul", "un tout autre mot de passe")
    for arguments in (("add",), ("add", "x"), ("remove", "nemo"), ("password", "nemo"), ("add", "marie")):
        code, shown, told = run(*arguments, said="court\n" if arguments == ("add", "x") else f"{PASSWORD}\n")
        assert (code, shown, told.count("\n")) == (1, "", 1)
        assert told.startswith("guichet : ")
    assert run("remove", "marie")[2] == ""
    assert "sans connexion" in run("remove", "paul")[2]
    with pytest.raises(SystemExit):
        main(["users", "add", "marie", PASSWORD])


@pytest.mark.services
def test_a_database_of_before_the_accounts_is_brought_on(postgres: Postgres, tmp_path: Path) -> None:
    from assistant.storage.database import migrate

    for url in (f"sqlite:///{tmp_path}/{FILE}", postgres.make_database("before-accounts")):
        database = Database(read_url(url))
        with database.engine.execution_options(guichet_writes=True).begin() as connection:
            migrate(connection, "0001")
        OpinionStore(database).add(Opinion("a", useful=True))
        assert not Accounts(database).exist()
        Accounts(database).add("paul", PASSWORD)
        database.close()
