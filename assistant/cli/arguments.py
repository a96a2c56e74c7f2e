"""The command line's grammar, in French: what argparse itself says is translated here, and nowhere else."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

Run = Callable[[argparse.Namespace], int]
"""A command: takes its options, returns the exit status."""
_CATALOGUE = {
    "usage: ": "usage : ",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "choix inconnu : %(value)r (au choix : %(choices)s)",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "ambiguous option: %(option)s could match %(matches)s": "option ambiguë : %(option)s peut être %(matches)s",
    "ignored explicit argument %r": "aucune valeur n’est attendue, et non %r",
}


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser whose help, headings and errors are French; errors take one line and exit with 2."""

    def __init__(self, *, prog: str, description: str, example: str = "") -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"exemple :\n  {example}" if example else None,
            add_help=False,
            formatter_class=_FrenchHelp,
        )
        self._positionals.title = "arguments"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def parse_args(self, *arguments: Any, **options: Any) -> Any:
        with _french_messages():
            return super().parse_args(*arguments, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"guichet : {message} (aide : {self.prog} --help)\n")


class _FrenchHelp(argparse.RawDescriptionHelpFormatter):
    def start_section(self, heading: str | None) -> None:
        """A space before the colon that argparse adds."""
        super().start_section(heading and f"{heading} ")


@contextmanager
def _french_messages() -> Iterator[None]:
    """argparse asks `gettext` for its texts, whose catalogues follow LANG: here they are French whatever LANG is."""
    theirs = argparse._  # type: ignore[attr-defined]
    argparse._ = lambda text: _CATALOGUE.get(text, text)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._ = theirs  # type: ignore[attr-defined]


class Commands:
    """The commands of a parser; each is added with the function that runs it."""

    def __init__(self, parser: FrenchParser) -> None:
        self._parsers = parser.add_subparsers(metavar="commande", title="commandes", required=True)

    def add(self, name: str, run: Run, help: str, *, example: str) -> FrenchParser:
        description = f"{help[:1].upper()}{help[1:]}."
        parser = self._parsers.add_parser(
            name, help=help, description=description, example=example, prog=f"guichet {name}"
        )
        parser.set_defaults(run=run)
        return parser


def number_between(low: int, high: int) -> Callable[[str], int]:
    """A `type=` of argparse: a number from `low` to `high`."""

    def read(given: str) -> int:
        if given.isascii() and given.isdigit() and len(given) < 10 and low <= int(given) <= high:
            return int(given)
        raise argparse.ArgumentTypeError(f"un nombre de {low} à {high} est attendu, et non « {given} »")

    return read
