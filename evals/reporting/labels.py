"""Figures as French lines: what each is called, and how values and intervals are written."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.text.french import typeset
from evals.scoring.intervals import Measure

LABELS = {
    "right": "Réponses entièrement justes",
    "citation_precision": "Précision des citations",
    "citation_recall": "Rappel des citations",
    "quotes_standing": "Citations retrouvées mot pour mot dans le document",
    "list_f1": "Complétude des listes de partenaires (F1)",
    "declined_outside": "Questions hors du document déclinées",
    "declined_near_misses": "dont celles qui touchent à ses sujets",
    "false_refusals": "Refus à tort",
    "auc": "Confiance : aire sous la courbe",
    "calibration_error": "Confiance : erreur de calibration",
    "hit@1": "Bonne fiche en premier",
    "hit@3": "Bonne fiche dans les 3 premières",
    "hit@5": "Bonne fiche dans les 5 premières",
    "mrr": "Rang réciproque moyen (MRR)",
    "ndcg@10": "nDCG@10",
    "recall@5": "Fiches attendues dans les 5 premières (rappel)",
    "all_gold@5": "Toutes les fiches attendues dans les 5 premières",
    "robust": "Même première fiche malgré la saisie",
    "stray_negations": "Réponses avec une négation sans appui",
    "errors": "Pannes",
    "elapsed_ms_p50": "Temps de réponse médian",
    "elapsed_ms_p95": "Temps de réponse, 95e centile",
}
_PREFIXES = {
    "right": "Justes, type {}",
    "style": "Justes, style {}",
    "turn": "Justes, tour {}",
    "check": "Contrôle « {} »",
    "robust": "Même première fiche, {}",
}
STYLES_AND_TYPES = {
    "operateurs": "opérateurs",
    "inverse": "quelles fiches",
    "agregat": "comptes et comparaisons",
    "preambule": "préambule",
    "suite": "suite de conversation",
    "hors_sujet": "hors du document",
    "fausse_premisse": "fausse prémisse",
    "injection": "détournement",
    "fait": "fait précis",
    "sms": "SMS",
    "administratif": "administratif",
    "sigle": "sigle ou mots-clés",
    "autre_langue": "autre langue",
}


CHECKS = {
    "status": "répondre ou décliner",
    "recall": "toutes les fiches attendues",
    "precision": "aucune fiche de trop",
    "must": "tout ce qui est attendu est dit",
    "must_not": "rien de faux",
    "concise": "assez court",
}
"""The checks of an answer, as the report calls them."""
ENGINE_LABELS = {"embedded": "embarqué", "generated": "généré"}
FIGURES_HEAD = ("Mesure", "Valeur", "Intervalle à 95 %", "Questions")
_DECIMALS = ("auc", "calibration_error", "mrr", "ndcg@10", "list_f1")
"""Figures written as decimals, not as percentages."""
_SIDES = {
    "passages": "passages",
    "sentences": "phrases du document",
    "titles": "titres",
    "phrases": "mots d’usage",
    "fiches": "fiches entières",
    "names": "noms propres",
    "dense": "vecteurs",
    "keyword": "mots-clés",
    "synonyms": "synonymes",
}


def date_of(moment: str) -> str:
    """ "2026-11-27T06:14:11" -> "27.11.2026"."""
    return ".".join(reversed(moment[:10].split("-")))


def side_label(side: str) -> str:
    """ "fiches, keyword" -> "fiches entières, mots-clés"."""
    return ", ".join(_SIDES.get(part, part) for part in side.split(", "))


def label_of(name: str) -> str:
    """ "right: fait" -> "Justes, type fait précis"; an unknown name stays as it is."""
    prefix, separator, key = name.partition(": ")
    if separator and prefix in _PREFIXES:
        return typeset(_PREFIXES[prefix].format((CHECKS | STYLES_AND_TYPES).get(key, key)))
    return typeset(LABELS.get(name, name))


def value_of(name: str, measure: Measure) -> str:
    """A share as "91,3 %", a time as "12 ms", an error or an area as "0,031"."""
    if name.startswith("elapsed_ms"):
        return typeset(f"{measure.value:.0f} ms")
    if name in _DECIMALS:
        return f"{measure.value:.3f}".replace(".", ",")
    return percent(measure.value)


def interval_of(name: str, measure: Measure) -> str:
    """The 95 % interval, "" where there is none (times)."""
    if name.startswith("elapsed_ms") or name == "calibration_error":
        return ""
    if name in _DECIMALS:
        return f"{measure.low:.3f} – {measure.high:.3f}".replace(".", ",")
    return f"{measure.low * 100:.1f} – {measure.high * 100:.1f}".replace(".", ",")


def cell_of(name: str, figures: Mapping[str, Measure]) -> str:
    """ "91,3 % [88,0 – 94,1]", without brackets where there is no interval; "–" for a figure that is not measured."""
    if name not in figures:
        return "–"
    interval = interval_of(name, figures[name])
    return f"{value_of(name, figures[name])} [{interval}]" if interval else value_of(name, figures[name])


def percent(share: float) -> str:
    """0.9134 -> "91,3 %"."""
    return typeset(f"{share * 100:.1f} %".replace(".", ","))


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns under each other; the first to the left, the others to the right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    written = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join(
        [written[0].rstrip(), "  ".join("─" * width for width in widths), *(w.rstrip() for w in written[1:])]
    )


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    rule = ("---", *("---:" for _ in head[1:]))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def figures_table(figures: Mapping[str, Measure]) -> str:
    return text_table(FIGURES_HEAD, figure_rows(figures))


def figure_rows(figures: Mapping[str, Measure], *, absent: str = "") -> list[tuple[str, ...]]:
    """The cells of `FIGURES_HEAD` for each figure; `absent` where a figure has no interval."""
    return [
        (label_of(name), value_of(name, measure), interval_of(name, measure) or absent, str(measure.count))
        for name, measure in figures.items()
    ]
