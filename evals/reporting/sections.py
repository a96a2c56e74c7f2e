"""The sections of the report: what is said, drawn and listed in each. Plain French texts; the template escapes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.text.french import typeset
from evals.baselines.compare import COLUMNS, OURS
from evals.reporting.against import failed_checks
from evals.reporting.labels import (
    CHECKS,
    FIGURES_HEAD,
    STYLES_AND_TYPES,
    cell_of,
    figure_rows,
    label_of,
    percent,
    side_label,
    value_of,
)
from evals.reporting.svg import Bar, bars
from evals.results import Run
from evals.scoring.figures import Figures
from evals.scoring.rows import Row
from evals.sets.questions import Question

Ablation = Mapping[str, Any]
"""What `guichet eval ablation --keep` saves: `whole` with the hit@1 of the search, and for each of its `sides`
the hit@1 that it has `alone` and what is `lost_...` without it."""

_COMPARED = ("hit@1", "hit@5", "all_gold@5", "citation_precision", "citation_recall")
_SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
"""Ends of the axis of small shares; the first that holds them all."""
_NOT_IN_TABLE = ("right: ", "style: ", "turn: ")


@dataclass(frozen=True, slots=True)
class Table:
    """`wordy`: positions of the columns that hold sentences; the others hold figures."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    wordy: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """`plots`: SVG; `folded`: the line under which the table is folded away, "" where it is open."""

    heading: str
    text: str = ""
    plots: Sequence[str] = ()
    table: Table | None = None
    folded: str = ""


def bars_by(figures: Figures, prefix: str) -> list[Bar]:
    """The figures of one prefix as bars, best first but for turns."""
    measures = {name.removeprefix(prefix): measure for name, measure in figures.items() if name.startswith(prefix)}
    order = list(measures) if prefix == "turn: " else sorted(measures, key=lambda key: -measures[key].value)
    return [
        Bar(
            f"tour {key}" if prefix == "turn: " else STYLES_AND_TYPES.get(key, key),
            measures[key].value,
            measures[key].low,
            measures[key].high,
            typeset(f"{value_of(prefix, measures[key])} sur {measures[key].count}"),
        )
        for key in order
    ]


def bars_by_style_and_turn(figures: Figures) -> list[Bar]:
    turns = bars_by(figures, "turn: ")
    headed = [Bar("Conversations"), *turns] if turns else []
    return [Bar("Façon d’écrire"), *bars_by(figures, "style: "), *headed]


def _compared(systems: Mapping[str, Figures], names: Sequence[str], ours: str) -> list[Bar]:
    """A heading for each figure, below it a bar for each system."""
    rows = []
    for name in names:
        rows.append(Bar(label_of(name)))
        for system, figures in systems.items():
            if name in figures:
                measure = figures[name]
                note = cell_of(name, figures)
                rows.append(Bar(system, measure.value, measure.low, measure.high, note, ours=system == ours))
    return rows


def peers_section(run: Run) -> Section:
    heading = "À côté des autres façons de faire"
    if not run.peers:
        return Section(heading, "Non mesuré : guichet eval compare")
    rows = [
        (label_of(name), *(_unbroken(cell_of(name, figures)) for figures in run.peers.values())) for name in COLUMNS
    ]
    return Section(
        heading,
        f"Mêmes questions ({run.peers_split}), même texte, même encodeur ; intervalles à 95 %.",
        [bars("Comparaison", _compared(run.peers, _COMPARED, OURS))],
        Table(("Mesure", *run.peers), rows),
    )


def ablation_section(ablation: Ablation) -> Section:
    """Two plots: each side alone beside the whole search, and on a scale of its own what is lost without it."""
    alone = [(side["side"], side["alone"]) for side in ablation["sides"]]
    lost = [(side["side"], side["lost_cross_validated"]) for side in ablation["sides"]]
    rows = [
        Bar("Chaque côté seul (validation)"),
        _plain("toute la recherche", ablation["whole"]["hit@1 validation"], ours=True),
        *(_plain(side_label(name), value) for name, value in sorted(alone, key=lambda side: -side[1])),
    ]
    missed = [
        Bar("Ce qui est perdu sans lui (validation croisée en 5 plis)"),
        *(_plain(f"sans {side_label(name)}", value) for name, value in sorted(lost, key=lambda side: -side[1])),
    ]
    reach = next((scale for scale in _SCALES if scale >= max(value for _, value in lost)), 1.0)
    text = "Bonne fiche en premier. Un côté lit une sorte de texte d’une façon ; les poids sont réappris sans lui."
    if "commit" in ablation:
        text += f" Mesuré sur le commit {ablation['commit']}."
    plots = (bars("Chaque côté seul", rows), bars("Perdu sans lui", missed, reach=reach))
    return Section("Ce que chaque côté de la recherche apporte", text, plots)


def _plain(label: str, value: float, *, ours: bool = False) -> Bar:
    return Bar(label, value, value, value, percent(value), ours=ours)


def robustness_section(run: Run) -> Section:
    rows = [
        Bar(
            name.partition(": ")[2] or "toutes les saisies hâtives",
            measure.value,
            measure.low,
            measure.high,
            typeset(f"{value_of(name, measure)} sur {measure.count}"),
        )
        for name, measure in run.robustness.items()
    ]
    text = (
        "Part des questions, prises dans tout le jeu, dont la première fiche reste la même quand elles sont saisies à "
        "la hâte, ou (validation) posées en anglais, arabe, espagnol, portugais ou turc."
    )
    return Section("Fautes, SMS, accents absents, autre langue", text, [bars("Robustesse", rows)])


def table_section(figures: Figures) -> Section:
    rows = figure_rows({name: each for name, each in figures.items() if not name.startswith(_NOT_IN_TABLE)})
    return Section("Toutes les mesures", table=Table(FIGURES_HEAD, rows))


def missed_section(cases: Sequence[tuple[Question, Row]], split: str) -> Section:
    """The questions of one split that were not answered right."""
    rows = [
        (question.question[:200], STYLES_AND_TYPES.get(row.type, row.type), _failed(row), row.id)
        for question, row in cases
        if not row.right
    ]
    table = Table(("Question", "Type", "Ce qui manque", "Numéro"), rows, frozenset({0, 2}))
    return Section("Ce que Guichet manque", table=table, folded=f"{len(rows)} des {len(cases)} questions ({split})")


def _failed(row: Row) -> str:
    return ", ".join(CHECKS.get(name, name) for name in failed_checks(row))


def _unbroken(cell: str) -> str:
    """No line break cuts the interval; one may stand before it."""
    value, bracket, interval = cell.partition(" [")
    return value + bracket + interval.replace(" ", "\N{NO-BREAK SPACE}").replace("–", "–\N{WORD JOINER}")
