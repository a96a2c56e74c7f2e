"""Whether a sentence denies what its passages say, says what they deny, or says the contrary.

Coarse on purpose: a true sentence that is worded too far from its passage may be dropped, a turned one must be.
"""

import re

from assistant.text.stop_words import AFTER_DENIALS
from corpus.text import fold, plain, stems, words

_NEGATIVE = re.compile(
    r"\b(?:ne|n')\s?[^.;:!?]{0,60}?\b(?:pas|plus|jamais|aucune?s?|ni|rien|personne|guere)\b|\bsans\b|\baucune?s?\b|\bnon\b"
)
_DENIED = re.compile(
    r"\b(?:ne\s+|n')(?:(?:se|me|l|la|le|les|leur|lui|y|en)\s+|s'|l')?([^\W\d_]+)\s+(?:[^\W\d_]+\s+)??"
    r"(?:pas|plus|jamais|guere|aucunement)\b((?:\s+[^\W\d_]+){0,3})|\b(?:sous|non)[- ]([^\W\d_]{4,})"
)
_AUXILIARIES = frozenset(
    words(
        "est sont etait etaient sera seront a ont avait doit doivent devra devront peut peuvent pourra pourront "
        "pourrait faut faudra va vont fait font veut veulent semble semblent apparait apparaissent"
    )
)
"""Verbs that deny what follows them: "ne doit pas aboutir" denies "aboutir"."""
_LACK = re.compile(
    r"\b(?:pas|plus|sans|aucun|aucune|non|ni|jamais|manque\w*|absence|insuffisan\w+|defaut|difficult\w+|peu|deficit|eviter|"
    r"evite\w*|lutt\w+|frein\w*|exclu\w*|limite\w*|deduit|prevenir|pallier|depourvu\w*|impossib\w+|incapacite|rarefaction)\b"
)
_CONTRARIES = (
    ("insuffisan", "suffisan|suffisam"),
    ("difficult", "facilement"),
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
_EASILY = re.compile(r"\b(?:sans|aucune) difficultes?\b|\bsans (?:mal|probleme)\b")


def denial_differs(claim: str, evidence: str) -> bool:
    """Whether the claim denies what the evidence says, or says what it denies."""
    folded_claim, folded, nearest = _flat(claim), _flat(evidence), _nearest(claim, evidence)
    here, there = _denied(folded_claim), _denied(folded)
    said = _roots(evidence)
    if any(stem in said and stem not in there for stem in here):
        return True
    if (
        _NEGATIVE.search(folded_claim)
        and not _denied(folded_claim, joined=False) & there
        and not _denies(nearest, beside=folded_claim)
    ):
        return True
    bare = _roots(claim)
    return not _LACK.search(folded_claim) and bool((_denied(nearest) - here) & bare)


def _denies(folded: str, *, beside: str) -> bool:
    """Whether a text denies or misses something, by other words than those that `beside` says as well."""
    shared = {word for word in _LACK.findall(beside) if word not in ("pas", "plus", "jamais")}
    return not set(_LACK.findall(folded)) <= shared


def _denied(folded: str, *, joined: bool = True) -> set[str]:
    """Stems of what a folded text denies: "ne disposent pas" -> {"dispos"}, "ne doit pas aboutir" -> {"about"}.

    `joined`: with what "non" and "sous" deny: "non diplômées" -> {"diplom"}.
    """
    found: set[str] = set()
    for verb, after, word_of_prefix in _DENIED.findall(folded):
        following = [word for word in after.split() if word not in AFTER_DENIALS]
        word = (
            word_of_prefix
            if joined and word_of_prefix
            else (verb if verb not in _AUXILIARIES else following[0] if following else "")
        )
        found |= _roots(word)
    return found


def _roots(text: str) -> set[str]:
    """Beginnings of stems: "utilisés" and "utilisées" do not always get the same stem."""
    return {stem[:6] for stem in stems(text)}


def _nearest(claim: str, evidence: str) -> str:
    """The sentence or bullet of the evidence that shares most with the claim, folded."""
    wanted = {stem for stem in stems(claim) if len(stem) > 3}
    pieces = [piece for piece in re.split(r"[.;\n]+|,(?=\s(?:mais|tandis|pour autant))", evidence) if piece.strip()]
    return _flat(max(pieces, key=lambda piece: len(wanted & set(stems(piece))), default=""))


def contrary(claim: str, evidence: str) -> bool:
    """Whether the claim has a word where the evidence has only its contrary."""
    here, there = (_EASILY.sub("facilement", f" {plain(text)}") for text in (claim, evidence))
    for one, other in _CONTRARIES:
        for said, instead in ((one, other), (other, one)):
            if _has(said, here) and not _has(said, there) and _has(instead, there) and not _has(instead, here):
                return True
    return False


def _has(pattern: str, text: str) -> bool:
    return re.search(rf" (?:{pattern})", text) is not None


def _flat(text: str) -> str:
    return " ".join(fold(text).split())
