"""Whether a sentence says who pays or who acts, and whether its passages say the same of that name."""

import re
from collections.abc import Sequence

from corpus.text import plain, stems

_FINANCE = re.compile(r"\b(?:co ?financ\w*|financ\w*|subvention\w*|paie|paient|paye|paye(?:e|s|es)? par)\b")
_FUNDS = re.compile(
    r"\b(?:co ?financ\w*|financ\w*|subvention\w*|credits?|fonds|aides?|bourses?|cheques?|prets?|primes?)\b"
)
_OPERATE = re.compile(
    r"\b(?:operateurs?|oper(?:e|er|ent|ee?s?)\b|mene(?:e|s|es)? par|mis(?:e|es)? en (?:oeuvre|place) par|"
    r"realise(?:e|s|es)? par|"
    r"pilote(?:e|s|es)? par|conduit(?:e|s|es)? par|assure(?:e|s|es)? par|gere(?:e|s|es)? par|met(?:tent)? en oeuvre|"
    r"porte(?:e|s|es)? par|anime(?:e|s|es)? par|organise(?:e|s|es)? par)"
)


def finances(claim: str) -> bool:
    return _FINANCE.search(plain(claim)) is not None


def operates(claim: str) -> bool:
    return _OPERATE.search(plain(claim)) is not None


def speaks_of_funds(evidence: str) -> bool:
    return _FUNDS.search(plain(evidence)) is not None


def speaks_of_operating(claim: str, evidence: str) -> bool:
    """Whether the evidence holds the very verbs of operating that the claim has."""
    verbs = {stem for match in _OPERATE.finditer(plain(claim)) for stem in stems(match.group())}
    return verbs - set(stems("par en")) <= set(stems(evidence))


def plays_the_other_role(spellings: Sequence[str], claim: str, evidence: str) -> bool:
    """Whether the evidence says of one of these names, in its own clause, that it operates what it is said to pay for.

    Or the other way round: "CréaRîF, que finance la Région, dont l’ADIVE est l’opérateur".
    """
    wanted, other = (_FUNDS, _OPERATE) if finances(claim) else (_OPERATE, _FINANCE)
    clauses = [f" {plain(piece)} " for piece in re.split(r"[.;:,\n]|\bdont\b|\bque\b|\bqui\b", evidence)]
    own = [clause for clause in clauses if any(f" {plain(name)} " in clause for name in spellings if name)]
    return any(other.search(clause) for clause in own) and not any(wanted.search(clause) for clause in own)
