"""The terms of a classifier, chosen on its training questions."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.fitted import Terms


def vocabulary(questions: Sequence[Sequence[str]], *, least: int = 4) -> Terms:
    """Terms of at least `least` questions, with their smoothed inverse document frequency, ln((1+n)/(1+df)) + 1."""
    counts = Counter(term for terms in questions for term in set(terms))
    known = sorted(term for term, count in counts.items() if count >= least)
    rarity = np.array([np.log((1 + len(questions)) / (1 + counts[term])) + 1 for term in known], np.float32)
    return Terms({term: column for column, term in enumerate(known)}, rarity)


def written_terms(terms: Terms) -> list[list[Any]]:
    """As `fitted.json` holds them: [term, rarity], in the order of their columns."""
    return [[term, round(float(terms.rarity[column]), 3)] for term, column in terms.columns.items()]
