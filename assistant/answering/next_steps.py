"""What may be asked next: the same question of a fiche that is nearly as likely, the lists that were not given."""

from assistant.answer import Answer, Choice
from assistant.answering.topics.answer import RankedDocuments
from assistant.answering.topics.topic import Topic
from assistant.understanding.fiche_filter import pinned
from corpus.document import Document

_TIED, _OFFERED = 1.5, 2
"""Standard deviations behind the first within which a fiche may be the one that is meant (on the training questions,
the right fiche is the second one 1 time in 6 there, never beyond 2), and how many are offered."""


def offer_choices(
    topic: Topic, question: str, ranked: RankedDocuments, answer: Answer, document: Document
) -> tuple[Choice, ...]:
    """Fiches so close to the one that answered that the person may mean them: the same question, of each."""
    if topic.fiches or topic.several or len(set(answer.fiches)) != 1 or not ranked.ranking:
        return ()
    tied = [number for number in ranked.near(_OFFERED + 1, _TIED) if number not in answer.fiches]
    fiches = document.fiches_of(tied)
    return tuple(Choice(f"Fiche {fiche.number} : {fiche.title}", pinned(question, fiche.number)) for fiche in fiches)


def suggest(answer: Answer, document: Document) -> tuple[Choice, ...]:
    """What to ask next of the fiche that answered: the lists that the answer did not give."""
    fiche = next((number for number in answer.fiches if document.fiche(number)), None)
    if fiche is None or len(set(answer.fiches)) > 2:
        return ()
    shown = {citation.section for citation in answer.citations if citation.fiche == fiche}
    offers = (
        ("financeurs", "Qui finance ?", f"Qui finance la fiche {fiche} ?"),
        ("operateurs", "Qui s’en occupe ?", f"Qui sont les opérateurs de la fiche {fiche} ?"),
        ("dispositifs", "Quels dispositifs ?", f"Quels dispositifs dans la fiche {fiche} ?"),
        ("descriptif", "Que prévoit la fiche ?", f"De quoi parle la fiche {fiche} ?"),
    )
    return tuple(Choice(label, question) for section, label, question in offers if section not in shown)
