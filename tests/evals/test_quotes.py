"""Quotes against the delivered text, names of partners in answers, denials that nothing bears."""

import pytest

from assistant.answer import Answer, Citation
from corpus.document import Document, Partner
from corpus.load import read_corpus
from evals.scoring.quotes_standing import PREAMBLE, Delivered, bare, delivered_places
from evals.scoring.reference import Reference, make_reference, named_in, partner_names, stray_negations
from evals.sets.questions import load_questions
from index.chunks import chunk_document


@pytest.fixture(scope="module")
def places(document: Document) -> Delivered:
    return delivered_places(document, read_corpus())


@pytest.fixture(scope="module")
def reference(document: Document) -> Reference:
    return make_reference(document, read_corpus())


def quote(fiche: str, text: str) -> Citation:
    return Citation(fiche, "descriptif", text, ())


@pytest.mark.parametrize(
    ("fiche", "text"),
    [
        ("1-1", "Permettant un apprentissage des outils numériques"),
        ("1-1", "reprendre confiance en eux et de\nmieux maitriser  l'exercice de l’entretien"),
        ("1-1", "Communes ; Agglomération ; Conseil départemental"),
        ("1-1", "- Pôle Emploi\n- Associations"),
        ("1-1", "la nécessité de développer des « sas » […] d’accéder à une formation qualifiante."),
        ("11-2", "Source : loi n°2014-173 du 21 février 2014"),
        ("préambule", "le volet « prévention de la délinquance »"),
        ("enjeu 1", "La question de la formation est traitée de manière complémentaire"),
    ],
)
def test_what_stands_in_the_document_stands(places: Delivered, fiche: str, text: str) -> None:
    assert places.stands(quote(fiche, text))


@pytest.mark.parametrize(
    ("fiche", "text"),
    [
        ("1-2", "Permettant un apprentissage des outils numériques"),  # another fiche's
        ("1-1", "Permettant un apprentissage des outils informatiques"),  # a word changed
        ("1-1", "Communes ; Caisse des dépôts"),  # a partner that is not in the list
        ("1-1", "en 2016"),
        ("1-1", ""),
        ("1-1", " - …"),
        ("99-9", "Communes"),
    ],
)
def test_what_does_not_stand_there_does_not(places: Delivered, fiche: str, text: str) -> None:
    assert not places.stands(quote(fiche, text))


def test_every_chunk_of_the_corpus_stands_in_its_place(places: Delivered, document: Document) -> None:
    for chunk in chunk_document(document):
        place = chunk.fiche or (f"enjeu {chunk.enjeu}" if chunk.enjeu else PREAMBLE)
        assert places.stands(quote(place, chunk.body)), chunk.id


def test_layout_is_not_text() -> None:
    assert bare("- inter-\nentreprises définit2 :") == "interentreprisesdéfinit:"
    assert bare("2,5 enfants sur 10") == "2,5enfantssur10"


def test_partners_are_named_without_their_brackets_and_with_their_services() -> None:
    partner = Partner("Etat : Education nationale ; Direccte", (1,), ("Education nationale", "Direccte"))
    assert partner_names(partner) == ("etat", "education nationale", "direccte")
    assert partner_names(Partner("Organismes paritaires (OPCA)", (1,))) == ("organismes paritaires",)


def test_a_longer_name_hides_the_shorter_one_in_it() -> None:
    names = ("associations de locataires", "associations", "etat")
    assert named_in("- Associations de locataires\n- l’État", names) == {"associations de locataires", "etat"}
    assert named_in("Associations, associations de locataires", names) == {"associations de locataires", "associations"}


def test_the_f1_of_a_list_falls_with_what_lacks_and_with_what_is_added(reference: Reference) -> None:
    question = next(question for question in load_questions() if question.id == "ea-001")
    names = ["Communes", "Agglomération", "Conseil départemental", "Conseil régional", "Etat"]
    full = [*names, "Caisse d’Allocations Familiales"]

    def f1(listed: list[str]) -> float | None:
        return reference.list_f1(question, Answer("\n".join(f"- {name}" for name in listed), "answered"))

    assert f1(full) == 1.0
    assert f1(names) == pytest.approx(2 * 5 / (5 + 6))
    assert f1([*full, "Fonds Social Européen"]) == pytest.approx(2 * 6 / (7 + 6))


def test_only_questions_on_one_whole_list_have_an_f1(reference: Reference) -> None:
    question = next(question for question in load_questions() if question.type == "descriptif")
    assert reference.list_f1(question, Answer("Communes", "answered")) is None


@pytest.mark.parametrize(
    ("text", "quoted", "stray"),
    [
        ("La CAF ne finance pas la fiche.", "Communes ; CAF", 1),
        ("Elle ne fait pas partie de la liste et n’apparaît plus.", "Communes", 2),
        ("Des publics qui ne disposent pas des pré-requis.", "publics qui ne disposent pas des pré-requis", 0),
        ("La CAF finance la fiche.", "CAF", 0),
    ],
)
def test_a_denial_must_stand_in_a_quote(text: str, quoted: str, stray: int) -> None:
    assert stray_negations(Answer(text, "answered", (quote("1-1", quoted),))) == stray
