"""The question language: what a question asks of the document, as data. Frozen, validated, JSON both ways.

A query selects fiches (`fiches`, `where`, `topic`), shows something of them (`show`) and folds what is shown (`fold`):

    "Combien de fiches du pilier santé la CAF finance-t-elle ?"
    Query(where=(Scope(piliers=(5,)), Has(actors=("caf",), role="financeurs")), show=("fiches",), fold=Count())

`assistant.answering.exact.execute` executes it, `tell` says the result, `paraphrase` says the query.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from corpus.document import Role

Show = Literal[
    "fiches",
    "financeurs",
    "operateurs",
    "porteurs",
    "dispositifs",
    "descriptif",
    "titre",
    "enjeux",
    "piliers",
    "introduction",
    "sens",
]
"""What is shown of the fiches selected: their numbers, one of their lists (`porteurs`: who holds the dispositifs),
their text or title, where they stand; the introduction of an enjeu; what a name means."""
Kind = TypeVar("Kind")
LONGEST_TOPIC = 4000
"""Characters."""
Counted = Literal["fiches", "financeurs", "operateurs", "dispositifs"]
FicheNumber = Annotated[str, Field(pattern=r"^\d{1,3}-\d{1,3}$")]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Has(_Data):
    """One of `actors` (ids) stands in the list `role` of the fiche, in any list when None; none does when not `wanted`;
    with `only`, nobody else does."""

    kind: Literal["has"] = "has"
    actors: tuple[str, ...] = Field(min_length=1)
    role: Role | None = None
    wanted: bool = True
    only: bool = False


class Among(_Data):
    """Of the partners shown, only `actors`; all but them when not `wanted`. "Qui finance à part l’État ?"."""

    kind: Literal["among"] = "among"
    actors: tuple[str, ...] = Field(min_length=1)
    wanted: bool = True


class Size(_Data):
    """So many partners or dispositifs in the fiche; so many fiches in the enjeu or pilier shown."""

    kind: Literal["size"] = "size"
    of: Counted
    compare: Literal["=", ">=", "<="]
    number: int = Field(ge=0)


class Scope(_Data):
    """In one of these enjeux or piliers; in none of them when `outside`. A number that does not exist is told."""

    kind: Literal["scope"] = "scope"
    enjeux: tuple[int, ...] = ()
    piliers: tuple[int, ...] = ()
    outside: bool = False


class Place(_Data):
    """Place in the document's order: beside or between the fiches `of`, or the first, last or nth of those selected;
    a negative `number` counts from the end."""

    kind: Literal["place"] = "place"
    step: Literal["next", "previous", "between", "first", "last", "nth"]
    of: tuple[FicheNumber, ...] = ()
    number: int = 1


class Mentions(_Data):
    """The text of the fiche holds one of these names (`corpus.registry.Named`); its title, when `title`."""

    kind: Literal["mentions"] = "mentions"
    names: tuple[str, ...] = Field(min_length=1)
    wanted: bool = True
    title: bool = False


class Without(_Data):
    """Not these fiches."""

    kind: Literal["without"] = "without"
    fiches: tuple[FicheNumber, ...] = Field(min_length=1)


Condition = Annotated[Has | Among | Size | Scope | Place | Mentions | Without, Field(discriminator="kind")]


class Listed(_Data):
    kind: Literal["list"] = "list"


class Count(_Data):
    kind: Literal["count"] = "count"


class Exists(_Data):
    """Yes or no."""

    kind: Literal["exists"] = "exists"


class All(_Data):
    """Is it so of all of them? With partners shown: those that stand in every fiche selected."""

    kind: Literal["all"] = "all"


class Top(_Data):
    """The `number` first of what is shown, by how many of `by` each has (a partner: of fiches); the last if `least`.
    A number of 0 ranks them all."""

    kind: Literal["top"] = "top"
    number: int = Field(default=1, ge=0)
    least: bool = False
    by: Counted = "fiches"


class Group(_Data):
    """One count of what is shown for each pilier, enjeu, fiche or actor."""

    kind: Literal["group"] = "group"
    by: Literal["pilier", "enjeu", "fiche", "actor"]


class Compare(_Data):
    """What the fiches have in common or what tells them apart; `same`: are the lists the same?"""

    kind: Literal["compare"] = "compare"
    what: Literal["common", "difference", "same"] = "difference"


Fold = Annotated[Listed | Count | Exists | All | Top | Group | Compare, Field(discriminator="kind")]


class Query(_Data):
    """`fiches`: named by number, () = all. `where`: all hold. `topic`: free words, ranked by the search.
    `show`: () beside a topic leaves what is shown to the answer. `claimed`: a number that is taken for granted.
    """

    fiches: tuple[FicheNumber, ...] = ()
    where: tuple[Condition, ...] = ()
    topic: str = Field(default="", max_length=LONGEST_TOPIC)
    show: tuple[Show, ...] = ()
    fold: Fold = Listed()
    claimed: int | None = None


def settled(query: Query) -> Query:
    """The same question, where the letter of it asks for what says nothing: one fiche compared or ranked, a part of the
    plan counted inside itself, the list of two fiches ranked where one of the two is looked for."""
    fold, show, one = query.fold, query.show, len(query.fiches) == 1
    if isinstance(fold, Compare) and one:
        fold = Listed()
    if isinstance(fold, Top) and one and show == ("fiches",):
        fold, show = Listed(), ("descriptif",)
    if isinstance(fold, Top) and len(query.fiches) > 1 and show in (("financeurs",), ("operateurs",), ("dispositifs",)):
        fold, show = fold.model_copy(update={"by": show[0]}), ("fiches",)
    for scope in conditions(query, Scope):
        inside = () if scope.outside else ("piliers",) if scope.piliers else ("enjeux",)
        if show == inside and isinstance(fold, (Listed, Count, Exists)):
            show = ("fiches",)
    return query.model_copy(update={"fold": fold, "show": show})


def conditions(query: Query, kind: type[Kind]) -> list[Kind]:
    """The conditions of one kind."""
    return [each for each in query.where if isinstance(each, kind)]
