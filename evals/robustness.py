"""Whether a question that is typed badly finds the same fiche first as the clean one."""

from collections.abc import Iterable, Mapping, Sequence

from evals.intervals import Measure, ratio_interval
from evals.noise import add_noise
from evals.questions import Question
from evals.rows import Answerer

CLEAN = ("neutre", "administratif")
MOST = 80
"""Clean questions that are noised: with four kinds of noise, at most 320 variants."""

Same = tuple[str, str, bool]
"""(kind of noise, id of the question, whether the first fiche stayed the same)."""


def clean_questions(questions: Iterable[Question], *, most: int = MOST) -> list[Question]:
    """Those that one fiche answers, written with care, evenly over the set."""
    kept = [question for question in questions if question.single and question.style in CLEAN]
    step = max(1.0, len(kept) / most)
    return [kept[int(i * step)] for i in range(min(most, len(kept)))]


def first_fiche(answerer: Answerer, question: Question) -> str:
    """The best ranked fiche, else the first cited; "" when there is neither, or no answer at all."""
    try:
        answer = answerer.answer(question.question, question.history)
    except Exception:  # a break is not the same fiche; `evaluate` names those of the clean questions
        return ""
    return next(iter((*answer.ranking, *answer.fiches)), "")


def compare_noised(answerer: Answerer, questions: Sequence[Question], *, seed: int = 0) -> list[Same]:
    """Ask the clean questions and all their noised variants."""
    first = {question.id: first_fiche(answerer, question) for question in questions}
    return [
        (each.kind, each.clean.id, first_fiche(answerer, each.noisy) == first[each.clean.id] != "")
        for each in add_noise(questions, seed=seed)
    ]


def robustness(same: Sequence[Same]) -> Mapping[str, Measure]:
    """Share that stayed the same, for all variants ("robust") and by kind of noise ("robust: SMS")."""
    if not same:
        return {}
    kinds = dict.fromkeys(kind for kind, _, _ in same)
    groups = {"robust": list(same)} | {f"robust: {kind}": [each for each in same if each[0] == kind] for kind in kinds}
    return {
        name: ratio_interval([held for _, _, held in group], clusters=[id for _, id, _ in group])
        for name, group in groups.items()
    }
