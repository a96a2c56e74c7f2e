"""How much two questions share: Jaccard of the sets of content stems (Jaccard 1901), |A ∩ B| / |A ∪ B|.

Content stems are what `corpus.text.stems` gives, without the words that any question may hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.preprocessing import MultiLabelBinarizer

from corpus.text import stems

FUNCTION_WORDS = (
    "a ai ainsi alors au aucun aura aurait aussi autre aux avec avez avoir avons bien bonjour bonsoir c car ce cela "
    "celle celui ces cet cette ceux chez ci comme comment d dans de deja des donc dont du elle elles en encore entre "
    "es est et etait etes etre eu eux fait faire faut g h hein il ils ici j je jusqu l la le les leur leurs lui m ma "
    "mais me mes moi moins mon n ne ni non nos notre nous on ont ou oui par parce pas peu peut peuvent peux plus pour "
    "pourquoi pr puis qu quand que quel quelle quelles quels qui quoi s sa sans se ses si soit son sont sous suis sur "
    "svp t ta tant te tes toi ton tous tout toute toutes tres trop tu un une va vais vers veut veux voir vont vos "
    "votre vous voudrais vs vu y ya the to of and is for in a what how el los las por para con"
)
_FUNCTION_STEMS = frozenset(stems(FUNCTION_WORDS))


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions in the two sequences that were compared, their Jaccard, and how many content stems they share."""

    left: int
    right: int
    jaccard: float
    shared: int


def content_stems(text: str) -> frozenset[str]:
    """ "Qui finance les crèches ?" -> {"financ", "crech"}."""
    return frozenset(stems(text)) - _FUNCTION_STEMS


def closest_pairs(left: Sequence[str], right: Sequence[str], *, least: float) -> list[Pair]:
    """All pairs of a text of `left` and one of `right` whose Jaccard is at least `least`, closest first.

    Texts without content stems are like nothing.
    """
    sets = [[content_stems(text) for text in texts] for texts in (left, right)]
    binarizer = MultiLabelBinarizer().fit([*sets[0], *sets[1]])
    matrices = [binarizer.transform(texts).astype(np.float32) for texts in sets]
    shared = matrices[0] @ matrices[1].T
    together = matrices[0].sum(axis=1)[:, None] + matrices[1].sum(axis=1)[None, :] - shared
    jaccard = shared / np.maximum(together, 1.0)
    rows, columns = np.nonzero(jaccard >= max(least, 1e-6))
    pairs = [
        Pair(int(i), int(j), round(float(jaccard[i, j]), 4), int(shared[i, j]))
        for i, j in zip(rows, columns, strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-pair.jaccard, pair.left, pair.right))
