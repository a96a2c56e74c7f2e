"""Whether a turn has a subject of its own: what is looked at, and that the decision follows it."""

import numpy as np
import pytest

from assistant.answering.topics.decide import Alone, Decider
from assistant.chain import Guichet
from assistant.conversation.edits import apply
from assistant.conversation.subject import FEATURES, is_new, turn_features
from assistant.understanding.query import Compare, Has, Query
from assistant.understanding.reader import Memory, Read
from corpus.document import Document

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


def test_an_actor_is_asked_of_another_role_or_denied(document: Document) -> None:
    last = Query(where=(Has(actors=("caf",), role="financeurs"),), show=("fiches",))
    turned = apply(Read("et il opère où ?", Query(), "project", role="operateurs"), Memory(last), document)
    assert turned.where == (Has(actors=("caf",), role="operateurs"),)
    denied = Read("lesquelles ne finance-t-elle pas ?", Query(), "project", role="financeurs", denies=True)
    assert apply(denied, Memory(last), document).where == (Has(actors=("caf",), role="financeurs", wanted=False),)
    shorter = Read("sans les titres", Query(), "project", denies=True)
    assert apply(shorter, Memory(last), document).where == last.where, "what is denied is no actor"


def test_one_fiche_is_compared_with_the_one_spoken_of(document: Document) -> None:
    own = Query(fiches=("2-4",), show=("operateurs",), fold=Compare(what="same"))
    query = apply(Read("la 2-4 a les mêmes ?", own, "replace", compares=True), MEMORY, document)
    assert (query.fiches, query.fold) == (("2-3", "2-4"), Compare(what="same"))
    alone = apply(Read("2-4 ?", own, "replace"), MEMORY, document)
    assert alone.fold.kind == "list"
