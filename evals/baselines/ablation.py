"""What each side of the search is worth, alone and by what its absence costs: `guichet eval ablation`.

On the one-fiche questions of `train` (five-fold) and `validation`, with weights fitted again without the side; saved in
`evals/results/ablation.json`, which the report draws.
"""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assistant.text.french import typeset
from evals.fitting.examples import Examples
from evals.fitting.ranking import fit_ranking, hit_rate
from evals.performance.machine import current_commit
from evals.reporting.labels import percent, side_label, text_table
from evals.results import ABLATION_FILE


def measure_sides(*, keep: bool) -> None:
    """Print the table of the sides; with `keep`, save it."""
    examples = Examples()
    names = examples.side_names
    validation = examples.topical("validation")
    weights, report = fit_ranking(examples)
    rows = []
    for column, name in enumerate(names):
        alone = hit_rate(examples, validation, np.ones(1), [column])
        others = [other for other in names if other != name]
        _, without = fit_ranking(examples, others, [report["penalty"]])
        lost = {
            key: round(report[f"hit@1 {key}"] - without[f"hit@1 {key}"], 4) for key in ("cross-validated", "validation")
        }
        rows.append(
            {
                "side": name,
                "weight": weights.get(name, 0.0),
                "alone": round(alone, 4),
                "lost_cross_validated": lost["cross-validated"],
                "lost_validation": lost["validation"],
            }
        )
    print(sides_table(rows, report, len(validation)))
    if keep:
        made = {"commit": current_commit(), "date": time.strftime("%Y-%m-%dT%H:%M:%S")}
        content = {**made, "whole": report, "sides": rows, "questions": len(validation)}
        ABLATION_FILE.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def sides_table(rows: Sequence[Mapping[str, Any]], whole: Mapping[str, Any], count: int) -> str:
    """One table in French: each side, best first, by the share of questions whose fiche it puts first."""
    lines = [
        (
            side_label(row["side"]),
            f"{row['weight']:.3f}",
            percent(row["alone"]),
            f"{100 * row['lost_cross_validated']:+.1f}",
            f"{100 * row['lost_validation']:+.1f}",
        )
        for row in sorted(rows, key=lambda row: -float(row["alone"]))
    ]
    together = ("ensemble", "", percent(whole["hit@1 validation"]), "", "")
    head = ("Côté", "Poids", f"Seul (validation, {count})", "Points perdus sans lui (5 plis)", "(validation)")
    table = text_table(head, [*lines, together])
    cross_validated = f"Toute la recherche, validation croisée : {percent(whole['hit@1 cross-validated'])}"
    heading = "Bonne fiche en premier, par côté de la recherche :"
    return typeset(f"{heading}\n\n{table}\n\n{cross_validated}".replace(".", ","))
