"""`guichet eval COMMAND` (or `python -m evals COMMAND`): one function for each command of `evals.arguments`.

A function opens what is measured, calls the module that measures, prints and saves; nothing is computed here. The
modules of a command are imported when it runs: `guichet eval report` loads no encoder, only `page` needs a browser.
"""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from assistant.text.french import typeset
from corpus.errors import GuichetError
from evals.arguments import parse


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0 when it went well, 1 when something must be repaired (one French line says what)."""
    options = parse(sys.argv[1:] if argv is None else argv)
    try:
        return _COMMANDS[options.command](options)
    except GuichetError as error:
        print(f"guichet : {error}", file=sys.stderr)
        return 1


def _run(options: Namespace) -> int:
    if options.engine == "generated":
        return _run_generated(options)
    from evals.reporting.publish import publish
    from evals.reporting.terminal import print_difference, print_failures, print_run
    from evals.results import find_run, save_run
    from evals.scoring.bars import SPLIT, make_bars, write_bars
    from evals.scoring.evaluation import add_saved_peers, evaluate_all, open_assistant
    from evals.scoring.reference import load_reference
    from evals.sets.questions import load_questions

    if options.keep_bars and options.split != SPLIT:
        raise GuichetError(f"Les seuils se prennent sur « {SPLIT} » : --split {SPLIT} --keep-bars")
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
    path = save_run(add_saved_peers(run))
    publish(run)
    if options.json:
        figures = {
            split: {name: asdict(measure) for name, measure in measures.items()}
            for split, measures in run.figures.items()
        }
        print(json.dumps({"commit": run.commit, "figures": figures}, ensure_ascii=False, indent=1))
    else:
        print_run(run)
        print(typeset(f"\nGardé : {path}"))
    if options.failures:
        print_failures(run, questions)
    if options.keep_bars:
        write_bars(make_bars(run.commit, run.figures[SPLIT] | run.robustness, run.rows))
    if before:
        print_difference(run, before, questions)
    return 0


def _run_generated(options: Namespace) -> int:
    from evals.generated.run import Plan, print_lost, run_generated

    if options.json or options.keep_bars or options.against:
        raise GuichetError("--json, --keep-bars et --against sont pour le moteur embarqué : --engine embedded")
    run, path = run_generated(Plan(options.split, options.sample, options.limit_minutes))
    print(typeset(f"\nGardé : {path}"))
    if options.failures:
        print_lost(run.rows)
    return 0


def _against(options: Namespace) -> int:
    from evals.reporting.terminal import print_difference
    from evals.results import find_run, latest_run, no_run
    from evals.sets.questions import load_questions

    newest = latest_run(options.split, "all")
    if newest is None:
        raise no_run()
    print_difference(newest, find_run(options.commit, options.split), load_questions(options.split))
    return 0


def _compare(options: Namespace) -> int:
    from evals.baselines.compare import compare_peers, describe_peers
    from evals.baselines.peers import compared
    from evals.performance.machine import current_commit
    from evals.results import load_run, results_file, save_run
    from evals.scoring.evaluation import evaluate_all, open_assistant
    from evals.scoring.reference import load_reference
    from evals.sets.questions import load_questions

    questions = load_questions(options.split)
    guichet, settings = open_assistant()
    peers, tests = compare_peers(guichet, compared(questions))
    print(describe_peers(peers, tests, split=options.split))
    saved = [path for split in ("all", options.split) if (path := results_file(current_commit(), split)).exists()]
    run = (
        load_run(saved[0])
        if saved
        else evaluate_all(guichet, questions, load_reference(), split=options.split, encoder=settings.encoder)
    )
    print(typeset(f"\nGardé : {save_run(replace(run, peers=peers, peers_split=options.split))}"))
    return 0


def _answers(options: Namespace) -> int:
    from evals.answers import compare_answers, describe_changes, question_files, read_questions, save_answers
    from evals.scoring.evaluation import open_assistant, show_progress

    guichet, _ = open_assistant()
    if options.save:
        questions = read_questions(question_files(options.also))
        save_answers(guichet, questions, options.save, report=show_progress("questions"))
        print(typeset(f"Gardé : {options.save}, {len(questions)} réponses"))
        return 0
    count, changes = compare_answers(guichet, options.against, report=show_progress("questions"))
    print(describe_changes(count, changes))
    return 1 if changes else 0


def _report(options: Namespace) -> int:
    from evals.reporting.report import write_report

    print(typeset(f"Rapport écrit : {write_report(options.output)}"))
    return 0


def _tables(_: Namespace) -> int:
    from evals.reporting.tables import write_tables

    print(typeset(f"Tableaux et chiffres écrits d’après les résultats de {write_tables().commit}."))
    return 0


def _validate(_: Namespace) -> int:
    from evals.sets.validate import validate

    return validate()


def _gate(options: Namespace) -> int:
    from evals.sets.gate_sentences import print_gate

    print_gate(options.split, failures=options.failures)
    return 0


def _ablation(options: Namespace) -> int:
    from evals.baselines.ablation import measure_sides

    measure_sides(keep=options.keep)
    return 0


def _outside(options: Namespace) -> int:
    from evals.baselines.outside_corpus import evaluate_outside

    figures = evaluate_outside(options.folder)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, (success, reciprocal) in figures.items():
            print(f"{name:22} success@10 {success:.3f}   MRR {reciprocal:.3f}")
    return 0


def _speed(options: Namespace) -> int:
    from evals.performance.speed import measure

    _show(measure(options.questions, compare=not options.without_float), options)
    return 0


def _page(options: Namespace) -> int:
    from evals.performance.page import measure

    _show(measure(options.questions), options)
    return 0


def _load(options: Namespace) -> int:
    from evals.performance.load import Load, measure
    from evals.results import save_measurement

    load = Load(options.agents, options.seconds, options.pause, options.saturation)
    run = measure(load, processes=options.processes, address=options.address)
    several = f"-{options.processes}-processes" if options.processes > 1 else ""
    save_measurement(f"load-{run['commit']}{several}", run, keep=options.keep)
    return 1 if run["conversation"]["errors"] or run["saturation"]["errors"] else 0


def _memory(options: Namespace) -> int:
    from evals.performance.memory import measure
    from evals.results import save_measurement

    run = measure(options.questions)
    save_measurement(f"memory-{run['commit']}", run, keep=options.keep)
    return 1 if run["answers"]["errors"] else 0


def _fit(options: Namespace) -> int:
    if options.part == "adapter":
        from evals.fitting.adapter import fit_adapter

        fit_adapter(options.general, options.steps, write=not options.dry)
    else:
        from evals.fitting.fit import fit

        fit(options.part, write=not options.dry)
    return 0


def _show(figures: dict[str, float | str], options: Namespace) -> None:
    """Figures by name, one a line, or one line of JSON."""
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:26} {value}")


_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "run": _run,
    "compare": _compare,
    "against": _against,
    "answers": _answers,
    "report": _report,
    "tables": _tables,
    "validate": _validate,
    "gate": _gate,
    "ablation": _ablation,
    "outside": _outside,
    "speed": _speed,
    "load": _load,
    "memory": _memory,
    "page": _page,
    "fit": _fit,
}
