"""The words by which a turn shows that it leans on the turns before, or that it starts anew."""

import re
from dataclasses import dataclass

from assistant.text.languages import foreign_roles
from assistant.text.numbers import small_number
from assistant.understanding.reading import PLACES, Reading
from assistant.understanding.references import PILIER_NAMES, PILIER_WORDS
from corpus.document import ROLES, Role
from corpus.text import flatten

_NEW = re.compile(
    r"\b(?:rien a voir|autre question|autre sujet|autre chose|changeons|change de sujet|nouvelle question|sinon)\b"
)
_AND = re.compile(
    r"^\W*(?:ah\W+|ok\W+|oui\W+|bon\W+|d.?accord\W+|tres bien\W+|merci\W+|euh\W+|alors\W+|tant pis\W+)*(?:et|e|mais|donc)\b"
)
_SAME = re.compile(r"\b(?:pareil|meme (?:question|chose)|idem|de meme|itou)\b")
_RETURN = re.compile(
    r"\b(?:revien\w*|reven(?:ez|ir|ons)|retour\w*|tout a l heure|au debut|premiere question|question d avant|je reprends|reprenons|reprenez|reprendre (?:a|au|sur|mon|ma|notre))\b"
)
_OTHER = re.compile(
    r"\b(?:l autre|autre fiche|je parlais d\w*|je voulais (?:dire|parler)|plutot (?:celle|l autre)|pas celle[ -]la|(?:de )?celle qui|celle sur)\b"
)
_NARROW = re.compile(
    r"\b(?:seulement|uniquement|rien que|juste|hors|sauf|que celles?|garde\w*|parmi (?:elles|celles|ces)|la[- ]dedans|toujours|juste celles|celles? (?:de|du|d|qui|ou|en)|lesquel\w+|limite\w*|comme)\b"
)
_LEAN = re.compile(
    r"\b(?:il|elle|ils|elles|eux|lui|leurs?|la[- ]dedans|dedans|la[- ]dessus|dessus|ca|cela|ce (?:truc|dispositif|projet|machin|programme)|cet? (?:aide|accompagnement|action)"
    r"|cette (?:fiche|aide|action|liste)|ces (?:\w+)|celui[- ]ci|celle[- ]ci|celle[- ]la|celui[- ]la|en question|y|en fait partie|meme fiche|aussi|d autres?|precisement|concretement|la dessus|(?:la|cette|dans la) fiche(?! (?:n |no |numero )?\d))\b"
    r"|\b(?:le|la|les)[- ](?:mene\w*|finance\w*|paye\w*|porte\w*|propose\w*|anime\w*)|-(?:il|elle|ils|elles|t-il|t-elle|le|la|les)\b|\bl (?:a|ont|anime|opere|finance)\b"
)
_DETAIL = re.compile(
    r"^\W*(?:et\s+)?(?:depuis quand|a partir de quel age|pour qui|pour quelles?|dans quelles?|combien|c est quoi|ca dure|but|quand|ou ca|comment|pourquoi|en quoi|qui ca|par qui|avec qui|finance par)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:autres? fiches|ailleurs|quelles? autres?|d autres fiches|partout|ou d autre|quelque part|nulle part)\b"
)
_OVER_ALL = re.compile(
    r"\b(?:combien de fiches?|quelles? fiches?|lesquel\w+|laquelle|au total|en tout|quelque part|de rien|nulle part"
    r"|ou(?= (?:il|elle|ils|elles|on|est|sont|finance|oper)|\W*$))\b"
)
_HOW_MANY = re.compile(
    r"\b(?:combien (?:y en a|ca fait|cela fait|il y en a|en tout)|ca (?:en )?fait combien|combien de fiches (?:compte|dans|il y a))"
)
_CORRECTS = re.compile(
    r"^\W*(?:(?:ah|euh|attends?|attendez|mais|oups|nan|non) )*(?:non|nan|pardon|erreur|desole\w*|je me suis trompe\w*|oublie[zr]?|plutot|je (?:parlais|voulais|parle))\b"
)
_CORRECTED = re.compile(
    r"^\W*(?:(?:ah|euh|attends?|attendez|mais|oups|non|nan|pardon|erreur|d[ée]sol[ée]e?|je me suis tromp[ée]e?)\b\W*)*"
    r"(?:(?:je|j)\W(?:ne )?(?:parlais|voulais|parle|voudrais)\b(?: pas (?:de|du|des)\b.*?\bmais\b)?\W*(?:dire|parler|savoir)?\W*)?"
    r"(?:pour|de|du|des|d['’])?\W*|\W*\bplut[ôo]t\b|[\s.?!]+$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:les? memes?|le meme genre|l? ?identiques?|par rapport a|compare\w*|vs|versus|diff?er\w*|plus ou moins de"
    r"|changent?|change\w*|que celle ci n|n y figurent|ne figurent pas|comme (?:pour|dans) la|en commun|communs?"
    r"|supplementaires?|pareils? que|de moins|en moins|de plus|en plus)\b|[=≠]"
)
_SEVERAL = re.compile(r"\b(?:aux|entre les|les|ces) (deux|trois|quatre|2|3|4)\b")
_PLACE_IN = re.compile(r"\b(?:cet? (?:enjeu|pilier))\b")
_ROLE_TURNS: tuple[tuple[Role, str], ...] = (
    (
        "financeurs",
        r"(?:mettre|met|mettent) la main a la poche|qui a (?:des|les) (?:ronds|sous|thunes?)|qui (?:paierait|paierai)",
    ),
    ("dispositifs", r"^\W*(?:et )?(?:les? |quels? )?porteurs?\b"),
    (
        "operateurs",
        r"(?:qui|ki) (?:qui |ki )?(?:gere\w*|s y colle|fe|tient|vient tenir|porte\b(?! des)|portent|fait ca|ferait ca|le fait|le gere)"
        r"|qui (?:peut|peu) (?:porter|m accompagne\w*|nous accompagner|le porter|la porter|gerer)"
        r"|qui les? portent?|les? partenaires qui portent|structures operatrices",
    ),
)
"""What a short turn calls a list; `assistant.understanding.question_words` holds what any question calls it."""
_INTRODUCES = re.compile(
    r"\b(?:m[aoe]n?|not?re|une?) (?:fille|fils|mari|femme|frere|frangin\w*|soeur|voisin\w*|pere|mere|cousin\w*|copain|copine"
    r"|neveu|niece|pote|ami\w?|oncle|tante|collegue|compagn\w+|gamin\w?)\b"
)
"""Somebody new in the story: the turn's pronouns are theirs."""
_OUTSIDE = re.compile(r"\b(?:hors|sauf|hormis|excepte|en dehors)\b")
_SCOPE = re.compile(
    r"^\W*(?:(?:et|ok|alors|juste|seulement|uniquement|rien que|que|pour|dans|en|sur|hors|sauf|le|la|l|les|du|de|au|pilier|volet|celles?|theme)\W+)*(?P<name>"
    + PILIER_NAMES
    + r")\W*(?:seulement|uniquement|alors|aussi|lesquelles)?\W*$"
)
_ORDINALS = (
    (0, r"premiere?|1ere?|1re|1er"),
    (1, r"deuxieme|seconde?|2eme|2nde?|2e"),
    (2, r"troisieme|3eme|3e"),
    (3, r"quatrieme|4eme|4e"),
    (4, r"cinquieme|5eme|5e"),
    (5, r"sixieme|6eme|6e"),
    (-1, r"derniere?"),
)
_NOT_ORDINAL = re.compile(
    r"(?:classe|eleves?|college|stage|en|de|fin de|niveau|secteur) (?:de )?(?:\d)(?:eme|e)\b|(?:stage|classes?|eleves?) de (?:sixieme|troisieme|quatrieme|seconde)"
    r"|\bla derniere fois|premiere fois|seconde chance|deuxieme chance"
)


_CUE_WORDS = re.compile(
    r"^(?:premiere?|1ere?|1re|1er|deuxieme|seconde?|troisieme|quatrieme|cinquieme|sixieme|derniere?|[2-6]e(?:me)?|2nde?|agissant"
    r"|concernant|veuillez|indiquer|preciser|seulement|uniquement|hors|juste|rien|voulais|parlais|voulait|pardon|erreur|erreur"
    r"|toujours|aussi|egalement|pareil|total|lesquelles|also|and|trompee?|attends|el|fe|kelk\w*|choz\w*|kk1|koi|kan|oublie|demander)$"
)
"""Words that say how a turn leans; they are no content."""


@dataclass(frozen=True, slots=True)
class Cues:
    """`ordinal`: 0 for "la première", -1 for "la dernière"; None when there is none; `masculine`: "le deuxième".

    `content`: the words that are neither a form nor a cue; `weight`: how much the turn says by itself, a name of a
    thing counting for two words. `several`: how many fiches "aux trois" means.
    """

    new_topic: bool
    starts_with_and: bool
    same: bool
    returns: bool
    other: bool
    narrows: bool
    leans: bool
    elsewhere: bool
    over_all: bool
    how_many: bool
    corrects: bool
    compares: bool
    introduces: bool
    several: int
    this_part: bool
    ordinal: int | None
    masculine: bool
    outside: bool
    pilier: int | None
    roles: tuple[Role, ...]
    content: tuple[str, ...]
    weight: int
    told: str
    """The turn without the words of a correction."""


def read_cues(typed: str, reading: Reading) -> Cues:
    text = flatten(typed)
    hyphened = flatten(typed, hyphens=False)
    ordinal, masculine = _ordinal(text)
    content = tuple(word for word in reading.rest if not _CUE_WORDS.match(word))
    things = [m for m in reading.mentions if m.named and m.actor is None and m.named.kind not in PLACES]
    scope = _SCOPE.search(text)
    counted = _SEVERAL.search(text)
    return Cues(
        new_topic=_NEW.search(text) is not None,
        starts_with_and=_AND.search(text) is not None,
        same=_SAME.search(text) is not None,
        returns=_RETURN.search(text) is not None,
        other=_OTHER.search(text) is not None,
        narrows=_NARROW.search(text) is not None,
        leans=_LEAN.search(hyphened) is not None or (_DETAIL.search(text) is not None and len(content) <= 3),
        elsewhere=_ELSEWHERE.search(text) is not None,
        over_all=_OVER_ALL.search(text) is not None,
        how_many=_HOW_MANY.search(text) is not None,
        corrects=_CORRECTS.search(text) is not None,
        compares=_COMPARES.search(text) is not None,
        introduces=_INTRODUCES.search(text) is not None,
        several=(small_number(counted[1]) or 0) if counted else 0,
        this_part=_PLACE_IN.search(text) is not None,
        ordinal=ordinal,
        masculine=masculine,
        outside=_OUTSIDE.search(text) is not None,
        pilier=next((n for n, names in PILIER_WORDS.items() if scope and scope["name"] in names), None),
        roles=_roles_of(text, typed, reading),
        content=content,
        weight=len(content) + 2 * len(things),
        told=_CORRECTED.sub("", typed),
    )


def _ordinal(text: str) -> tuple[int | None, bool]:
    if _NOT_ORDINAL.search(text):
        return None, False
    for value, words in _ORDINALS:
        found = re.search(rf"(?P<article>\b(?:le|au|du) )?\b(?:{words})\b", text)
        if found:
            return value, found["article"] is not None
    return None, False


def _roles_of(text: str, typed: str, reading: Reading) -> tuple[Role, ...]:
    """The lists that a turn asks for: "non pas les opérateurs, les financeurs" asks for the financeurs."""
    negated = {
        found.concept
        for found in reading.concepts
        if found.concept in ROLES and {"pas", "pa", "hors"} & set(reading.tokens[max(0, found.start - 2) : found.start])
    }
    kept = tuple(role for role in reading.roles if role not in negated)
    told = tuple(role for role, pattern in _ROLE_TURNS if re.search(pattern, text) and role not in kept)
    return kept + told or foreign_roles(typed) or reading.roles
