"""Which number goes with which commune, in a sentence that gives several of both: a small model mixes them up.

"seuls 2,5 enfants sur 10 à Vitry, 3 à Choisy" -> Vitry: 2.5 and 10; Choisy: 3.
"""

import re
from collections.abc import Sequence

from assistant.generation.gate.numbers import Number, numbers
from corpus.registry import Registry
from corpus.sentences import split_sentences
from corpus.text import fold

Pairs = dict[str, frozenset[Number]]
"""Commune -> its numbers."""


def mispaired(registry: Registry, claim: str, evidence: str) -> bool:
    """Whether the claim gives a commune numbers that the evidence gives others only."""
    claimed = pairs_of(registry, claim)
    held = [pairs_of(registry, each) for line in evidence.splitlines() for each in split_sentences(line)]
    told = [pairs for pairs in held if sum(bool(each) for each in pairs.values()) > 1]
    return any(_contradicts(town, own, pairs) for town, own in claimed.items() for pairs in told)


def _contradicts(town: str, own: frozenset[Number], pairs: Pairs) -> bool:
    others = frozenset().union(*(each for name, each in pairs.items() if name != town))
    return town in pairs and not own & pairs[town] and bool(own & others)


def pairs_of(registry: Registry, text: str) -> Pairs:
    """Numbers go with the commune that follows them; with the one before, where the first commune comes first."""
    folded = fold(text)
    towns = _places(registry, folded)
    if not towns:
        return {}
    first = towns[0]
    if len({name for _, _, name in towns}) == 1:
        return {first[2]: frozenset(numbers(folded))}
    if numbers(folded[: first[0]]):
        cuts = [0, *(end for _, end, _ in towns)]
    else:
        cuts = [*(start for start, _, _ in towns), len(folded)]
    pairs: Pairs = {}
    for rank, (_, _, name) in enumerate(towns):
        pairs[name] = pairs.get(name, frozenset()) | frozenset(numbers(folded[cuts[rank] : cuts[rank + 1]]))
    return pairs


def _places(registry: Registry, folded: str) -> Sequence[tuple[int, int, str]]:
    """(start, end, commune) in order, the longest spelling first."""
    names = [(fold(each), named.name) for named in registry.named if named.kind == "commune" for each in named.variants]
    found: list[tuple[int, int, str]] = []
    for spelling, name in sorted(names, key=lambda pair: -len(pair[0])):
        for match in re.finditer(rf"\b{re.escape(spelling)}\b", folded):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), name))
    return sorted(found)
