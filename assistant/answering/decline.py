"""What is said when no fiche answers: a refusal that names what is missing, small talk, emergency numbers."""

import re
from collections.abc import Collection

from assistant.answer import Answer
from assistant.answering.topics.decide import Decision
from assistant.text.french import enumerate_words, to, typeset
from assistant.understanding.out_of_scope import PROOFS, missing_kinds, missing_words, urgent_lines
from assistant.understanding.reading import Reading
from assistant.understanding.request import Request
from corpus.document import Document
from corpus.mentions import paragraphs
from corpus.registry import Registry
from corpus.text import flatten, fold

_SCOPE = "les 43 fiches du Contrat de ville 2015-2020 de Seine-Amont (Choisy-le-Roi, Ivry-sur-Seine, Vitry-sur-Seine)"
_HELLO = re.compile(
    r"\b(?:bonjour|bonsoir|salut|slt|bjr|hello|hi|coucou|hola|buen[ao]s|ola|bom dia|merhaba|salam|re)\b"
)
_THANKS = re.compile(
    r"\b(?:merci|mrc|mci|remerci\w*|thank\w*|gracias|obrigad\w|tesekkur\w*|multumesc|parfait|super|genial|nickel|top"
    r"|impec\w*|accord|ok|note|entendu)\b"
)
_BYE = re.compile(
    r"\b(?:au revoir|bye|a bientot|bonne (?:journee|soiree|nuit|fin)|adieu|ciao|a plus|tchao|je vous laisse)\b"
)
_WHO = re.compile(
    r"\b(?:qui (?:es|etes|est)|t es qui|vous etes qui|robot|humain|personne|ia\b|intelligence|machine|chatgpt"
    r"|sais faire|savez faire"
    r"|peux faire|pouvez.* faire|sers a quoi|servez|perimetre|questions? (?:je peux|puis|auxquelles)|aider|can you"
    r"|comment tu t|ton nom|dame)\b"
)


def urgent(kinds: Collection[str]) -> Answer | None:
    """Emergency numbers first, when the message reports a danger of these kinds; None when of none."""
    lines = urgent_lines(kinds)
    if not lines:
        return None
    lines.append("Guichet ne répond que sur les fiches du Contrat de ville : pour une urgence, ces numéros d’abord.")
    return Answer(typeset("\n\n".join(lines)), "declined", confidence=0.0)


_COURTEOUS = frozenset(
    """merci mrc mci remercie remercier beaucoup bien tres d accord daccord ok okay oki parfait super genial nickel
    top impec impeccable cool note prends j ai en c est ca marche va cordialement bonne bon journee soiree fin au
    revoir bye a bientot plus ciao adieu thank thanks you very much gracias muchas obrigado obrigada
    tesekkurler tesekkur ederim multumesc
    multumim entendu compris pour tout toutes vos votre vous te t je l infos info renseignements aide reponse et oui ah
    bonjour bonsoir salut hello coucou 谢谢 شكرا""".split()  # noqa: SIM905 - one word a line would hide the others
)
_COURTESY = re.compile(
    r"\b(?:merci|mrc|mci|remerci\w*|accord|daccord|ok|okay|oki|parfait|super|genial|nickel|top|impec\w*|cool|note|revoir|bye"
    r"|bientot|ciao|adieu|thank\w*|gracias|obrigad[oa]|tesekkur\w*|multumesc|entendu|compris|marche|cordialement|bonjour"
    r"|bonsoir|salut|hello|coucou)\b|谢谢|شكرا"
)


def is_only_courtesy(typed: str) -> bool:
    """Words of thanks, assent, greeting or leave, and no other."""
    text = fold(typed)
    return bool(_COURTESY.search(text)) and set(re.findall(r"\w+", text)) <= _COURTEOUS


def is_courtesy(typed: str, reading: Reading) -> bool:
    """Thanks, a goodbye or a greeting and nothing else: no role, no name, hardly another word."""
    if is_only_courtesy(typed):
        return True
    text = fold(typed)
    polite = _THANKS.search(text) or _BYE.search(text) or _HELLO.search(text)
    return (
        bool(polite)
        and not (reading.roles or reading.actors or reading.named or "?" in typed)
        and len(reading.rest) <= 3
    )


def smalltalk(reading: Reading) -> Answer:
    text = fold(reading.question)
    if _WHO.search(text):
        say = (
            f"Je suis Guichet, l’assistant du guichet pour {_SCOPE}. Je dis qui finance, qui met en œuvre "
            "et quels dispositifs existent, avec le numéro de la fiche."
        )
    elif _BYE.search(text):
        say = "Au revoir, bonne journée."
    elif _THANKS.search(text):
        say = "Avec plaisir. Une autre question sur les fiches ?"
    elif _HELLO.search(text):
        say = (
            "Bonjour. Quel est le sujet : emploi, logement, école, santé, associations ? "
            "Je vous dis qui finance, qui agit et dans quelle fiche."
        )
    else:
        say = "Je vous écoute : posez votre question sur les fiches du Contrat de ville."
    return Answer(typeset(say), "smalltalk", confidence=0.0)


def decline(reading: Reading, registry: Registry, decision: Decision) -> Answer:
    """Say what the fiches do not hold; near topics are offered apart, never as an answer."""
    kinds = missing_kinds(fold(reading.question))
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
    near = decision.found.ranking[:2] if decision.confidence > 0.1 else ()
    more = " Guichet répond sur les financeurs, les opérateurs et les dispositifs de ses 43 fiches."
    return Answer(
        typeset(first.strip() + (more if not near else "")),
        "declined",
        ranking=decision.found.ranking,
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
"""What a follow-up asks in few words, beside `assistant.understanding.out_of_scope`: a kind, and how it is asked."""

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


def lacks(document: Document, request: Request, reading: Reading) -> bool:
    """Whether a question on the details of a fiche asks for what its text has not: a phone number, an amount..."""
    typed = typed_of(reading)
    texts = [
        fold(paragraph.text)
        for number in request.fiches
        if (fiche := document.fiche(number))
        for _, paragraph in paragraphs(fiche)
    ]
    kinds = unheld(typed)
    proofs = {**PROOFS, **_PROOFS}
    text = "\n".join(texts)
    return asks_for_oneself(typed) or any(not re.search(proofs[kind], text) for kind in kinds)


def typed_of(reading: Reading) -> str:
    """The words of the turn itself: what follows the first question mark is the topic carried along."""
    return reading.question.split("?")[0]
