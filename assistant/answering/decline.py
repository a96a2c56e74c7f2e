"""What is said when no fiche answers: a refusal that names what the document does not hold."""

import re

from assistant.answer import Answer
from assistant.answering.topics.decide import Decision
from assistant.answering.topics.out_of_scope import PROOFS, missing_kinds, missing_words
from assistant.answering.topics.reading import Reading
from assistant.answering.topics.topic import Topic
from assistant.text.french import enumerate_words, to, typeset
from corpus.document import Document
from corpus.mentions import paragraphs
from corpus.registry import Registry
from corpus.text import flatten, fold


def decline(reading: Reading, registry: Registry, decision: Decision) -> Answer:
    """Say what the fiches do not hold; near topics are offered apart, never as an answer."""
    kinds = missing_kinds(reading.folded)
    actors = [registry.actor(id) for id in reading.actors[:1]]
    words = missing_words(kinds)[:2]
    if words:
        told = [each for each in words if not each.startswith(("accès", "ce qui"))]
        first = f"Les fiches ne donnent pas {enumerate_words(told, last='ni')}." if told else ""
        if any(each.startswith("accès") for each in words):
            first += " Guichet n’a accès à aucun dossier personnel."
        if any(each.startswith("ce qui") for each in words):
            first += " Les fiches ne portent que sur Choisy-le-Roi, Ivry-sur-Seine et Vitry-sur-Seine."
        if actors:
            first += f" Pour cela, adressez-vous directement {to(actors[0].with_article)}."
    else:
        first = "Les fiches du Contrat de ville ne contiennent pas de réponse à cette question."
    near = decision.ranked.ranking[:2] if decision.confidence > 0.1 else ()
    more = " Guichet répond sur les financeurs, les opérateurs et les dispositifs de ses 43 fiches."
    return Answer(
        typeset(first.strip() + (more if not near else "")),
        "declined",
        ranking=decision.ranked.ranking,
        see_also=near,
        confidence=decision.confidence,
    )


_ONESELF = re.compile(
    r"\b(?:j(?: y)? ai (?:le )?droit|j aurais? droit|(?:je|on) peux? (?:l avoir|y avoir droit|en avoir|le toucher)"
    r"|me l? ?envo\w+|me reloger"
    r"|(?:il|elle|on|je) (?:sera|serai|serait|va etre|vais etre)"
    r" (?:pris|prise|accepte\w*|retenu\w*|reloge\w*|isole\w*|convoque\w*)"
    r"|je suis (?:convoque\w*|pris|prise|eligible)|suis je (?:eligible|concerne\w*)"
    r"|mon (?:dossier|rdv|rendez vous)"
    r"|(?:nous|on|je|j) (?:aurait|aurais|aurai|toucherait|toucherai|toucherais) (?:combien|droit)"
    r"|combien (?:on|je|j|nous) (?:\w+ )?(?:touch\w+|aur\w+))\b"
)
"""A person's own case, which no fiche knows."""
_UNHELD = (
    ("telephone", r"\b(?:num|numero) (?:du|de la|de l|des|svp|stp)\b|\b(?:telefon\w*|phone|telefone)\b|电话|هاتف"),
    (
        "montant",
        r"\bmonte a combien\b|\bcombien (?:par|d argent|de sous|coute|ca coute)\b|\bc est (?:gratuit|payant)\b"
        r"|\bfaut payer\b"
        r"|\b(?:cuanto|quanto) (?:dinero|dinheiro|dan|dao|cuesta|custa)\b|\bhow much\b|多少钱",
    ),
    (
        "date",
        r"\bquel jour\b|\bprochaine?s?\b|\bsous quel delai\b"
        r"|\bavant quand\b|\bdate limite\b",
    ),
)
"""What a follow-up asks in few words, beside `assistant.answering.topics.out_of_scope`: a kind, and how it is asked."""

_PROOFS = {"date": r"(?!)", "montant": r"\d ?(?:euros?\b|€)"}
"""What a fiche must hold to be quoted in answer to them; stricter than for a question that stands alone."""


def asks_for_oneself(typed: str) -> bool:
    """ "et moi, j'y ai droit ?", "il sera pris ?": about a person's own case."""
    return _ONESELF.search(flatten(typed)) is not None


def unheld(typed: str) -> list[str]:
    """The kinds of things that a turn asks for and that fiches seldom hold."""
    text = flatten(typed)
    asked = [kind for kind, pattern in _UNHELD if re.search(pattern, text)]
    return asked + [kind for kind in missing_kinds(fold(typed)) if kind in PROOFS and kind not in asked]


def lacks(document: Document, topic: Topic, reading: Reading) -> bool:
    """Whether a question on the details of a fiche asks for what its text has not: a phone number, an amount..."""
    typed = typed_of(reading)
    fiches = document.fiches_of(topic.fiches)
    text = "\n".join(fold(paragraph.text) for fiche in fiches for _, paragraph in paragraphs(fiche))
    kinds = unheld(typed)
    proofs = {**PROOFS, **_PROOFS}
    return asks_for_oneself(typed) or any(not re.search(proofs[kind], text) for kind in kinds)


def typed_of(reading: Reading) -> str:
    """The words of the turn itself: what follows the first question mark is the topic carried along."""
    return reading.question.split("?")[0]
