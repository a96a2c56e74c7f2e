"""The grammar of `guichet eval`: every command with its options, in French. `evals.cli` says what a command does."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from assistant.cli.arguments import FrenchParser
from evals.sets.questions import SPLITS

DEFAULT = "run"
"""The command of `guichet eval` without one."""
PARTS = ("all", "reader", "decisions", "turns", "two-topics", "gate", "adapter")
SHARED = Path(__file__).parent.parent.parent / "shared" / "extern"
"""Where outside data lies by default, beside the repository."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """`command` names the command; `guichet eval --failures` is `guichet eval run --failures`."""
    alone = not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help"))
    options: argparse.Namespace = make_parser().parse_args([*([DEFAULT] if alone else []), *arguments])
    return options


def make_parser() -> FrenchParser:
    parser = FrenchParser(
        prog="guichet eval",
        description="Évalue Guichet sur ses questions, mesure ses temps, réapprend ses poids.",
        example="guichet eval --split validation --failures",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="commande", title="commandes")

    def command(name: str, help: str, example: str = "") -> argparse.ArgumentParser:
        description, example = f"{help[:1].upper()}{help[1:]}.", f"guichet eval {example or name}"
        return commands.add_parser(
            name, help=help, description=description, example=example, prog=f"guichet eval {name}"
        )

    run = command("run", "pose les questions, imprime et garde les mesures", "run --split test --failures")
    _add_split(run, "validation")
    run.add_argument(
        "--engine", choices=("embedded", "generated"), default="embedded", help="moteur de réponse (embedded)"
    )
    run.add_argument("--sample", type=int, default=60, metavar="N", help="moteur généré : questions à tirer (60)")
    run.add_argument(
        "--limit-minutes", type=float, default=0, metavar="MIN", help="moteur généré : s’arrête après (sans limite)"
    )
    run.add_argument("--json", action="store_true", help="imprime les mesures en JSON")
    run.add_argument("--failures", action="store_true", help="imprime les questions manquées")
    run.add_argument("--against", metavar="COMMIT", help="compare aux résultats gardés d’un commit")
    run.add_argument(
        "--keep-bars", action="store_true", help="prend ces mesures pour seuils (evals/scoring/data/bars.json)"
    )

    compare = command("compare", "pose les mêmes questions à Guichet et à d’autres façons de chercher")
    _add_split(compare, "test")

    against = command("against", "liste les questions gagnées et perdues depuis un commit", "against 2b2bc62")
    against.add_argument("commit", metavar="COMMIT", help="un commit dont les résultats sont gardés")
    _add_split(against, "validation")

    answers = command(
        "answers", "garde les réponses entières, ou dit lesquelles ont changé", "answers --against avant.jsonl"
    )
    one = answers.add_mutually_exclusive_group(required=True)
    one.add_argument("--save", type=Path, metavar="FICHIER", help="pose toutes les questions et garde les réponses")
    one.add_argument("--against", type=Path, metavar="FICHIER", help="repose les questions de ce fichier et compare")
    answers.add_argument(
        "--also", type=Path, nargs="+", default=[], metavar="FICHIER", help="avec --save : d’autres questions"
    )

    report = command("report", "écrit le rapport HTML des derniers résultats gardés")
    report.add_argument("--output", type=Path, metavar="FICHIER", help="fichier à écrire (evals/results/rapport.html)")

    command("tables", "écrit les tableaux de docs/evaluation.md et les chiffres du README")
    command("validate", "vérifie le jeu de questions lui-même")

    gate = command("gate", "mesure la barrière des réponses générées sur des phrases étiquetées")
    gate.add_argument("--split", choices=("all", "train", "test"), default="test", help="partie des phrases (test)")
    gate.add_argument("--failures", action="store_true", help="imprime les phrases mal jugées")

    ablation = command("ablation", "mesure chaque côté de la recherche, seul et par son absence")
    _add_keep(ablation)

    outside = command("outside", "évalue la recherche sur un corpus extérieur")
    outside.add_argument(
        "--folder", type=Path, default=SHARED / "cnil-faq", metavar="DOSSIER", help="où sont docs.jsonl et queries.tsv"
    )
    _add_json(outside)

    speed = command("speed", "mesure le temps d’une réponse et celui de l’encodeur seul")
    speed.add_argument("--questions", type=int, default=200, metavar="N", help="nombre de questions (200)")
    speed.add_argument("--without-float", action="store_true", help="sans le modèle float32, plus long à charger")
    _add_json(speed)

    load = command("load", "mesure le serveur sous charge, par son interface HTTP", "load --keep --processes 2")
    load.add_argument("--agents", type=int, default=50, metavar="N", help="agents en conversation (50)")
    load.add_argument("--seconds", type=float, default=300, metavar="S", help="durée (300)")
    load.add_argument(
        "--pause", type=float, default=10, metavar="S", help="secondes entre deux questions d’un agent (10)"
    )
    load.add_argument("--saturation", type=float, default=30, metavar="S", help="secondes à saturation (30)")
    load.add_argument(
        "--processes", type=int, default=1, metavar="N", help="processus web ; dès 2, sur un serveur Chroma commun (1)"
    )
    load.add_argument("--address", metavar="URL", help="un serveur déjà lancé, sans mesure de sa mémoire")
    _add_keep(load)

    memory = command("memory", "mesure la mémoire du serveur au fil de nombreuses questions")
    memory.add_argument("--questions", type=int, default=10_000, metavar="N", help="nombre de questions (10000)")
    _add_keep(memory)

    page = command("page", "mesure la page dans un navigateur : affichage, réponse, parcours")
    page.add_argument("--questions", type=int, default=40, metavar="N", help="nombre de questions (40)")
    _add_json(page)

    fit = command("fit", "réapprend des poids sur les questions étiquetées", "fit decisions --dry")
    fit.add_argument(
        "part",
        nargs="?",
        choices=PARTS,
        default="all",
        help="reader : lecture des questions (un quart d’heure) ; decisions : recherche et décisions ; turns : une "
        "question qui suit est-elle nouvelle ? ; two-topics : questions à deux sujets ; gate : barrière des réponses "
        "générées ; all (d’office) : tout cela ; adapter : adaptation de l’encodeur (une demi-heure)",
    )
    fit.add_argument("--dry", action="store_true", help="imprime sans écrire")
    fit.add_argument("--steps", type=int, default=340, metavar="N", help="adapter : nombre de pas (340)")
    fit.add_argument(
        "--general",
        type=Path,
        default=SHARED / "service-public" / "fiches.jsonl.gz",
        metavar="FICHIER",
        help="adapter : les fiches de service-public.fr (JSON Lines, gzip)",
    )
    return parser


def _add_split(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--split", choices=("all", *SPLITS), default=default, help=f"partie du jeu ({default})")


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="imprime une ligne de JSON")


def _add_keep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", action="store_true", help="garde le résultat dans evals/results/")
