"""The second table of docs/evaluation.md: the generated engine beside the embedded one, its model alone, a tutorial."""

from collections.abc import Mapping

from assistant.text.french import typeset
from evals.generated.figures import KINDS, against_embedded
from evals.generated.rows import GeneratedRun
from evals.reporting.labels import date_of, markdown_table
from evals.scoring.figures import Figures
from evals.scoring.intervals import Measure

NAMES = {
    "embedded": "Moteur embarqué",
    "generated": "Moteur généré",
    "ungated": "Même modèle, sans barrière",
    "tutorial": "Tutoriel LangChain, même modèle",
}
_LABELS = {
    "right": "Réponses entièrement justes",
    "statements_held": "Phrases dont le passage cité contient tout ce qu’elles nomment",
    "citation_precision": "Précision des citations (fiches)",
    "citation_recall": "Rappel des citations (fiches)",
    "declined_outside": "Questions hors du document déclinées",
    "unsupported_actors": "Acteurs nommés sans appui",
    "unsupported_numbers": "Nombres sans appui",
    "unsupported_fiches": "Numéros de fiches sans appui",
    "model_said": "Réponses où le modèle a la parole",
    "sentences_passed": "Phrases que la barrière laisse passer",
    "sentences_mended": "dont la citation est corrigée",
    "sentences_dropped": "Phrases qu’elle retire",
    "prompt_tokens_p50": "Jetons lus par le modèle, médiane",
    "first_seconds_p50": "Secondes jusqu’au premier mot, médiane",
    "seconds_p50": "Secondes pour une réponse, médiane",
    "seconds_p95": "Secondes pour une réponse, 95e centile",
    "length_p50": "Caractères d’une réponse, médiane",
}
_PLAIN = {f"unsupported_{kind}" for kind in KINDS} | {f"sentences_{name}" for name in ("passed", "mended", "dropped")}
_GATED = {"model_said", "sentences_passed", "sentences_mended", "sentences_dropped"}
"""What says something of the gate only."""


def make_generated_table(run: GeneratedRun) -> str:
    """Markdown in French: what was tried, then a row a figure."""
    won, lost, _ = against_embedded(run.rows)
    sha = str(run.model.get("sha256", ""))[:12]
    back = ", ".join(f"{reason} {count}" for reason, count in run.fell_back.items())
    where = (
        f"Mesuré le {date_of(run.date)}, commit `{run.commit}`, modèle "
        f"`{run.model['name']}`{f' (sha256 {sha}…)' if sha else ''}, consigne {run.prompt}, "
        f"{run.machine.get('cores')} cœurs. {run.sample} questions tirées de « {run.split} » (graine {run.seed}), "
        f"parmi les {run.called} pour lesquelles le modèle écrit et celles qui sont hors du document ; pour les "
        f"{run.spared} autres de cette partie, il n’est pas appelé et la réponse est celle du moteur embarqué. "
        f"Justes, contre le moteur embarqué : {won} gagnées, {lost} perdues. "
        f"Retours au moteur embarqué : {back or 'aucun'}. Entre crochets, l’intervalle à 95 %."
    )
    head = ["Mesure", *(NAMES[engine] for engine in run.figures)]
    return f"{typeset(where)}\n\n{markdown_table(head, generated_rows_of(run.figures))}"


def generated_rows_of(figures: Mapping[str, Figures]) -> list[tuple[str, ...]]:
    """A row for each figure that an engine has: its label, a cell an engine."""
    names = [name for name in _LABELS if any(name in measures for measures in figures.values())]
    return [
        (typeset(_LABELS[name]), *(_cell(name, measures, engine) for engine, measures in figures.items()))
        for name in names
    ]


def _cell(name: str, figures: Figures, engine: str) -> str:
    measure = figures.get(name)
    if measure is None or (name in _GATED and engine != "generated"):
        return "–"
    return _written(name, measure)


def _written(name: str, measure: Measure) -> str:
    if name in _PLAIN or name in ("prompt_tokens_p50", "length_p50"):
        return f"{measure.value:.0f}"
    if "seconds" in name:
        return f"{measure.value:.1f}".replace(".", ",")
    shares = [f"{share * 100:.1f}".replace(".", ",") for share in (measure.value, measure.low, measure.high)]
    return typeset(f"{shares[0]} % [{shares[1]} – {shares[2]}]")
