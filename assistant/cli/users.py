"""`guichet users`: makes, removes and lists accounts. A password is no argument: a machine's other users see those."""

import getpass
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from assistant.cli.arguments import Commands
from assistant.errors import AccountError
from assistant.settings.settings import read_settings

if TYPE_CHECKING:
    from assistant.accounts.accounts import Account


def add(commands: Commands) -> None:
    users = commands.add(
        "users",
        _users,
        "gère les comptes ; le mot de passe est demandé, ou lu sur une ligne de l’entrée",
        example="guichet users add marie --role opérateur",
    )
    users.add_argument(
        "action",
        choices=("add", "remove", "list", "password"),
        help="add : crée un compte ; remove : l’ôte ; list : les montre ; password : change un mot de passe",
    )
    users.add_argument("name", nargs="?", default="", metavar="NOM", help="le nom du compte (sauf pour list)")
    users.add_argument(
        "--role",
        choices=("agent", "opérateur"),
        default="agent",
        help="agent (d’office), ou opérateur : voit aussi /suivi",
    )


def _users(options: Namespace) -> int:
    from assistant.accounts.accounts import Accounts, read_name
    from assistant.storage.database import open_database

    accounts = Accounts(open_database(read_settings()))
    if options.action == "list":
        _list(accounts.all())
        return 0
    if not options.name:
        raise AccountError(f"Il manque le nom du compte : guichet users {options.action} NOM")
    name = read_name(options.name)
    if options.action == "add":
        accounts.add(name, _password(), options.role)
        print(f"Le compte « {name} » ({options.role}) est créé.")
    elif options.action == "password":
        accounts.set_password(name, _password())
        print(f"Le mot de passe de « {name} » est changé ; ses connexions sont fermées.")
    else:
        remaining = accounts.remove(name)
        print(f"Le compte « {name} » est ôté ; ses connexions sont fermées.")
        if not remaining:
            print("Il n’y a plus de compte : au prochain départ, la page s’ouvrira sans connexion.", file=sys.stderr)
    return 0


def _list(accounts: "list[Account]") -> None:
    if not accounts:
        print("Aucun compte. Pour en créer un : guichet users add NOM", file=sys.stderr)
    width = max((len(account.name) for account in accounts), default=0)
    for account in accounts:
        seen = f"dernière connexion le {account.seen:%d.%m.%Y}" if account.seen else "jamais connecté"
        print(f"{account.name:<{width}}  {account.role:<9}  créé le {account.created:%d.%m.%Y}, {seen}")


def _password() -> str:
    """From the terminal, twice and unseen; else one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Encore une fois : ") != first:
        raise AccountError("Les deux mots de passe diffèrent ; rien n’a été changé.")
    return first
