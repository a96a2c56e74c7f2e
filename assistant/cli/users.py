"""`guichet users`: makes, removes and lists accounts. A password is no argument: a machine's other users see those."""

import getpass
import sys

from assistant.accounts.accounts import Account, Accounts, Role, read_name
from assistant.errors import AccountError
from assistant.settings.settings import read_settings
from assistant.storage.database import open_database


def run(action: str, name: str, role: Role) -> int:
    """One of add, remove, list, password. Raises AccountError, DatabaseError, SettingsError in French."""
    accounts = Accounts(open_database(read_settings()))
    if action == "list":
        _list(accounts.all())
        return 0
    name = read_name(name) if name else _missing(action)
    if action == "add":
        accounts.add(name, _password(), role)
        print(f"Le compte « {name} » ({role}) est créé.")
    elif action == "password":
        accounts.set_password(name, _password())
        print(f"Le mot de passe de « {name} » est changé ; ses connexions sont fermées.")
    else:
        left = accounts.remove(name)
        print(f"Le compte « {name} » est ôté ; ses connexions sont fermées.")
        if not left:
            print("Il n’y a plus de compte : au prochain départ, la page s’ouvrira sans connexion.", file=sys.stderr)
    return 0


def _missing(action: str) -> str:
    raise AccountError(f"Il manque le nom du compte : guichet users {action} NOM")


def _list(found: list[Account]) -> None:
    if not found:
        print("Aucun compte. Pour en créer un : guichet users add NOM", file=sys.stderr)
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        seen = f"dernière connexion le {each.seen:%d.%m.%Y}" if each.seen else "jamais connecté"
        print(f"{each.name:<{width}}  {each.role:<9}  créé le {each.created:%d.%m.%Y}, {seen}")


def _password() -> str:
    """From the terminal, twice and unseen; else one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Encore une fois : ") != first:
        raise AccountError("Les deux mots de passe diffèrent ; rien n’a été changé.")
    return first
