"""Greetings, thanks, leave-taking, questions on Guichet itself; one line for those who wrote in another language."""

import re

from assistant.answer import Answer
from assistant.answering.topics.reading import Reading
from assistant.text.french import typeset
from corpus.text import fold

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
_LANGUAGE_LINES = {
    "en": "Guichet answers in French only; the number of the “fiche” lets the desk help you.",
    "es": "Guichet solo responde en francés; con el número de la «fiche», el mostrador puede ayudarle.",
    "pt": "O Guichet só responde em francês; com o número da «fiche», o balcão pode ajudá-lo.",
    "ro": "Guichet răspunde numai în franceză; cu numărul fișei („fiche”), ghișeul vă poate ajuta.",
    "tr": "Guichet yalnızca Fransızca yanıt verir; “fiche” numarasıyla gişe size yardımcı olabilir.",
    "ar": "يجيب Guichet بالفرنسية فقط؛ برقم الـ «fiche» يستطيع الموظف في الشباك مساعدتكم.",
    "zh": "Guichet 只用法语回答；凭“fiche”编号，柜台可以帮助您。",
}

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


def smalltalk(reading: Reading) -> Answer:
    text = reading.folded
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


def courtesy_line(code: str) -> str:
    """One line in the asker's language, which says that the answer is in French; "" for French."""
    return _LANGUAGE_LINES.get(code, "")
