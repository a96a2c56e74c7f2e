"""Conversations: a follow-up leans on the turns before, a new topic does not, and nothing is kept between two."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.chain import Guichet
from assistant.conversation.edits import Editor
from assistant.understanding.cleaning import recent_turns
from assistant.understanding.paraphrase import paraphrase
from assistant.understanding.query import Compare, Count, Has, Query, Scope
from assistant.understanding.reader import Memory, Read
from corpus.load import load_document
from corpus.partners import RoleTable
from corpus.registry import load_registry
from evals.scoring.grade import grade
from evals.sets.questions import Question
from tests.support.exact_gold import TABLE, enj, fin, ope, pil

Turns = tuple[str, ...]
CONVERSATIONS: list[tuple[Turns, set[str]]] = [
    (("Qui finance la 9-1 ?", "et les opérateurs ?"), {"9-1"}),
    (("Qui finance la 9-1 ?", "et pour la 9-2 ?"), {"9-2"}),
    (("Qui finance la 9-1 ?", "pareil pour la 12-2"), {"12-2"}),
    (("Quels sont les opérateurs de la 18-1 ?", "Et les dispositifs ?", "et qui paye ?"), {"18-1"}),
    (("De quoi parle la 22-2 ?", "qui la finance ?"), {"22-2"}),
    (("De quoi parle la 22-2 ?", "et la suivante ?"), {"23-1"}),
    (("De quoi parle la 22-2 ?", "et la précédente ?"), {"22-1"}),
    (("Les fiches de l'enjeu 14", "la deuxième, qui la finance ?"), {"14-2"}),
    (("Les fiches de l'enjeu 14", "Les opérateurs de la première ?"), {"14-1"}),
    (("Les fiches de l'enjeu 19", "la dernière, quels financeurs ?"), {"19-2"}),
    (("Les fiches de l'enjeu 19", "et l'enjeu 9 ?"), set(enj(9))),
    (("Quelles fiches la CAF finance-t-elle ?", "seulement celles du pilier santé"), set(fin("CAF") & pil(5))),
    (("Quelles fiches la CAF finance-t-elle ?", "et dans le pilier 4 ?"), set(fin("CAF") & pil(4))),
    (("La CAF finance-t-elle la 2-3 ?", "et la Région ?"), {"2-3"}),
    (("La CAF finance-t-elle la 2-3 ?", "et la 2-4 ?"), {"2-4"}),
    (("Qui finance la 2-3 ?", "rien à voir : les opérateurs de la 24-1 ?"), {"24-1"}),
    (("bonjour", "qui finance la 5-2 ?", "merci", "et les opérateurs ?"), {"5-2"}),
    (("Qui finance la 5-2 ?", "il fait beau aujourd'hui, non ?", "et les opérateurs ?"), {"5-2"}),
    (("Financeurs de la 11-1", "financeurs de la 11-2", "lesquels sont communs aux deux ?"), {"11-1", "11-2"}),
    (("qui finance l'accueil des jeunes enfants ?", "et qui s'en occupe ?"), {"2-3"}),
    (("Missions locales : opérateurs de quelles fiches ?",), set(ope("Missions locales"))),
    (("Qui finance la 16-1 ?", "et la 15-1 ?"), {"15-1"}),
]


@pytest.mark.model
@pytest.mark.parametrize(("turns", "fiches"), CONVERSATIONS, ids=[" / ".join(turns) for turns, _ in CONVERSATIONS])
def test_the_last_turn_is_understood_with_those_before(guichet: Guichet, turns: Turns, fiches: set[str]) -> None:
    answer = guichet.answer(turns[-1], turns[:-1])
    assert answer.status == "answered"
    assert set(answer.fiches) == fiches


@pytest.mark.model
@pytest.mark.parametrize(
    ("turns", "number", "role"),
    [
        (("Qui finance la 9-1 ?", "et les opérateurs ?"), "9-1", "operateurs"),
        (("Qui finance la 9-1 ?", "et pour la 9-2 ?"), "9-2", "financeurs"),
        (("Les opérateurs de la 18-1 ?", "pareil pour la 13-1"), "13-1", "operateurs"),
        (("Les fiches de l'enjeu 14", "la deuxième, qui la finance ?"), "14-2", "financeurs"),
        (("De quoi parle la 3-1 ?", "qui paye ?"), "3-1", "financeurs"),
    ],
)
def test_the_list_that_is_given_is_the_one_that_was_meant(
    guichet: Guichet, turns: Turns, number: str, role: str
) -> None:
    text = guichet.answer(turns[-1], turns[:-1]).text.replace("\u00a0", " ")
    listed = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
    assert listed == TABLE[number][role]


@pytest.mark.model
@pytest.mark.parametrize(
    "turns", [("Qui finance la 9-1 ?", "et les opérateurs ?"), ("De quoi parle la 3-1 ?", "qui paye ?")]
)
def test_what_was_understood_is_shown_and_names_the_fiche(guichet: Guichet, turns: Turns) -> None:
    answer = guichet.answer(turns[-1], turns[:-1])
    assert answer.fiches[0] in answer.understood
    assert guichet.answer(turns[0]).understood == ""


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "Qui finance la 13-1 ?",
        "Quelles fiches l'ANRU finance-t-elle ?",
        pytest.param(
            "Combien d'enjeux en tout ?",
            marks=pytest.mark.xfail(strict=True, reason="after « les fiches de l'enjeu 5 », counted inside it"),
        ),
        "Que veut dire UPE2A ?",
    ],
)
def test_a_question_that_stands_alone_is_answered_alone(guichet: Guichet, question: str) -> None:
    alone = guichet.answer(question)
    for history in (("Qui finance la 2-3 ?",), ("bonjour", "les fiches de l'enjeu 5"), ("la tarte aux pommes",)):
        after = guichet.answer(question, history)
        assert (after.text, after.fiches) == (alone.text, alone.fiches)


@pytest.mark.model
def test_nothing_is_kept_from_one_conversation_to_the_next(guichet: Guichet) -> None:
    before = guichet.answer("et les opérateurs ?")
    guichet.answer("et les opérateurs ?", ("Qui finance la 9-1 ?",))
    after = guichet.answer("et les opérateurs ?")
    assert (after.text, after.status) == (before.text, before.status)


@pytest.mark.model
def test_a_long_conversation_stays_on_its_last_topic(guichet: Guichet) -> None:
    numbers = list(TABLE)
    history = tuple(f"Qui finance la {numbers[turn % 43]} ?" for turn in range(60))
    answer = guichet.answer("et les opérateurs ?", history)
    assert answer.fiches == (numbers[59 % 43],)


MISREAD: dict[str, str] = {
    "g-035-4": "what the fiche spoken of holds, asked in words of its own, is read as new",
    "g-059-2": "« dans quelle ville » is read as the same list again",
    "g-002-5": "a place that is kept for oneself is answered by what exists",
    "g-063-2": "the nth of a list of dispositifs is not known, fiches alone are",
    "g-006-3": "what one fiche has and the other has not, without a word of comparing",
    "g-036-4": "« ces trois fiches », asked one by one, are no list",
    "g-071-3": "what one fiche has and the other has not, without a word of comparing",
    "g-093-2": "the words that tie the turn to the one before are searched for as well",
}
"""Labelled follow-ups that are known to be answered wrong, with the reason."""
LABELLED = [
    json.loads(line) for line in (Path(__file__).parent.parent / "data" / "conversations.jsonl").open(encoding="utf-8")
]
"""Checked turns of each kind of leaning: `kind`, the history, and the gold that `evals.scoring.grade` looks at."""


@pytest.mark.model
@pytest.mark.parametrize("turn", LABELLED, ids=[f"{turn['kind']} {turn['id']}" for turn in LABELLED])
def test_each_kind_of_follow_up_is_answered_as_labelled(
    guichet: Guichet, turn: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    if reason := MISREAD.get(turn["id"]):
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    question = Question(
        id=turn["id"],
        split="train",
        type="bavardage" if turn["kind"] == "bavardage" else "suite",
        style=turn["style"],
        history=tuple(turn["history"]),
        question=turn["question"],
        answerable=turn["answerable"],
        gold=tuple(turn["gold_fiches"]),
        ok=tuple(turn["ok_fiches"]),
        must=tuple(tuple(group) for group in turn["must"]),
        must_not=tuple(turn["must_not"]),
        note=turn["note"],
    )
    checks = grade(question, guichet.answer(question.question, question.history))
    assert checks["right"], [name for name, holds in checks.items() if not holds]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            Query(where=(Has(actors=("region",), role="financeurs", wanted=False),), show=("fiches",)),
            "Les fiches, où le Conseil régional ne figure pas parmi les financeurs.",
        ),
        (Query(where=(Scope(enjeux=(5,)),), show=("financeurs",)), "Les financeurs dans l’enjeu 5."),
        (Query(topic="le logement", show=("financeurs",)), "Les financeurs, à propos de : le logement ?"),
        (Query(show=("operateurs",), fold=Count()), "Combien y en a-t-il : les opérateurs ?"),
    ],
)
def test_what_was_understood_is_said_in_right_french(query: Query, said: str) -> None:
    assert paraphrase(query, RoleTable(load_document(), load_registry())) == said


LAST = Query(where=(Has(actors=("caf",), role="financeurs"),), show=("fiches",))
ON_TOPIC = Query(topic="la mobilité", show=("financeurs",))


@pytest.mark.parametrize(
    ("edit", "own", "last", "memory", "query"),
    [
        ("new", Query(fiches=("9-1",)), LAST, {}, Query(fiches=("9-1",))),
        (
            "replace",
            Query(where=(Has(actors=("pole-emploi",), role="financeurs"),), show=("fiches",)),
            LAST,
            {},
            Query(where=(Has(actors=("pole-emploi",), role="financeurs"),), show=("fiches",)),
        ),
        (
            "add",
            Query(where=(Scope(piliers=(5,)),), show=("fiches",)),
            LAST,
            {},
            Query(where=(*LAST.where, Scope(piliers=(5,))), show=("fiches",)),
        ),
        (
            "project",
            Query(show=("operateurs",)),
            ON_TOPIC,
            {"current": ("2-2",)},
            Query(fiches=("2-2",), show=("operateurs",)),
        ),
        (
            "project",
            Query(show=("fiches",), fold=Count()),
            LAST,
            {},
            Query(where=LAST.where, show=("fiches",), fold=Count()),
        ),
        (
            "nth",
            Query(show=("financeurs",)),
            LAST,
            {"listed": ("2-1", "2-3"), "ordinal": 2},
            Query(fiches=("2-3",), show=("financeurs",)),
        ),
        ("again", Query(), LAST, {}, LAST),
        (
            "compare",
            Query(fiches=("3-1",), show=("financeurs",)),
            Query(fiches=("2-3",), show=("financeurs",)),
            {"current": ("2-3",)},
            Query(fiches=("2-3", "3-1"), show=("financeurs",), fold=Compare()),
        ),
    ],
)
def test_an_edit_changes_the_last_query(
    edit: str, own: Query, last: Query, memory: dict[str, Any], query: Query, editor: Editor
) -> None:
    ordinal = memory.pop("ordinal", None)
    read = Read("mots du tour", own, edit, ordinal=ordinal)
    assert editor.apply(read, Memory(last, **memory)) == query


def test_the_whole_enjeu_is_that_of_the_fiche_spoken_of(editor: Editor) -> None:
    last = Query(fiches=("2-4",), show=("financeurs",))
    read = Read("et pour tout l'enjeu ?", Query(show=("financeurs",)), "replace", part="enjeu")
    query = editor.apply(read, Memory(last, ("2-4",)))
    assert query == Query(where=(Scope(enjeux=(2,)),), show=("financeurs",))


def test_a_long_history_is_cut_so_that_its_beginning_stays_the_same() -> None:
    """What was made of the turns before is kept by their beginning: a window that slid each time would keep nothing."""
    turns = [str(number) for number in range(50)]
    assert [list(recent_turns(turns[:count])) for count in (0, 1, 12, 17)] == [
        turns[:count] for count in (0, 1, 12, 17)
    ]
    assert list(recent_turns(turns[:18])) == turns[6:18]
    assert {len(recent_turns(turns[:count])) for count in range(18, 50)} == {12, 13, 14, 15, 16, 17}


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(
            "à quelle heure ouvre la mairie",
            marks=pytest.mark.xfail(strict=True, reason="the fiche speaks of hours: taken for a detail of it"),
        ),
        "quel est le numéro de téléphone de la CAF ?",
        "l'adresse de Pôle emploi svp",
    ],
)
def test_what_the_document_lacks_is_not_looked_for_in_the_fiche_of_before(guichet: Guichet, question: str) -> None:
    """The fiche 2-3 speaks of unusual hours, of the CAF, of Pôle emploi: it answers none of these."""
    alone, after = guichet.answer(question), guichet.answer(question, ["qui finance la 2-3 ?"])
    assert (after.status, after.understood, after.text) == ("declined", alone.understood, alone.text)
