"""Rows of the generated engine's run -> figures for each engine, with intervals by bootstrap over conversations."""

from collections import Counter
from collections.abc import Mapping, Sequence

from evals.generated.rows import ENGINES, GeneratedRow
from evals.scoring.figures import Figures, citation_figures
from evals.scoring.intervals import Measure, mcnemar, ratio_interval
from evals.scoring.metrics import CitationCounts, count_citations, percentile
from evals.sets.questions import Question

Cases = Sequence[tuple[Question, GeneratedRow]]
KINDS = ("actors", "numbers", "fiches")


def figures_of_generated(rows: Sequence[GeneratedRow], questions: Mapping[str, Question]) -> dict[str, Figures]:
    """Engine -> its figures; `questions` by id. A figure that no row bears on is left out."""
    cases = {
        engine: [(questions[row.id], row) for row in rows if row.engine == engine and row.id in questions]
        for engine in ENGINES
    }
    return {engine: _figures(held) for engine, held in cases.items() if held}


def reasons(rows: Sequence[GeneratedRow]) -> dict[str, int]:
    """Why the embedded answer was given instead -> how often."""
    return dict(Counter(row.fell_back for row in rows if row.engine == "generated" and row.fell_back).most_common())


def against_embedded(rows: Sequence[GeneratedRow]) -> tuple[int, int, float]:
    """Questions that only the generated engine, only the embedded one answers rightly; McNemar's exact p."""
    right = {(row.engine, row.id): row.right for row in rows}
    ids = [row.id for row in rows if row.engine == "generated" and ("embedded", row.id) in right]
    test = mcnemar([right["generated", id] for id in ids], [right["embedded", id] for id in ids])
    return test.won, test.lost, test.p


def _figures(cases: Cases) -> Figures:
    clusters = [question.conversation for question, _ in cases]

    def ratio(tops: Sequence[float], bottoms: Sequence[float] | None = None) -> Measure:
        return ratio_interval(tops, bottoms, clusters=clusters)

    figures: Figures = {"right": ratio([row.right for _, row in cases])}
    counts = [
        count_citations(row.fiches, q.gold, q.ok) if q.answerable and q.gold else CitationCounts(0, 0, 0, 0)
        for q, row in cases
    ]
    figures |= citation_figures(counts, clusters)
    if any(row.statements for _, row in cases):
        figures["statements_held"] = ratio([row.held for _, row in cases], [row.statements for _, row in cases])
    outside = [(question, row) for question, row in cases if not question.answerable]
    if outside:
        declined = [row.status in ("declined", "smalltalk") for _, row in outside]
        figures["declined_outside"] = ratio_interval(declined, clusters=[q.conversation for q, _ in outside])
    for kind in KINDS:
        figures[f"unsupported_{kind}"] = _total([len(row.unsupported.get(kind, ())) for _, row in cases])
    asked = [row for _, row in cases if row.raw or row.fell_back]
    if asked:
        figures["model_said"] = ratio_interval([row.engine_said for row in asked])
    if any(row.passed + row.dropped for row in asked):
        for name in ("passed", "mended", "dropped"):
            figures[f"sentences_{name}"] = _total([getattr(row, name) for row in asked])
    if asked:
        figures["prompt_tokens_p50"] = _middle([row.prompt_tokens for row in asked], 0.5)
    timed = asked or [row for _, row in cases]
    figures["first_seconds_p50"] = _middle([row.first_seconds for row in timed], 0.5)
    figures["seconds_p50"] = _middle([row.seconds for row in timed], 0.5)
    figures["seconds_p95"] = _middle([row.seconds for row in timed], 0.95)
    figures["length_p50"] = _middle([len(row.answer) for _, row in cases], 0.5)
    return figures


def _total(counts: Sequence[int]) -> Measure:
    total = float(sum(counts))
    return Measure(total, total, total, len(counts))


def _middle(values: Sequence[float], share: float) -> Measure:
    value = percentile(values, share)
    return Measure(value, value, value, len(values))
