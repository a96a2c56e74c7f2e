"""Whether a turn has a subject of its own: what is looked at, and that the decision follows it."""

import numpy as np
import pytest

from assistant.answering.topics.decide import Alone, Decider
from assistant.chain import Guichet
from assistant.conversation.edits import Editor
from assistant.conversation.subject import FEATURES, is_new, turn_features
from assistant.understanding.query import Compare, Count, Exists, Has, Mentions, Query, Top, Without
from assistant.understanding.reader import Memory, Read

MEMORY = Memory(Query(fiches=("2-3",), show=("financeurs",)), ("2-3",))
NEAR, FAR = Alone(0.5, -3.0, 0.0, 4.0, 1), Alone(0.99, 12.0, 9.0, 9.0, 4)


def test_each_feature_has_its_name() -> None:
    features = turn_features(Read("et les opérateurs ?", Query(show=("operateurs",)), "project", 0.01), MEMORY, NEAR)
    assert features.shape == (len(FEATURES),)
    assert np.isfinite(features).all()


def test_a_turn_that_other_fiches_answer_far_better_is_new() -> None:
    topical = Read("l'isolation des logements", Query(topic="l'isolation des logements"), "project", 0.4)
    assert is_new(topical, MEMORY, FAR)
    assert not is_new(Read("et les opérateurs ?", Query(show=("operateurs",)), "project", 0.01), MEMORY, NEAR)


@pytest.mark.model
def test_the_search_is_asked_of_the_turn_alone(guichet: Guichet) -> None:
    look = Decider(guichet.index, guichet.encoder, guichet.document, guichet.registry).look_alone
    elsewhere, here = look("qui soigne les dents ?", ("2-3",)), look("la garde des jeunes enfants", ("2-3",))
    assert elsewhere.lead > 0 > here.lead
    assert here.unknown == 0 < elsewhere.unknown
    assert look("la garde des jeunes enfants", ()).lead == 0


def test_an_actor_is_asked_of_another_role_or_denied(editor: Editor) -> None:
    last = Query(where=(Has(actors=("caf",), role="financeurs"),), show=("fiches",))
    turned = editor.apply(Read("et il opère où ?", Query(), "project", role="operateurs"), Memory(last))
    assert turned.where == (Has(actors=("caf",), role="operateurs"),)
    denied = Read("lesquelles ne finance-t-elle pas ?", Query(), "project", role="financeurs", denies=True)
    assert editor.apply(denied, Memory(last)).where == (Has(actors=("caf",), role="financeurs", wanted=False),)
    shorter = Read("sans les titres", Query(), "project", denies=True)
    assert editor.apply(shorter, Memory(last)).where == last.where, "what is denied is no actor"


def test_one_fiche_is_compared_with_the_one_spoken_of(editor: Editor) -> None:
    own = Query(fiches=("2-4",), show=("operateurs",), fold=Compare(what="same"))
    query = editor.apply(Read("la 2-4 a les mêmes ?", own, "replace", compares=True), MEMORY)
    assert (query.fiches, query.fold) == (("2-3", "2-4"), Compare(what="same"))
    alone = editor.apply(Read("2-4 ?", own, "replace"), MEMORY)
    assert alone.fold.kind == "list"


def test_other_fiches_are_those_not_spoken_of(editor: Editor) -> None:
    epareca = Has(actors=("epareca",), role="operateurs")
    memory = Memory(Query(fiches=("8-2",), where=(epareca,), show=("fiches",), fold=Exists()), ("8-2",))
    asked = Read("et il opère ailleurs ?", Query(show=("fiches",), fold=Exists()), "project", elsewhere=True)
    assert editor.apply(asked, memory).where == (epareca, Without(fiches=("8-2",)))
    named = Read(
        "la CAF est dans d'autres fiches ?", Query(where=(Has(actors=("caf",)),), show=("fiches",)), elsewhere=True
    )
    assert editor.apply(named, memory).where == (Has(actors=("caf",)), Without(fiches=("8-2",)))


def test_a_list_is_picked_from_by_words(editor: Editor) -> None:
    last = Query(where=(Has(actors=("ols",), role="financeurs"),), show=("fiches",))
    memory = Memory(last, (), ("6-1", "8-2", "10-1"))
    one = Read("celle sur les rez-de-chaussée, qui opère ?", Query(show=("operateurs",)), "nth")
    assert editor.apply(one, memory) == Query(fiches=("8-2",), show=("operateurs",))
    kept = Read("que celles sur la GUSP", Query(topic="que celles sur la GUSP"), "add")
    assert editor.apply(kept, memory) == Query(fiches=("10-1",), show=("titre",))


def test_one_comes_back_to_the_topic_that_the_words_name(editor: Editor) -> None:
    earlier = tuple(Query(fiches=(number,), show=("financeurs",)) for number in ("22-1", "8-2", "2-3"))
    back = Read("pour revenir aux rez-de-chaussée, qui opère ?", Query(show=("operateurs",)), "back")
    assert editor.apply(back, Memory(earlier[-1], ("2-3",), (), earlier)) == Query(
        fiches=("8-2",), show=("operateurs",)
    )


def test_a_name_that_is_an_actor_s_is_asked_of_a_role(editor: Editor) -> None:
    last = Query(where=(Mentions(names=("GPDS",)),), show=("sens",))
    turned = editor.apply(Read("où est-ce un opérateur ?", Query(), "project", role="operateurs"), Memory(last))
    assert turned.where == (Has(actors=("gpds",), role="operateurs"),)


def test_two_fiches_spoken_of_are_ranked_among_themselves(editor: Editor) -> None:
    memory = Memory(Query(fiches=("17-1", "17-2"), show=("financeurs",)), ("17-1", "17-2"))
    most = Read("laquelle a le plus d'opérateurs ?", Query(show=("fiches",), fold=Top(by="operateurs")), "project")
    assert editor.apply(most, memory) == Query(fiches=("17-1", "17-2"), show=("fiches",), fold=Top(by="operateurs"))


def test_how_many_in_all_keeps_the_actor_that_was_asked_about(editor: Editor) -> None:
    fse = Has(actors=("fse",), role="financeurs")
    memory = Memory(Query(fiches=("13-2",), where=(fse,), show=("fiches",), fold=Exists()), ("13-2",))
    asked = Read("au total, combien de fiches ?", Query(show=("fiches",), fold=Count()), "project")
    assert editor.apply(asked, memory) == Query(where=(fse,), show=("fiches",), fold=Count())


def test_what_is_asked_after_the_most_is_asked_of_that_fiche(editor: Editor) -> None:
    memory = Memory(Query(show=("fiches",), fold=Top(by="operateurs")), ("1-2",))
    asked = Read("ses financeurs, tous", Query(show=("financeurs",)), "project")
    assert editor.apply(asked, memory) == Query(fiches=("1-2",), show=("financeurs",))
