"""The registry: every partner and holder is one actor, kinships are kept, acronyms stand where the text has them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document
from corpus.errors import CorpusError
from corpus.registry import Registry, load_registry
from corpus.text import words
from tests.support.exact_gold import TABLE, TEXTS, txt

DATA = Path(__file__).parent.parent.parent / "corpus" / "data"
ACRONYMS: list[dict[str, Any]] = json.loads((DATA / "sigles.json").read_text(encoding="utf-8"))
THINGS: list[dict[str, Any]] = json.loads((DATA / "dispositifs.json").read_text(encoding="utf-8"))
PARTNERS = sorted({name for fiche in TABLE.values() for role in ("financeurs", "operateurs") for name in fiche[role]})


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def test_every_partner_and_every_holder_is_exactly_one_actor(registry: Registry, document: Document) -> None:
    """`pytest -s` prints the table for a person to check."""
    holders = sorted({group.porteur for fiche in document.fiches for group in fiche.dispositifs})
    table = {name: registry.actor_of(name) for name in [*PARTNERS, *holders]}
    for name, actor in sorted(table.items(), key=lambda pair: pair[1].id):
        print(f"{actor.id:<24} {name}")  # noqa: T201 - the table to be checked
    assert len(PARTNERS) > 100
    assert {actor.id for actor in table.values()} <= {actor.id for actor in registry.actors}


def test_no_spelling_belongs_to_two_actors(registry: Registry) -> None:
    owners: dict[str, set[str]] = {}
    for actor in registry.actors:
        for spelling in (actor.name, *actor.spellings):
            owners.setdefault(" ".join(spelling.lower().split()), set()).add(actor.id)
    assert {spelling: ids for spelling, ids in owners.items() if len(ids) > 1} == {}


def test_ids_are_unique_and_kin_exist(registry: Registry) -> None:
    ids = [actor.id for actor in registry.actors]
    assert len(ids) == len(set(ids))
    for actor in registry.actors:
        assert {each for each in (actor.parent, *actor.members) if each} <= set(ids), actor.id
        assert actor.parent != actor.id


@pytest.mark.parametrize(
    ("spelling", "id"),
    [
        ("Caisse d’Allocation Familiales", "caf"),
        ("Caisses d’Allocations Familiales", "caf"),
        ("CAF", "caf"),
        ("Caisse des dépôt et consignations", "cdc"),
        ("Caisse des dépôts en consignation", "cdc"),
        ("CDC", "cdc"),
        ("Pôle Emploi", "pole-emploi"),
        ("Pôle emploi", "pole-emploi"),
        ("Organisme de logement social", "ols"),
        ("Organismes de Logement Social", "ols"),
        ("Etat", "etat"),
        ("Etat (dont Agence Régionale de Santé)", "etat"),
        ("Etat (Direccte)", "etat"),
        ("Etat : Education nationale ; Direccte", "etat"),
        ("DIRECCTE", "direccte"),
        ("Education Nationale", "education-nationale"),
        ("Caisse Primaire d’Assurance Maladie", "cpam"),
        ("Assurance Maladie", "assurance-maladie"),
        ("Fonds Social Européen dans le cadre de la candidature ITI de la CASA", "fse"),
        ("FEDER dans le cadre de la candidature ITI de la CASA (pour la ville de Vitry-sur-Seine)", "feder"),
        ("Conseil départemental", "departement"),
        ("Conseil départemental de l’accès au droit (Ministère de la Justice)", "cdad"),
        ("Bibliothèques/médiathèques/ludothèques", "mediatheques"),
        ("Clubs de prévention", "prevention-specialisee"),
    ],
)
def test_a_spelling_of_the_document_is_this_actor(registry: Registry, spelling: str, id: str) -> None:
    assert registry.actor_of(spelling).id == id


def test_kinships_are_modelled_not_flattened(registry: Registry) -> None:
    parents = {actor.id: actor.parent for actor in registry.actors}
    assert parents["direccte"] == parents["education-nationale"] == parents["ars"] == "etat"
    assert parents["academie-creteil"] == "education-nationale"
    assert parents["cpam"] == "assurance-maladie"
    assert parents["valophis"] == "ols"
    assert parents["feder"] == parents["fse"] == ""
    assert registry.actor("fass-pole-emploi").members == ("fass", "pole-emploi")


def test_a_partner_that_no_one_knows_is_told_with_the_file_to_repair(registry: Registry) -> None:
    with pytest.raises(CorpusError, match=r"« Banque Machin ».*acteurs\.json"):
        registry.actor_of("Banque Machin")


@pytest.mark.parametrize("acronym", ACRONYMS, ids=[each["sigle"] for each in ACRONYMS])
def test_an_acronym_s_fiches_are_those_whose_text_holds_it(acronym: dict[str, Any]) -> None:
    spellings = "|".join(re.escape(each) for each in (acronym["sigle"], *acronym["variantes"]))
    pattern = re.compile(rf"(?<!\w)(?:{spellings})(?!\w)")
    found = [number for number, text in TEXTS.items() if pattern.search(" ".join(text.split()))]
    assert acronym["fiches"] == found


def test_a_dispositif_s_or_place_s_fiches_are_those_whose_text_holds_one_of_its_names() -> None:
    expected_differences = {
        "Programme de réussite éducative (PRE)": {"1-1", "21-1"},  # "pré-requis", "pré" once accents are folded
        "Paris": {"7-1"},  # the quartier "Commune de Paris"
    }
    for thing in THINGS:
        found = txt(thing["nom"], *thing["variantes"])
        assert found - set(thing["fiches"]) == expected_differences.get(thing["nom"], set()), thing["nom"]
        assert set(thing["fiches"]) <= found, thing["nom"]


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("la Sécu", "assurance-maladie"),
        ("le Département", "departement"),
        ("l'agglo", "agglomeration"),
        ("france travail", "pole-emploi"),
        ("la region", "region"),
        ("les bailleurs sociaux", "ols"),
        ("LA CAF", "caf"),
        ("banque des territoires", "cdc"),
        ("les mairies", "communes"),
        ("l’Éduc nat", "education-nationale"),
        ("hlm", "ols"),
        ("le rectorat", "academie-creteil"),
    ],
)
def test_everyday_names_are_found_in_a_question(registry: Registry, asked: str, id: str) -> None:
    found = registry.find(words(f"est-ce que {asked} finance la fiche"))
    assert [mention.actor.id for mention in found if mention.actor] == [id]


@pytest.mark.parametrize(
    "expression", ["le contrat de ville", "l’état de santé", "un demandeur d’emploi", "centre-ville"]
)
def test_an_expression_that_holds_a_name_does_not_name_the_actor(registry: Registry, expression: str) -> None:
    assert [mention.actor for mention in registry.find(words(expression)) if mention.actor] == []
