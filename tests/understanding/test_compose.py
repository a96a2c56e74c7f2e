"""What the heads say -> a query: the parts that are put together, without any model."""

import pytest

from assistant.understanding.compose import Parts, compose
from assistant.understanding.query import Among, Compare, Condition, Count, Has, Place, Query, Scope, Show, Top, settled
from assistant.understanding.spans import mark
from corpus.document import Document
from corpus.registry import load_registry

FICHES: tuple[Show, ...] = ("fiches",)
SOCIAL, WOMEN = (Scope(piliers=(3,)),), (Scope(enjeux=(16,)),)


def composed(document: Document, question: str, labels: list[str], parts: Parts) -> Query:
    """`labels`: one for each span, from left to right."""
    marked = mark(question, document, load_registry())
    assert len(marked.spans) == len(labels)
    spans = tuple(frozenset((label,)) for label in labels)
    query, unused = compose(marked, Parts(parts.topic, parts.show, parts.fold, parts.by, parts.place, spans, False))
    assert unused == ()
    return query


@pytest.mark.parametrize(
    ("question", "labels", "place", "wanted"),
    [
        (
            "les fiches depuis l'enjeu 7 jusqu'à l'enjeu 12",
            ["scope", "scope"],
            "between",
            Scope(enjeux=tuple(range(7, 13))),
        ),
        (
            "les fiches entre la 2-3 et la 3-1",
            ["target", "target"],
            "between",
            Place(step="between", of=("2-3", "3-1")),
        ),
        ("l'avant-dernière fiche", ["nth"], "nth", Place(step="nth", number=-2)),
        ("la dernière fiche", ["nth"], "nth", Place(step="last")),
        ("les fiches de la Région ou des bailleurs", ["has:any:+"] * 2, "-", Has(actors=("region", "ols"))),
    ],
)
def test_a_condition_is_made_of_its_spans(
    document: Document, question: str, labels: list[str], place: str, wanted: Condition
) -> None:
    query = composed(document, question, labels, Parts(False, ("fiches",), "list", "-", place, ()))
    assert query.where == (wanted,)
    assert query.fiches == ()


def test_with_no_list_to_pick_an_actor_from_all_that_it_does_is_asked(document: Document) -> None:
    labels, asked = ["among+", "target"], Parts(False, ("descriptif",), "list", "-", "-", ())
    query = composed(document, "La Région a quoi dans la 14-1 ?", labels, asked)
    assert (query.fiches, query.where) == (("14-1",), (Has(actors=("region",)),))
    listed = composed(
        document, "La Région a quoi dans la 14-1 ?", labels, Parts(False, ("dispositifs",), "list", "-", "-", ())
    )
    assert listed.where == (Among(actors=("region",)),)


def test_of_two_fiches_one_is_looked_for(document: Document) -> None:
    asked = Parts(False, ("operateurs",), "top", "-", "-", ())
    query = settled(composed(document, "plus d'opérateurs en 21-1 ou en 1-1 ?", ["target", "target"], asked))
    assert (query.fiches, query.show, query.fold) == (("21-1", "1-1"), ("fiches",), Top(number=1, by="operateurs"))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (Query(fiches=("2-3",), show=FICHES, fold=Top()), Query(fiches=("2-3",), show=("descriptif",))),
        (Query(fiches=("2-3",), show=FICHES, fold=Compare()), Query(fiches=("2-3",), show=FICHES)),
        (Query(where=SOCIAL, show=("piliers",), fold=Count()), Query(where=SOCIAL, show=FICHES, fold=Count())),
        (Query(where=WOMEN, show=("enjeux",)), Query(where=WOMEN, show=FICHES)),
        (Query(where=SOCIAL, show=("enjeux",), fold=Count()), Query(where=SOCIAL, show=("enjeux",), fold=Count())),
    ],
)
def test_what_says_nothing_is_not_asked(asked: Query, meant: Query) -> None:
    assert settled(asked) == meant
