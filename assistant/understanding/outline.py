"""A question's outline: its words, names, roles and plan made one, so that forms are learned and not topics.

"Où la CAF met-elle de l'argent ?" -> ["ou", "la", "@actor", ...]: what is asked of the CAF is asked alike of any actor.
From labelled outlines a classifier learns whether a question goes over all fiches, and for which role
(`guichet eval fit decisions`), whatever story stands around it.
"""

from itertools import pairwise

from assistant.learned import Fitted
from assistant.understanding.reading import Reading
from corpus.document import ROLES
from corpus.text import stems

TOPIC, MIXED = "topic", "mixed"
"""A question on one topic; a question over all fiches with several roles, or none."""


def outline(reading: Reading) -> list[str]:
    """Stems and marks, alone, in pairs and in threes."""
    marks = {found.start: (f"@{found.concept}", found.end) for found in reading.concepts if found.concept in ROLES}
    marks |= {m.start: ("@actor" if m.actor else "@named", m.end) for m in reading.mentions}
    found: list[str] = []
    position = 0
    while position < len(reading.tokens):
        if position in marks:
            mark, end = marks[position]
            found.append(mark)
            position = max(end, position + 1)
        else:
            found += stems(reading.tokens[position])
            position += 1
    if reading.references.enjeux or reading.references.piliers:
        found.append("@scope")
    bounded = ["^", *found, "$"]
    threes = zip(bounded, bounded[1:], bounded[2:], strict=False)
    return found + [" ".join(pair) for pair in pairwise(bounded)] + [" ".join(three) for three in threes]


def role_over_fiches(reading: Reading, fitted: Fitted) -> str:
    """What a question asks over all fiches: a role or `MIXED`; "" when it rather asks of a topic."""
    shares = fitted.over_all_fiches.probabilities([], outline(reading))
    if shares[TOPIC] >= 0.5:
        return ""
    return max((name for name in shares if name != TOPIC), key=lambda name: shares[name])
