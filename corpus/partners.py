"""Who is what in which fiche: the lists of partners and holders as actors, computed once from the parsed document.

An entry may name several actors: its own, those in its brackets or under it ("Etat (dont Agence Régionale de Santé)"
is the Etat, and names the ARS), the members of a joint holder. CPAM and Assurance Maladie are one family here: the
document uses both names for it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.document import ROLES, Document, Fiche, Role, lines_of
from corpus.registry import Actor, Registry
from corpus.text import words

_FAMILIES = (frozenset({"cpam", "assurance-maladie"}),)


@dataclass(frozen=True, slots=True)
class Condition:
    """A fiche fits when one of `actors` (ids) has the role in it (any role when None); the contrary when not wanted."""

    actors: tuple[str, ...]
    role: Role | None
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: the document's spelling, its main actor, all the actors that it names."""

    name: str
    actor: Actor
    actors: frozenset[str]
    lines: tuple[int, ...]


class RoleTable:
    """`entries[fiche][role]`: the lines of a list, in the document's order."""

    def __init__(self, document: Document, registry: Registry) -> None:
        self.document = document
        self.registry = registry
        self.entries: dict[str, dict[Role, tuple[Entry, ...]]] = {
            fiche.number: {role: tuple(self._read(fiche, role)) for role in ROLES} for fiche in document.fiches
        }

    def _read(self, fiche: Fiche, role: Role) -> Iterable[Entry]:
        if role == "dispositifs":
            named = [(group.porteur, group.lines or lines_of(group.items)) for group in fiche.dispositifs]
        else:
            named = [(partner.name, partner.lines) for partner in getattr(fiche, role)]
        for name, lines in named:
            actor = self.registry.actor_of(name)
            inside = re.split(r"[(:]", name, maxsplit=1)
            mentions = self.registry.find(words(" ".join(inside[1:])))
            inner = {m.actor.id for m in mentions if m.actor and m.actor.parent == actor.id}
            ids = {actor.id, *(member.id for member in self.registry.members(actor)), *inner}
            yield Entry(name, actor, frozenset(ids), lines)

    def entry(self, fiche: str, role: Role, actors: Sequence[str]) -> Entry | None:
        """The line of that list that names one of these actors."""
        wanted = self.with_family(actors)
        return next((entry for entry in self.entries[fiche][role] if entry.actors & wanted), None)

    def with_family(self, actors: Sequence[str]) -> frozenset[str]:
        return frozenset(actors).union(*(family for family in _FAMILIES if family & set(actors)))

    def holds(self, fiche: str, condition: Condition) -> bool:
        roles = [condition.role] if condition.role else list(ROLES)
        return any(self.entry(fiche, role, condition.actors) for role in roles) == condition.wanted

    def fiches(self, conditions: Sequence[Condition], scope: Sequence[str] | None = None) -> list[str]:
        """The fiches that fit all conditions, in the document's order, within `scope` where it is given."""
        numbers = [fiche.number for fiche in self.document.fiches]
        allowed = numbers if scope is None else [number for number in numbers if number in scope]
        return [number for number in allowed if all(self.holds(number, condition) for condition in conditions)]

    def relatives(self, actor: str, role: Role, outside: Sequence[str]) -> dict[str, list[str]]:
        """Actors that belong to this one and hold the role in other fiches: id -> fiches not in `outside`."""
        found: dict[str, list[str]] = {}
        for child in self.registry.actors:
            if child.parent == actor and not self.with_family([actor]) & {child.id}:
                numbers = [n for n in self.fiches([Condition((child.id,), role)]) if n not in outside]
                if numbers:
                    found[child.id] = numbers
        return found
