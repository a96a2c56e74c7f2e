"""What a question asks, alone: its kind, mode, conditions and names, in every register; nothing is searched.

Each example names the fields that it is about; the others are left to the answers' own tests.
"""

from typing import Any

import pytest

from assistant.understanding.interpret import understand
from assistant.understanding.request import Request
from corpus.document import Document
from corpus.registry import Registry, load_registry

FIN, OPE, DIS = ("financeurs",), ("operateurs",), ("dispositifs",)


def has(actor: str, role: str | None = None, wanted: bool = True) -> tuple[tuple[str, ...], str | None, bool]:
    return ((actor,), role, wanted)


def inverse(*conditions: object, **more: Any) -> dict[str, Any]:
    return {"kind": "inverse", "conditions": conditions} | more


EXAMPLES: list[tuple[str, dict[str, Any]]] = [
    # one fiche
    ("Qui finance la 11-1 ?", {"kind": "fiche", "fiches": ("11-1",), "aspects": FIN}),
    ("c ki ki pai la 11-1", {"kind": "fiche", "fiches": ("11-1",)}),
    ("11-1 financeurs", {"kind": "fiche", "fiches": ("11-1",), "aspects": FIN}),
    ("Les opérateurs de la fiche 20-1, merci", {"kind": "fiche", "fiches": ("20-1",), "aspects": OPE}),
    ("qui s'occupe de la 20-1", {"kind": "fiche", "fiches": ("20-1",), "aspects": OPE}),
    ("fiche vingt un : opérateurs", {"kind": "fiche", "fiches": ("20-1",), "aspects": OPE}),
    ("Quels dispositifs dans la 12-2 ?", {"kind": "fiche", "fiches": ("12-2",), "aspects": DIS}),
    ("Qui finance et qui opère la 8-2 ?", {"kind": "fiche", "fiches": ("8-2",), "aspects": (*FIN, *OPE)}),
    ("De quoi parle la 22-1 ?", {"kind": "fiche", "fiches": ("22-1",), "aspects": ("descriptif",)}),
    ("Résumez la fiche 13-1", {"kind": "fiche", "fiches": ("13-1",), "aspects": ("descriptif",)}),
    ("Quel est l'intitulé de la fiche 9-2 ?", {"kind": "fiche", "fiches": ("9-2",), "aspects": ("titre",)}),
    ("À quel enjeu appartient la 6-2 ?", {"kind": "fiche", "fiches": ("6-2",), "aspects": ("enjeu",)}),
    ("la 6-2 c'est quel pilier", {"kind": "fiche", "fiches": ("6-2",), "aspects": ("pilier",)}),
    ("La 6-2 relève-t-elle du pilier 1 ?", {"kind": "fiche", "fiches": ("6-2",), "piliers": (1,)}),
    ("Combien de financeurs pour la 7-1 ?", {"kind": "fiche", "fiches": ("7-1",), "mode": "count", "aspects": FIN}),
    ("Qui est à la fois financeur et opérateur de la 9-2 ?", {"kind": "fiche", "mode": "both"}),
    ("les six financeurs de la 2-3", {"kind": "fiche", "fiches": ("2-3",), "claimed": 6}),
    ("hors CAF, qui finance la 2-3 ?", {"kind": "fiche", "fiches": ("2-3",), "excluded": ("caf",)}),
    ("Dans la 3-1, les dispositifs de la Direccte ?", {"fiches": ("3-1",), "mode": "holder", "actors": ("direccte",)}),
    # yes or no
    ("La CAF finance-t-elle la 9-2 ?", {"kind": "check", "fiches": ("9-2",), "actors": ("caf",), "aspects": FIN}),
    ("est ce que la region finance la 9-2", {"kind": "check", "fiches": ("9-2",), "actors": ("region",)}),
    ("Les écoles opèrent-elles la 23-1 ?", {"kind": "check", "actors": ("ecoles",), "aspects": OPE}),
    ("La 14-1 parle-t-elle de Vitry ?", {"kind": "check", "fiches": ("14-1",), "named": ("Vitry-sur-Seine",)}),
    # neighbours, comparisons
    ("Quelle fiche vient après la 6-2 ?", {"kind": "neighbour", "fiches": ("6-2",), "mode": "next"}),
    ("la fiche juste avant la 6-2", {"kind": "neighbour", "fiches": ("6-2",), "mode": "previous"}),
    ("la suivante de la 22-2 svp", {"kind": "neighbour", "mode": "next"}),
    ("Les financeurs communs à la 9-1 et la 9-2", {"kind": "compare", "mode": "common", "aspects": FIN}),
    ("Différence entre 11-1 et 11-2 côté opérateurs", {"kind": "compare", "mode": "difference", "aspects": OPE}),
    ("la 12-1 et la 12-2 ont-elles les mêmes opérateurs ?", {"kind": "compare", "fiches": ("12-1", "12-2")}),
    # inverse
    ("Quelles fiches la CPAM finance-t-elle ?", inverse(has("cpam", "financeurs"))),
    ("la cpam ell finance kelles fiches", inverse(has("cpam", "financeurs"))),
    ("fiches financées par l'ANRU", inverse(has("anru", "financeurs"))),
    ("CDC financeur : fiches ?", inverse(has("cdc", "financeurs"))),
    ("Combien de fiches la Région finance-t-elle ?", inverse(has("region", "financeurs"), mode="count")),
    ("nb de fiches Cap emploi opérateur", inverse(has("cap-emploi", "operateurs"), mode="count")),
    ("Où les collèges sont-ils opérateurs ?", inverse(has("colleges", "operateurs"))),
    ("Les fiches où Pôle emploi a des dispositifs", inverse(has("pole-emploi", "dispositifs"))),
    ("Quelles fiches l'agglo ne finance-t-elle pas ?", inverse(has("agglomeration", "financeurs", False))),
    ("fiches sans la Région comme financeur", inverse(has("region", "financeurs", False))),
    (
        "Quelles fiches sont financées par la CAF et par l'ANRU ?",
        inverse(has("caf", "financeurs"), has("anru", "financeurs")),
    ),
    (
        "Quelles fiches sont financées par la CAF mais pas par l'agglo ?",
        inverse(has("caf", "financeurs"), has("agglomeration", "financeurs", False)),
    ),
    (
        "Dans quelles fiches Pôle emploi est opérateur sans être financeur ?",
        inverse(has("pole-emploi", "operateurs"), has("pole-emploi", "financeurs", False)),
    ),
    ("la caf finance quoi dans le pilier santé ?", inverse(has("caf", "financeurs"), piliers=(5,))),
    ("Fiches de l'enjeu 2 financées par le FSE", inverse(has("fse", "financeurs"), enjeux=(2,))),
    ("fiches que l'Etat finance hors pilier emploi", inverse(has("etat", "financeurs"), piliers=(1,), outside=True)),
    ("Le Conseil départemental est-il opérateur d'une fiche ?", inverse(has("departement", "operateurs"))),
    # named
    ("FISAC ?", {"kind": "named", "mode": "meaning"}),
    ("Que veut dire GUSP ?", {"kind": "named", "mode": "meaning"}),
    ("Dans quelles fiches cite-t-on le BOP 147 ?", {"kind": "named", "mode": "list"}),
    ("Combien de fiches parlent d'Ivry ?", {"kind": "named", "named": ("Ivry-sur-Seine",), "mode": "count"}),
    ("Où est cité le quartier Balzac ?", {"kind": "named", "named": ("Balzac",)}),
    ("upe2a c koi", {"kind": "named"}),
    # ranking
    ("Quelle fiche a le plus d'opérateurs ?", {"kind": "ranking", "mode": "most fiche", "aspects": OPE}),
    ("La fiche avec le moins de financeurs ?", {"kind": "ranking", "mode": "least fiche", "aspects": FIN}),
    ("Quel est le financeur le plus fréquent ?", {"kind": "ranking", "mode": "most", "aspects": FIN}),
    ("Quels financeurs sont dans toutes les fiches ?", {"kind": "ranking", "mode": "all", "aspects": FIN}),
    # structure
    ("Quelles sont les fiches de l'enjeu 9 ?", {"kind": "structure", "enjeux": (9,), "mode": "list"}),
    ("combien de fiches dans l'enjeu 2", {"kind": "structure", "enjeux": (2,), "mode": "count"}),
    ("les enjeux du pilier 3", {"kind": "structure", "piliers": (3,), "aspects": ("enjeu",)}),
    ("Combien y a-t-il de fiches en tout ?", {"kind": "structure", "mode": "count"}),
    ("Quel enjeu n'a aucune fiche ?", {"kind": "structure", "mode": "none"}),
    ("Quels enjeux n'ont qu'une seule fiche ?", {"kind": "structure", "mode": "single"}),
    ("Que dit l'introduction de l'enjeu 21 ?", {"kind": "structure", "enjeux": (21,), "mode": "introduction"}),
    # what does not exist, and topics
    ("Qui finance la fiche 16-1 ?", {"kind": "unknown", "unknown": ("la fiche 16-1",)}),
    ("les fiches de l'enjeu 31", {"kind": "unknown", "unknown": ("l’enjeu 31",)}),
    ("qui finance la garde des petits ?", {"kind": "topic", "aspects": FIN}),
    ("mon fils est viré du collège", {"kind": "topic"}),
    ("qui peut m'aider à passer le permis", {"kind": "topic", "aspects": OPE}),
    ("I need help with my CV", {"kind": "topic"}),
    ("bonjour", {"kind": "topic"}),
    ("", {"kind": "topic"}),
]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def shown(request: Request) -> dict[str, Any]:
    fields = {name: getattr(request, name) for name in Request.__slots__}
    return fields | {"conditions": tuple((each.actors, each.role, each.wanted) for each in request.conditions)}


@pytest.mark.parametrize(("question", "expected"), EXAMPLES, ids=[question or "empty" for question, _ in EXAMPLES])
def test_what_is_asked(document: Document, registry: Registry, question: str, expected: dict[str, Any]) -> None:
    understanding = understand(question, document, registry)
    assert len(understanding.requests) == 1
    got = shown(understanding.requests[0])
    assert {name: got[name] for name in expected} == expected


def test_two_questions_in_one_are_two_requests(document: Document, registry: Registry) -> None:
    asked = "Qui finance la 9-1 et quels dispositifs dans la 12-1 ?"
    first, second = understand(asked, document, registry).requests
    assert (first.fiches, first.aspects, second.fiches, second.aspects) == (("9-1",), FIN, ("12-1",), DIS)


def test_a_question_without_accents_or_in_capitals_is_the_same_question(document: Document, registry: Registry) -> None:
    for question, _ in EXAMPLES:
        plain = question.translate(str.maketrans("éèêàçùôîÉÈÀ’", "eeeacuoiEEA'"))
        kinds = {understand(each, document, registry).requests[0].kind for each in (question, plain, question.lower())}
        assert len(kinds) == 1, question


def test_the_fiche_that_precedes_in_a_participle(document: Document, registry: Registry) -> None:
    assert understand("la fiche précédant la 9-1", document, registry).requests[0].kind == "neighbour"


def test_a_spoken_yes_or_no_question(document: Document, registry: Registry) -> None:
    assert understand("l'agglo paye pour la 17-1 ou pas ?", document, registry).requests[0].kind == "check"
