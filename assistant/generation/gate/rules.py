"""The rules that nothing outweighs: numbers, fiches, names, places, denials, roles; a claim that breaks one goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from assistant.generation.gate.names import (
    actors_of,
    misplaced,
    missing_acronyms,
    missing_names,
    missing_proper,
)
from assistant.generation.gate.negation import contrary, denial_differs
from assistant.generation.gate.numbers import FICHE, exact_words, numbers, unsupported_number
from assistant.generation.gate.numbers_by_town import mispaired
from assistant.generation.gate.roles import (
    finances,
    operates,
    plays_the_other_role,
    speaks_of_funds,
    speaks_of_operating,
)
from assistant.generation.passages import Passage
from corpus.registry import Registry
from corpus.text import fold, words


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence without its marks. `text` has its lead before it, `own` has not."""

    text: str
    own: str


Rule = Callable[[Registry, Claim, Sequence[Passage]], bool]
"""Whether a claim breaks the rule against passages read together."""


def _texts(cited: Sequence[Passage]) -> str:
    return "\n".join(passage.text for passage in cited)


def _numbers(_: Registry, claim: Claim, cited: Sequence[Passage]) -> bool:
    text = _texts(cited)
    own = FICHE.sub(" ", claim.text)
    return unsupported_number(numbers(own), numbers(text)) or not exact_words(own) <= exact_words(text)


def _fiches(_: Registry, claim: Claim, cited: Sequence[Passage]) -> bool:
    return not set(FICHE.findall(claim.text)) <= {passage.fiche for passage in cited}


def _against_texts(breaks: Callable[[Registry, str, str], object]) -> Rule:
    """The rule that a claim breaks when `breaks` finds in it, with its lead, what the text of the passages has not."""
    return lambda registry, claim, cited: bool(breaks(registry, claim.text, _texts(cited)))


def _negation(_: Registry, claim: Claim, cited: Sequence[Passage]) -> bool:
    return denial_differs(claim.text, _texts(cited)) or contrary(claim.text, _texts(cited))


def _roles(registry: Registry, claim: Claim, cited: Sequence[Passage]) -> bool:
    """Who is said to finance stands among financeurs, or in a text on funds; likewise who is said to operate."""
    pays, acts = finances(claim.text), operates(claim.text)
    who = actors_of(registry, claim.own) or actors_of(registry, claim.text)
    if pays != acts and not any(role_of(passage) for passage in cited):
        first = next((each.actor for each in registry.find(words(claim.own)) if each.actor), None)
        names = (first.name, first.acronym, *first.spellings) if first else ()
        if plays_the_other_role(names, claim.text, _texts(cited)):
            return True
    if pays and not acts and not _plays(registry, who, cited, "financeur", speaks_of_funds):
        return True
    return acts and not pays and not _plays(registry, who, cited, "operateur", partial(speaks_of_operating, claim.text))


def _plays(
    registry: Registry, who: frozenset[str], cited: Sequence[Passage], role: str, speaks: Callable[[str], bool]
) -> bool:
    fit = [passage for passage in cited if role_of(passage) == role or (not role_of(passage) and speaks(passage.text))]
    places = {"communes", "agglomeration"} - actors_of(registry, _texts(cited))
    return bool(fit) and who <= actors_of(registry, _texts(fit)) | places


def role_of(passage: Passage) -> str:
    """The role of a list of partners, "" for any other passage."""
    return next((role for role in ROLE_WORDS if role in fold(passage.section)), "")


ROLE_WORDS = {
    "financeur": "partenaires financeurs, financé, finance, financer, financement",
    "operateur": "partenaires opérateurs, opère, mené par, mis en œuvre, porté, réalisé, assuré",
}
"""Role -> the words with which a sentence says that somebody has it."""


RULES: Mapping[str, Rule] = {
    "numbers": _numbers,
    "fiches": _fiches,
    "names": _against_texts(missing_names),
    "acronyms": _against_texts(missing_acronyms),
    "proper": _against_texts(missing_proper),
    "places": _against_texts(misplaced),
    "pairs": _against_texts(mispaired),
    "negation": _negation,
    "roles": _roles,
}
