"""What is masked before anything is kept, and what must stay: fiche numbers, years, amounts, names of bodies."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.personal_data import mask
from corpus.load import load_document

ACTORS = (
    "Action Logement",
    "Seine Amont Développement",
    "Pôle Emploi",
    "Mission Locale",
    "Cap Emploi",
    "France Travail",
    "Caisse d’Allocations Familiales",
    "Valophis Habitat",
    "Éducation Nationale",
    "Conseil Départemental",
    "Conseil Régional",
    "Bailleurs Sociaux",
)
"""As « C’est … » is followed: two capitalised words look like a first name and a surname."""
PEOPLE = (
    "Fatou Diallo",
    "Jean-Pierre Martin",
    "Karim Ben Ali",
    "Inès Moreau",
    "Thi Nguyen",
    "Marie Ville",
    "Paul Mairie",
    "Rose Caf",
    "Pierre Mission",
    "Ada Lovelace",
    "Régine Lycée",
    "Martin Locale",
)
QUESTIONS = Path(__file__).parent.parent.parent / "evals" / "sets" / "data" / "questions.jsonl"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("appelez le 06 12 34 56 78 svp", "appelez le [téléphone] svp"),
        ("0612345678", "[téléphone]"),
        ("06.12.34.56.78, merci", "[téléphone], merci"),
        ("+33 6 12 34 56 78", "[téléphone]"),
        ("0033612345678", "[téléphone]"),
        ("mon fixe 01-46-72-11-22", "mon fixe [téléphone]"),
        ("tel au pays : +213 550 12 34 56", "tel au pays : [téléphone]"),
        ("ada.lovelace+test@mail.example.fr ?", "[courriel] ?"),
        ("ada arobase exemple.fr", "[courriel]"),
        ("mon numéro 2 85 05 78 006 084 91", "mon numéro [numéro de sécurité sociale]"),
        ("n° 285057800608491", "n° [numéro de sécurité sociale]"),
        ("285057800608436 est faux", "[numéro de sécurité sociale] est faux"),
        ("né en Corse 2 85 05 2A 006 084 33", "né en Corse [numéro de sécurité sociale]"),
        ("FR76 3000 6000 0112 3456 7890 189", "[IBAN]"),
        ("mon rib FR7630006000011234567890189 est là", "mon rib [IBAN] est là"),
        ("ma carte 4111 1111 1111 1111", "ma carte [carte]"),
        ("dossier 123456789012", "dossier [numéro]"),
        ("je suis née le 12/03/1987", "je suis née le [date]"),
        ("né le 1er mars 1987 à Ivry", "né le [date] à Ivry"),
        ("j'habite 12 bis rue de la République", "j'habite [adresse]"),
        ("au 3, avenue Maurice Thorez à Ivry", "au [adresse] à Ivry"),
        ("je m'appelle Ada Lovelace et je cherche", "je m'appelle [nom] et je cherche"),
        ("Je m’appelle ada", "Je m’appelle [nom]"),
        ("jmappelle karim ben ali, je veux un permis", "jmappelle [nom], je veux un permis"),
        ("moi c'est Fatou", "moi c'est [nom]"),
        ("mon nom est de La Tour qui finance ?", "mon nom est [nom] qui finance ?"),
        ("ma fille s’appelle Inès et elle", "ma fille s’appelle [nom] et elle"),
        ("Mme Nguyen Van Thi a appelé", "Mme [nom] a appelé"),
        ("pour Monsieur de Souza", "pour Monsieur [nom]"),
        ("je suis Jean-Pierre Martin, qui paie ?", "je suis [nom], qui paie ?"),
        ("my name is John Smith", "my name is [nom]"),
        ("mon fils s’appelle Ram", "mon fils s’appelle [nom]"),
        *((f"C’est {person} qui finance ?", "C’est [nom] qui finance ?") for person in PEOPLE),
        *((f"Je suis {person}, merci", "Je suis [nom], merci") for person in PEOPLE),
    ],
)
def test_personal_data_is_replaced_by_its_kind(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "qui finance la fiche 2-3 ?",
        "les fiches 1-1, 1-2, 2-3 et 4-10",
        "le Contrat de ville 2015-2020",
        "BOP 147, article 12 du 21 février 2014",
        "entre 16 et 25 ans, 1 200 euros, 45 000 habitants",
        "comment s'appelle la fiche sur les crèches ?",
        "je suis salarié de la Mission locale",
        "je suis agent d'accueil",
        "Madame, Monsieur, qui finance ?",
        "c'est Pôle emploi qui paie ?",
        *(f"C’est {actor} qui finance ?" for actor in ACTORS),
        "la CAF et le Fonds Social Européen",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert mask(text) == text


def test_our_own_questions_and_titles_lose_nothing() -> None:
    """Masking must not spoil what the operator reads: hardly any of 1 374 questions without personal data changes."""
    questions = [json.loads(line)["question"] for line in QUESTIONS.open(encoding="utf-8")]
    changed = [question for question in questions if mask(question) != question]
    assert len(changed) <= len(questions) // 200, changed
    titles = [fiche.title for fiche in load_document().fiches]
    assert [title for title in titles if mask(title) != title] == []


@given(st.text(max_size=300))
def test_any_text_is_masked_without_an_error_and_masking_again_changes_little(text: str) -> None:
    once = mask(text)
    assert isinstance(once, str)
    assert "@exemple.fr" not in mask(f"{text} a@exemple.fr")


def test_a_hostile_text_is_masked_in_no_time() -> None:
    for text in (
        "1" * 20_000,
        "a@" * 10_000,
        "je m'appelle " * 1500,
        "A-" * 10_000,
        "1 rue de la " * 1500,
        "FR" * 9000,
    ):
        mask(text)
