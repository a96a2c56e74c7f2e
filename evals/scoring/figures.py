"""Rows -> figures with intervals: what is printed, saved, held against the bars and shown on the page.

A figure that no row bears on is left out. All are shares (higher is better) but for `UPWARD_IS_WORSE`.
"""

import re
from collections.abc import Sequence

from corpus.text import flatten
from evals.scoring.calibration import auc_interval, expected_calibration_error
from evals.scoring.intervals import Measure, ratio_interval
from evals.scoring.metrics import (
    CitationCounts,
    all_gold_within,
    count_citations,
    hit_at,
    ndcg_at,
    percentile,
    recall_at,
    reciprocal_rank,
)
from evals.scoring.rows import Row
from evals.sets.questions import SPLITS, STYLES, TYPES, Question

Cases = Sequence[tuple[Question, Row]]
Figures = dict[str, Measure]

UPWARD_IS_WORSE = frozenset(
    {"false_refusals", "stray_negations", "calibration_error", "elapsed_ms_p50", "elapsed_ms_p95", "errors"}
)
CHECKS = ("status", "recall", "precision", "must", "must_not", "concise")
_SMALL_GOLD = 5
"""nDCG and recall of the ranking look at questions with at most this many gold fiches: longer ones are look-ups."""
_FACTUAL = ("financeurs", "operateurs", "dispositifs", "descriptif", "fait", "inverse")


def figures_of(cases: Cases) -> Figures:
    """Every figure of these cases, by name; intervals by bootstrap over conversations."""
    return {
        "right": share(cases, [row.right for _, row in cases]),
        **_checks(cases),
        **_right_by("right", [(question.type, question, row) for question, row in cases], TYPES),
        **_right_by("style", [(question.style, question, row) for question, row in cases], STYLES),
        **_right_by("turn", [(str(question.turn), question, row) for question, row in cases if question.history]),
        **_citations(cases),
        **_quotes(cases),
        **_lists(cases),
        **_rankings(cases),
        **_refusals(cases),
        **_confidence(cases),
        **_times(cases),
        "errors": share(cases, [bool(row.error) for _, row in cases]),
    }


def share(cases: Cases, values: Sequence[float]) -> Measure:
    """The mean of one value a case, conversations drawn whole."""
    return ratio_interval(values, clusters=[question.conversation for question, _ in cases])


def figures_by_split(cases: Cases) -> dict[str, Figures]:
    """Split -> its figures, for the splits that have rows; `test` first, it is the one to report."""
    parts = {split: [case for case in cases if case[0].split == split] for split in reversed(SPLITS)}
    return {split: figures_of(part) for split, part in parts.items() if part}


def confidence_cases(cases: Cases) -> tuple[list[float], list[bool]]:
    """(confidences, whether the document answers): the questions that are either answered or outside."""
    chosen = [
        (row.confidence, question.answerable)
        for question, row in cases
        if question.type not in ("bavardage", "fausse_premisse", "injection") and not row.error
    ]
    return [confidence for confidence, _ in chosen], [label for _, label in chosen]


def _checks(cases: Cases) -> Figures:
    figures = {}
    for check in CHECKS:
        chosen = [case for case in cases if check in case[1].checks]
        if chosen:
            figures[f"check: {check}"] = share(chosen, [row.checks[check] for _, row in chosen])
    return figures


def _right_by(prefix: str, keyed: Sequence[tuple[str, Question, Row]], order: Sequence[str] | None = None) -> Figures:
    figures = {}
    for key in order or sorted({key for key, _, _ in keyed}):
        chosen = [(question, row) for name, question, row in keyed if name == key]
        if chosen:
            figures[f"{prefix}: {key}"] = share(chosen, [row.right for _, row in chosen])
    return figures


def citation_figures(counts: Sequence[CitationCounts], clusters: Sequence[str] | None = None) -> Figures:
    """Citation precision where anything is cited, recall where there is gold; `clusters`: one conversation a count."""
    pairs = {
        "citation_precision": [(count.allowed, count.cited) for count in counts],
        "citation_recall": [(count.found, count.gold) for count in counts],
    }
    return {
        name: ratio_interval([top for top, _ in ratios], [bottom for _, bottom in ratios], clusters=clusters)
        for name, ratios in pairs.items()
        if any(bottom for _, bottom in ratios)
    }


def _citations(cases: Cases) -> Figures:
    chosen = [(q, row) for q, row in cases if q.answerable and q.gold and not row.error]
    counts = [count_citations(row.fiches, question.gold, question.ok) for question, row in chosen]
    return citation_figures(counts, [question.conversation for question, _ in chosen])


def _quotes(cases: Cases) -> Figures:
    chosen = [(question, row) for question, row in cases if row.quotes]
    if not chosen:
        return {}
    clusters = [question.conversation for question, _ in chosen]
    tops, bottoms = [row.standing for _, row in chosen], [row.quotes for _, row in chosen]
    return {"quotes_standing": ratio_interval(tops, bottoms, clusters=clusters)}


def _lists(cases: Cases) -> Figures:
    """Completeness of lists of partners, and denials that no quote bears, where the gold asks for none."""
    figures = {}
    lists = [case for case in cases if case[1].list_f1 is not None]
    if lists:
        figures["list_f1"] = share(lists, [row.list_f1 or 0.0 for _, row in lists])
    affirmed = [case for case in cases if _asks_for_facts(*case)]
    if affirmed:
        figures["stray_negations"] = share(affirmed, [row.negations > 0 for _, row in affirmed])
    return figures


def _asks_for_facts(question: Question, row: Row) -> bool:
    """Answered questions whose right answer denies nothing."""
    texts = [question.note, *(alternative for group in question.must for alternative in group)]
    denying = any(re.match(r"non\b", flatten(text, hyphens=False)) for text in texts)
    return question.answerable and question.type in _FACTUAL and row.status == "answered" and not denying


def _rankings(cases: Cases) -> Figures:
    figures: Figures = {}
    single = [(question, row) for question, row in cases if question.single and row.ranking]
    if single:
        for k in (1, 3, 5):
            figures[f"hit@{k}"] = share(single, [hit_at(row.ranking, question.gold, k) for question, row in single])
        figures["mrr"] = share(single, [reciprocal_rank(row.ranking, question.gold) for question, row in single])
    few = [(q, row) for q, row in cases if 0 < len(q.gold) <= _SMALL_GOLD and not q.history and row.ranking]
    if few:
        figures["ndcg@10"] = share(few, [ndcg_at(row.ranking, question.gold, 10) for question, row in few])
        figures["recall@5"] = share(few, [recall_at(row.ranking, question.gold, 5) for question, row in few])
        figures["all_gold@5"] = share(few, [all_gold_within(row.ranking, question.gold, 5) for question, row in few])
    return figures


def _refusals(cases: Cases) -> Figures:
    outside = [case for case in cases if case[0].type == "hors_sujet"]
    near = [case for case in cases if case[0].near_miss]
    wanted = [case for case in cases if case[0].answerable and case[0].type not in ("bavardage", "injection")]
    groups = {
        "declined_outside": (outside, [row.checks["status"] for _, row in outside]),
        "declined_near_misses": (near, [row.checks["status"] for _, row in near]),
        "false_refusals": (wanted, [row.status == "declined" for _, row in wanted]),
    }
    return {name: share(chosen, values) for name, (chosen, values) in groups.items() if chosen}


def _confidence(cases: Cases) -> Figures:
    confidences, labels = confidence_cases(cases)
    if len(set(labels)) < 2:
        return {}
    error = expected_calibration_error(confidences, labels)
    return {
        "auc": auc_interval(confidences, labels),
        "calibration_error": Measure(error, error, error, len(labels)),
    }


def _times(cases: Cases) -> Figures:
    times = [row.elapsed_ms for _, row in cases if not row.error]
    values = {f"elapsed_ms_p{p}": percentile(times, p / 100) for p in (50, 95)} if times else {}
    return {name: Measure(value, value, value, len(times)) for name, value in values.items()}
