"""The one executor: a query over the lists of partners and the plan of the document -> its result, as rows.

Every row keeps the lists that prove it (`Row.proofs`), so that each line that is told has its citation. The topic of a
query is not read here: the search ranks the fiches that `Executor.select` leaves.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.answering.exact.result import LISTS, Proof, Result, Row, compares, first
from assistant.understanding.query import (
    Among,
    Counted,
    Group,
    Has,
    Mentions,
    Place,
    Query,
    Scope,
    Show,
    Size,
    Top,
    Without,
    conditions,
)
from corpus.document import ROLES, Fiche, Role
from corpus.mentions import flatten_document
from corpus.partners import Condition as Listing
from corpus.partners import Entry, RoleTable
from corpus.registry import Named


class Executor:
    """Executes queries over one document; keeps nothing, safe for several threads."""

    def __init__(self, table: RoleTable) -> None:
        self.table, self.document = table, table.document
        self._order = {fiche.number: position for position, fiche in enumerate(table.document.fiches)}

    def execute(self, query: Query) -> Result:
        """The result of any valid query. Never raises; what does not exist is in `Result.missing`."""
        missing = self.missing(query)
        if missing:
            return Result(query, missing)
        base, fiches = self.select(query)
        shows = query.show or ("descriptif",)
        rows = tuple((show, tuple(self._fold(query, show, fiches))) for show in shows)
        return Result(query, (), base, fiches, rows)

    def select(self, query: Query) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fiches of the query's scope, and those of them that fit all its conditions."""
        named = [n for n in query.fiches if n in self._order]
        left_out = {number for each in conditions(query, Without) for number in each.fiches}
        base = [n for n in named or self._order if n not in left_out and self._inside(n, conditions(query, Scope))]
        found = [number for number in base if self._fits(query, number)]
        for place in conditions(query, Place):
            found = self._placed(place, found)
        return tuple(base), tuple(found)

    def named(self, name: str) -> Named:
        """The thing of this name with what its acronym adds: meaning, variants and fiches."""
        registry = self.table.registry
        named = next(each for each in registry.named if each.name == name)
        spellings = {variant.lower() for variant in named.variants}
        for other in registry.named:
            if other is not named and other.name.lower() in spellings and other.meaning:
                variants = tuple(dict.fromkeys((*named.variants, *other.variants)))
                fiches = tuple(sorted({*named.fiches, *other.fiches}, key=self._order.__getitem__))
                return replace(other, kind=named.kind, variants=variants, fiches=fiches)
        return named

    def size(self, fiche: str, of: Counted) -> int:
        """How many financeurs, opérateurs or dispositifs a fiche has."""
        if of == "fiches":
            return 1
        if of == "dispositifs":
            return sum(len(group.items) for each in self.document.fiches_of([fiche]) for group in each.dispositifs)
        return len(self.table.entries[fiche][of])

    def missing(self, query: Query) -> tuple[str, ...]:
        """What a query names and the document has not: "la fiche 2-9", "l’enjeu 31"."""
        numbers = [*query.fiches, *(n for place in conditions(query, Place) for n in place.of)]
        missing = [f"la fiche {number}" for number in numbers if number not in self._order]
        for scope in conditions(query, Scope):
            missing += [f"l’enjeu {each}" for each in scope.enjeux if not self.document.enjeu(each)]
            missing += [f"le pilier {each}" for each in scope.piliers if not self.document.pilier(each)]
        return tuple(dict.fromkeys(missing))

    def _inside(self, number: str, scopes: Sequence[Scope]) -> bool:
        fiche = self.document.fiches[self._order[number]]
        return all((fiche.enjeu in s.enjeux or fiche.pilier in s.piliers) != s.outside for s in scopes)

    def _fits(self, query: Query, number: str) -> bool:
        return all(
            (not isinstance(each, Has) or self._has(number, each))
            and (not isinstance(each, Size) or each.of == "fiches" or compares(self.size(number, each.of), each))
            and (not isinstance(each, Mentions) or self._mentions(number, each) == each.wanted)
            for each in query.where
        )

    def _has(self, number: str, condition: Has) -> bool:
        held = self.table.holds(number, Listing(condition.actors, condition.role)) == condition.wanted
        if not held or not condition.only:
            return held
        family = self.table.with_family(condition.actors)
        roles = [condition.role] if condition.role else list(ROLES)
        return all(entry.actors & family for role in roles for entry in self.table.entries[number][role])

    def _mentions(self, number: str, condition: Mentions) -> bool:
        for named in map(self.named, condition.names):
            if number in named.fiches and (not condition.title or number in self.titled(named)):
                return True
        return False

    def titled(self, named: Named) -> tuple[str, ...]:
        """The fiches whose title, or whose enjeu's, holds the name; all that name it when none does."""
        spellings = [flatten_document(each) for each in (*named.variants, named.meaning) if each]
        found = []
        for fiche in self.document.fiches_of(named.fiches):
            enjeu = self.document.enjeu(fiche.enjeu)
            titles = flatten_document(f"{fiche.title} {enjeu.title if enjeu else ''}")
            if any(spelling in titles for spelling in spellings):
                found.append(fiche.number)
        return tuple(found) or named.fiches

    def _placed(self, place: Place, found: list[str]) -> list[str]:
        """The fiches at a place: beside or between those it names, or the first, last or nth of those found."""
        positions = sorted(self._order[each] for each in place.of)
        allowed = set(found)
        numbers = list(self._order)
        if place.step in ("next", "previous"):
            step = 1 if place.step == "next" else -1
            beside = [numbers[at + step] for at in positions if 0 <= at + step < len(numbers)]
            return [each for each in beside if each in allowed]
        if place.step == "between":
            inside = numbers[positions[0] + 1 : positions[-1]] if positions else []
            return [each for each in inside if each in allowed]
        nth = place.number - 1 if place.number > 0 else len(found) + place.number
        at = {"first": 0, "last": len(found) - 1, "nth": nth}[place.step]
        return found[at : at + 1] if at >= 0 else []

    def _fold(self, query: Query, show: Show, fiches: tuple[str, ...]) -> Iterable[Row]:
        fold = query.fold
        if isinstance(fold, Group):
            return self._grouped(query, show, fiches, fold.by)
        rows = list(self._rows(query, show, fiches))
        if isinstance(fold, Top):
            return first(rows, fold)
        if fold.kind == "all" and show in LISTS:
            return [row for row in rows if len(row.fiches) == len(fiches)]
        return rows

    def _rows(self, query: Query, show: Show, fiches: tuple[str, ...]) -> Iterable[Row]:
        if show in ("enjeux", "piliers"):
            return self._parts(query, show, fiches)
        if show in LISTS:
            return self._partners(query, LISTS[show], fiches)
        by: Counted = query.fold.by if isinstance(query.fold, Top) else "fiches"
        return [Row(each, (each,), self.size(each, by), self._proofs(query, each)) for each in fiches]

    def _proofs(self, query: Query, number: str) -> tuple[Proof, ...]:
        """The lists that show why a fiche was selected: the actor's line, the whole list where it is not in it."""
        wanted: list[Proof] = []
        for each in conditions(query, Has):
            roles = [each.role] if each.role else list(ROLES)
            for role in roles:
                if each.wanted and self.table.entry(number, role, each.actors):
                    wanted.append((number, role, () if each.only else each.actors))
        if not wanted:
            wanted = [(number, each.role, ()) for each in conditions(query, Has) if each.role and not each.wanted]
        counted = [each.of for each in conditions(query, Size)]
        counted += [query.fold.by] if isinstance(query.fold, Top) else []
        return tuple(dict.fromkeys([*wanted, *((number, role, ()) for role in ROLES if role in counted)]))

    def _partners(self, query: Query, role: Role, fiches: Sequence[str]) -> list[Row]:
        """The actors of a list over some fiches, the most frequent first, then in the document's order."""
        found: dict[str, dict[str, None]] = {}
        for number in fiches:
            for entry in self.table.entries[number][role]:
                for id in self.shown_actors(query, entry):
                    found.setdefault(id, {})[number] = None
        rows = [
            Row(id, tuple(where), len(where), tuple((n, role, (id,)) for n in where)) for id, where in found.items()
        ]
        return sorted(rows, key=lambda row: -row.size)

    def shown_actors(self, query: Query, entry: Entry) -> tuple[str, ...]:
        """The actors under which an entry is shown: its own one, or those of the query it names; () when left out."""
        for among in conditions(query, Among):
            named = [id for id in among.actors if entry.actors & self.table.with_family([id])]
            if among.wanted:
                return tuple(named)
            if named:
                return ()
        return (entry.actor.id,)

    def _parts(self, query: Query, show: Show, fiches: Sequence[str]) -> list[Row]:
        """The enjeux or piliers of the scope, those without a fiche too, with the fiches selected in each."""
        inside, scopes = set(fiches), conditions(query, Scope)
        sized = any(each.of != "fiches" for each in conditions(query, Size))
        selective = (
            sized or bool(query.fiches) or any(isinstance(e, (Has, Mentions, Place, Without)) for e in query.where)
        )
        by: Counted = query.fold.by if isinstance(query.fold, Top) else "fiches"
        rows = []
        for number, enjeux in self._plan(show):
            held = tuple(f.number for f in self.document.fiches if f.enjeu in enjeux and f.number in inside)
            wanted = all(
                (bool({*enjeux} & {*s.enjeux}) or any(self._pilier_of(e) in s.piliers for e in enjeux)) != s.outside
                for s in scopes
            )
            if not wanted or (selective and not held):
                continue
            sizes = {by: len(held) if by == "fiches" else self._distinct(held, by)}
            if all(each.of != "fiches" or compares(len(held), each) for each in conditions(query, Size)):
                rows.append(Row(str(number), held, sizes[by]))
        return rows

    def _plan(self, show: Show) -> Iterable[tuple[int, tuple[int, ...]]]:
        """Each enjeu or pilier with its enjeux."""
        if show == "enjeux":
            return [(each.number, (each.number,)) for each in self.document.enjeux]
        return [
            (p.number, tuple(e.number for e in self.document.enjeux if e.pilier == p.number))
            for p in self.document.piliers
        ]

    def _pilier_of(self, enjeu: int) -> int:
        found = self.document.enjeu(enjeu)
        return found.pilier if found else 0

    def _distinct(self, fiches: Sequence[str], of: Counted) -> int:
        """How many different partners some fiches have, or how many dispositifs."""
        if of == "dispositifs":
            return sum(self.size(each, of) for each in fiches)
        if of == "fiches":
            return len(fiches)
        return len({entry.actor.id for number in fiches for entry in self.table.entries[number][of]})

    def _grouped(self, query: Query, show: Show, fiches: Sequence[str], by: str) -> list[Row]:
        """One row for each pilier, enjeu, fiche or actor, its size the number of what is shown there."""
        if by == "actor":
            roles: list[Role] = [each.role for each in conditions(query, Has) if each.role]
            return self._partners(query, LISTS.get(show) or (roles or ["financeurs"])[0], fiches)
        key: Callable[[Fiche], str] = {
            "pilier": lambda fiche: str(fiche.pilier),
            "enjeu": lambda fiche: str(fiche.enjeu),
            "fiche": lambda fiche: fiche.number,
        }[by]
        held: dict[str, list[str]] = {}
        for fiche in self.document.fiches_of(fiches):
            held.setdefault(key(fiche), []).append(fiche.number)
        if show == "enjeux" and by == "pilier":
            return [
                Row(str(number), tuple(held.get(str(number), ())), len(enjeux))
                for number, enjeux in self._plan("piliers")
                if str(number) in held
            ]
        of: Counted = LISTS.get(show, "fiches")
        if show in LISTS and show != "dispositifs":
            return [
                Row(each, tuple(numbers), len(self._partners(query, LISTS[show], numbers)))
                for each, numbers in held.items()
            ]
        return [Row(each, tuple(numbers), self._distinct(numbers, of)) for each, numbers in held.items()]
