"""Whether a question that is typed badly, or asked in another language, finds the same fiche first as the clean one."""

from collections.abc import Iterable, Mapping, Sequence

from evals.scoring.intervals import Measure, ratio_interval
from evals.scoring.rows import Answerer
from evals.sets.noise import TRANSLATED, Noised, add_noise, translated
from evals.sets.questions import Question

CLEAN = ("neutre", "administratif")
MOST = 80
"""Clean questions that are noised: with four kinds of noise, at most 320 variants."""

Same = tuple[str, str, bool]
"""(kind of noise, id of the question, whether the first fiche stayed the same)."""


def clean_questions(questions: Iterable[Question], *, most: int = MOST) -> list[Question]:
    """Those that one fiche answers, written with care, evenly over the set."""
    clean = [question for question in questions if question.single and question.style in CLEAN]
    step = max(1.0, len(clean) / most)
    return [clean[int(i * step)] for i in range(min(most, len(clean)))]


def first_fiche(answerer: Answerer, question: Question) -> str:
    """The best ranked fiche, else the first cited; "" when there is neither, or no answer at all."""
    try:
        answer = answerer.answer(question.question, question.history)
    except Exception:  # a break is not the same fiche; `evaluate` names those of the clean questions
        return ""
    return next(iter((*answer.ranking, *answer.fiches)), "")


def variants(questions: Sequence[Question], *, seed: int = 0) -> list[Noised]:
    """The clean ones of these questions with noise, then the translated ones."""
    return [*add_noise(clean_questions(questions), seed=seed), *translated(questions)]


def compare_noised(answerer: Answerer, noised: Sequence[Noised]) -> list[Same]:
    """Ask the clean questions, once each, and all their variants."""
    first = {
        clean.id: first_fiche(answerer, clean)
        for clean in {variant.clean.id: variant.clean for variant in noised}.values()
    }
    return [
        (variant.kind, variant.clean.id, first_fiche(answerer, variant.noisy) == first[variant.clean.id] != "")
        for variant in noised
    ]


def robustness(same: Sequence[Same]) -> Mapping[str, Measure]:
    """Share that stayed the same by kind ("robust: SMS"), and for all that is typed ("robust").

    Translations stand apart: another language is another question to the keywords, not a slip of the finger.
    """
    kinds = dict.fromkeys(kind for kind, _, _ in same)
    groups = {"robust": [case for case in same if case[0] != TRANSLATED]}
    groups |= {f"robust: {kind}": [case for case in same if case[0] == kind] for kind in kinds}
    return {
        name: ratio_interval([same_fiche for _, _, same_fiche in group], clusters=[id for _, id, _ in group])
        for name, group in groups.items()
        if group
    }
