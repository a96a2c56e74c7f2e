"""Who asks is no part of what is asked: names and numbers that people say of themselves change no answer."""

import pytest

from assistant.chain import Guichet
from assistant.understanding.self_introduction import ask_only
from corpus.registry import load_registry

ASKED = (
    "Quels modes de garde sont proposés aux parents en formation ?",
    "Qui finance l’accueil des jeunes enfants ?",
    "mon fils est exclu du collège, qui peut l’aider ?",
    "Je cherche un atelier pour apprendre le français.",
    "Quelles fiches la CAF finance-t-elle ?",
    "j’arrive pas à payer le permis, qui peut m’aider ?",
)
SAID_FIRST = (
    "Je m’appelle Zéphyrine Trucmuche, 06 12 34 56 78.",
    "Bonjour, moi c’est Karim.",
    "Bonjour madame, je m’appelle Fatou Ndiaye et mon numéro d’allocataire est le 1234567 89 0.",
    "slt jmappelle kevin.",
    "Mon mail est ada.lovelace@exemple.fr.",
)


@pytest.mark.model
@pytest.mark.parametrize("said", SAID_FIRST)
@pytest.mark.parametrize("asked", ASKED)
def test_an_introduction_changes_no_answer(guichet: Guichet, said: str, asked: str) -> None:
    alone, introduced = guichet.answer(asked), guichet.answer(f"{said} {asked}")
    assert alone.status == "answered"
    assert (introduced.text, introduced.fiches) == (alone.text, alone.fiches)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("hello, my name is John Smith, I need French lessons", "I need French lessons"),
        ("moi c’est Fatou, mon fils est viré du collège", "mon fils est viré du collège"),
        ("qui m’aide ? mon tel c’est le 06 12 34 56 78", "qui m’aide ?"),
    ],
)
def test_what_is_asked_is_left(typed: str, read: str) -> None:
    assert ask_only(typed, load_registry()) == read


@pytest.mark.parametrize(
    "typed",
    [
        "je m’appelle Karim",
        "06 12 34 56 78",
        "Et moi, c’est quoi le PLIE ?",
        "moi c’est la garde d’enfants qui m’intéresse",
        "comment s’appelle le réseau de la fiche 5-1 ?",
        "Qui finance les fiches 2-1, 2-2, 2-3 et 10-1 du contrat 2015-2020 ?",
        "les 2,5 millions d’euros du BOP 147",
        "qui finance les fiches 2-1 2-2 2-3 10-1 ?",
        "compare 1-1 1-2 2-1 2-2 2-3",
        "bilan 2015 2016 2017 2018 du contrat",
        "Moi c’est Vitry, qui finance le permis ?",
        "moi c’est Pôle emploi qui m’envoie pour le PLIE",
        "je m’appelle à l’aide",
        "mon nom est inscrit à la mission locale, qui peut m’aider ?",
    ],
)
def test_what_is_no_introduction_stays(typed: str) -> None:
    assert ask_only(typed, load_registry()) == typed
