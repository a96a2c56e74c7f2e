"""The counter card holds what its fiche holds, in every form it takes."""

from io import BytesIO

import docx
import pytest

from assistant.web.card.card import CAUTION, AcronymExpander, for_email, for_person, make_card, to_markdown
from assistant.web.card.html import render_card
from assistant.web.card.word import to_docx
from corpus.document import Fiche
from corpus.load import load_document
from corpus.registry import load_registry

DOCUMENT = load_document()
REGISTRY = load_registry()


@pytest.mark.parametrize("fiche", DOCUMENT.fiches, ids=lambda fiche: fiche.number)
def test_every_card_holds_the_partners_and_the_dispositifs_of_its_fiche(fiche: Fiche) -> None:
    card = make_card(DOCUMENT, REGISTRY, fiche.number)
    assert card is not None
    wanted = [fiche.title, *(partner.name for partner in (*fiche.financeurs, *fiche.operateurs))]
    wanted += [item.text.rstrip(" ;\u00a0") for group in fiche.dispositifs for item in group.items]
    word = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(to_docx(card))).paragraphs)
    for text in (to_markdown(card), word):
        assert [piece for piece in wanted if piece not in text] == []
        assert CAUTION in text
    assert for_person(card, REGISTRY).startswith("Bonjour,")
    assert for_email(card, REGISTRY).startswith(f"Objet\u00a0: Contrat de ville, fiche {fiche.number}")
    assert "<script" not in render_card(card, REGISTRY)


def test_the_person_reads_no_word_of_the_trade_and_no_bare_acronym() -> None:
    card = make_card(DOCUMENT, REGISTRY, "2-3")
    assert card is not None
    assert for_person(card, REGISTRY) == (
        "Bonjour,\n\nVoici ce que nous pouvons vous indiquer au sujet de votre demande.\n\n"
        "Sujet\u00a0: Offrir des modes d’accueil d’enfants adaptés aux publics en insertion professionnelle.\n\n"
        "Qui peut agir avec vous\u00a0:\n– Associations\n– Centres sociaux (associatifs et municipaux)\n\n"
        "Qui peut apporter l’argent\u00a0:\n– Communes\n– Agglomération\n– Conseil départemental\n"
        "– Caisse d’Allocations Familiales\n"
        "– Fonds Social Européen dans le cadre de la candidature Investissements Territoriaux Intégrés (ITI) de la "
        "Communauté d’agglomération Seine-Amont (CASA)\n\n"
        "Les aides possibles\u00a0:\n– Caisse d’Allocations Familiales\n"
        "   • La Caisse d’Allocations Familiales (CAF) finance les diagnostics et la mise en place de projets "
        "innovants qui visent à favoriser l’insertion en proposant des dispositifs de garde adaptés.\n"
        "– Pôle emploi\n   • Aide à la garde d’enfants pour parents isolés (AGEPI) : aide financière pour "
        "participer au financement de la garde des jeunes enfants lors de la reprise d’emploi et l’entrée en formation "
        "pour les familles monoparentale\n   • Partenariat autour la création de places de crèche réservées pour les "
        "personnes en recherche d’emploi.\n– Fonds Social Européen\n   • Appels à candidatures Investissements "
        "Territoriaux Intégrés (ITI).\n\nCes organismes ont changé de nom\u00a0:\n"
        "– Agglomération, aujourd’hui Établissement public territorial Grand-Orly Seine Bièvre\n"
        "– Fonds Social Européen, aujourd’hui Fonds social européen plus (FSE+)\n"
        "– Pôle emploi, aujourd’hui France Travail\n\n"
        f"{CAUTION}\nSource\u00a0: Contrat de ville 2015-2020 de Seine-Amont, fiche 2-3.\n\nVotre guichet"
    )


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("La CAF, puis la CAF.", "La Caisse d’Allocations Familiales (CAF), puis la CAF."),
        ("la Caisse d’Allocations Familiales (CAF)", "la Caisse d’Allocations Familiales (CAF)"),
        ("Le DIF6 (Découverte Individualisée)", "Le DIF6 (Découverte Individualisée)"),
        ("CAFETERIA, sous-CAF", "CAFETERIA, sous-CAF"),
        ("les BOP 147", "les Budget opérationnel de programme (BOP) 147"),
    ],
)
def test_an_acronym_is_written_out_once_and_only_when_the_text_does_not(text: str, spelled: str) -> None:
    assert AcronymExpander(REGISTRY.named)(text) == spelled


def test_there_is_no_card_for_what_is_no_fiche() -> None:
    assert make_card(DOCUMENT, REGISTRY, "99-1") is None
