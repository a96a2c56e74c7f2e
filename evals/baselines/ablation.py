"""`python -m evals.baselines.ablation`: what each side of the search is worth, alone and by what its absence costs.

On the one-fiche questions of `train` (five-fold) and `validation`, with weights fitted again without the side; kept in
`evals/results/ablation.json`, which the report draws.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.topics.features import NAMES
from corpus.errors import GuichetError
from evals.fitting.fit import Workshop
from evals.performance.machine import current_commit
from evals.reporting.labels import side_label, text_table, typeset

KEPT = Path(__file__).parent.parent / "results" / "ablation.json"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Mesure chaque côté de la recherche, seul et par son absence.")
    parser.add_argument("--dry", action="store_true", help="affiche sans garder")
    options = parser.parse_args(argv)
    try:
        workshop = Workshop()
    except GuichetError as error:
        print(error, file=sys.stderr)
        return 1
    validation = workshop.topical("validation")
    names = [*next(iter(workshop.evidence.values())).sides, NAMES]
    whole, report = workshop.fit_ranking()
    rows = []
    for column, name in enumerate(names):
        alone = workshop.hits(validation, np.ones(1), [column])
        _, without_report = workshop.fit_ranking([each for each in names if each != name], [report["penalty"]])
        rows.append(
            {
                "side": name,
                "weight": whole.get(name, 0.0),
                "alone": round(alone, 4),
                "lost_cross_validated": round(
                    report["hit@1 cross-validated"] - without_report["hit@1 cross-validated"], 4
                ),
                "lost_validation": round(report["hit@1 validation"] - without_report["hit@1 validation"], 4),
            }
        )
    print(describe(rows, report, len(validation)))
    if not options.dry:
        KEPT.parent.mkdir(exist_ok=True)
        made = {"commit": current_commit(), "date": time.strftime("%Y-%m-%dT%H:%M:%S")}
        content = {**made, "whole": report, "sides": rows, "questions": len(validation)}
        KEPT.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def describe(rows: Sequence[Mapping[str, Any]], whole: Mapping[str, Any], count: int) -> str:
    """One table in French: each side, best first, by the share of questions whose fiche it puts first."""
    lines = [
        (
            side_label(row["side"]),
            f"{row['weight']:.3f}",
            _percent(row["alone"]),
            f"{100 * row['lost_cross_validated']:+.1f}",
            f"{100 * row['lost_validation']:+.1f}",
        )
        for row in sorted(rows, key=lambda row: -float(row["alone"]))
    ]
    together = ("ensemble", "", _percent(whole["hit@1 validation"]), "", "")
    head = ("Côté", "Poids", f"Seul (validation, {count})", "Points perdus sans lui (5 plis)", "(validation)")
    table = text_table(head, [*lines, together])
    cross_validated = f"Toute la recherche, validation croisée : {_percent(whole['hit@1 cross-validated'])}"
    heading = "Bonne fiche en premier, par côté de la recherche :"
    return typeset(f"{heading}\n\n{table}\n\n{cross_validated}".replace(".", ","))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    sys.exit(main())
