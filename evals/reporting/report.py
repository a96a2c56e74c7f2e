"""The saved results as one HTML page in French, with its plots inside: opens without a network.

Shows what was measured and computes nothing but bins. Plots of what was not measured are left out, and said so.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.text.french import typeset
from evals.reporting.labels import ENGINE_LABELS, date_of, interval_of, label_of, value_of
from evals.reporting.sections import (
    Ablation,
    Section,
    ablation_section,
    bars_by,
    bars_by_style_and_turn,
    missed_section,
    peers_section,
    robustness_section,
    table_section,
)
from evals.reporting.svg import bars, histogram, reliability_diagram
from evals.results import ABLATION_FILE, RESULTS, Run, latest_run, no_run
from evals.scoring.calibration import reliability
from evals.scoring.figures import Figures, confidence_cases
from evals.scoring.rows import pair
from evals.sets.questions import Question, load_questions

TEMPLATES = Path(__file__).parent / "templates"
LOOKED_AT = "validation"
"""Misses are listed of this split only: `test` stays unseen by those who work on the answers."""
_HEADLINES = ("right", "citation_precision", "citation_recall", "declined_outside", "false_refusals", "elapsed_ms_p50")


def write_report(output: Path | None = None, *, folder: Path = RESULTS) -> Path:
    """The page of the newest saved run of all splits, else of one; raises GuichetError when no run is saved."""
    run = latest_run("all", folder=folder) or latest_run("test", "validation", folder=folder)
    if run is None:
        raise no_run()
    path = output or folder / "rapport.html"
    path.write_text(make_page(run, load_questions(), read_ablation(folder / ABLATION_FILE.name)), encoding="utf-8")
    return path


def read_ablation(path: Path = ABLATION_FILE) -> Ablation:
    """The saved file as it is; {} when there is none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def make_page(run: Run, questions: Sequence[Question], ablation: Ablation) -> str:
    """The whole page. Figures are those of `test` where the run has them: nothing was fitted or decided on it."""
    split = "test" if "test" in run.figures else next(iter(run.figures))
    figures = run.figures[split]
    facts = (
        f"{figures['right'].count} questions ({split}), mesurées le {date_of(run.date)} sur le commit {run.commit}, "
        f"moteur {ENGINE_LABELS.get(run.engine, run.engine)}, encodeur {run.encoder}, document {run.document[:12]}."
    )
    tiles = [
        (label_of(name), value_of(name, figures[name]), interval_of(name, figures[name]))
        for name in _HEADLINES
        if name in figures
    ]
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters["french"] = typeset
    return pages.get_template("report.html").render(
        title="Guichet : fiabilité mesurée",
        facts=facts,
        tiles=tiles,
        sections=_sections(run, questions, ablation, split),
    )


def _sections(run: Run, questions: Sequence[Question], ablation: Ablation, split: str) -> list[Section]:
    """In the order of the page."""
    figures = run.figures[split]
    cases = [case for case in pair(run.rows, questions) if case[0].split == split]
    looked_at = [case for case in pair(run.rows, questions) if case[0].split == LOOKED_AT]
    times = [row.elapsed_ms for _, row in cases]
    return [
        Section(
            "Justesse selon le type de question",
            "Part des réponses entièrement justes : bon statut, bonnes fiches citées, rien à côté, tous les faits "
            "attendus. Le trait donne l’intervalle à 95 %.",
            [bars("Justesse selon le type de question", bars_by(figures, "right: "))],
        ),
        Section(
            "Selon la façon d’écrire, et selon le tour de la conversation",
            plots=[bars("Justesse selon le style", bars_by_style_and_turn(figures))],
        ),
        peers_section(run),
        *([ablation_section(ablation)] if ablation else []),
        Section(
            "La confiance dit-elle vrai ?",
            "Sur la diagonale, une confiance de 80 % est juste huit fois sur dix. Le nombre est celui des questions ; "
            f"erreur de calibration : {_value(figures, 'calibration_error')}, aire sous la courbe : "
            f"{_value(figures, 'auc')}.",
            [reliability_diagram("Diagramme de fiabilité", reliability(*confidence_cases(cases)))],
        ),
        *([robustness_section(run)] if run.robustness else []),
        Section(
            "Temps de réponse",
            f"Médiane {_value(figures, 'elapsed_ms_p50')}, 95e centile {_value(figures, 'elapsed_ms_p95')}, "
            f"mémoire {float(run.machine.get('peak_memory_mb', 0)):.0f} Mo, sur {run.machine.get('cores')} cœurs "
            f"({run.machine.get('processor')}).",
            [histogram("Temps de réponse", times, unit="ms", width=_nice_width(times))],
        ),
        table_section(figures),
        *([missed_section(looked_at, LOOKED_AT)] if looked_at else []),
    ]


def _value(figures: Figures, name: str) -> str:
    return value_of(name, figures[name]) if name in figures else "non mesuré"


def _nice_width(times: Sequence[float]) -> float:
    """Milliseconds a bin: of 1, 2, 5, 10..., the first that shows 19 of 20 answers."""
    reach = sorted(times)[int(0.95 * (len(times) - 1))] if times else 1.0
    return next((width for width in (1, 2, 5, 10, 20, 50, 100, 200, 500) if width * 22 >= reach), 1000)
