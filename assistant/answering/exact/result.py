"""What the execution of a query gives: rows that keep the lists that prove them."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.query import Query, Show, Size, Top
from corpus.document import Role

Proof = tuple[str, Role, tuple[str, ...]]
"""A list of a fiche: its number, its role, and the actors (ids) that it is shown for, () for all of them."""
LISTS: dict[Show, Role] = {
    "financeurs": "financeurs",
    "operateurs": "operateurs",
    "porteurs": "dispositifs",
    "dispositifs": "dispositifs",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a result. `id`: a fiche, an actor's id, the number of an enjeu or pilier, or a word for what is
    counted; `fiches`: where it stands; `size`: what it is counted or ranked by."""

    id: str
    fiches: tuple[str, ...]
    size: int
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """`missing`: what the query names and the document has not, "la fiche 2-9"; nothing else is known then.

    `base`: the fiches of the query's scope; `fiches`: those of them that fit all its conditions, in the document's
    order; `rows`: what is shown of them, folded.
    """

    query: Query
    missing: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    fiches: tuple[str, ...] = ()
    rows: tuple[tuple[Show, tuple[Row, ...]], ...] = ()


def compares(value: int, condition: Size) -> bool:
    if condition.compare == "=":
        return value == condition.number
    return value >= condition.number if condition.compare == ">=" else value <= condition.number


def first(rows: Sequence[Row], fold: Top) -> list[Row]:
    """The first rows by size, with those that are level with the last of them; all of them when `number` is 0."""
    ranked = sorted(rows, key=lambda row: row.size if fold.least else -row.size)
    if not fold.number or len(ranked) <= fold.number:
        return ranked
    last = ranked[fold.number - 1].size
    return [row for row in ranked if row.size <= last] if fold.least else [row for row in ranked if row.size >= last]
