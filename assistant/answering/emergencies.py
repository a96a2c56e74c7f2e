"""Emergencies, which come before any answer: the words that report one beyond doubt, and the numbers to call.

Other words are weighed by what was learned: `assistant.learned.Fitted.emergencies`.
"""

import re
from collections.abc import Collection

from assistant.answer import Answer
from assistant.text.french import typeset

_EMERGENCIES = (
    (
        "violence",
        r"(?:il|elle|on|mon (?:mari|copain|compagnon|ex|pere|conjoint)|son (?:mari|copain)) (?:me|la|m.a|l.a|nous)\s?(?:tape|frappe|bat|cogne|menace|a frapp|a tap|a cogn)|violences? (?:conjugal|chez|a la maison)|me frappe|battue|il va me tuer|me violer?|viol[ée]e?\b",
        "Violences : appelez le **17** (police) ou le **3919** (violences faites aux femmes, anonyme et gratuit), **114** par SMS.",
    ),
    (
        "suicide",
        r"(?:me|se|m|s|nous) suicid\w*|tentative de suicide|me tuer|en finir avec la vie|plus envie de vivre|me foutre en l.air|(?:envie de|veux|vais|voudrais) mourir|me jeter|avaler? (?:des|tous) (?:cachets|medicaments)",
        "Idées suicidaires : appelez le **3114**, gratuit, jour et nuit ; en cas de danger immédiat, le **15**.",
    ),
    (
        "feu",
        r"au feu|incendie|ca brule|prend feu|en feu|fumee|fuite de gaz|odeur de gaz|sent le gaz",
        "Feu ou gaz : sortez et appelez le **18** ou le **112**.",
    ),
    (
        "medical",
        r"arret cardiaque|douleur (?:a|dans) la poitrine|mal a la poitrine|infarctus|ne respire plus|respire (?:plus|mal)|inconscient\w*|fait un malaise|crise cardiaque|saigne\w*|overdose|accouche|convulsion\w*|avc\b|etouffe\w*|tombe par terre et|bouge plus",
        "Urgence médicale : appelez le **15** ou le **112**.",
    ),
    (
        "rue",
        r"dort? dehors|dormir dehors|a la rue (?:ce soir|cette nuit|avec)|sans abri ce soir|nul\w* part? ou dormir|ou dormir ce soir|expuls\w* ce (?:matin|soir)|nuit dehors|hebergement d.?urgence|a la rue",
        "Sans abri ce soir : appelez le **115**, gratuit, jour et nuit.",
    ),
    (
        "enfant",
        r"enfant (?:seul|en danger|battu|maltraite)|maltrait\w*|(?:gamin|gosse|petit|bebe) (?:seul|tout seul)|frappe (?:son|ses|le|la) (?:enfant|fils|fille|gosse|petit|gamin|bebe)",
        "Enfant en danger : appelez le **119**, gratuit, jour et nuit ; le **17** si le danger est immédiat.",
    ),
)
"""Kind of emergency, words that report one beyond doubt (others are learned), and what is said of it."""


def reported_emergencies(folded: str) -> list[str]:
    """The kinds of emergency that a folded message reports beyond doubt."""
    text = folded.replace("'", " ")
    return [kind for kind, pattern, _ in _EMERGENCIES if re.search(pattern, text)]


def emergency_lines(kinds: Collection[str]) -> list[str]:
    """What is said of these kinds of emergency, numbers first; [] when there is none."""
    return [line for kind, _, line in _EMERGENCIES if kind in kinds]


def answer_emergencies(kinds: Collection[str]) -> Answer | None:
    """Emergency numbers first, when the message reports a danger of these kinds; None when of none."""
    lines = emergency_lines(kinds)
    if not lines:
        return None
    lines.append("Guichet ne répond que sur les fiches du Contrat de ville : pour une urgence, ces numéros d’abord.")
    return Answer(typeset("\n\n".join(lines)), "declined", confidence=0.0)
