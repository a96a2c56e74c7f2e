"""/fiabilite: the figures of the last evaluation in words that a desk agent understands, and what works now.

The figures come from `assistant/data/reliability.json`, which an evaluation of all questions writes
(`evals/reporting/publish.py`).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from assistant.service.health import State, summary
from assistant.web.pages.frame import render_page
from corpus.document import NAME, Document

PUBLISHED = Path(__file__).parent.parent.parent / "data" / "reliability.json"
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
    "Guichet ne connaît que les {fiches} fiches\u00a0: ni dossiers, ni adresses, ni horaires, ni droits d’une "
    "personne.",
    "Quand Guichet cite une fiche, ouvrez-la\u00a0: la phrase citée y est toujours, mais elle peut ne pas être celle "
    "qu’il fallait.",
)
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def read_published(path: Path = PUBLISHED) -> dict[str, Any]:
    """What the last evaluation published: {"date", "commit", "engine", "encoder", "document", "figures"}, where
    `figures` are {name: {"value", "low", "high", "count"}}; shares lie between 0 and 1, times are milliseconds.
    """
    published: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return published


def render_reliability(published: Mapping[str, Any], states: Sequence[State], document: Document) -> Markup:
    """A table of sentences and percentages with their margins; a component that does not work comes first, with what
    repairs it.
    """
    figures = published["figures"]
    return render_page(
        "reliability.html",
        address="fiabilite",
        title="Peut-on s’y fier\u00a0?",
        state=summary(tuple(states)),
        problems=[f"{state.name}\u00a0: {state.problem}" for state in states if state.problem],
        questions=figures["right"]["count"],
        rows=[_row(name, meaning, figures[key]) for key, name, meaning in WORDS if key in figures],
        duration=_duration(figures["elapsed_ms_p50"]["value"]) if "elapsed_ms_p50" in figures else "",
        weaknesses=weaknesses(figures),
        limits=[line.format(fiches=len(document.fiches)) for line in LIMITS],
        facts=_facts(published),
    )


def weaknesses(figures: Mapping[str, Any]) -> list[str]:
    """The kinds of question, and the ways of writing them, that are least often answered right; worst first."""
    named = {f"right: {key}": words for key, words in KINDS.items()}
    named |= {f"style: {key}": words for key, words in FORMS.items()}
    measured = [(figures[key]["value"], figures[key]["count"], named[key]) for key in named if key in figures]
    weak = sorted(row for row in measured if row[0] < WELL and row[1] >= LEAST_ASKED)[:MOST_LISTED]
    return [f"{words} ({round(10 * value)}\u00a0fois juste sur\u00a010)" for value, _, words in weak]


def _facts(published: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was measured, and when: pairs of a French name and its value."""
    embedded = published["engine"] == "embedded"
    return [
        ("Mesuré le", _day(published["date"])),
        ("Moteur", "embarqué, sans modèle de langue" if embedded else published["engine"]),
        ("Encodeur", published["encoder"]),
        ("Document", f"{NAME}, empreinte {published['document'][:12]}"),
        ("Version", published["commit"]),
    ]


def _row(name: str, meaning: str, figure: Mapping[str, float]) -> dict[str, str]:
    return {
        "name": name,
        "meaning": meaning,
        "share": _percent(figure["value"]),
        "value": f"{figure['value']:.3f}",
        "between": f"{_percent(figure['low'])} et {_percent(figure['high'])}",
    }


def _duration(milliseconds: float) -> str:
    """54 -> "moins d’un dixième de seconde"; 1240 -> "1,2 seconde"."""
    if milliseconds < 100:
        return "moins d’un dixième de seconde"
    return f"{milliseconds / 1000:.1f}\u00a0seconde{'s' if milliseconds >= 2000 else ''}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{round(100 * share)}\u00a0%"


def _day(date: str) -> str:
    """ "2026-11-23T10:01:16" -> "23 novembre 2026"."""
    year, month, day = date[:10].split("-")
    return f"{int(day)}\u00a0{MONTHS[int(month) - 1]}\u00a0{year}"
