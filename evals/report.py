"""The kept results as one HTML page in French, with its plots inside: opens without a network.

Shows what was measured and computes nothing but bins. Plots of what was not measured are left out, and said so.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from corpus.errors import GuichetError
from evals.against import failed_checks
from evals.calibration import reliability
from evals.compare import COLUMNS, OURS
from evals.figures import Figures, confidence_cases
from evals.html_parts import figure, section, table
from evals.labels import STYLES_AND_TYPES, interval_of, label_of, typeset, value_of
from evals.questions import Question, load_questions
from evals.results import RESULTS, Run, figures_from, latest_run
from evals.rows import Row, pair
from evals.svg import Bar, bars, histogram, reliability_diagram

STYLE_FILE = Path(__file__).parent / "report.css"
ABLATION_FILE = "ablation.json"
"""Written by `python -m evals.retrieval`: {"ablation": {name of the variant: {figure: measure}}}, in its order."""

_HEADLINES = ("right", "citation_precision", "citation_recall", "declined_outside", "false_refusals", "elapsed_ms_p50")
_ABLATED = ("hit@1", "mrr", "all_gold@5")
_COMPARED = ("hit@1", "hit@5", "all_gold@5", "citation_precision", "citation_recall")
_NOT_IN_TABLE = ("right: ", "style: ", "turn: ")


def write_report(output: str | None = None, *, folder: Path = RESULTS) -> Path:
    """The page of the newest kept run; raises GuichetError when no run is kept."""
    run = latest_run(folder) or latest_run(folder, split="test") or latest_run(folder, split="validation")
    if run is None:
        raise GuichetError("Aucun résultat n’est gardé. Produisez-en : python -m evals run --split all")
    path = Path(output) if output else folder / "rapport.html"
    path.write_text(make_page(run, load_questions(), read_ablation(folder / ABLATION_FILE)), encoding="utf-8")
    return path


def read_ablation(path: Path) -> dict[str, Figures]:
    """Variant -> figures; {} when none was kept."""
    if not path.exists():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    return {name: figures_from(each) for name, each in content["ablation"].items()}


def make_page(run: Run, questions: Sequence[Question], ablation: Mapping[str, Figures]) -> str:
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
            figure(bars("Justesse selon le type de question", _by(figures, "right: "))),
        ),
        section(
            "Selon la façon d’écrire, et selon le tour de la conversation",
            "",
            figure(bars("Justesse selon le style", _by_style_and_turn(figures))),
        ),
        _peers(run),
        _ablation(ablation),
        section(
            "La confiance dit-elle vrai ?",
            "Sur la diagonale, une confiance de 80 % est juste huit fois sur dix. Le nombre est celui des questions ; "
            f"erreur de calibration : {_value(figures, 'calibration_error')}, aire sous la courbe : "
            f"{_value(figures, 'auc')}.",
            figure(reliability_diagram("Diagramme de fiabilité", reliability(*confidence_cases(cases)))),
        ),
        _robustness(run),
        section(
            "Temps de réponse",
            f"Médiane {_value(figures, 'elapsed_ms_p50')}, 95e centile {_value(figures, 'elapsed_ms_p95')}, "
            f"mémoire {float(run.machine.get('peak_memory_mb', 0)):.0f} Mo, sur {run.machine.get('cores')} cœurs "
            f"({run.machine.get('processor')}).",
            figure(histogram("Temps de réponse", times, unit="ms", width=_nice_width(times))),
        ),
        _table(figures),
        _missed([case for case in cases if not case[1].right]),
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
        f"{run.engine}, encodeur {run.encoder}, document {run.document[:12]}."
    )
    tiles = "".join(
        f"<li><strong>{value_of(name, figures[name])}</strong>{escape(label_of(name))}"
        f"<span>{interval_of(name, figures[name])}</span></li>"
        for name in _HEADLINES
        if name in figures
    )
    heading = typeset("Guichet : fiabilité mesurée")
    return f'<h1>{heading}</h1><p class="quiet">{escape(typeset(facts))}</p><ul class="tiles">{tiles}</ul>'


def _by(figures: Figures, prefix: str) -> list[Bar]:
    """The figures of one prefix as bars, best first but for turns."""
    kept = {name.removeprefix(prefix): measure for name, measure in figures.items() if name.startswith(prefix)}
    order = list(kept) if prefix == "turn: " else sorted(kept, key=lambda key: -kept[key].value)
    return [
        Bar(
            f"tour {key}" if prefix == "turn: " else STYLES_AND_TYPES.get(key, key),
            kept[key].value,
            kept[key].low,
            kept[key].high,
            typeset(f"{value_of(prefix, kept[key])} sur {kept[key].count}"),
        )
        for key in order
    ]


def _by_style_and_turn(figures: Figures) -> list[Bar]:
    turns = _by(figures, "turn: ")
    headed = [Bar("Conversations"), *turns] if turns else []
    return [Bar("Façon d’écrire"), *_by(figures, "style: "), *headed]


def _compared(systems: Mapping[str, Figures], names: Sequence[str], ours: str) -> list[Bar]:
    """A heading for each figure, below it a bar for each system."""
    rows = []
    for name in names:
        rows.append(Bar(label_of(name)))
        for system, figures in systems.items():
            if name in figures:
                each = figures[name]
                note = f"{value_of(name, each)} [{interval_of(name, each)}]"
                rows.append(Bar(system, each.value, each.low, each.high, note, ours=system == ours))
    return rows


def _peers(run: Run) -> str:
    heading = "À côté des autres façons de faire"
    if not run.peers:
        return section(heading, "Non mesuré : python -m evals compare")
    rows = [(label_of(name), *(_cell(name, figures) for figures in run.peers.values())) for name in COLUMNS]
    return section(
        heading,
        f"Mêmes questions ({run.peers_split}), même texte, même encodeur ; intervalles à 95 %.",
        figure(bars("Comparaison", _compared(run.peers, _COMPARED, OURS))),
        table(("Mesure", *run.peers), rows),
    )


def _ablation(ablation: Mapping[str, Figures]) -> str:
    if not ablation:
        return ""
    names = [name for name in _ABLATED if any(name in each for each in ablation.values())]
    rows = _compared(ablation, names, next(iter(ablation)))
    text = "La recherche entière, puis les mêmes mesures sans l’une de ses parties."
    return section("Ce que chaque partie de la recherche apporte", text, figure(bars("Ablation", rows)))


def _robustness(run: Run) -> str:
    if not run.robustness:
        return ""
    rows = [
        Bar(
            name.partition(": ")[2] or "ensemble",
            each.value,
            each.low,
            each.high,
            typeset(f"{value_of(name, each)} sur {each.count}"),
        )
        for name, each in run.robustness.items()
    ]
    text = "Part des questions dont la première fiche reste la même quand elles sont saisies à la hâte."
    return section("Fautes, SMS, accents absents", text, figure(bars("Robustesse", rows)))


def _table(figures: Figures) -> str:
    rows = [
        (label_of(name), value_of(name, each), interval_of(name, each), str(each.count))
        for name, each in figures.items()
        if not name.startswith(_NOT_IN_TABLE)
    ]
    return section("Toutes les mesures", "", table(("Mesure", "Valeur", "Intervalle à 95 %", "Questions"), rows))


def _missed(cases: Sequence[tuple[Question, Row]]) -> str:
    rows = [
        (question.question[:200], STYLES_AND_TYPES.get(row.type, row.type), ", ".join(failed_checks(row)), row.id)
        for question, row in cases
    ]
    listed = table(("Question", "Type", "Ce qui manque", "Numéro"), rows, wordy=frozenset({0, 2}))
    details = f"<details><summary>{len(cases)} questions</summary>{listed}</details>"
    return section("Ce que Guichet manque", "", details)


def _cell(name: str, figures: Figures) -> str:
    return f"{value_of(name, figures[name])} [{interval_of(name, figures[name])}]" if name in figures else "–"


def _value(figures: Figures, name: str) -> str:
    return value_of(name, figures[name]) if name in figures else "non mesuré"


def _nice_width(times: Sequence[float]) -> float:
    """Milliseconds a bin: of 1, 2, 5, 10..., the first that shows 19 of 20 answers."""
    reach = sorted(times)[int(0.95 * (len(times) - 1))] if times else 1.0
    return next((width for width in (1, 2, 5, 10, 20, 50, 100, 200, 500) if width * 22 >= reach), 1000)
