"""`guichet eval tables`: the figures of README.md and docs/evaluation.md, written from saved runs and never by hand.

They stand between marks (`<!-- evals:table -->` ... `<!-- /evals:table -->`), and name the commit of the run that they
were made from, so that a test can make them again and compare.
"""

import re
from pathlib import Path

from assistant.text.french import typeset
from corpus.errors import GuichetError
from evals.baselines.compare import COLUMNS, OURS
from evals.generated.rows import latest_generated
from evals.reporting.generated_table import make_generated_table
from evals.reporting.labels import (
    ENGINE_LABELS,
    FIGURES_HEAD,
    cell_of,
    date_of,
    figure_rows,
    interval_of,
    label_of,
    markdown_table,
    value_of,
)
from evals.results import RESULTS, Run, latest_run, no_run

_ROOT = Path(__file__).parent.parent.parent
README_FILE, PAGE_FILE = _ROOT / "README.md", _ROOT / "docs" / "evaluation.md"
HEADLINE, TABLE, GENERATED = "headline", "table", "generated"
"""The marked places: the first in the README, the others on the page."""
REPORTED = "test"
"""Nothing was fitted or decided on this part of the set."""
_HEADLINES = ("right", "declined_outside", "false_refusals")
_WHOLE = (
    "right",
    "quotes_standing",
    "list_f1",
    "citation_precision",
    "citation_recall",
    "declined_outside",
    "declined_near_misses",
    "false_refusals",
    "auc",
    "calibration_error",
    "turn: 2",
    "turn: 3",
    "elapsed_ms_p50",
    "elapsed_ms_p95",
)


def write_tables(readme: Path = README_FILE, page: Path = PAGE_FILE, folder: Path = RESULTS) -> Run:
    """Fill the marked places from the newest saved runs of a clean checkout; returns that of the evaluation.

    Raises GuichetError, in French, when no such run is saved, when its peers were not measured, or without the marks.
    """
    run = latest_run("all", folder=folder, dirty=False)
    if run is None:
        raise no_run()
    if not run.peers:
        raise GuichetError(f"Les pairs ne sont pas mesurés pour {run.commit}. Mesurez-les : guichet eval compare")
    text = fill(page.read_text(encoding="utf-8"), TABLE, make_table(run))
    generated = latest_generated(folder)
    if generated:
        text = fill(text, GENERATED, make_generated_table(generated))
    headline = fill(readme.read_text(encoding="utf-8"), HEADLINE, make_headline(run))
    page.write_text(text, encoding="utf-8")
    readme.write_text(headline, encoding="utf-8")
    return run


def fill(text: str, name: str, content: str) -> str:
    """The text with `content` between the marks of that name."""
    first, last = marks(name)
    opening, closing = text.find(first), text.find(last)
    if not -1 < opening < closing:
        raise GuichetError(f"Le fichier n’a pas de place pour les mesures : {first} … {last}")
    return f"{text[: opening + len(first)]}\n{content}\n{text[closing:]}"


def filled(text: str, name: str) -> str:
    """What stands between the marks of that name."""
    first, last = marks(name)
    return text.partition(first)[2].partition(last)[0].strip("\n")


def marks(name: str) -> tuple[str, str]:
    return f"<!-- evals:{name} -->", f"<!-- /evals:{name} -->"


def commit_in(content: str) -> str:
    """The commit that a table or the headline names; "" when it names none."""
    match = re.search(r"commit `([^`]+)`", content)
    return match[1] if match else ""


def make_headline(run: Run) -> str:
    """Three figures of `REPORTED` as a list, and where they come from."""
    figures = run.figures[REPORTED]
    lines = [
        f"- {label_of(name)} : **{value_of(name, figures[name])}** [{interval_of(name, figures[name])}]"
        for name in _HEADLINES
    ]
    where = (
        f"Mesuré le {date_of(run.date)}, commit `{run.commit}`, sur les {figures['right'].count} questions de la "
        f"partie « {REPORTED} », sur laquelle rien n’est réglé ; entre crochets, l’intervalle à 95 %."
    )
    return typeset("\n".join([*lines, "", where]))


def make_table(run: Run) -> str:
    """Markdown in French: where the figures come from, Guichet beside its peers, then Guichet as a whole."""
    figures = run.figures[REPORTED]
    names = [OURS, *(name for name in run.peers if name != OURS)]
    compared = [(label_of(name), *(cell_of(name, run.peers[peer]) for peer in names)) for name in COLUMNS]
    whole = figure_rows({name: figures[name] for name in _WHOLE if name in figures}, absent="–")
    memory, cores = float(run.machine.get("peak_memory_mb", 0)), run.machine.get("cores")
    where = (
        f"Mesuré le {date_of(run.date)}, commit `{run.commit}`, moteur "
        f"{ENGINE_LABELS.get(run.engine, run.engine)}, encodeur `{run.encoder}`, {cores} cœurs, {memory:.0f} Mo de "
        "mémoire au plus. Entre crochets, l’intervalle à 95 %."
    )
    beside = (
        f"Guichet et ses pairs, sur les mêmes questions isolées (partie « {run.peers_split} »), le même texte et le "
        "même encodeur :"
    )
    alone = f"Guichet en entier, conversations comprises (partie « {REPORTED} ») :"
    noised = (
        "Les mêmes questions, saisies à la hâte (prises dans tout le jeu) ou posées dans une autre langue "
        "(« validation ») :"
    )
    parts = [
        typeset(where),
        typeset(beside),
        markdown_table(("Mesure", *names), compared),
        typeset(alone),
        markdown_table(FIGURES_HEAD, whole),
    ]
    if run.robustness:
        parts += [typeset(noised), markdown_table(FIGURES_HEAD, figure_rows(run.robustness, absent="–"))]
    return "\n\n".join(parts)
