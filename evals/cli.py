"""The command line of the evaluation: `python -m evals ...`, and `guichet eval ...` through `main`.

Opens the real assistant, asks it the questions, prints and keeps the figures. What is measured stands in the modules
that it calls; nothing is computed here.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from corpus.errors import GuichetError
from evals.baselines.peers import compared
from evals.performance.machine import current_commit
from evals.reporting.against import compare_runs, describe, failed_checks
from evals.reporting.labels import ENGINE_LABELS, figures_table, typeset
from evals.reporting.publish import publish
from evals.results import Run, find_run, latest_run, load_run, results_file, save_run
from evals.scoring.bars import GATED, make_bars, write_bars
from evals.scoring.evaluation import evaluate_all, keep_peers, open_assistant
from evals.scoring.reference import load_reference
from evals.sets.questions import SPLITS, Question, load_questions

COMMANDS = ("run", "compare", "against", "report", "readme", "validate", "gate")
ENGINES = ("embedded", "generated")


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


def _run(options: argparse.Namespace) -> int:
    if options.engine == "generated":
        return _run_generated(options)
    if options.keep_bars and options.split != GATED:
        raise GuichetError(f"Les seuils se prennent sur « {GATED} » : --split {GATED} --keep-bars")
    before = find_run(options.against, options.split) if options.against else None
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
    publish(run)
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
        write_bars(make_bars(run.commit, run.figures[GATED] | run.robustness, run.rows))
    if before:
        print_difference(run, before, split=options.split)
    return 0


def _run_generated(options: argparse.Namespace) -> int:
    from evals.generated.run import Plan, print_lost, run_generated

    if options.json or options.keep_bars or options.against:
        raise GuichetError("--json, --keep-bars et --against sont pour le moteur embarqué : --engine embedded")
    run, path = run_generated(Plan(options.split, options.sample, options.limit_minutes))
    print(typeset(f"\nGardé : {path}"))
    if options.failures:
        print_lost(run.rows)
    return 0


def print_run(run: Run) -> None:
    """The figures of each split, in French."""
    for split, figures in run.figures.items():
        engine = ENGINE_LABELS.get(run.engine, run.engine)
        count = figures["right"].count
        print(typeset(f"\n{split} : {count} questions, moteur {engine}, {run.commit}\n"))
        print(figures_table(figures))
    if run.robustness:
        print(typeset("\nLes mêmes questions, saisies à la hâte ou dans une autre langue :\n"))
        print(figures_table(run.robustness))
    memory, cores = float(run.machine.get("peak_memory_mb", 0)), run.machine.get("cores")
    print(typeset(f"\nMémoire : {memory:.0f} Mo au plus, sur {cores} cœurs ({run.machine.get('processor')})."))


def print_failures(run: Run, questions: dict[str, Question]) -> None:
    for row in run.rows:
        if not row.right:
            asked = questions[row.id].question[:160]
            print(f"{row.id}  {row.type}/{row.style}  [{', '.join(failed_checks(row))}]  {list(row.fiches)}  {asked}")


def _against(options: argparse.Namespace) -> int:
    kept = [run for run in (latest_run(split=options.split), latest_run(split="all")) if run]
    if not kept:
        raise GuichetError("Aucun résultat n’est gardé. Produisez-en : python -m evals run --split all")
    newest = max(kept, key=lambda run: run.date)
    print_difference(newest, find_run(options.commit, options.split), split=options.split)
    return 0


def print_difference(ours: Run, theirs: Run, *, split: str) -> None:
    """Questions won and lost between two runs, on one split."""
    questions = {question.id: question for question in load_questions(split)}
    kept = [replace(run, rows=tuple(row for row in run.rows if row.id in questions)) for run in (ours, theirs)]
    print(describe(compare_runs(*kept), questions))


def _compare(options: argparse.Namespace) -> int:
    from evals.baselines.compare import compare_peers, describe_peers

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
    from evals.reporting.report import write_report

    print(typeset(f"Rapport écrit : {write_report(options.output)}"))
    return 0


def _readme(_: argparse.Namespace) -> int:
    from evals.reporting.readme import write_readme

    print(typeset(f"Tableau du README écrit d’après les résultats de {write_readme().commit}."))
    return 0


def _validate(_: argparse.Namespace) -> int:
    from evals.sets.validate import main as validate

    return validate()


def _gate(options: argparse.Namespace) -> int:
    from evals.sets.gate_sentences import print_gate

    return print_gate(options.split, failures=options.failures)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Évaluer Guichet sur son jeu de questions.")
    commands = parser.add_subparsers(required=True, metavar="commande")
    splits = ("all", *SPLITS)

    run = commands.add_parser("run", help="poser les questions, imprimer et garder les mesures")
    run.add_argument("--split", choices=splits, default="validation", help="partie du jeu (validation)")
    run.add_argument("--engine", choices=ENGINES, default="embedded", help="moteur de réponse (embedded)")
    run.add_argument("--sample", type=int, default=60, metavar="N", help="moteur généré : questions à tirer (60)")
    run.add_argument(
        "--limit-minutes", type=float, default=0, metavar="MIN", help="moteur généré : s’arrêter après (sans limite)"
    )
    run.add_argument("--json", action="store_true", help="imprimer les mesures en JSON")
    run.add_argument("--failures", action="store_true", help="imprimer les questions manquées")
    run.add_argument("--against", metavar="COMMIT", help="comparer aux résultats gardés d’un commit")
    run.add_argument(
        "--keep-bars", action="store_true", help="prendre ces mesures pour seuils (evals/scoring/data/bars.json)"
    )
    run.set_defaults(work=_run)

    compare = commands.add_parser("compare", help="Guichet et ses pairs sur les mêmes questions")
    compare.add_argument("--split", choices=splits, default="test", help="partie du jeu (test)")
    compare.set_defaults(work=_compare)

    against = commands.add_parser("against", help="questions gagnées et perdues depuis un commit")
    against.add_argument("commit", metavar="COMMIT")
    against.add_argument("--split", choices=splits, default=GATED, help=f"partie du jeu ({GATED})")
    against.set_defaults(work=_against)

    report = commands.add_parser("report", help="écrire le rapport HTML des derniers résultats")
    report.add_argument("--output", metavar="FICHIER", help="fichier à écrire (evals/results/rapport.html)")
    report.set_defaults(work=_report)

    readme = commands.add_parser("readme", help="écrire le tableau du README d’après les derniers résultats gardés")
    readme.set_defaults(work=_readme)

    validate = commands.add_parser("validate", help="vérifier le jeu de questions lui-même")
    validate.set_defaults(work=_validate)

    gate = commands.add_parser("gate", help="la barrière des réponses générées, sur des phrases étiquetées")
    gate.add_argument("--split", choices=("all", "train", "test"), default="test", help="partie des phrases (test)")
    gate.add_argument("--failures", action="store_true", help="imprimer les phrases mal jugées")
    gate.set_defaults(work=_gate)
    return parser


if __name__ == "__main__":
    sys.exit(main())
