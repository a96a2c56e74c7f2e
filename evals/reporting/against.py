"""Two saved runs on the same questions: which were won, which were lost, and whether that may be chance."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.text.french import typeset
from corpus.errors import GuichetError
from evals.results import Run
from evals.scoring.intervals import McNemar, Measure, mcnemar, paired_difference
from evals.scoring.rows import Row
from evals.sets.questions import Question


@dataclass(frozen=True, slots=True)
class Difference:
    """`ours` against `theirs`, on the `shared` questions that both runs asked; McNemar's exact test on `right`."""

    ours: str
    theirs: str
    shared: int
    won: tuple[tuple[Row, Row], ...]
    lost: tuple[tuple[Row, Row], ...]
    test: McNemar
    difference: Measure


def compare_runs(ours: Run, theirs: Run) -> Difference:
    """Raises GuichetError, in French, when the two runs have no question in common."""
    before = {row.id: row for row in theirs.rows}
    pairs = [(row, before[row.id]) for row in ours.rows if row.id in before]
    if not pairs:
        raise GuichetError(f"Les résultats de {ours.commit} et de {theirs.commit} n’ont aucune question en commun.")
    here, there = [row.right for row, _ in pairs], [row.right for _, row in pairs]
    return Difference(
        ours.commit,
        theirs.commit,
        len(pairs),
        tuple(pair for pair in pairs if pair[0].right and not pair[1].right),
        tuple(pair for pair in pairs if pair[1].right and not pair[0].right),
        mcnemar(here, there),
        paired_difference([float(right) for right in here], [float(right) for right in there]),
    )


def describe_difference(difference: Difference, questions: Mapping[str, Question]) -> str:
    """In French: the questions lost and won, with the check that changed, then the test."""
    lines = []
    for heading, pairs in (("Perdues", difference.lost), ("Gagnées", difference.won)):
        lines.append(typeset(f"{heading} : {len(pairs)}"))
        for ours, theirs in pairs:
            failed = ", ".join(failed_checks(theirs if ours.right else ours))
            question = questions[ours.id].question if ours.id in questions else "(question retirée)"
            lines.append(f"  {ours.id}  {ours.type}/{ours.style}  [{failed}]  {question[:110]}")
    shift = difference.difference
    lines += [
        "",
        typeset(f"{difference.ours} contre {difference.theirs}, sur {difference.shared} questions communes :"),
        typeset(
            f"  écart {shift.value * 100:+.1f} points (de {shift.low * 100:+.1f} à {shift.high * 100:+.1f}, "
            f"bootstrap apparié) ; McNemar exact : p = {difference.test.p:.3g}"
        ).replace(".", ","),
    ]
    return "\n".join(lines)


def failed_checks(row: Row) -> list[str]:
    """The checks that do not hold, "right" left out; the error where there was no answer."""
    failed = [name for name, held in row.checks.items() if not held and name != "right"]
    return [*failed, row.error] if row.error else failed
