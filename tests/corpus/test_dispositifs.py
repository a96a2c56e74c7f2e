"""The dispositifs: who holds them, under which heading, and what they are."""

import pytest

from corpus.document import DispositifGroup, Document
from corpus.load import read_corpus
from corpus.parsing.parse import parse


@pytest.fixture(scope="module")
def document() -> Document:
    return parse(read_corpus())


def groups(document: Document, number: str) -> tuple[DispositifGroup, ...]:
    fiche = document.fiche(number)
    assert fiche is not None
    return fiche.dispositifs


def holders(document: Document, number: str) -> list[tuple[str, int]]:
    """Each group as its holder and its number of items."""
    return [(group.porteur, len(group.items)) for group in groups(document, number)]


def test_the_groups_of_6_1_go_from_the_etat_to_the_conseil_regional(document: Document) -> None:
    assert holders(document, "6-1") == [
        ("Etat", 3),
        ("Caisse des dépôts et consignations", 4),
        ("Etat", 1),
        ("CAF", 1),
        ("Pôle Emploi", 2),
        ("missions locales", 1),
        ("Caisse des dépôts et consignations", 1),
        ("Caisse des dépôts et consignation avec le Conseil régional", 1),
        ("Chambre des métiers", 1),
        ("Conseil régional", 2),
    ]


def test_a_group_heading_of_6_1_stands_over_two_lines(document: Document) -> None:
    (group,) = [group for group in groups(document, "6-1") if len(group.lines) == 2]
    assert group.heading == "Dispositif de la Caisse des dépôts et consignation avec le Conseil régional"
    assert group.lines == (1927, 1929)
    assert [item.text for item in group.items] == ["Point d’accueil à la création d’entreprise (PASS)."]


def test_the_sentence_of_6_1_that_breaks_off_before_its_bullets_is_their_heading(document: Document) -> None:
    group = groups(document, "6-1")[1]
    assert (group.heading, group.lines) == ("La Caisse des dépôts et consignations peut", (1864,))
    assert group.items[0].text.startswith("Cofinancer des études relatives")
    assert group.items[-1].text == "Dispositif local d’accompagnement."


def test_the_sentence_of_the_direccte_in_6_1_stays_with_the_etat(document: Document) -> None:
    group = groups(document, "6-1")[0]
    assert group.items[-1].text.startswith("La Direccte intervient dans le domaine de l’IAE")


def test_the_convention_of_the_ministers_in_6_1_is_of_the_etat_again(document: Document) -> None:
    group = groups(document, "6-1")[2]
    assert (group.porteur, group.heading) == ("Etat", "")
    assert group.items[0].text.startswith("La convention d’objectifs pour les quartiers prioritaires 2013-2015")


@pytest.mark.parametrize("number", ["10-1", "10-2"])
def test_the_groups_of_10_1_and_10_2_are_the_communes_and_the_etat(document: Document, number: str) -> None:
    assert holders(document, number) == [("Communes", 1), ("Etat", 1)]


@pytest.mark.parametrize(("number", "line"), [("10-1", 2820), ("10-2", 2912)])
def test_the_abatement_of_the_tfpb_is_an_item_of_the_etat_with_or_without_its_bullet(
    document: Document, number: str, line: int
) -> None:
    group = groups(document, number)[-1]
    assert group.porteur == "Etat"
    assert [(item.text, item.lines) for item in group.items] == [("Abattement de la TFPB.", (line,))]


def test_the_items_that_begin_with_the_word_dispositifs_are_no_headings(document: Document) -> None:
    communes = groups(document, "10-1")[0]
    assert communes.heading == "Les dispositifs communaux"
    assert [item.text for item in communes.items] == ["Dispositifs de GUSP déjà mis en place."]
    region = groups(document, "1-1")[4]
    assert region.items[1].text == "Dispositif Compétences Clés ;"


def test_the_groups_of_18_2_stand_by_holder(document: Document) -> None:
    assert holders(document, "18-2") == [
        ("Etat (Education nationale)", 5),
        ("Conseil régional", 1),
        ("missions locales", 1),
        ("Communes", 2),
    ]


def test_dispositif_avenir_jeunes_in_18_2_is_an_item_of_the_conseil_regional(document: Document) -> None:
    group = groups(document, "18-2")[1]
    assert group.heading == "Dispositifs du Conseil régional"
    assert [(item.text, item.bullet) for item in group.items] == [("Dispositif Avenir jeunes.", True)]


def test_the_sentence_of_the_caisse_des_depots_in_2_2_is_a_group_of_its_own(document: Document) -> None:
    assert holders(document, "2-2") == [
        ("communes", 1),
        ("Etat", 1),
        ("Caisse des Dépôts et Consignations", 1),
        ("Pôle emploi", 2),
        ("RATP", 1),
    ]
    group = groups(document, "2-2")[2]
    assert group.heading == ""
    assert group.items[0].text == (
        "La Caisse des Dépôts et Consignations intervient sur la mobilité à travers sa filière Transdev."
    )
    assert [item.text for item in groups(document, "2-2")[1].items] == ["Permis à 1 euros"]


def test_the_sentence_of_the_caisse_des_depots_in_3_1_is_a_group_of_its_own(document: Document) -> None:
    assert holders(document, "3-1")[2] == ("Caisse des dépôts et consignation", 1)


def test_an_item_explained_on_the_next_line_is_one_item(document: Document) -> None:
    (group,) = [group for group in groups(document, "14-1") if group.porteur == "Caisse d’Allocations Familiales"]
    assert [item.lines[0] for item in group.items] == [3709, 3713, 3719]
    assert group.items[0].text == (
        "Aides directes aux familles pour les aider à partir en vacances : La Caf apporte une une aide aux vacances "
        "soit en direction des familles soit en direction des enfants ;"
    )


def test_the_caf_of_2_3_finances_what_the_document_says(document: Document) -> None:
    group = groups(document, "2-3")[0]
    assert (group.porteur, group.heading) == (
        "Caisse d’Allocations Familiales",
        "Dispositif de la Caisse d’Allocations Familiales",
    )
    assert [item.text for item in group.items] == [
        "La CAF finance les diagnostics et la mise en place de projets innovants qui visent à favoriser l’insertion en "
        "proposant des dispositifs de garde adaptés."
    ]


def test_every_group_has_a_holder_and_at_least_one_item(document: Document) -> None:
    for fiche in document.fiches:
        for group in fiche.dispositifs:
            assert group.porteur, fiche.number
            assert group.items, (fiche.number, group.porteur)


def test_no_heading_of_a_group_is_left_among_the_items(document: Document) -> None:
    items = [item.text for fiche in document.fiches for group in fiche.dispositifs for item in group.items]
    left = [t for t in items if t.endswith(":") and t.startswith(("Dispositif", "Les dispositif", "Autres disp"))]
    assert left == []
