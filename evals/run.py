"""The command line of the evaluation: `python -m evals ...`, and `guichet eval ...` through `main`.

Opens the real assistant, asks it the questions, prints and keeps the figures. What is measured stands in the modules
that it calls; nothing is computed here.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from assistant.chain import Guichet, open_guichet
from assistant.settings import Settings, read_settings
from corpus.errors import GuichetError
from corpus.load import corpus_digest
from evals.against import compare_runs, describe, failed_checks
from evals.figures import figures_by_split
from evals.gate import GATED, make_bars, write_bars
from evals.labels import figures_table, typeset
from evals.machine import DIRTY, current_commit, describe_machine, describe_versions, peak_memory_mb
from evals.peers import compared
from evals.questions import SPLITS, Question, load_questions, questions_digest
from evals.reference import Reference, load_reference
from evals.results import Run, find_run, latest_run, load_run, results_file, save_run
from evals.robustness import clean_questions, compare_noised, robustness
from evals.rows import Answerer, evaluate, pair

COMMANDS = ("run", "compare", "against", "report", "validate")
ENGINES = ("embedded",)


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 when it went well, 1 when something must be repaired (one French line says what)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help")):
        arguments.insert(0, "run")
    options = _parser().parse_args(arguments)
    work: Callable[[argparse.Namespace], int] = options.work
    try:
        return work(options)
    except GuichetError as error:
        print(error, file=sys.stderr)
        return 1


def evaluate_all(
    answerer: Answerer,
    questions: Sequence[Question],
    reference: Reference,
    *,
    split: str,
    engine: str = "embedded",
    encoder: str = "",
    quiet: bool = False,
) -> Run:
    """A whole run, not yet kept: every question, then the clean ones with noise."""
    rows = evaluate(answerer, questions, reference, report=None if quiet else _progress("questions"))
    same = compare_noised(answerer, clean_questions(questions))
    return Run(
        commit=current_commit(),
        date=time.strftime("%Y-%m-%dT%H:%M:%S"),
        split=split,
        engine=engine,
        encoder=encoder,
        document=corpus_digest(),
        questions=questions_digest(),
        machine=describe_machine() | {"peak_memory_mb": peak_memory_mb()},
        versions=describe_versions(),
        figures=figures_by_split(pair(rows, questions)),
        rows=tuple(rows),
        robustness=dict(robustness(same)),
    )


def open_assistant(*, quiet: bool = False) -> tuple[Guichet, Settings]:
    """The assistant as it is served, with the settings of the environment."""
    settings = read_settings()
    return open_guichet(settings, report=None if quiet else _progress("index")), settings


def _run(options: argparse.Namespace) -> int:
    questions = load_questions(options.split)
    guichet, settings = open_assistant(quiet=options.json)
    run = evaluate_all(
        guichet,
        questions,
        load_reference(),
        split=options.split,
        engine=options.engine,
        encoder=settings.encoder,
        quiet=options.json,
    )
    path = save_run(keep_peers(run))
    known = {question.id: question for question in questions}
    if options.json:
        figures = {split: {name: asdict(each) for name, each in kept.items()} for split, kept in run.figures.items()}
        print(json.dumps({"commit": run.commit, "figures": figures}, ensure_ascii=False, indent=1))
    else:
        print_run(run)
        print(typeset(f"\nGardé : {path}"))
    if options.failures:
        print_failures(run, known)
    if options.keep_bars:
        if options.split != GATED:
            raise GuichetError(f"Les seuils se prennent sur « {GATED} » : --split {GATED} --keep-bars")
        write_bars(make_bars(run.commit, run.figures[GATED] | run.robustness, run.rows))
    if options.against:
        print(describe(compare_runs(run, find_run(options.against, options.split)), known))
    return 0


def keep_peers(run: Run) -> Run:
    """The run with the comparison that was kept for the same commit, unless its checkout had changes."""
    path = results_file(run.commit, run.split)
    if run.commit.endswith(DIRTY) or not path.exists():
        return run
    before = load_run(path)
    return replace(run, peers=before.peers, peers_split=before.peers_split)


def print_run(run: Run) -> None:
    """The figures of each split, in French."""
    for split, figures in run.figures.items():
        print(typeset(f"\n{split} : {figures['right'].count} questions, moteur {run.engine}, {run.commit}\n"))
        print(figures_table(figures))
    if run.robustness:
        print(typeset("\nLes mêmes questions, saisies à la hâte :\n"))
        print(figures_table(run.robustness))


def print_failures(run: Run, questions: dict[str, Question]) -> None:
    for row in run.rows:
        if not row.right:
            asked = questions[row.id].question[:160]
            print(f"{row.id}  {row.type}/{row.style}  [{', '.join(failed_checks(row))}]  {list(row.fiches)}  {asked}")


def _against(options: argparse.Namespace) -> int:
    newest = latest_run(split=options.split) or latest_run(split="all")
    if newest is None:
        raise GuichetError("Aucun résultat n’est gardé. Produisez-en : python -m evals run --split all")
    questions = {question.id: question for question in load_questions()}
    print(describe(compare_runs(newest, find_run(options.commit, options.split)), questions))
    return 0


def _compare(options: argparse.Namespace) -> int:
    from evals.compare import compare_peers, describe_peers

    questions = load_questions(options.split)
    guichet, settings = open_assistant()
    peers, tests = compare_peers(guichet, compared(questions))
    print(describe_peers(peers, tests, split=options.split))
    commit = current_commit()
    kept = [path for path in (results_file(commit, split) for split in ("all", options.split)) if path.exists()]
    run = (
        load_run(kept[0])
        if kept
        else evaluate_all(guichet, questions, load_reference(), split=options.split, encoder=settings.encoder)
    )
    print(typeset(f"\nGardé : {save_run(replace(run, peers=peers, peers_split=options.split))}"))
    return 0


def _report(options: argparse.Namespace) -> int:
    from evals.report import write_report

    print(typeset(f"Rapport écrit : {write_report(options.output)}"))
    return 0


def _validate(_: argparse.Namespace) -> int:
    from evals.validate import main as validate

    return validate()


def _progress(what: str) -> Callable[[int, int], None] | None:
    """A line that rewrites itself on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        print(f"\r{what} {done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return show


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Évaluer Guichet sur son jeu de questions.")
    commands = parser.add_subparsers(required=True, metavar="commande")
    splits = ("all", *SPLITS)

    run = commands.add_parser("run", help="poser les questions, imprimer et garder les mesures")
    run.add_argument("--split", choices=splits, default="validation", help="partie du jeu (validation)")
    run.add_argument("--engine", choices=ENGINES, default="embedded", help="moteur de réponse (embedded)")
    run.add_argument("--json", action="store_true", help="imprimer les mesures en JSON")
    run.add_argument("--failures", action="store_true", help="imprimer les questions manquées")
    run.add_argument("--against", metavar="COMMIT", help="comparer aux résultats gardés d’un commit")
    run.add_argument("--keep-bars", action="store_true", help="prendre ces mesures pour seuils (evals/bars.json)")
    run.set_defaults(work=_run)

    compare = commands.add_parser("compare", help="Guichet et ses pairs sur les mêmes questions")
    compare.add_argument("--split", choices=splits, default="test", help="partie du jeu (test)")
    compare.set_defaults(work=_compare)

    against = commands.add_parser("against", help="questions gagnées et perdues depuis un commit")
    against.add_argument("commit", metavar="COMMIT")
    against.add_argument("--split", choices=splits, default="all", help="partie du jeu (all)")
    against.set_defaults(work=_against)

    report = commands.add_parser("report", help="écrire le rapport HTML des derniers résultats")
    report.add_argument("--output", metavar="FICHIER", help="fichier à écrire (evals/results/rapport.html)")
    report.set_defaults(work=_report)

    validate = commands.add_parser("validate", help="vérifier le jeu de questions lui-même")
    validate.set_defaults(work=_validate)
    return parser


if __name__ == "__main__":
    sys.exit(main())
