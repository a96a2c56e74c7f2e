"""A whole run of the evaluation: open the real assistant, ask every question, compute every figure."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.assemble import open_guichet
from assistant.chain import Guichet
from assistant.settings.settings import Settings, read_settings
from corpus.load import corpus_digest
from evals.performance.machine import DIRTY, describe_run
from evals.results import Run, load_run, results_file
from evals.scoring.figures import figures_by_split
from evals.scoring.reference import Reference
from evals.scoring.robustness import compare_noised, robustness, variants
from evals.scoring.rows import Answerer, evaluate, pair
from evals.sets.questions import Question, questions_digest


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
    """A whole run, not yet saved: every question, then the clean ones with noise and in other languages."""
    rows = evaluate(answerer, questions, reference, report=None if quiet else show_progress("questions"))
    same = compare_noised(answerer, variants(questions))
    return Run(
        **describe_run(),
        split=split,
        engine=engine,
        encoder=encoder,
        document=corpus_digest(),
        questions=questions_digest(),
        figures=figures_by_split(pair(rows, questions)),
        rows=tuple(rows),
        robustness=dict(robustness(same)),
    )


def open_assistant(*, quiet: bool = False) -> tuple[Guichet, Settings]:
    """The assistant as it is served, with the settings of the environment."""
    settings = read_settings()
    return open_guichet(settings, report=None if quiet else show_progress("index")), settings


def add_saved_peers(run: Run) -> Run:
    """The run with the comparison that is saved for the same commit, unless its checkout had changes."""
    path = results_file(run.commit, run.split)
    if run.commit.endswith(DIRTY) or not path.exists():
        return run
    before = load_run(path)
    return replace(run, peers=before.peers, peers_split=before.peers_split)


def show_progress(what: str) -> Callable[[int, int], None] | None:
    """A line that rewrites itself on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        print(f"\r{what} {done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return show
