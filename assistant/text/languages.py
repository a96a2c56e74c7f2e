"""The language of a question, among those heard at the desk, by its script and its small words; French by default.

Only the languages that the page promises; no library is asked, because a question of five words is too short for them.
"""

import re

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
