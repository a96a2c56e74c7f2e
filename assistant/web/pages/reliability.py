"""The latest kept scores, in words that a desk agent understands. Reads the file that `guichet eval` writes."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from assistant.service.health import State, summary

RESULTS = Path(__file__).parent.parent.parent.parent / "evals" / "results"
WORDS = (
    ("right", "Réponses entièrement justes", "la bonne fiche, tout ce qu’il fallait dire, rien de faux"),
    ("citation_precision", "Fiches citées à raison", "parmi les fiches citées, celles qui répondent vraiment"),
    ("citation_recall", "Fiches attendues et citées", "parmi les fiches qu’il fallait citer, celles qui l’ont été"),
    ("declined_outside", "Hors du document, et dit comme tel", "Guichet reconnaît que le document n’en parle pas"),
    (
        "false_refusals",
        "Refus à tort",
        "le document répondait, Guichet ne l’a pas vu\u00a0; moins il y en a, mieux c’est",
    ),
    ("robust", "Question mal écrite, même fiche", "avec des fautes, sans accents ou en abrégé (« ki finance… »)"),
    ("robust: autre langue", "Autre langue, même fiche", "la même question posée en anglais, en arabe, en turc…"),
)
KINDS = {
    "financeurs": "qui peut financer une action",
    "operateurs": "qui peut la mener",
    "dispositifs": "les aides et programmes sur lesquels s’appuyer",
    "descriptif": "en quoi consiste une action",
    "fait": "un détail précis du texte (une date, une durée, une condition)",
    "inverse": "les fiches où figure un partenaire",
    "agregat": "les comptes et les comparaisons",
    "navigation": "le plan du document",
    "preambule": "l’introduction du document",
    "suite": "une question qui s’appuie sur la précédente (« et qui la finance\u00a0? »)",
    "hors_sujet": "ce dont le document ne parle pas\u00a0: Guichet répond parfois au lieu de le dire",
    "fausse_premisse": "une question qui tient pour vrai ce que le document ne dit pas",
}
"""What each type of question is about, for the list of what Guichet does least well."""
FORMS = {
    "sms": "les messages abrégés (« ki finance… »)",
    "oral": "les questions racontées comme à l’oral",
    "familier": "les questions dites familièrement",
    "sigle": "les sigles et les mots seuls, sans phrase",
    "autre_langue": "les questions dans une autre langue",
}
LEAST_ASKED, MOST_LISTED, WELL = 10, 4, 0.9
"""Kinds with fewer questions say nothing; at most so many are listed; those that do well are not."""
LIMITS = (
    "Le document date de 2015\u00a0: un dispositif, un montant ou un organisme a pu changer depuis. Vérifiez avant "
    "d’orienter quelqu’un.",
    "Guichet ne connaît que les 43 fiches\u00a0: ni dossiers, ni adresses, ni horaires, ni droits d’une personne.",
    "Quand Guichet cite une fiche, ouvrez-la\u00a0: la phrase citée y est toujours, mais elle peut ne pas être celle "
    "qu’il fallait.",
)
MISSING = (
    "<p>Aucune évaluation n’est conservée sur cette machine pour le moment. La personne qui administre Guichet peut "
    "en lancer une avec la commande <code>guichet eval</code>\u00a0; ses résultats s’afficheront ici.</p>"
)
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def latest_run(folder: Path = RESULTS) -> dict[str, Any] | None:
    """`latest.json` where it stands, else the newest kept run; None when there is none that can be read."""
    runs = []
    for path in sorted(folder.glob("*.json")):
        try:
            run = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(run, dict) and isinstance(run.get("figures"), dict) and run["figures"]:
            runs.append((path.name == "latest.json", str(run.get("date", "")), run))
    return max(runs, key=lambda each: each[:2])[2] if runs else None


def render_reliability(run: dict[str, Any] | None) -> str:
    """A table of sentences and percentages with their margins; says politely when nothing was measured."""
    if run is None:
        return MISSING
    figures = run["figures"].get("all") or next(iter(run["figures"].values()))
    shown = {**figures, **run.get("robustness", {})}
    rows = "".join(_row(name, meaning, shown[key]) for key, name, meaning in WORDS if key in shown)
    count = int(figures.get("right", {}).get("count", 0))
    median = figures.get("elapsed_ms_p50", {}).get("value")
    speed = f"<p>Une réponse demande d’habitude {_duration(median)}.</p>" if median else ""
    engine = "embarqué, sans modèle de langue" if run.get("engine") == "embedded" else str(run.get("engine", ""))
    weak = weaknesses(figures)
    worst = f"<p>Les questions où il se trompe le plus souvent\u00a0:</p>{_list(weak)}" if weak else ""
    facts = (
        ("Mesuré le", _day(str(run.get("date", "")))),
        ("Moteur", engine),
        ("Encodeur", str(run.get("encoder", ""))),
        ("Document", f"Contrat de ville 2015-2020, empreinte {str(run.get('document', ''))[:12]}"),
        ("Version", str(run.get("commit", ""))),
    )
    listed = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts if value)
    return (
        f"<p>Guichet a répondu à <strong>{count}\u00a0questions d’essai</strong>, dont on connaît la bonne réponse. "
        "Voici ce qu’il en est, et entre quelles valeurs se trouve sans doute le vrai chiffre.</p>"
        f'<table class="figures"><thead><tr><th scope="col">Ce qui est mesuré</th><th scope="col">Résultat</th>'
        f'<th scope="col">Entre</th></tr></thead><tbody>{rows}</tbody></table>{speed}'
        f"<h2>Ce que Guichet fait moins bien</h2>{worst}<p>Et dans tous les cas\u00a0:</p>{_list(LIMITS)}"
        f'<h2>De quoi l’on parle</h2><dl class="facts">{listed}</dl>'
    )


def render_states(states: Sequence[State]) -> str:
    """What works at this moment; a component that does not is told first, with what repairs it."""
    ill = [state for state in states if state.problem]
    if not ill:
        return '<p class="state">En ce moment, tout fonctionne.</p>'
    lines = _list([f"{state.name}\u00a0: {state.problem}" for state in ill])
    said = f"En ce moment, Guichet est {summary(tuple(states))}."
    return f'<div class="state" role="alert"><p><strong>{said}</strong></p>{lines}</div>'


def weaknesses(figures: dict[str, Any]) -> list[str]:
    """The kinds of question, and the ways of writing them, that are least often answered right; worst first."""
    named = {f"right: {key}": words for key, words in KINDS.items()} | {f"style: {key}": w for key, w in FORMS.items()}
    kept = [
        (float(figures[key]["value"]), int(figures[key].get("count", 0)), words)
        for key, words in named.items()
        if key in figures
    ]
    weak = sorted(each for each in kept if each[0] < WELL and each[1] >= LEAST_ASKED)[:MOST_LISTED]
    return [f"{words} ({round(10 * value)}\u00a0fois juste sur\u00a010)" for value, _, words in weak]


def _list(lines: Sequence[str]) -> str:
    return f"<ul class='plainly'>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _row(name: str, meaning: str, figure: dict[str, Any]) -> str:
    low, high = figure.get("low"), figure.get("high")
    between = f"{_percent(low)} et {_percent(high)}" if low is not None and high is not None else "–"
    return (
        f'<tr><th scope="row">{name}<br><small>{meaning}</small></th><td><strong>{_percent(figure["value"])}</strong>'
        f'<meter min="0" max="1" value="{float(figure["value"]):.3f}" aria-hidden="true"></meter></td>'
        f"<td>{between}</td></tr>"
    )


def _duration(milliseconds: float) -> str:
    """54 -> "moins d’un dixième de seconde"; 1240 -> "1,2 seconde"."""
    if milliseconds < 100:
        return "moins d’un dixième de seconde"
    return f"{milliseconds / 1000:.1f}\u00a0seconde{'s' if milliseconds >= 2000 else ''}".replace(".", ",")


def _percent(value: float) -> str:
    return f"{round(100 * value)}\u00a0%"


def _day(date: str) -> str:
    """ "2026-11-23T10:01:16" -> "23 novembre 2026"; what is no date stays as it is."""
    parts = date[:10].split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return date
    return f"{int(parts[2])}\u00a0{MONTHS[int(parts[1]) - 1]}\u00a0{parts[0]}"
