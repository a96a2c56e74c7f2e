"""Regression bars: the figures of `validation` may not fall below them, nor a question that was right be lost.

Bars stand in `data/bars.json`; `guichet eval run --split validation --keep-bars` writes them anew, which a reviewer
sees in the diff. They leave a little room, because an 8-bit encoder rounds differently on another processor. The gate
of generated answers is another thing: `assistant.generation.gate`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.text.french import typeset
from evals.reporting.against import failed_checks
from evals.reporting.labels import label_of, value_of
from evals.scoring.figures import UPWARD_IS_WORSE, Figures
from evals.scoring.rows import Row
from evals.sets.questions import Question

BARS_FILE = Path(__file__).parent / "data" / "bars.json"
SPLIT = "validation"
"""The part of the set that is held against the bars."""
ROOM = 0.01
"""How far a figure may fall below (or an error rise above) what was measured; of a small group, one question."""
BARRED = (
    "right",
    "citation_precision",
    "citation_recall",
    "quotes_standing",
    "list_f1",
    "declined_outside",
    "declined_near_misses",
    "false_refusals",
    "stray_negations",
    "auc",
    "calibration_error",
    "hit@1",
    "hit@5",
    "mrr",
    "ndcg@10",
    "all_gold@5",
    "errors",
    "robust",
    "robust: autre langue",
)
"""Figures that have a bar; those of `right` by type have one too."""
_EXACT = ("quotes_standing", "errors")
"""No room: these do not depend on how an encoder rounds."""


@dataclass(frozen=True, slots=True)
class Bars:
    """`limits`: figure -> the value it must reach (must not exceed, for those of `UPWARD_IS_WORSE`).

    `wrong`: the questions that were wrong when the bars were kept; any other that is wrong was lost.
    """

    commit: str
    limits: Mapping[str, float]
    wrong: frozenset[str]


def read_bars(path: Path = BARS_FILE) -> Bars:
    """As saved; `make_bars` leaves out what cannot fail, and a test looks that the saved ones can."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Bars(content["commit"], content["limits"], frozenset(content["wrong"]))


def write_bars(bars: Bars, path: Path = BARS_FILE) -> None:
    content = asdict(bars) | {"wrong": sorted(bars.wrong)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def make_bars(commit: str, figures: Figures, rows: Sequence[Row]) -> Bars:
    """The bars that these figures allow. A bar that no figure can miss (0 to reach, 1 not to exceed) is left out."""
    names = [name for name in figures if name in BARRED or name.startswith("right: ")]
    limits = {name: _limit(name, figures) for name in names}
    limits = {name: limit for name, limit in limits.items() if can_fail(name, limit)}
    return Bars(commit, limits, frozenset(row.id for row in rows if not row.right))


def can_fail(name: str, limit: float) -> bool:
    """Whether there is a figure that misses this bar."""
    return limit < 1.0 if name in UPWARD_IS_WORSE else limit > 0.0


def _limit(name: str, figures: Figures) -> float:
    measure = figures[name]
    room = 0.0 if name in _EXACT else max(ROOM, 1 / measure.count)
    if name in UPWARD_IS_WORSE:
        return math.ceil(min(1.0, measure.value + room) * 10_000) / 10_000
    return math.floor(max(0.0, measure.value - room) * 10_000) / 10_000


def shortfalls(figures: Figures, bars: Bars) -> list[str]:
    """A French line for each bar that is not held, a figure that is no longer measured included; [] when all are."""
    lines = []
    for name, limit in bars.limits.items():
        measure = figures.get(name)
        if measure is None:
            lines.append(typeset(f"{label_of(name)} : plus mesuré"))
        elif (measure.value > limit) if name in UPWARD_IS_WORSE else (measure.value < limit):
            bound = value_of(name, type(measure)(limit, limit, limit, 0))
            sign = "au plus" if name in UPWARD_IS_WORSE else "au moins"
            lines.append(typeset(f"{label_of(name)} : {value_of(name, measure)}, attendu {sign} {bound}"))
    return lines


def lost_questions(rows: Sequence[Row], bars: Bars) -> list[Row]:
    """Those that are wrong now and were right when the bars were kept."""
    return [row for row in rows if not row.right and row.id not in bars.wrong]


def describe_loss(figures: Figures, rows: Sequence[Row], bars: Bars, questions: Mapping[str, Question]) -> str:
    """What a run below its bars prints, in French."""
    lost = lost_questions(rows, bars)
    lines = [typeset("Sous les seuils gardés :"), *(f"  {line}" for line in shortfalls(figures, bars))]
    lines.append(typeset(f"Questions perdues : {len(lost)}"))
    for row in lost:
        asked = questions[row.id].question[:110] if row.id in questions else ""
        lines.append(f"  {row.id}  {row.type}/{row.style}  [{', '.join(failed_checks(row))}]  {asked}")
    return "\n".join(lines)
