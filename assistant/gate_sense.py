"""What a sentence makes of its names and words: denials, contraries, and who pays or acts.

Coarse on purpose: a true sentence that is worded too far from its passage may be dropped, a turned one must be.
"""

import re

from index.tokens import fold, stems, words

_NEGATIVE = re.compile(
    r"\b(?:ne|n')\s?[^.;:!?]{0,60}?\b(?:pas|plus|jamais|aucune?s?|ni|rien|personne|guere)\b|\bsans\b|\baucune?s?\b|\bnon\b"
)
_DENIED = re.compile(
    r"\b(?:ne\s+|n')((?:(?:se|s'|l'|la|le|les|y|en)\s*)?[^\W\d_]+)\s+(?:\w+\s+){0,1}?(?:pas|plus|jamais|guere|aucune?)\b"
)
_LACK = re.compile(
    r"\b(?:pas|plus|sans|aucun|aucune|non|ni|jamais|manque\w*|absence|insuffisan\w+|defaut|difficult\w+|peu|deficit|eviter|"
    r"evite\w*|lutt\w+|frein\w*|exclu\w*|limite\w*|deduit|prevenir|pallier|depourvu\w*|impossib\w+|incapacite|rarefaction)\b"
)
_CONTRARIES = (
    ("insuffisan", "suffisan"),
    ("superieur", "inferieur"),
    ("augment", "diminu|redui|baiss"),
    ("hausse", "baiss"),
    ("renforc", "affaibl|supprim|redui"),
    ("favoris", "empech|decourag|frein|limit"),
    ("facilit", "compliqu|empech|entrav"),
    ("fort", "faible"),
    ("eloign", "proche"),
    ("creat", "suppress|fermetur"),
    ("cree", "supprim"),
    ("obligat", "facultat"),
    ("qualifi", "non qualifi"),
    ("heterogene", "homogene"),
    ("gratuit", "payan"),
    ("exclu", "inclu"),
    ("temporair", "permanen|definiti"),
    ("individuel", "collecti"),
    ("interdit|interdi", "autoris"),
    ("avant|amont", "apres|aval"),
    ("ouvert|ouvrir", "ferme"),
    ("public", "prive"),
    ("encourag", "decourag"),
    ("sous utilis", "bien utilis|tres utilis|largement utilis"),
    ("maintien|mainten", "supprim|suppress|arret"),
    ("plus touche", "moins touche"),
    ("attracti|attrait", "repuls"),
)
"""Pairs of patterns at the start of folded words; a claim with one where its passage has only the other turns it."""
_FINANCE = re.compile(r"\b(?:co ?financ\w*|financ\w*|subvention\w*|pay(?:e|er|ee?s?|ent)\b)")
_FUNDS = re.compile(
    r"\b(?:co ?financ\w*|financ\w*|subvention\w*|credits?|fonds|aides?|bourses?|cheques?|prets?|primes?)\b"
)
_OPERATE = re.compile(
    r"\b(?:operateurs?|oper(?:e|er|ent|ee?s?)\b|mene(?:e|s|es)? par|mis(?:e|es)? en (?:oeuvre|place) par|"
    r"realise(?:e|s|es)? par|"
    r"pilote(?:e|s|es)? par|conduit(?:e|s|es)? par|assure(?:e|s|es)? par|gere(?:e|s|es)? par|met(?:tent)? en oeuvre|"
    r"porte(?:e|s|es)? par|anime(?:e|s|es)? par|organise(?:e|s|es)? par)"
)


def denial_differs(claim: str, evidence: str) -> bool:
    """Whether the claim denies what the evidence says, or says what it denies."""
    folded_claim, folded = _flat(claim), _flat(evidence)
    denied_there = _denied(folded)
    denied_here = _denied(folded_claim)
    if any(stem not in denied_there for stem in denied_here):
        return True
    if not denied_here and _NEGATIVE.search(folded_claim) and not _LACK.search(_nearest(claim, evidence)):
        return True
    bare = set(stems(claim))
    if not _LACK.search(folded_claim):
        near_denied = _denied(_nearest(claim, evidence))
        if any(stem in bare for stem in near_denied - _WEAK):
            return True
    return False


_WEAK = frozenset(stems("est sont a ont etre avoir peut doit fait"))


def _denied(folded: str) -> set[str]:
    """Stems of the verbs that a folded text denies: "ne disposent pas" -> {"dispos"}."""
    return {stem for match in _DENIED.finditer(folded) for stem in stems(match.group(1))[-1:]}


def _nearest(claim: str, evidence: str) -> str:
    """The sentence or bullet of the evidence that shares most with the claim, folded."""
    wanted = set(stems(claim))
    pieces = [piece for piece in re.split(r"[.;\n]+|,(?=\s(?:mais|tandis|pour autant))", evidence) if piece.strip()]
    return _flat(max(pieces, key=lambda piece: len(wanted & set(stems(piece))), default=""))


def contrary(claim: str, evidence: str) -> bool:
    """Whether the claim has a word where the evidence has only its contrary."""
    here, there = f" {_words(claim)}", f" {_words(evidence)}"
    for one, other in _CONTRARIES:
        for said, instead in ((one, other), (other, one)):
            if _has(said, here) and not _has(said, there) and _has(instead, there) and not _has(instead, here):
                return True
    return False


def _has(pattern: str, text: str) -> bool:
    return re.search(rf" (?:{pattern})", text) is not None


def finances(claim: str) -> bool:
    return _FINANCE.search(_words(claim)) is not None


def operates(claim: str) -> bool:
    return _OPERATE.search(_words(claim)) is not None


def speaks_of_funds(evidence: str) -> bool:
    return _FUNDS.search(_words(evidence)) is not None


def speaks_of_operating(claim: str, evidence: str) -> bool:
    """Whether the evidence holds the very verbs of operating that the claim has."""
    verbs = {stem for match in _OPERATE.finditer(_words(claim)) for stem in stems(match.group())}
    return verbs - set(stems("par en")) <= set(stems(evidence))


def _flat(text: str) -> str:
    return " ".join(fold(text).split())


def _words(text: str) -> str:
    return " ".join(words(text))
