"""`guichet eval run --engine generated --sample N`: opens what is tried, asks, saves, and prints in French.

Questions are asked in blocks, first of Guichet, then of the tutorial: within a block the head of the prompt is the same
and the model does not read it again, as in use.
"""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant.assemble import open_guichet
from assistant.generation.gate.gate import open_gate
from assistant.generation.models.calls import bounds_of
from assistant.generation.models.open import open_model
from assistant.generation.prompt import load_prompt
from assistant.settings.settings import read_settings
from assistant.text.french import typeset
from corpus.errors import GuichetError
from corpus.load import corpus_digest, read_corpus
from evals.baselines.langchain_tutorial import TutorialPipeline
from evals.generated.figures import against_embedded, figures_of_generated, reasons
from evals.generated.rows import ENGINES, GeneratedRow, GeneratedRun, PartialRun, save_generated
from evals.generated.sample import draw_sample
from evals.generated.trial import Trial
from evals.performance.machine import current_commit, describe_run
from evals.reporting.generated_table import NAMES, generated_rows_of
from evals.reporting.labels import text_table
from evals.results import RESULTS
from evals.scoring.reference import load_reference
from evals.sets.questions import Question, load_questions, questions_digest

SEED = 20261127
_BLOCK = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask: `minutes` 0 for no limit."""

    split: str
    sample: int
    minutes: float = 0.0
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class About:
    """What is tried: as in `GeneratedRun`."""

    model: Mapping[str, str | int]
    prompt: str
    encoder: str


def run_generated(plan: Plan) -> tuple[GeneratedRun, Path]:
    """A whole run with the model of GUICHET_LLM, saved and printed; resumes the rows of a run that was interrupted."""
    with open_trial() as (trial, about):
        questions = load_questions(plan.split)
        run = try_questions(trial, questions, plan, about=about)
        path = save_generated(run)
    print_generated(run)
    return run, path


def try_questions(
    trial: Trial,
    questions: Sequence[Question],
    plan: Plan,
    *,
    about: About,
    folder: Path = RESULTS,
    clock: Callable[[], float] = time.monotonic,
) -> GeneratedRun:
    """Ask, row by row; what was saved of it is taken away when the run is whole."""
    began = clock()
    commit = current_commit()
    sample = draw_sample(questions, plan.sample, trial.asks, seed=plan.seed)
    digests: dict[str, Any] = {"document": corpus_digest(), "questions": questions_digest()}
    partial = PartialRun(commit, {"split": plan.split, "seed": plan.seed, **asdict(about), **digests}, folder)
    done = 0
    for start in range(0, len(sample.questions), _BLOCK):
        block = sample.questions[start : start + _BLOCK]
        if done and plan.minutes and clock() - began > plan.minutes * 60:
            break
        for question in block:
            if not partial.has(question.id, "generated"):
                partial.add(trial.guichet(question))
        for question in block:
            if not partial.has(question.id, "tutorial"):
                partial.add(trial.tutorial(question))
            done += 1
            _show_progress(done, len(sample.questions), clock() - began)
    rows = tuple(partial.complete())
    partial.close()
    known = {question.id: question for question in questions}
    return GeneratedRun(
        **(describe_run() | {"commit": commit}),  # that of its beginning: a run lasts an hour
        split=plan.split,
        sample=len(rows) // len(ENGINES),
        seed=plan.seed,
        called=sample.called,
        spared=sample.spared,
        figures=figures_of_generated(rows, known),
        fell_back=reasons(rows),
        rows=rows,
        model=about.model,
        prompt=about.prompt,
        encoder=about.encoder,
        **digests,
    )


@contextmanager
def open_trial() -> Iterator[tuple[Trial, About]]:
    """The real assistant, the model of the settings, the tutorial's own index; and what a run says of them."""
    settings = read_settings()
    if not settings.llm:
        raise GuichetError("Aucun modèle n’est nommé. Nommez-le : GUICHET_LLM=gguf:/chemin/modele.gguf")
    about = About(describe_model(settings.llm), load_prompt().version, settings.encoder)
    guichet = open_guichet(replace(settings, llm=""))
    model = open_model(settings)
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            tutorial = TutorialPipeline(guichet.document, read_corpus(), guichet.encoder, Path(folder))
            gate = open_gate(guichet.document, guichet.registry, guichet.encoder)
            try:
                reference, bounds = load_reference(), bounds_of(settings)
                yield Trial(guichet, model, gate, tutorial, reference, bounds=bounds), about
            finally:
                tutorial.close()
    finally:
        model.close()


def describe_model(name: str) -> dict[str, str | int]:
    """ "gguf:/models/qwen.gguf" -> its file's name, sha256 and bytes; the name alone for a server's model."""
    provider, _, place = name.partition(":")
    path = Path(place).expanduser()
    if provider != "gguf" or not path.is_file():
        return {"name": name}
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": path.name, "sha256": digest, "bytes": path.stat().st_size}


def print_generated(run: GeneratedRun) -> None:
    named = (NAMES[engine] for engine in run.figures)
    print(typeset(f"\n{run.split} : {run.sample} questions, modèle {run.model['name']}, {run.commit}\n"))
    print(text_table(("Mesure", *named), generated_rows_of(run.figures)))
    won, lost, p = against_embedded(run.rows)
    print(typeset(f"\nJustes, contre le moteur embarqué : {won} gagnées, {lost} perdues, p = {p:.2f}"))
    for reason, count in run.fell_back.items():
        print(typeset(f"Retour au moteur embarqué, « {reason} » : {count}"))


def print_lost(rows: Sequence[GeneratedRow]) -> None:
    """The questions that the embedded engine answers rightly and the generated one does not, with both texts."""
    of = {(row.engine, row.id): row for row in rows}
    for row in rows:
        if row.engine == "generated" and not row.right and of["embedded", row.id].right:
            failed = [check for check, held in row.checks.items() if not held]
            print(f"{row.id}  {failed}\n{of['embedded', row.id].answer}\n---\n{row.answer}\n")


def _show_progress(done: int, total: int, seconds: float) -> None:
    print(f"{done}/{total} questions, {seconds / 60:.1f} min", file=sys.stderr, flush=True)
