"""The checker of kept runs, apart from the gate: actors, numbers and fiche numbers that cited passages do not hold."""

import ast
from pathlib import Path

import pytest

import evals.scoring.unsupported
from evals.scoring.unsupported import Cited, actors_in, fiches_in, numbers_in, unsupported

CARE = Cited("2-3", "Communes ; Agglomération ; Conseil départemental ; Caisse d’Allocations Familiales")
SHARE = Cited("2-3", "Seuls 2,5 enfants de moins de 3 ans sur 10 ont un accueil formel à Vitry.")


@pytest.mark.parametrize(
    ("answer", "cited", "actors", "numbers", "fiches"),
    [
        ("La CAF finance l’accueil [fiche 2-3].", (CARE,), (), (), ()),
        ("Pôle emploi finance l’accueil [fiche 2-3].", (CARE,), ("Pôle emploi",), (), ()),
        ("- Communes\n- Missions locales", (CARE,), ("Missions locales",), (), ()),
        ("- Associations", (CARE,), ("Associations",), (), ()),
        ("L’accueil est financé par les entreprises.", (CARE,), ("Entreprises",), (), ()),
        ("Les entreprises manquent de places.", (CARE,), (), (), ()),
        ("2,5 enfants de moins de trois ans sur dix [fiche 2-3].", (SHARE,), (), (), ()),
        ("3,5 enfants sur 10 [fiche 2-3].", (SHARE,), (), ("3,5",), ()),
        ("Vingt-cinq enfants [fiche 2-3].", (SHARE,), (), ("25",), ()),
        ("Voir aussi la fiche 2-4 [fiche 2-3].", (SHARE,), (), (), ("2-4",)),
        ("Le volet est à part [préambule].", (SHARE,), (), (), ("préambule",)),
        ("La CAF paie [fiche 2-3].", (), ("Caisse d’Allocations Familiales",), (), ("2-3",)),
    ],
)
def test_what_no_cited_passage_holds_is_listed(
    answer: str, cited: tuple[Cited, ...], actors: tuple[str, ...], numbers: tuple[str, ...], fiches: tuple[str, ...]
) -> None:
    found = unsupported(answer, cited)
    assert (found.actors, found.numbers, found.fiches) == (actors, numbers, fiches)
    assert found.count == len(actors) + len(numbers) + len(fiches)


def test_numbers_are_read_in_digits_and_words_and_fiches_are_not_numbers() -> None:
    assert numbers_in("45 % des moins de vingt-cinq ans, fiche 2-3, 1 500 euros, le 3ème") == ("45", "25", "1500", "3")
    assert numbers_in("soixante-dix, quatre-vingt-dix, vingt et un, un seul") == ("70", "90", "21")


def test_a_longer_name_does_not_name_the_shorter_one_in_it() -> None:
    assert actors_in("Le Conseil départemental de l’accès au droit agit.") == (
        "Conseil départemental de l’accès au droit",
    )


def test_a_joint_holder_names_its_members() -> None:
    passage = Cited("2-4", "Dispositif FASS et Pôle emploi\n- CV Vidéo")
    assert unsupported("Pôle emploi propose le CV Vidéo [fiche 2-4].", (passage,)).count == 0


def test_calls_are_fiches() -> None:
    assert fiches_in("A [fiche 2-3]. B [2-4], C [enjeu n°3].") == ("2-3", "2-4", "enjeu 3")


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    tree = ast.parse(Path(evals.scoring.unsupported.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name and name.split(".")[0] in ("assistant", "index", "corpus", "evals")}
