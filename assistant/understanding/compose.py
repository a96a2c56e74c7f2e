"""What the heads say of a question and of its spans -> the query, with the spans that it leaves out.

The heads say what each span is for; this file puts the parts together and sees to it that they make a query, and that
no span is dropped in silence. The one word looked at is "ou" between two actors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.understanding.query import (
    LONGEST_TOPIC,
    All,
    Among,
    Compare,
    Condition,
    Count,
    Exists,
    Fold,
    Group,
    Has,
    Listed,
    Mentions,
    Place,
    Query,
    Scope,
    Size,
    Top,
    Without,
)
from assistant.understanding.spans import Marked, Span
from corpus.document import ROLES

NONE = "none"
_LISTS = frozenset(("financeurs", "operateurs", "porteurs", "dispositifs"))
_ROLES_SAID = frozenset((*ROLES, "pay", "total", "count", "list"))
"""Concepts by which a list of the whole document may be asked for."""
_EITHER = frozenset(("ou", "or", "o", "soit", "/", "veya", "sau", "ou bien"))
_BETWEEN = frozenset(("la", "le", "les", "l", "'", "d", "de", "du", "des", "par", "the", "un", "une"))


@dataclass(frozen=True, slots=True)
class Parts:
    """What the heads decided. `spans`: for each span of the question, what it is for (one label, or several)."""

    topic: bool
    show: tuple[str, ...]
    fold: str
    by: str
    place: str
    spans: tuple[frozenset[str], ...]
    content: bool = True
    """Whether a word is left that no span and no question word accounts for."""
    beside: bool = False
    """Whether it is read beside a question before it, whose fiches it may ask about."""


def compose(marked: Marked, parts: Parts) -> tuple[Query, tuple[Span, ...]]:
    """The query, and the typed spans that it does not use."""
    named: dict[str, list[Span]] = {}
    used: set[Span] = set()
    acting = {
        i
        for span, labels in zip(marked.spans, parts.spans, strict=True)
        if span.kind == "actor" and labels - {NONE}
        for i in range(span.start, span.end)
    }
    for span, labels in zip(marked.spans, parts.spans, strict=True):
        if span.kind in ("named", "place") and acting & {*range(span.start, span.end)}:
            continue  # the same words name an actor, which says what they are for
        for label in labels - {NONE}:
            named.setdefault(label, []).append(span)
            used.add(span)
    where: list[Condition] = [*_scopes(named), *_has(marked, named), *_among(named), *_sizes(named)]
    where += [
        Mentions(names=_values(named[label]), wanted=label != "notmentions", title=label == "titled")
        for label in ("mentions", "notmentions", "titled")
        if label in named
    ]
    fiches = _values(named.get("target", []))
    place, taken = _place(parts.place, named, fiches)
    where += place
    if parts.place == "between" and not place:  # "de l'enjeu 7 à l'enjeu 12"
        where = [_from_to(each) if isinstance(each, Scope) else each for each in where]
    if not place:
        fiches = tuple(dict.fromkeys((*fiches, *_values(named.get("place", [])))))
    if taken:
        fiches = ()
    if left_out := _values(named.get("without", [])):
        where.append(Without(fiches=left_out))
    show = tuple(each for each in parts.show if each != NONE)
    if not {*show} & _LISTS and "among+" in named and not parts.topic:
        # "La Région a quoi dans la 14-1 ?": with no list to pick it from, all that it does there is asked.
        where = [each for each in where if not isinstance(each, Among) or not each.wanted]
        where.append(Has(actors=_values(named["among+"])))
    if parts.fold == "exists" and fiches and not where and not named.keys() - {"target"}:
        checked, named_too = _checked(marked, used)  # whether it is so is asked of what it names
        where, used = checked, used | named_too
    unsaid = not (fiches or parts.beside) and not marked.said & _ROLES_SAID
    only_scopes = all(isinstance(each, Scope) for each in where) and (parts.content or not where)
    if {*show} & _LISTS and unsaid and only_scopes:
        show, parts = (), replace(parts, topic=True)  # "qui êtes-vous ?" asks for no list
    if {*show} & _LISTS and not fiches and where and "fiche" not in marked.said and all(map(_is_bare, where)):
        where, parts = [], replace(parts, topic=True)  # "qui finance les crèches ?" asks of no fiche where they stand
    checks = parts.fold == "exists" and parts.content and not (fiches or parts.beside) and "fiche" not in marked.said
    if checks and [each.kind for each in where] == ["has"]:
        show, parts = (), replace(parts, topic=True)  # whether it is so of what the words that are left over name
    if fiches and len(show) > 1:  # a fiche that is named is not what is looked for
        show = tuple(each for each in show if each != "fiches")
    number = next((int(span.values[0]) for span in named.get("top", []) if span.values[0].isdecimal()), 1)
    claimed = next((int(span.values[0]) for span in named.get("claimed", [])), None)
    exact = bool(fiches) and bool(set(show) & _LISTS)  # a list of a fiche that is named needs no search
    nothing = not (fiches or where or named) and parts.fold in ("list", "exists", "count")
    # Where nothing selects, what is left over is what is sought; "quelles fiches ?" alone seeks as well.
    left_over = nothing and (parts.content or (set(show) <= {"fiches"} and parts.fold != "count"))
    left_over = left_over and not parts.beside
    topic = marked.question[:LONGEST_TOPIC] if (parts.topic and not exact) or left_over else ""
    meant = show == ("sens",) and not any(isinstance(each, Mentions) for each in where)
    if meant:  # the meaning of a name that is not known is sought
        topic = marked.question[:LONGEST_TOPIC]
    query = Query(
        fiches=fiches,
        where=tuple(where),
        topic=topic,
        show=show or (() if topic else ("fiches",)),  # type: ignore[arg-type]
        fold=_fold(parts.fold, parts.by, number),
        claimed=claimed,
    )
    unused = tuple(span for span in marked.spans if span not in used and not _shares(span, used))
    return query, () if topic else unused


def _checked(marked: Marked, used: set[Span]) -> tuple[list[Condition], set[Span]]:
    """That the actors and names which nothing uses stand in the fiche, and their spans."""
    free = [span for span in marked.spans if span.kind in ("actor", "named") and not _shares(span, used)]
    actors = [span for span in free if span.kind == "actor"]
    things = [span for span in free if span.kind == "named" and not _shares(span, {*actors})]
    found: list[Condition] = [Has(actors=span.values) for span in actors]
    return [*found, *(Mentions(names=span.values) for span in things)], {*actors, *things}


def _is_bare(condition: Condition) -> bool:
    """Whether it says no more than that an actor stands somewhere."""
    return isinstance(condition, Has) and condition.role is None and condition.wanted and not condition.only


def _shares(span: Span, used: set[Span]) -> bool:
    """Whether another span of the same words is used."""
    return any(span.start < other.end and other.start < span.end for other in used)


def _values(spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for span in spans for value in span.values))


def _scopes(named: Mapping[str, list[Span]]) -> list[Condition]:
    found: list[Condition] = []
    for label in ("scope", "outside"):
        spans = named.get(label, [])
        enjeux = tuple(int(n) for n in _values([s for s in spans if s.kind == "enjeu"]))
        piliers = tuple(int(n) for n in _values([s for s in spans if s.kind != "enjeu"]) if n.isdecimal())
        if enjeux and piliers and label == "scope":
            found += [Scope(enjeux=enjeux), Scope(piliers=piliers)]
        elif enjeux or piliers:
            found.append(Scope(enjeux=enjeux, piliers=piliers, outside=label == "outside"))
    return found


def _from_to(scope: Scope) -> Scope:
    """Two enjeux named as the ends of a range -> all of the range."""
    ends = sorted(scope.enjeux)
    return scope.model_copy(update={"enjeux": tuple(range(ends[0], ends[-1] + 1))}) if len(ends) > 1 else scope


def _has(marked: Marked, named: Mapping[str, list[Span]]) -> list[Condition]:
    """One condition for each actor and label; actors with "ou" between them are alternatives of one condition."""
    found: list[Has] = []
    for label in named:
        if not label.startswith("has:"):
            continue
        _, role, sign = label.split(":")
        if sign == "only" and len(named[label]) > 1:  # nobody else than all of these, and each of them
            alone = Has(actors=_values(named[label]), role=None if role == "any" else role, only=True)  # type: ignore[arg-type]
            found += [alone, *(Has(actors=span.values, role=alone.role) for span in named[label])]
            continue
        groups: list[list[Span]] = []
        for span in named[label]:
            if groups and sign == "+" and _alternative(marked, groups[-1][-1], span):
                groups[-1].append(span)
            else:
                groups.append([span])
        for actors in dict.fromkeys(_values(group) for group in groups):
            found.append(
                Has(actors=actors, role=None if role == "any" else role, wanted=sign != "-", only=sign == "only")  # type: ignore[arg-type]
            )
    return list(dict.fromkeys(found))


def _alternative(marked: Marked, left: Span, right: Span) -> bool:
    between = [token for token in marked.tokens[left.end : right.start] if token not in _BETWEEN]
    return bool(between) and set(between) <= _EITHER


def _among(named: Mapping[str, list[Span]]) -> list[Condition]:
    return [
        Among(actors=_values(named[label]), wanted=label == "among+")
        for label in ("among+", "among-")
        if label in named
    ]


def _sizes(named: Mapping[str, list[Span]]) -> list[Condition]:
    found: list[Condition] = []
    for label, spans in named.items():
        if label.startswith("size:"):
            _, of, compare = label.split(":")
            value = int(spans[0].values[0])
            number = value + (compare == ">") - (compare == "<")
            sign = {">": ">=", "<": "<="}.get(compare, compare)
            found.append(Size(of=of, compare=sign, number=max(number, 0)))  # type: ignore[arg-type]
    return found


def _place(step: str, named: Mapping[str, list[Span]], fiches: tuple[str, ...]) -> tuple[list[Condition], bool]:
    """The condition on a place, and whether it takes the fiches that the question names."""
    of = _values(named.get("place", []))
    if step in ("next", "previous") or (step == "between" and len(of or fiches) > 1):
        return [Place(step=step, of=of or fiches)], not of  # type: ignore[arg-type]
    if step in ("first", "last"):
        return [Place(step=step)], False  # type: ignore[arg-type]
    numbers = [int(span.values[0]) for span in named.get("nth", [])]
    if step == "nth" and numbers:
        return [Place(step="last") if numbers[0] == -1 else Place(step="nth", number=numbers[0])], False
    return [], False


def _fold(label: str, by: str, number: int) -> Fold:
    kind, _, detail = label.partition(":")
    if kind == "top":
        number = 0 if detail == "all" else number
        return Top(number=number, least=detail == "least", by=by if by != "-" else "fiches")  # type: ignore[arg-type]
    if kind == "group":
        return Group(by=detail)  # type: ignore[arg-type]
    if kind == "compare":
        return Compare(what=detail)  # type: ignore[arg-type]
    plain: dict[str, Fold] = {"count": Count(), "exists": Exists(), "all": All()}
    return plain.get(kind, Listed())
