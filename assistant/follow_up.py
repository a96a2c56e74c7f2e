"""The words by which a turn shows that it leans on the turns before, or that it starts anew."""

import re
from dataclasses import dataclass

from assistant.reading import Reading
from index.tokens import fold

_NEW = re.compile(
    r"\b(?:rien a voir|autre question|autre sujet|autre chose|changeons|change de sujet|nouvelle question|sinon)\b"
)
_AND = re.compile(
    r"^\W*(?:ah\W+|ok\W+|oui\W+|bon\W+|d.?accord\W+|tres bien\W+|merci\W+|euh\W+|alors\W+|tant pis\W+)*(?:et|e|mais|donc)\b"
)
_SAME = re.compile(r"\b(?:pareil|meme (?:question|chose)|idem|de meme|itou)\b")
_RETURN = re.compile(
    r"\b(?:revien\w*|retour\w*|tout a l heure|au debut|premiere question|question d avant|reprend\w*|revenons)\b"
)
_OTHER = re.compile(
    r"\b(?:l autre|autre fiche|je parlais d\w*|je voulais (?:dire|parler)|plutot (?:celle|l autre)|pas celle[ -]la|(?:de )?celle qui|celle sur)\b"
)
_NARROW = re.compile(
    r"\b(?:seulement|uniquement|que celles?|garde\w*|parmi (?:elles|celles|ces)|la[- ]dedans|toujours|juste celles|celles? (?:de|du|d|qui|ou|en)|lesquel\w+|limite\w*|comme)\b"
)
_LEAN = re.compile(
    r"\b(?:il|elle|ils|elles|eux|lui|leurs?|la[- ]dedans|dedans|la[- ]dessus|dessus|ca|cela|ce (?:truc|dispositif|projet|machin|programme)|cet? (?:aide|accompagnement|action)"
    r"|cette (?:fiche|aide|action|liste)|ces (?:\w+)|celui[- ]ci|celle[- ]ci|celle[- ]la|celui[- ]la|en question|y|en fait partie|meme fiche|aussi|d autres?|precisement|concretement|la dessus|(?:la|cette|dans la) fiche(?! (?:n |no |numero )?\d))\b"
    r"|\b(?:le|la|les)[- ](?:mene\w*|finance\w*|paye\w*|porte\w*|propose\w*|anime\w*)|-(?:il|elle|ils|elles|t-il|t-elle|le|la|les)\b|\bl (?:a|ont|anime|opere|finance)\b"
)
_DETAIL = re.compile(
    r"^\W*(?:et\s+)?(?:depuis quand|a partir de quel age|pour qui|pour quelles?|dans quelles?|combien|c est quoi|ca dure|quand|ou ca|comment|pourquoi|en quoi|qui ca|par qui|avec qui|finance par)\b"
)
_ELSEWHERE = re.compile(r"\b(?:autres? fiches|ailleurs|quelles? autres?|d autres fiches|partout)\b")
_ORDINALS = (
    (0, r"premiere?|1ere?|1re"),
    (1, r"deuxieme|seconde?|2eme|2nde?|2e"),
    (2, r"troisieme|3eme|3e"),
    (3, r"quatrieme|4eme|4e"),
    (4, r"cinquieme|5eme|5e"),
    (5, r"sixieme|6eme|6e"),
    (-1, r"derniere?"),
)
_NOT_ORDINAL = re.compile(
    r"(?:classe|eleves?|college|stage|en|de|fin de|niveau|secteur) (?:de )?(?:\d)(?:eme|e)\b|\bla derniere fois|premiere fois|seconde chance|deuxieme chance"
)


@dataclass(frozen=True, slots=True)
class Cues:
    """`ordinal`: 0 for "la première", -1 for "la dernière"; None when there is none."""

    new_topic: bool
    starts_with_and: bool
    same: bool
    returns: bool
    other: bool
    narrows: bool
    leans: bool
    elsewhere: bool
    ordinal: int | None


def read_cues(typed: str, reading: Reading) -> Cues:
    text = re.sub(r"\s+", " ", fold(typed).replace("'", " "))
    ordinal = None
    if not _NOT_ORDINAL.search(text):
        ordinal = next((value for value, words in _ORDINALS if re.search(rf"\b(?:{words})\b", text)), None)
    return Cues(
        new_topic=_NEW.search(text) is not None,
        starts_with_and=_AND.search(text) is not None,
        same=_SAME.search(text) is not None,
        returns=_RETURN.search(text) is not None,
        other=_OTHER.search(text) is not None,
        narrows=_NARROW.search(text) is not None,
        leans=_LEAN.search(text) is not None or (_DETAIL.search(text) is not None and len(reading.rest) <= 3),
        elsewhere=_ELSEWHERE.search(text) is not None,
        ordinal=ordinal,
    )
