"""What was understood of a question, as data: one or several requests, each of one kind, with what it is about."""

from dataclasses import dataclass
from typing import Literal

from corpus.partners import Condition

Aspect = Literal["financeurs", "operateurs", "dispositifs", "descriptif", "titre", "enjeu", "pilier"]

Kind = Literal[
    "fiche",  # something of one or several fiches named by number
    "check",  # is this actor in that list? does that fiche name this?
    "compare",  # fiches with each other
    "neighbour",  # next, previous
    "inverse",  # which fiches, how many, with these conditions
    "named",  # where an acronym, a dispositif, a place is named; what it means
    "ranking",  # most, least, all, none
    "structure",  # fiches of an enjeu, enjeux of a pilier, how many there are
    "unknown",  # a fiche, enjeu or pilier that does not exist
    "topic",  # a topic to search for, and what is asked of it
]


@dataclass(frozen=True, slots=True)
class Request:
    """One question. Slots that do not matter for its kind are empty.

    `topic`: what is left to search for; `named`: names of `corpus.registry.Named`; `excluded`: actors to leave out of a
    list; `claimed`: a number that the question takes for granted; `without`: fiches that may not answer.

    `mode`: what is asked, as the kind needs; "list" where nothing more is said.
        fiche      "count", "both" (actors with two roles), "holder" (the dispositifs of an actor), "about" (its text)
        check      "does" (what an actor does there)
        compare    "common", "difference", "most", "least"
        neighbour  "next", "previous", "between"
        inverse    "count", "every" (is it all of them?)
        named      "count", "meaning", "dedicated" (fiches whose title holds the name)
        ranking    "most", "least", "most fiche", "least fiche", "versus", "least versus", "all", "only", "size"
        structure  "count", "most", "least", "none", "single", "first", "last", "owner" (of an enjeu), "introduction"
        topic      "several" (fiches, not the best one alone)
    """

    kind: Kind
    aspects: tuple[Aspect, ...] = ()
    fiches: tuple[str, ...] = ()
    enjeux: tuple[int, ...] = ()
    piliers: tuple[int, ...] = ()
    outside: bool = False
    conditions: tuple[Condition, ...] = ()
    actors: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    mode: str = "list"
    yes_no: bool = False
    claimed: int | None = None
    topic: str = ""
    excluded: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """The self-standing question and its requests; `rewritten` when it differs from what was typed."""

    question: str
    requests: tuple[Request, ...]
    rewritten: bool = False
