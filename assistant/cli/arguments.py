"""The command line's grammar, in French: what argparse itself says is translated here, and nowhere else."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

_TRANSLATIONS = (
    ("the following arguments are required", "il manque"),
    ("unrecognized arguments", "arguments inconnus"),
    ("invalid choice", "choix inconnu"),
    ("invalid int value", "un nombre entier est attendu, et non"),
    ("expected one argument", "une valeur est attendue"),
    ("expected at least one argument", "au moins une valeur est attendue"),
    ("(choose from", "(au choix :"),
    ("argument ", "argument "),
)


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser whose help, headings and errors are French; errors take one line and exit with 2."""

    def __init__(self, *, example: str = "", **options: object) -> None:
        epilog = f"exemple :\n  {example}" if example else None
        super().__init__(
            add_help=False,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,  # type: ignore[arg-type]
        )
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "usage : ", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "usage : ", 1)

    def error(self, message: str) -> NoReturn:
        for english, french in _TRANSLATIONS:
            message = message.replace(english, french)
        self.exit(2, f"guichet : {message} (aide : {self.prog} --help)\n")


def make_parser() -> FrenchParser:
    """All commands with their options; `command` names the one that was given."""
    parser = FrenchParser(
        prog="guichet",
        description="Guichet répond aux questions sur les 43 fiches du Contrat de ville 2015-2020 de Seine-Amont.",
        example="guichet ask « qui finance l’accueil des jeunes enfants ? »",
    )
    parser.add_argument("--version", action="version", version="guichet 0.1.0", help="affiche la version")
    commands = parser.add_subparsers(dest="command", metavar="commande", title="commandes", required=True)

    def command(name: str, help: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=help, description=help[:1].upper() + help[1:] + ".", example=example, prog=f"guichet {name}"
        )

    ask = command("ask", "répond à une question", "guichet ask « quels dispositifs pour le permis ? » --json")
    ask.add_argument("question", nargs="+", help="la question, en français courant")
    ask.add_argument(
        "--history", action="append", default=[], metavar="QUESTION", help="une question posée avant (répétable)"
    )
    ask.add_argument("--json", action="store_true", help="la réponse entière, en une ligne de JSON")

    command("chat", "converse dans le terminal (Ctrl-D pour finir)", "guichet chat")
    command(
        "batch",
        "lit des questions en JSON Lines et écrit les réponses de même",
        "guichet batch < questions.jsonl > reponses.jsonl",
    )

    serve = command("serve", "ouvre la page de conversation", "GUICHET_PORT=8080 guichet serve")
    serve.add_argument("--port", type=int, help="le port, au lieu de GUICHET_PORT")

    index = command("index", "construit l’index, ou vérifie qu’il est à jour", "guichet index --rebuild")
    index.add_argument("--rebuild", action="store_true", help="reconstruit même s’il est à jour")

    search = command(
        "search", "montre les passages trouvés, les meilleurs d’abord", "guichet search « garde d’enfants » -k 5"
    )
    search.add_argument("question", nargs="+", help="ce que l’on cherche")
    search.add_argument("-k", type=int, default=5, metavar="N", help="nombre de passages (5)")
    search.add_argument(
        "--method", choices=("mixed", "dense", "keyword"), default="mixed", help="façon de chercher (mixed)"
    )
    search.add_argument("--json", action="store_true", help="une ligne de JSON par passage")

    corpus = command("corpus", "vérifie ou exporte le document", "guichet corpus export > fiches.json")
    corpus.add_argument(
        "action", choices=("check", "export"), help="check : compte et vérifie ; export : écrit le JSON"
    )

    feedback = command(
        "feedback", "montre les avis laissés sur la page, ou les exporte", "guichet feedback to-eval > candidats.jsonl"
    )
    feedback.add_argument(
        "action",
        choices=("list", "export", "to-eval"),
        help="list : les questions signalées, les plus fréquentes d’abord ; export : tous les avis, en JSON Lines ; "
        "to-eval : les questions retenues, en JSON Lines, à compléter",
    )

    settings = command("settings", "montre les réglages, leur valeur et d’où elle vient", "guichet settings")
    settings.add_argument("--table", action="store_true", help="les lignes du tableau de docs/reglages.md")

    doctor = command("doctor", "vérifie toute l’installation, et dit ce qui répare", "guichet doctor --json")
    doctor.add_argument("--json", action="store_true", help="le résultat, en une ligne de JSON")

    backup = command("backup", "écrit les avis et les comptes dans un fichier", "guichet backup sauvegarde.zip")
    backup.add_argument("file", metavar="FICHIER", help="le fichier à écrire, lisible par vous seul")
    backup.add_argument("--remplacer", action="store_true", help="remplace le fichier s’il existe")

    restore = command("restore", "remet en place ce qu’un fichier a sauvegardé", "guichet restore sauvegarde.zip")
    restore.add_argument("file", metavar="FICHIER", help="un fichier de « guichet backup »")
    restore.add_argument("--remplacer", action="store_true", help="à la place des données présentes")

    privacy = command(
        "privacy", "montre ou efface ce qui est conservé des questions", "guichet privacy purge --containing « Dupont »"
    )
    privacy.add_argument(
        "action",
        choices=("export", "purge"),
        help="export : tout ce qui est conservé, en JSON Lines ; purge : efface ce qui dépasse GUICHET_RETENTION",
    )
    privacy.add_argument("--days", type=int, metavar="N", help="efface ce qui a plus de N jours")
    privacy.add_argument("--containing", default="", metavar="TEXTE", help="efface ce qui contient ce texte")
    privacy.add_argument("--all", action="store_true", help="efface tout")

    users = command(
        "users",
        "gère les comptes ; le mot de passe est demandé, ou lu sur une ligne de l’entrée",
        "guichet users add marie --role opérateur",
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

    evaluate = command("eval", "évalue l’assistant sur ses propres questions", "guichet eval --split validation")
    evaluate.add_argument("arguments", nargs=argparse.REMAINDER, help="transmis à python -m evals")
    return parser


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    return make_parser().parse_args(argv)
