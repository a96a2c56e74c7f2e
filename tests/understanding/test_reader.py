"""Questions read as queries: what is recognised is used or told, several questions, JSON both ways."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.chain import Guichet
from assistant.understanding.model import packed, unpacked
from assistant.understanding.query import Count, Has, Query, Scope, Top
from assistant.understanding.spans import mark
from tests.support.law import dropped

PIECES = st.sampled_from(
    [
        *(
            "la CAF",
            "l'État",
            "pôle emploi",
            "les bailleurs",
            "la RATP",
            "Valophis",
            "les missions locales",
            "le FEDER",
        ),
        *("la fiche 2-3", "la 14-1", "fiche deux un", "la 2-9", "l'enjeu 5", "le pilier santé", "enjeu 31", "pilier 2"),
        *(
            "finance",
            "opère",
            "les financeurs",
            "les dispositifs",
            "quelles fiches",
            "combien",
            "sans",
            "sauf",
            "et",
            "ou",
        ),
        *("le plus", "au moins huit", "hors", "le PLIE", "Gagarine", "Ivry", "je suis de", "garde d'enfants", "?", ","),
    ]
)


@pytest.mark.model
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, min_size=1, max_size=9))
@example(pieces=["qui finance", "le pilier santé"])
@example(pieces=["Je suis chez Valophis,", "quelles fiches", "parlent des bailleurs ?"])
@example(pieces=["quelles fiches", "la CAF", "fiche deux un", "combien", "la CAF"])
def test_no_span_that_was_recognised_is_dropped_in_silence(guichet: Guichet, pieces: list[str]) -> None:
    question = guichet.clean_text(" ".join(pieces))
    marked = mark(question, guichet.document, guichet.registry)
    assert dropped(marked, guichet.reader.read(question)) == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("Qui finance le pilier santé ?", {"where": ()}),  # a scope dropped
        ("Quelles fiches la CAF finance-t-elle sans l'État ?", {"where": (Has(actors=("caf",), role="financeurs"),)}),
        ("Qui finance la fiche 2-3 ?", {"fiches": ()}),
    ],
)
def test_the_law_sees_a_slot_that_is_dropped(guichet: Guichet, question: str, fault: dict[str, object]) -> None:
    marked = mark(question, guichet.document, guichet.registry)
    reads = guichet.reader.read(question)
    assert dropped(marked, reads) == []
    faulty = [replace(read, query=read.query.model_copy(update=fault), left_out=()) for read in reads]
    assert dropped(marked, faulty) != []


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("Qui finance le pilier santé ?", Query(where=(Scope(piliers=(5,)),), show=("financeurs",))),
        ("Qui finance la 2-3 ?", Query(fiches=("2-3",), show=("financeurs",))),
        (
            "Combien de fiches la CAF finance-t-elle ?",
            Query(where=(Has(actors=("caf",), role="financeurs"),), show=("fiches",), fold=Count()),
        ),
        ("Quels sont les trois financeurs les plus présents ?", Query(show=("financeurs",), fold=Top(number=3))),
        ("Quels sont les trois premiers financeurs ?", Query(show=("financeurs",), fold=Top(number=3))),
    ],
)
def test_a_question_is_read_as_its_query(guichet: Guichet, question: str, query: Query) -> None:
    (read,) = guichet.reader.read(question)
    assert read.query == query


def test_a_query_is_the_same_after_json() -> None:
    query = Query(
        where=(Scope(enjeux=(5,), outside=True), Has(actors=("caf", "etat"), role=None)),
        fold=Top(number=2, by="operateurs"),
    )
    assert Query.model_validate_json(query.model_dump_json()) == query
    assert Query.model_json_schema()["properties"].keys() == {"fiches", "where", "topic", "show", "fold", "claimed"}


@pytest.mark.parametrize(
    "record",
    [
        {"fiches": ["x"]},
        {"where": [{"kind": "has", "actors": []}]},
        {"unknown": 1},
        {"fold": {"kind": "top", "number": -1}},
    ],
)
def test_what_is_no_query_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Query.model_validate(record)


def test_a_query_is_frozen() -> None:
    with pytest.raises(ValidationError):
        Query().topic = "x"  # type: ignore[misc]


@pytest.mark.parametrize("shape", [(5, 8), (5,)])
def test_what_was_learned_is_kept_in_steps_of_each_row(shape: tuple[int, ...]) -> None:
    change = np.random.default_rng(0).normal(0, 0.01, shape).astype(np.float32)
    kept = packed("layer", change)
    assert kept["layer.steps"].dtype == np.int8
    largest = np.abs(change.reshape(5, -1)).max(1, keepdims=True).reshape(-1, *[1] * (len(shape) - 1))
    assert (np.abs(unpacked(kept, "layer") - change) <= largest / 253).all()
