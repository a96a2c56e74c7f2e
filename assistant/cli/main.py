"""The command `guichet`: reads the arguments, runs the command that they name, turns errors into French lines.

Errors that a person can repair take one line on standard error and exit with 1; a wrong argument exits with 2.
"""

import os
import sys
from argparse import REMAINDER, Namespace
from collections.abc import Sequence

from assistant.cli import document, questions, saved_data, server, users
from assistant.cli.arguments import Commands, FrenchParser
from corpus.errors import GuichetError

_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""No library reports to its maker or prints in English, unless the operator wants it; set before any is imported.

Tracing of LangChain (LANGSMITH_*, LANGCHAIN_*) is off by itself, and the operator's to turn on.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        options = make_parser().parse_args(argv)
        status: int = options.run(options)
        sys.stdout.flush()
    except GuichetError as error:
        print(f"guichet : {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        _leave_the_pipe()
        return 1
    except OSError as error:
        place = error.filename or "la sortie"
        print(
            f"guichet : Lecture ou écriture impossible ({place}, {type(error).__name__}) ; vérifiez les droits et la "
            "place libre.",
            file=sys.stderr,
        )
        _leave_the_pipe()
        return 1
    return status


def make_parser() -> FrenchParser:
    """All commands with their options; `run` of the result is the command that was given."""
    parser = FrenchParser(
        prog="guichet",
        description="Guichet répond aux questions sur les 43 fiches du Contrat de ville 2015-2020 de Seine-Amont.",
        example="guichet ask « qui finance l’accueil des jeunes enfants ? »",
    )
    parser.add_argument("--version", action="version", version="guichet 0.1.0", help="affiche la version")
    commands = Commands(parser)
    for family in (questions, server, document, saved_data, users):
        family.add(commands)
    evaluate = commands.add(
        "eval", _evaluate, "évalue l’assistant sur ses propres questions", example="guichet eval --split validation"
    )
    evaluate.add_argument("arguments", nargs=REMAINDER, help="transmis à python -m evals")
    return parser


def _evaluate(options: Namespace) -> int:
    from evals.cli import main as evaluate

    return evaluate(options.arguments)


def _leave_the_pipe() -> None:
    """What is still to be written goes nowhere: Python would try again when it ends, and say so in English."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
