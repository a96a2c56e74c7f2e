"""`guichet feedback`, `backup`, `restore` and `privacy`: what an installation has saved."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.cli.arguments import Commands, number_between
from assistant.settings.settings import read_settings

_NO_OPINIONS = {
    "list": "Personne n’a signalé de réponse insuffisante.",
    "export": "Aucun avis pour le moment.",
    "to-eval": "Aucune question n’est retenue : choisissez-les sur la page /suivi, « Ajouter aux essais ».",
}
"""Said on standard error, so that a file made by redirection stays empty."""


def add(commands: Commands) -> None:
    feedback = commands.add(
        "feedback",
        _feedback,
        "montre les avis laissés sur la page, ou les exporte",
        example="guichet feedback to-eval > candidats.jsonl",
    )
    feedback.add_argument(
        "action",
        choices=("list", "export", "to-eval"),
        help="list : les questions signalées, les plus fréquentes d’abord ; export : tous les avis, en JSON Lines ; "
        "to-eval : les questions retenues, en JSON Lines, à compléter",
    )
    backup = commands.add(
        "backup", _backup, "écrit les avis et les comptes dans un fichier", example="guichet backup sauvegarde.zip"
    )
    backup.add_argument("file", metavar="FICHIER", help="le fichier à écrire, lisible par vous seul")
    backup.add_argument("--remplacer", action="store_true", help="remplace le fichier s’il existe")
    restore = commands.add(
        "restore", _restore, "remet en place ce qu’un fichier a sauvegardé", example="guichet restore sauvegarde.zip"
    )
    restore.add_argument("file", metavar="FICHIER", help="un fichier de « guichet backup »")
    restore.add_argument("--remplacer", action="store_true", help="à la place des données présentes")
    privacy = commands.add(
        "privacy",
        _privacy,
        "montre ou efface ce qui est conservé des questions",
        example="guichet privacy purge --containing « Dupont »",
    )
    privacy.add_argument(
        "action",
        choices=("export", "purge"),
        help="export : tout ce qui est conservé, en JSON Lines ; purge : efface ce qui dépasse GUICHET_RETENTION",
    )
    privacy.add_argument("--days", type=number_between(0, 36_500), metavar="N", help="efface ce qui a plus de N jours")
    privacy.add_argument("--containing", default="", metavar="TEXTE", help="efface ce qui contient ce texte")
    privacy.add_argument("--all", action="store_true", help="efface tout")


def _feedback(options: Namespace) -> int:
    from assistant.storage.opinions import open_feedback, shown_lines

    store = open_feedback(read_settings())
    lines: dict[str, Callable[[], Iterator[str]]] = {
        "list": lambda: shown_lines(store),
        "export": store.export,
        "to-eval": store.to_eval,
    }
    count = 0
    for line in lines[options.action]():
        print(line)
        count += 1
    if not count:
        print(_NO_OPINIONS[options.action], file=sys.stderr)
    return 0


def _backup(options: Namespace) -> int:
    from assistant.storage.backup import write_backup
    from assistant.storage.database import open_database

    backup = write_backup(open_database(read_settings()), Path(options.file), replace=options.remplacer)
    print(f"Sauvegardé dans {options.file} : {_count_of_rows(backup.rows)}.")
    return 0


def _restore(options: Namespace) -> int:
    from assistant.storage.backup import restore_backup
    from assistant.storage.database import open_database

    backup = restore_backup(open_database(read_settings()), Path(options.file), replace=options.remplacer)
    print(f"Remis en place : {_count_of_rows(backup.rows)}, de la sauvegarde du {backup.written[:10]}.")
    return 0


def _privacy(options: Namespace) -> int:
    from assistant.storage.opinions import open_feedback
    from assistant.storage.retention import purge

    settings = read_settings()
    store = open_feedback(settings)
    if options.action == "export":
        for line in store.export():
            print(line)
        return 0
    if options.all or options.containing:
        rows = store.erase(containing=options.containing)
    else:
        rows = purge(store, settings.retention if options.days is None else options.days)
    print(f"{_count_of_rows(rows)} effacée{'s' if rows > 1 else ''}.")
    return 0


def _count_of_rows(rows: int) -> str:
    return f"{rows} ligne{'s' if rows > 1 else ''}"
