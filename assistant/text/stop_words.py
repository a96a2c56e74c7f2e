"""Words without content: a set for each use, since each reader passes over others. Folded, but for ENDS_A_NAME.

Those of questions are in `assistant/understanding/data/question_words.toml`; those by which a language is known, in
`assistant.text.languages`.
"""

from corpus.text import stems, words

_ARTICLES = frozenset(words("l la le les"))

HOLDER_TIES = frozenset(words("de du des d par dispositif releve relevent depend dependent appartient"))
"""Between a dispositif and the holder that it is given (`assistant.answering.topics.claims`)."""
NOT_A_TITLE = frozenset(words("fiche fiches pilier contrat document numero"))
"""After "enjeu sur" they do not tell which enjeu (`assistant.understanding.references`)."""
BEFORE_PLACES = frozenset(words("de d du des dans sur a au aux en entre chaque trois"))
"""Prepositions after which a name is a place (`assistant.generation.gate.names`)."""
AFTER_PREPOSITIONS = _ARTICLES | frozenset(words("une plusieurs certaines"))
"""Between such a preposition and the place, likewise."""
NO_PROPER_NAMES = frozenset(
    words("contrat ville fiche fiches document etat quartier quartiers prioritaire prioritaires politique")
)
"""Capitalised now and then without being a name, likewise."""
AFTER_DENIALS = frozenset(words("assez tres trop toujours encore etre ete avoir a de d la le les un une des en se"))
"""Between "pas" and what is denied (`assistant.generation.gate.negation`)."""
ENDS_A_NAME = (
    "et|je|j|qui|que|qu|quel|quels|quelle|quelles|où|ou|comment|pour|mon|ma|mes|est|ai|suis|habite|cherche|voudrais|"
    "veux|dois|peux|peut|pourquoi|combien|avec|dans|sur|à|au|aux|en|un|une|le|la|les|ne|n|il|elle|on|nous|né|née|ce|"
    "cette|ces|son|sa|ses|de|du|des|d|l"
)
"""End a person's name, and never begin one: a pattern (`assistant.text.personal_data`)."""
UNCHECKED_STEMS = frozenset(
    stems(
        "le la les l un une des du de d et ou a à au aux en dans sur sous par pour avec ce cet cette ces ceux celui "
        "celle qui que qu quoi dont où il elle ils elles on se s sa son ses leur leurs y ne pas n plus est sont être "
        "été a ont avoir peut peuvent pourra pourrait pourraient doit doivent afin ainsi aussi également notamment "
        "comme cela cependant enfin ensuite donc car si lors lorsque tout tous toute toutes autre autres même entre "
        "vers chez sans fiche document action actions vise visent permet permettent permettant consiste prévoit "
        "prévoient propose proposent selon cadre contrat ville etc c est-à-dire ex exemple il s agit dit indique "
        "précise souligne mentionne"
    )
)
"""Stems that a passage need not hold: tool words, and the verbs with which texts introduce what they say
(`assistant.generation.gate.coverage`)."""
