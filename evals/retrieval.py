"""`python -m evals.retrieval`: what each side of the search is worth, alone and by what its absence costs.

On the one-fiche questions of `train` (five-fold) and `validation`, with weights fitted again without the side; kept in
`evals/results/ablation.json`. Also the development questions of `../shared/questions/` when they are there.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.features import NAMES
from evals.fit import Workshop

KEPT = Path(__file__).parent / "results" / "ablation.json"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Mesure chaque côté de la recherche, seul et par son absence.")
    parser.add_argument("--dry", action="store_true", help="affiche sans garder")
    options = parser.parse_args(argv)
    workshop = Workshop()
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
    print(f"{'côté':24} {'poids':>7} {'seul':>7} {'perdu sans (5 plis)':>20} {'perdu sans (validation)':>24}")
    for row in rows:
        print(
            f"{row['side']:24} {row['weight']:7.3f} {row['alone']:7.3f} "
            f"{row['lost_cross_validated']:20.4f} {row['lost_validation']:24.4f}"
        )
    print(f"ensemble : {report['hit@1 cross-validated']:.4f} (5 plis), {report['hit@1 validation']:.4f} (validation)")
    if not options.dry:
        KEPT.parent.mkdir(exist_ok=True)
        content = {"whole": report, "sides": rows, "questions": len(validation)}
        KEPT.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
