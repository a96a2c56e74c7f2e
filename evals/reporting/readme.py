"""`python -m evals readme`: the README's two tables of figures, written from kept runs and never by hand.

A table names the commit of the run that it was made from, so that a test can make it again and compare.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.errors import GuichetError
from evals.baselines.compare import COLUMNS, OURS
from evals.generated.rows import latest_generated
from evals.reporting import readme_generated
from evals.reporting.labels import ENGINE_LABELS, interval_of, label_of, typeset, value_of
from evals.reporting.readme_generated import make_generated_table
from evals.results import RESULTS, Run, latest_run
from evals.scoring.figures import Figures

README_FILE = Path(__file__).parent.parent.parent / "README.md"
OPENING, CLOSING = "<!-- evals:table -->", "<!-- /evals:table -->"
GENERATED = (readme_generated.OPENING, readme_generated.CLOSING)
UNMEASURED = "*Le tableau est écrit par `python -m evals readme` d’après les derniers résultats gardés.*"
"""What stands between the marks as long as no run was kept."""
REPORTED = "test"
"""Nothing was fitted or decided on this part of the set."""
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


_HEAD = ("Mesure", "Valeur", "Intervalle à 95 %", "Questions")


def write_readme(path: Path = README_FILE, folder: Path = RESULTS) -> Run:
    """Fill the marked places from the newest kept runs of a clean checkout; returns that of the first table.

    Raises GuichetError, in French, when no such run is kept, when its peers were not measured, or without the marks.
    """
    run = latest_run(folder, dirty=False)
    if run is None or REPORTED not in run.figures:
        raise GuichetError("Aucun résultat complet n’est gardé. Produisez-en : python -m evals run --split all")
    if not run.peers:
        raise GuichetError(f"Les pairs ne sont pas mesurés pour {run.commit}. Mesurez-les : python -m evals compare")
    text = fill(path.read_text(encoding="utf-8"), make_table(run))
    tried = latest_generated(folder)
    table = make_generated_table(tried) if tried else readme_generated.UNMEASURED
    path.write_text(fill(text, table, GENERATED), encoding="utf-8")
    return run


def fill(text: str, table: str, marks: tuple[str, str] = (OPENING, CLOSING)) -> str:
    """The text with `table` between the marks."""
    first, last = marks
    opening, closing = text.find(first), text.find(last)
    if not -1 < opening < closing:
        raise GuichetError(f"Le fichier n’a pas de place pour le tableau : {first} … {last}")
    return f"{text[: opening + len(first)]}\n{table}\n{text[closing:]}"


def table_in(text: str, marks: tuple[str, str] = (OPENING, CLOSING)) -> str:
    """What stands between the marks."""
    return text.partition(marks[0])[2].partition(marks[1])[0].strip("\n")


def commit_in(table: str) -> str:
    """The commit that a table names; "" when it names none."""
    match = re.search(r"commit `([^`]+)`", table)
    return match[1] if match else ""


def make_table(run: Run) -> str:
    """Markdown in French: where the figures come from, Guichet beside its peers, then Guichet as a whole."""
    figures = run.figures[REPORTED]
    names = [OURS, *(name for name in run.peers if name != OURS)]
    compared = [(label_of(name), *(_cell(name, run.peers[peer]) for peer in names)) for name in COLUMNS]
    whole = _rows({name: figures[name] for name in _WHOLE if name in figures})
    memory, cores = float(run.machine.get("peak_memory_mb", 0)), run.machine.get("cores")
    where = (
        f"Mesuré le {'.'.join(reversed(run.date[:10].split('-')))}, commit `{run.commit}`, moteur "
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
        _markdown(("Mesure", *names), compared),
        typeset(alone),
        _markdown(_HEAD, whole),
    ]
    if run.robustness:
        parts += [typeset(noised), _markdown(_HEAD, _rows(run.robustness))]
    return "\n\n".join(parts)


def _rows(figures: Figures) -> list[tuple[str, ...]]:
    return [
        (label_of(name), value_of(name, each), interval_of(name, each) or "–", f"{each.count}")
        for name, each in figures.items()
    ]


def _cell(name: str, figures: Figures) -> str:
    if name not in figures:
        return "–"
    interval = interval_of(name, figures[name])
    return f"{value_of(name, figures[name])} [{interval}]" if interval else value_of(name, figures[name])


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ("---", *("---:" for _ in head[1:]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))
