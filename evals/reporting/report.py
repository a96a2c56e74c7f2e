"""The kept results as one HTML page in French, with its plots inside: opens without a network.

Shows what was measured and computes nothing but bins. Plots of what was not measured are left out, and said so.
"""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from corpus.errors import GuichetError
from evals.reporting.html import figure, section
from evals.reporting.labels import ENGINE_LABELS, interval_of, label_of, typeset, value_of
from evals.reporting.report_parts import (
    Ablation,
    ablation_section,
    bars_by,
    bars_by_style_and_turn,
    missed_section,
    peers_section,
    robustness_section,
    table_section,
)
from evals.reporting.svg import bars, histogram, reliability_diagram
from evals.results import RESULTS, Run, latest_run
from evals.scoring.calibration import reliability
from evals.scoring.figures import Figures, confidence_cases
from evals.scoring.rows import pair
from evals.sets.questions import Question, load_questions

STYLE_FILE = Path(__file__).parent / "report.css"
ABLATION_FILE = "ablation.json"

LOOKED_AT = "validation"
"""Misses are listed of this split only: `test` stays unseen by those who work on the answers."""
_HEADLINES = ("right", "citation_precision", "citation_recall", "declined_outside", "false_refusals", "elapsed_ms_p50")


def write_report(output: str | None = None, *, folder: Path = RESULTS) -> Path:
    """The page of the newest kept run; raises GuichetError when no run is kept."""
    run = latest_run(folder) or latest_run(folder, split="test") or latest_run(folder, split="validation")
    if run is None:
        raise GuichetError("Aucun résultat n’est gardé. Produisez-en : python -m evals run --split all")
    path = Path(output) if output else folder / "rapport.html"
    path.write_text(make_page(run, load_questions(), read_ablation(folder / ABLATION_FILE)), encoding="utf-8")
    return path


def read_ablation(path: Path) -> Ablation:
    """The kept file as it is; {} when there is none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def make_page(run: Run, questions: Sequence[Question], ablation: Ablation) -> str:
    """The whole page. Figures are those of `test` where the run has them: nothing was fitted or decided on it."""
    split = "test" if "test" in run.figures else next(iter(run.figures))
    figures = run.figures[split]
    cases = [case for case in pair(run.rows, questions) if case[0].split == split]
    times = [row.elapsed_ms for _, row in cases]
    sections = [
        _head(run, split, figures),
        section(
            "Justesse selon le type de question",
            "Part des réponses entièrement justes : bon statut, bonnes fiches citées, rien à côté, tous les faits "
            "attendus. Le trait donne l’intervalle à 95 %.",
            figure(bars("Justesse selon le type de question", bars_by(figures, "right: "))),
        ),
        section(
            "Selon la façon d’écrire, et selon le tour de la conversation",
            "",
            figure(bars("Justesse selon le style", bars_by_style_and_turn(figures))),
        ),
        peers_section(run),
        ablation_section(ablation),
        section(
            "La confiance dit-elle vrai ?",
            "Sur la diagonale, une confiance de 80 % est juste huit fois sur dix. Le nombre est celui des questions ; "
            f"erreur de calibration : {_value(figures, 'calibration_error')}, aire sous la courbe : "
            f"{_value(figures, 'auc')}.",
            figure(reliability_diagram("Diagramme de fiabilité", reliability(*confidence_cases(cases)))),
        ),
        robustness_section(run),
        section(
            "Temps de réponse",
            f"Médiane {_value(figures, 'elapsed_ms_p50')}, 95e centile {_value(figures, 'elapsed_ms_p95')}, "
            f"mémoire {float(run.machine.get('peak_memory_mb', 0)):.0f} Mo, sur {run.machine.get('cores')} cœurs "
            f"({run.machine.get('processor')}).",
            figure(histogram("Temps de réponse", times, unit="ms", width=_nice_width(times))),
        ),
        table_section(figures),
        missed_section([case for case in pair(run.rows, questions) if case[0].split == LOOKED_AT], LOOKED_AT),
    ]
    body = "\n".join(each for each in sections if each)
    style = STYLE_FILE.read_text(encoding="utf-8")
    title = "Guichet : fiabilité mesurée"
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{typeset(title)}</title><style>\n{style}</style></head><body>\n{body}\n</body></html>\n"
    )


def _head(run: Run, split: str, figures: Figures) -> str:
    date = ".".join(reversed(run.date[:10].split("-")))
    facts = (
        f"{figures['right'].count} questions ({split}), mesurées le {date} sur le commit {run.commit}, moteur "
        f"{ENGINE_LABELS.get(run.engine, run.engine)}, encodeur {run.encoder}, document {run.document[:12]}."
    )
    tiles = "".join(
        f"<li><strong>{value_of(name, figures[name])}</strong>{escape(label_of(name))}"
        f"<span>{interval_of(name, figures[name])}</span></li>"
        for name in _HEADLINES
        if name in figures
    )
    heading = typeset("Guichet : fiabilité mesurée")
    return f'<h1>{heading}</h1><p class="quiet">{escape(typeset(facts))}</p><ul class="tiles">{tiles}</ul>'


def _value(figures: Figures, name: str) -> str:
    return value_of(name, figures[name]) if name in figures else "non mesuré"


def _nice_width(times: Sequence[float]) -> float:
    """Milliseconds a bin: of 1, 2, 5, 10..., the first that shows 19 of 20 answers."""
    reach = sorted(times)[int(0.95 * (len(times) - 1))] if times else 1.0
    return next((width for width in (1, 2, 5, 10, 20, 50, 100, 200, 500) if width * 22 >= reach), 1000)
