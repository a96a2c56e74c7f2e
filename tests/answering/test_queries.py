"""Queries executed on the lists: against gold that other code computes; what is told has its proofs."""

import pytest

from assistant.answer_records import read_query
from assistant.answering.exact.execute import Executor
from assistant.answering.exact.tell import tell
from assistant.understanding.paraphrase import paraphrase
from assistant.understanding.query import (
    All,
    Among,
    Compare,
    Count,
    Group,
    Has,
    Mentions,
    Place,
    Query,
    Scope,
    Size,
    Top,
    Without,
)
from corpus.document import ROLES
from corpus.load import load_document
from corpus.partners import RoleTable
from corpus.registry import load_registry
from tests.support.exact_gold import TABLE, enj, fin, ope, pil

LONG = frozenset(number for number, fiche in TABLE.items() if len(fiche["financeurs"]) >= 8)
CAF = Has(actors=("caf",), role="financeurs")


@pytest.fixture(scope="module")
def executor() -> Executor:
    return Executor(RoleTable(load_document(), load_registry()))


@pytest.mark.parametrize(
    ("query", "gold"),
    [
        (Query(where=(CAF,)), fin("CAF")),
        (Query(where=(CAF, Scope(piliers=(5,)))), fin("CAF") & pil(5)),
        (Query(where=(CAF, Scope(piliers=(5,), outside=True))), fin("CAF") - pil(5)),
        (Query(where=(CAF, Has(actors=("etat",), role="financeurs", wanted=False))), fin("CAF") - fin("Etat")),
        (Query(where=(Has(actors=("anru", "fse"), role="financeurs"),)), fin("ANRU") | fin("FSE")),
        (Query(where=(CAF, Has(actors=("centres-sociaux",), role="operateurs"))), fin("CAF") & ope("Centres sociaux")),
        (Query(where=(Scope(enjeux=(14,)), Without(fiches=("14-1",)))), enj(14) - {"14-1"}),
        (
            Query(where=(Size(of="financeurs", compare=">=", number=8),)),
            LONG,
        ),
        (Query(where=(Place(step="next", of=("2-3",)),)), {"2-4"}),
        (Query(where=(Scope(piliers=(5,)), Place(step="last"))), {"24-1"}),
        (Query(where=(Scope(piliers=(5,)), Place(step="nth", number=-2))), {"23-2"}),
    ],
)
def test_a_query_selects_the_fiches_of_the_gold(executor: Executor, query: Query, gold: set[str]) -> None:
    assert set(executor.select(query)[1]) == set(gold) != set()


@pytest.mark.parametrize("role", ["financeurs", "operateurs"])
def test_the_list_of_every_fiche_is_whole(executor: Executor, role: str) -> None:
    for number, fiche in TABLE.items():
        text = tell(executor, executor.execute(Query(fiches=(number,), show=(role,)))).finish().text  # type: ignore[arg-type]
        listed = [" ".join(line[2:].split()) for line in text.splitlines() if line.startswith("- ")]
        assert listed == [" ".join(name.split()) for name in fiche[role]], number


def test_counts_rankings_and_groups_are_those_of_the_lists(executor: Executor) -> None:
    ((_, ranked),) = executor.execute(Query(show=("financeurs",), fold=Top(number=0))).rows
    assert {row.id: row.size for row in ranked}["caf"] == len(fin("CAF"))
    assert [row.size for row in ranked] == sorted((row.size for row in ranked), reverse=True)
    ((_, groups),) = executor.execute(Query(show=("fiches",), fold=Group(by="pilier"))).rows
    assert {int(row.id): row.size for row in groups} == {number: len(pil(number)) for number in range(1, 6)}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(fiches=("2-9",)), "La fiche 2-9 n’existe pas."),
        (Query(where=(Scope(enjeux=(31,)),)), "L’enjeu 31 n’existe pas"),
        (Query(fiches=("2-3",), where=(CAF,), fold=All()), "Oui, la Caisse d’Allocations Familiales"),
        (
            Query(fiches=("2-3", "3-1"), show=("operateurs",), fold=Compare(what="common")),
            "ont en commun les opérateurs suivants",
        ),
        (Query(where=(Scope(piliers=(5,)),), show=("operateurs",), fold=Count()), "opérateurs différents"),
        (Query(where=(Mentions(names=("PLIE",)),), show=("sens",)), "Plans locaux pour l’insertion et l’emploi"),
        (Query(where=(Among(actors=("ratp",)),), show=("dispositifs",)), "RATP"),
    ],
)
def test_a_result_is_told(executor: Executor, query: Query, said: str) -> None:
    answer = tell(executor, executor.execute(query)).finish()
    assert said in answer.text.replace("\u00a0", " ")
    assert paraphrase(query, executor.table)


def test_of_two_fiches_the_one_with_more_comes_first(executor: Executor) -> None:
    query = Query(fiches=("1-1", "21-1"), show=("fiches",), fold=Top(by="operateurs"))
    ((_, rows),) = executor.execute(query).rows
    most = max(("1-1", "21-1"), key=lambda number: len(TABLE[number]["operateurs"]))
    assert [(row.id, row.size) for row in rows] == [(most, len(TABLE[most]["operateurs"]))]


def test_titles_of_an_enjeu_are_those_of_its_fiches(executor: Executor) -> None:
    query = Query(where=(Scope(enjeux=(14,)),), show=("titre",))
    text = tell(executor, executor.execute(query)).finish().text
    for fiche in executor.document.fiches_of(enj(14)):
        assert fiche.title in text


def test_what_is_checked_is_said_before_the_list_that_is_asked_too(executor: Executor) -> None:
    query = Query(fiches=("2-3",), where=(CAF,), show=("operateurs",))
    text = tell(executor, executor.execute(query)).finish().text
    assert text.startswith("Oui")
    assert all(f"- {name}" in text for name in TABLE["2-3"]["operateurs"])


def test_bodies_named_inside_a_line_are_told_with_it(executor: Executor) -> None:
    query = Query(where=(Scope(piliers=(5,)),), show=("financeurs",))
    text = tell(executor, executor.execute(query)).finish().text
    assert any("Agence Régionale de Santé" in name for number in pil(5) for name in TABLE[number]["financeurs"])
    assert "(dont Agence" in text.replace("\u00a0", " ")


def test_every_fiche_that_is_told_of_an_actor_has_its_lines(executor: Executor) -> None:
    for actor in executor.table.registry.actors:
        for role in ROLES:
            query = Query(where=(Has(actors=(actor.id,), role=role),), show=("fiches",))
            answer = tell(executor, executor.execute(query)).finish()
            found = set(executor.select(query)[1])
            assert found <= set(answer.fiches)
            assert all(citation.lines for citation in answer.citations)


@pytest.mark.parametrize("text", ["[", "3", '{"fiches": "2-3"}', '{"show": ["prix"]}', '{"where": [{"kind": "has"}]}'])
def test_what_is_no_query_is_refused_in_french(text: str) -> None:
    with pytest.raises(ValueError, match=r"requête|JSON"):
        read_query(text)
