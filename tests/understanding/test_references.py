"""Fiches, enjeux and piliers named in a question: by figures, in words, by name; what does not exist is told apart."""

import pytest

from assistant.understanding.references import find_references
from corpus.document import Document

Expected = dict[str, tuple[object, ...]]


def named(question: str, document: Document) -> Expected:
    """What is read, as the examples write it: `unknown` is what the document has not."""
    kinds = {"fiche": "fiches", "enjeu": "enjeux", "pilier": "piliers"}
    found: dict[str, tuple[object, ...]] = {"fiches": (), "enjeux": (), "piliers": (), "unknown": ()}
    exists = {
        "fiche": {fiche.number for fiche in document.fiches},
        "enjeu": {str(enjeu.number) for enjeu in document.enjeux},
        "pilier": {str(pilier.number) for pilier in document.piliers},
    }
    article = {"fiche": "la fiche", "enjeu": "l’enjeu", "pilier": "le pilier"}
    for kind, key in kinds.items():
        for number in dict.fromkeys(
            n for e in find_references(question, document) if e.kind == kind for n in e.numbers
        ):
            if number not in exists[kind]:
                found["unknown"] += (f"{article[kind]} {number}",)
            else:
                found[key] += (number if kind == "fiche" else int(number),)
    return found


def fiches(*numbers: str) -> Expected:
    return {"fiches": numbers}


def enjeux(*numbers: int) -> Expected:
    return {"enjeux": numbers}


def piliers(*numbers: int) -> Expected:
    return {"piliers": numbers}


def unknown(*names: str) -> Expected:
    return {"unknown": names}


EXAMPLES: list[tuple[str, Expected]] = [
    ("Que finance-t-on dans la 4-1 ?", fiches("4-1")),
    ("fiche 14-2", fiches("14-2")),
    ("FICHE 14-2", fiches("14-2")),
    ("la fiche n° 5.2", fiches("5-2")),
    ("la fiche n°5-2", fiches("5-2")),
    ("la fiche numéro 5-2", fiches("5-2")),
    ("Fiche opérationnelle n°22-1 : opérateurs", fiches("22-1")),
    ("les fiches 10-1 et 10-2", fiches("10-1", "10-2")),
    ("entre la 10-2 et la 10-1", fiches("10-2", "10-1")),
    ("8-1, 8-2, 9-1", fiches("8-1", "8-2", "9-1")),
    ("la 8-1 ou bien la 8-1 ?", fiches("8-1")),
    ("la 7–1", fiches("7-1")),
    ("la 7 - 1", fiches("7-1")),
    ("la 7/1", fiches("7-1")),
    ("la 7.1 svp", fiches("7-1")),
    ("c ki ki pai la 19 2", fiches("19-2")),
    ("fiche 19 2", fiches("19-2")),
    ("fich 3-1 koi dedan", fiches("3-1")),
    ("fiche deux trois", fiches("2-3")),
    ("fiche quatorze un", fiches("14-1")),
    ("la vingt-trois deux, elle dit quoi", fiches("23-2")),
    ("la vingt deux un", fiches("22-1")),
    ("la dix-sept un", fiches("17-1")),
    ("Fiche treize deux, s'il vous plaît", fiches("13-2")),
    ("et pour la 24-1", fiches("24-1")),
    ("1-1", fiches("1-1")),
    ("Compare 17-1 avec 17-2", fiches("17-1", "17-2")),
    ("la fiche 2-3 de l'enjeu 2", {"fiches": ("2-3",), "enjeux": (2,)}),
    ("La 2-3 est-elle du pilier 1 ?", {"fiches": ("2-3",), "piliers": (1,)}),
    ("les fiches de l'enjeu 9", enjeux(9)),
    ("Enjeu stratégique n°12", enjeux(12)),
    ("enjeu n° 12", enjeux(12)),
    ("l'enjeu numéro 12", enjeux(12)),
    ("l’enjeu douze", enjeux(12)),
    ("les enjeux 5 et 6", enjeux(5, 6)),
    ("les enjeux 5, 6 et 8", enjeux(5, 6, 8)),
    ("des enjeux 17 à 19", enjeux(17, 18, 19)),
    ("le premier enjeu", enjeux(1)),
    ("le dernier enjeu", enjeux(24)),
    ("l'enjeu « Lutter contre le repli sur soi »", enjeux(14)),
    ("L'enjeu Améliorer la prise en charge des jeunes en situation de décrochage scolaire", enjeux(18)),
    ("l'enjeu « Améliorer la prise en charge des jeunes en situation de décrochage scolaire »", enjeux(18)),
    ("pilier 3", piliers(3)),
    ("le pilier n°3", piliers(3)),
    ("pilier trois", piliers(3)),
    ("le pilier santé", piliers(5)),
    ("pilier SANTE", piliers(5)),
    ("dans le pilier éducation", piliers(4)),
    ("le pilier « Cadre de vie et renouvellement urbain »", piliers(2)),
    ("pilier cadre de vie", piliers(2)),
    ("le pilier lien social et citoyenneté", piliers(3)),
    ("pilier emploi", piliers(1)),
    ("le volet santé", piliers(5)),
    ("la fiche 2-6", unknown("la fiche 2-6")),
    ("la fiche 16-1", unknown("la fiche 16-1")),
    ("de quoi parle la 25-1 ?", unknown("la fiche 25-1")),
    ("fiche 0-1", unknown("la fiche 0-1")),
    ("l'enjeu 25", unknown("l’enjeu 25")),
    ("enjeu 0", unknown("l’enjeu 0")),
    ("le pilier 6", unknown("le pilier 6")),
    ("le sixième pilier", unknown("le pilier 6")),
    ("la 2-3 et la 2-9", {"fiches": ("2-3",), "unknown": ("la fiche 2-9",)}),
    ("Qui finance la garde d'enfants ?", {}),
    ("les enfants de 2-3 ans", {}),
    ("de 3 à 6 ans", {}),
    ("le 20/02/2014", {}),
    ("le contrat 2015-2020", {}),
    ("j'ai 2 enfants et 1 chat", {}),
    ("appelez le 01-46-00-00-00", {}),
    ("5,5 % des jeunes", {}),
    ("les fiches sur l'emploi des jeunes", piliers(1)),
    ("la santé mentale des jeunes", {}),
    ("", {}),
    ("l'enjeu principal de ma vie", {}),
    ("un pilier de bar", {}),
]


@pytest.mark.parametrize(("question", "expected"), EXAMPLES, ids=[question or "empty" for question, _ in EXAMPLES])
def test_what_a_question_names(document: Document, question: str, expected: Expected) -> None:
    assert named(question, document) == {"fiches": (), "enjeux": (), "piliers": (), "unknown": ()} | expected


def test_every_fiche_is_found_in_each_of_its_spellings(document: Document) -> None:
    for fiche in document.fiches:
        enjeu, rank = fiche.number.split("-")
        for spelling in ("la {}-{}", "fiche {}.{}", "fiche n°{}-{}", "fiche n° {} {}", "Fiche {} - {} ?", "la {}/{}"):
            found = named(spelling.format(enjeu, rank), document)
            assert (found["fiches"], found["unknown"]) == ((fiche.number,), ()), spelling.format(enjeu, rank)


def test_every_enjeu_and_pilier_is_found_by_number_and_by_title(document: Document) -> None:
    for enjeu in document.enjeux:
        assert named(f"l'enjeu {enjeu.number}", document)["enjeux"] == (enjeu.number,)
        assert named(f"l'enjeu « {enjeu.title} »", document)["enjeux"] == (enjeu.number,), enjeu.title
    for pilier in document.piliers:
        assert named(f"le pilier {pilier.number}", document)["piliers"] == (pilier.number,)
        assert named(f"le pilier « {pilier.name} »", document)["piliers"] == (pilier.number,), pilier.name


def test_the_spans_cover_what_was_read(document: Document) -> None:
    question = "combien de financeurs dans la 2-3 et l'enjeu 9 ?"
    spans = [question[each.start : each.end].strip() for each in find_references(question, document)]
    assert spans == ["2-3", "enjeu 9"]


@pytest.mark.parametrize("question", ["les piliers 1 et 2", "piliers 1, 2", "le pilier un et le deux"])
def test_several_piliers_in_a_row_are_all_read(document: Document, question: str) -> None:
    assert named(question, document)["piliers"] == (1, 2)
