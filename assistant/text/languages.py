"""The language of a question, among those heard at the desk, by its script and its small words; French by default.

Only the languages that the page promises; no library is asked, because a question of five words is too short for them.
"""

import re

from corpus.document import Role
from corpus.text import fold

_SCRIPTS = (("ar", re.compile(r"[\u0600-\u06ff]")), ("zh", re.compile(r"[\u4e00-\u9fff]")))
_SMALL_WORDS = {
    "fr": "le la les un une des du de et est qui que quoi pour dans sur avec pas ne je tu il elle on nous vous mon ma mes ce ca au aux c j l d y a ou quel quelle quels quelles comment fiche finance son sa ses par plus cette ces cet mais donc leur leurs ont sont oui non merci bonjour bref ils elles si y a t combien pourquoi en",
    "en": "the is are who what where which how can i my for of to and in do does there any help with have we our you it a an need someone not this that they",
    "es": "el la los las que quien quienes como para por con mi mis es son hay y o en un una donde cual de del no se lo ayuda puedo tengo me",
    "pt": "o a os as que quem como para por com meu minha e sao ha em um uma onde qual de do da nao se ajuda posso tenho preciso meus ao eu nos",
    "ro": "cine ce care cum pentru cu meu mea este sunt si sau in un o unde la nu se pot am de din pe ajutor imi vreau exista",
    "tr": "kim ne nasil icin ile bir bu ve mi mu var nerede hangi ben benim cocuk yardim kime kadar olan gibi daha cok midir edebilir",
}
_SETS = {code: frozenset(small.split()) for code, small in _SMALL_WORDS.items()}
_MARKS = {
    "es": re.compile(r"[¿¡ñ]"),
    "pt": re.compile(r"[ãõ]|ção|ções"),
    "ro": re.compile(r"[șțăşţ]"),
    "tr": re.compile(r"[ışğİ]"),
}

_ROLES: tuple[tuple[Role, str], ...] = (
    (
        "financeurs",
        r"who (?:pays|funds|finances|is paying)|qui[eé]n (?:\w+ )?(?:paga|financia)|quem (?:paga|financia)"
        r"|cine (?:pl[aă]te[sș]te|finan[tț]eaz[aă])|kim (?:[oö]d[uü]yor|[oö]deyecek|finanse ediyor)"
        r"|谁(?:来)?(?:出钱|付钱|资助)|من (?:يمول|يدفع)",
    ),
    (
        "operateurs",
        r"who (?:runs|does|manages|organi[sz]es|is in charge|takes care)|qui[eé]n (?:\w+ )?(?:gestiona|lleva|hace|organiza|se ocupa)"
        r"|quem (?:gere|faz|trata|organiza)|cine (?:se ocup[aă]|face|gestioneaz[aă]|organizeaz[aă])"
        r"|kim (?:veriyor|yap[iı]yor|y[uü]r[uü]t[uü]yor)|谁(?:来做|负责|执行)|من (?:ينفذ|يقوم|المسؤول)",
    ),
)
"""How the other languages ask for a list, where the words say nothing else."""


def foreign_roles(typed: str) -> tuple[Role, ...]:
    """The lists that a short question in another language asks for."""
    return tuple(role for role, pattern in _ROLES if re.search(pattern, typed.lower()))


def language_of(question: str) -> str:
    """ "fr", "en", "es", "pt", "ro", "tr", "ar" or "zh"; French wins a tie."""
    for code, script in _SCRIPTS:
        if len(script.findall(question)) >= 2:
            return code
    tokens = re.findall(r"[^\W\d_]+", fold(question))
    shares = {code: sum(token in _SETS[code] for token in tokens) for code in _SMALL_WORDS}
    for code, mark in _MARKS.items():
        shares[code] += 2 * len(set(mark.findall(question.lower())))
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] > shares["fr"] and shares[best] >= 2 else "fr"
