"""What `guichet eval run` and `guichet eval against` print of saved results, in French."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.text.french import typeset
from evals.reporting.against import compare_runs, describe_difference, failed_checks
from evals.reporting.labels import ENGINE_LABELS, figures_table
from evals.results import Run
from evals.sets.questions import Question


def print_run(run: Run) -> None:
    """The figures of each split."""
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


def print_failures(run: Run, questions: Sequence[Question]) -> None:
    """The questions that were not answered right, with the checks that failed."""
    texts = {question.id: question.question for question in questions}
    for row in run.rows:
        if not row.right:
            failed = ", ".join(failed_checks(row))
            print(f"{row.id}  {row.type}/{row.style}  [{failed}]  {list(row.fiches)}  {texts[row.id][:160]}")


def print_difference(ours: Run, theirs: Run, questions: Sequence[Question]) -> None:
    """Which of these questions were won and lost between two runs."""
    asked = {question.id: question for question in questions}
    runs = [replace(run, rows=tuple(row for row in run.rows if row.id in asked)) for run in (ours, theirs)]
    print(describe_difference(compare_runs(*runs), asked))
