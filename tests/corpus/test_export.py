"""The export: the schema that the issue promises, plain JSON, names as the document writes them."""

import json
import re
from typing import Any

import pytest

from corpus.document import Document
from corpus.export import export
from corpus.load import read_corpus
from corpus.parsing.parse import parse

SECTIONS = ["descriptif", "financeurs", "operateurs", "dispositifs"]


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(read_corpus())


@pytest.fixture(scope="module")
def exported(document: Document) -> dict[str, Any]:
    return export(document)


@pytest.fixture(scope="module")
def flat() -> str:
    """The delivered text on one line, words cut after a hyphen joined."""
    return re.sub(r"(?<=\w)- (?=\w)", "-", " ".join(read_corpus().split()))


def test_the_export_has_the_five_parts(exported: dict[str, Any]) -> None:
    assert list(exported) == ["piliers", "enjeux", "fiches", "preambule", "notes"]
    assert [len(exported[part]) for part in ("piliers", "enjeux", "fiches", "notes")] == [5, 24, 43, 4]


def test_the_export_survives_a_round_trip_through_json(exported: dict[str, Any]) -> None:
    assert json.loads(json.dumps(exported, ensure_ascii=False)) == exported


def test_a_pilier_has_its_number_and_its_title(exported: dict[str, Any]) -> None:
    assert exported["piliers"][4] == {"numero": 5, "titre": "SANTE", "nom": "Santé"}


def test_an_enjeu_has_exactly_the_four_keys_and_types_of_the_issue(exported: dict[str, Any]) -> None:
    for enjeu in exported["enjeux"]:
        assert list(enjeu) == ["numero", "titre", "pilier", "introduction"]
        assert isinstance(enjeu["numero"], int)
        assert isinstance(enjeu["pilier"], int)
        assert isinstance(enjeu["titre"], str)


def test_the_introduction_of_an_enjeu_is_a_text_or_nothing(exported: dict[str, Any]) -> None:
    introductions = {enjeu["numero"]: enjeu["introduction"] for enjeu in exported["enjeux"] if enjeu["introduction"]}
    assert list(introductions) == [1, 21]
    assert "n°20 : « Renforcer les liens entre l’école et le monde professionnel »" in introductions[1]
    assert {enjeu["introduction"] for enjeu in exported["enjeux"]} == {None, *introductions.values()}


def test_a_fiche_has_exactly_the_eight_keys_and_types_of_the_issue(exported: dict[str, Any]) -> None:
    for fiche in exported["fiches"]:
        assert list(fiche) == ["numero", "titre", "enjeu", "pilier", *SECTIONS]
        assert re.fullmatch(r"\d+-\d+", fiche["numero"])
        assert isinstance(fiche["enjeu"], int)
        assert isinstance(fiche["pilier"], int)
        for section in SECTIONS[:3]:
            assert all(isinstance(text, str) and text for text in fiche[section])
            assert fiche[section]


def test_a_group_of_dispositifs_has_its_porteur_and_its_items(exported: dict[str, Any]) -> None:
    for fiche in exported["fiches"]:
        assert fiche["dispositifs"]
        for group in fiche["dispositifs"]:
            assert {"porteur", "items"} <= set(group) <= {"porteur", "intitule", "items"}
            assert group["porteur"]
            assert all(isinstance(item, str) and item for item in group["items"])


def test_the_preamble_is_its_five_paragraphs(exported: dict[str, Any], document: Document) -> None:
    assert exported["preambule"] == [paragraph.text for paragraph in document.preamble]
    assert len(exported["preambule"]) == 5


def test_a_note_of_the_preamble_has_no_fiche_and_another_has_its_own(exported: dict[str, Any]) -> None:
    assert [(note["numero"], note["fiche"], note["section"], note["apres"]) for note in exported["notes"]] == [
        (1, None, "preambule", "financeurs"),
        (2, "11-2", "descriptif", "définit"),
        (3, "18-2", "dispositifs", "déscolarisation"),
        (4, "21-1", "dispositifs", "excellence"),
    ]


@pytest.mark.parametrize("section", ["financeurs", "operateurs"])
def test_every_name_of_a_partner_stands_in_the_document(exported: dict[str, Any], flat: str, section: str) -> None:
    names = {name for fiche in exported["fiches"] for name in fiche[section]}
    assert [name for name in names if name not in flat] == []


def test_every_title_and_heading_stands_in_the_document(exported: dict[str, Any], flat: str) -> None:
    titles = [part["titre"] for part in (*exported["piliers"], *exported["enjeux"], *exported["fiches"])]
    titles += [group["intitule"] for fiche in exported["fiches"] for group in fiche["dispositifs"]]
    assert [title for title in titles if title not in flat] == []


def test_spellings_are_kept_even_where_the_document_is_not_consistent(exported: dict[str, Any]) -> None:
    names = {name for fiche in exported["fiches"] for name in (*fiche["financeurs"], *fiche["operateurs"])}
    assert {"Pôle emploi", "Pôle Emploi", "Education nationale", "Education Nationale"} <= names
    assert {"Caisse des dépôt et consignations", "Caisse des dépôts en consignation", "DIRECCTE", "ADEM"} <= names


def test_fiche_2_3_is_exported_whole(exported: dict[str, Any]) -> None:
    (fiche,) = [fiche for fiche in exported["fiches"] if fiche["numero"] == "2-3"]
    assert (fiche["enjeu"], fiche["pilier"], len(fiche["descriptif"])) == (2, 1, 6)
    assert fiche["operateurs"] == ["Associations", "Centres sociaux (associatifs et municipaux)"]
    assert [group["porteur"] for group in fiche["dispositifs"]] == [
        "Caisse d’Allocations Familiales",
        "Pôle Emploi",
        "Fonds Social Européen",
    ]


def test_the_export_of_an_empty_document_is_empty_and_does_not_raise() -> None:
    assert export(parse("")) == {"piliers": [], "enjeux": [], "fiches": [], "preambule": [], "notes": []}
