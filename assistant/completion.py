"""What passed the gate and what the embedded answer holds beyond it -> the answer that is shown."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer
from assistant.gate import Gated
from assistant.material import Material
from assistant.passing import join


def complete(passed: Sequence[Gated], embedded: Answer, *, material: Material) -> Answer | None:  # noqa: ARG001
    """The generated answer; None when what passed does not answer. `passed`: in order, the leads of lists included."""
    citations = tuple(dict.fromkeys(citation for each in passed for citation in each.citations))
    if not citations:
        return None
    return replace(embedded, text=join(passed), citations=citations, engine="généré")
