"""/suivi, for operators: the questions whose answers were reported as insufficient, which they may add to the
questions of the evaluation, and how often the chat model wrote or did not, and why.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from assistant.generation.failures import REASONS
from assistant.storage.opinions import SHOWN, Disliked
from assistant.web.pages.frame import render_page


def render_follow_up(
    disliked: Sequence[Disliked], *, token: str, model: str, written: int, failures: Mapping[str, int]
) -> Markup:
    """`token`: of the forms of this session. `model`: as GUICHET_LLM has it, "" without; `written`: its answers since
    the start; `failures`: how often it did not answer, for each reason of `assistant.generation.failures`.
    """
    questions = [
        {
            "text": row.question,
            "count": row.count,
            "reasons": ", ".join(SHOWN.get(reason, reason) for reason in row.reasons),
            "declined": row.declined,
            "candidate": row.candidate,
        }
        for row in disliked
    ]
    counted = sorted(failures.items(), key=lambda pair: -pair[1])
    return render_page(
        "follow_up.html",
        address="suivi",
        title="Suivi des réponses",
        questions=questions,
        token=token,
        model=model,
        written=written,
        failures=[{"count": count, "remedy": _remedy(reason)} for reason, count in counted if count],
    )


def _remedy(reason: str) -> str:
    """Why, and what repairs it, as told to an operator."""
    return REASONS[reason].operator if reason in REASONS else reason
