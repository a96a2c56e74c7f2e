"""Gold sets of fiches and names, computed from the table read by eye and from the raw text; shares no code with ours.

An expression of `tests/data/exact.jsonl` is made of the functions below, of sets of fiche numbers, and of & | - :
"fin('CAF') - pil(2)" are the fiches that the CAF finances outside pilier 2.
"""

import json
import re
import unicodedata
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
TABLE = json.loads((DATA / "partners.json").read_text(encoding="utf-8"))
RAW = (Path(__file__).parent.parent.parent / "corpus" / "data" / "fiches-contrat-de-ville-casa.txt").read_text("utf-8")
ALL = frozenset(TABLE)
_HEADINGS = ("CADRE DE VIE ET RENOUVELLEMENT", "LIEN SOCIAL, CITOYENNETE", "EDUCATION, PETITE ENFANCE", "SANTE")

SPELLINGS = {
    "CAF": r"Caisses? d’[Aa]llocations? Familiales?|\bCAF\b",
    "CDC": r"Caisse des [Dd]épôts?|\bCDC\b",
    "CPAM": r"Assurance Maladie",
    "ANRU": r"Agence nationale pour la rénovation urbaine",
    "Région": r"Conseil régional",
    "Département": r"Conseil départemental$",
    "Communes": r"^Communes$|[Dd]ispositifs (?:communaux|des communes)",
    "Agglomération": r"[Aa]gglomération|intercommunaux",
    "Etat": r"^Etat\b|de l’Etat",
    "Direccte": r"(?i:direccte)",
    "Education nationale": r"(?i:education nationale)",
    "ARS": r"Agence Régionale de Santé|\bARS\b",
    "FSE": r"Fonds Social Européen",
    "FEDER": r"FEDER",
    "OLS": r"(?i:organismes? de logement social)",
    "Pôle emploi": r"Pôle [Ee]mploi",
    "Cap emploi": r"Cap [Ee]mploi",
    "Missions locales": r"(?i:missions? locales?)",
    "Associations": r"^Associations(?: locales)?$",
    "Centres sociaux": r"^Centres sociaux",
    "Médiathèques": r"(?i:médiathèques)",
    "SIAE": r"SIAE|Structures d’Insertion",
    "PLIE": r"^PLIE$",
    "FACE 94": r"(?i:face 94)",
    "Entreprises": r"^Entreprises",
    "Action Logement": r"(?i:action logement)",
    "ADEM": r"^ADEM",
    "Ecoles": r"^Ecoles$",
    "PRE": r"dans le cadre des PRE",
    "Prévention spécialisée": r"Prévention spécialisée|Clubs de prévention",
    "Chambre des métiers": r"(?i:chambre des métiers)",
    "CCAS": r"(?i:centres communaux d’action sociale)",
    "CFA": r"\bCFA\b",
}
"""An actor's names in the lists and headings; any other name is looked for as it is."""


def folded(text: str) -> str:
    """Lower case, without accents, white space and apostrophes made one; words cut at a line end joined."""
    text = re.sub(r"(?<=\w)-\s*\n\s*", "-", text).replace("’", "'").replace("œ", "oe")
    marks = "".join(each for each in unicodedata.normalize("NFD", text) if unicodedata.category(each) != "Mn")
    return re.sub(r"\s+", " ", marks).lower()


def _texts() -> dict[str, str]:
    """The raw text of each fiche: from its heading to the next heading of any kind."""
    pieces = re.split(r"(?m)^\s*Fiche opérationnelle n°(\d+-\d+) :", RAW)
    headings = "|".join(re.escape(each) for each in _HEADINGS)
    end = re.compile(rf"(?m)^\s*(?:Enjeu stratégique n°\d+ :|(?:{headings}).*$)")
    return {number: end.split(text)[0] for number, text in zip(pieces[1::2], pieces[2::2], strict=True)}


TEXTS = _texts()
FOLDED = {number: folded(text) for number, text in TEXTS.items()}


def _listing(role: str, actor: str) -> frozenset[str]:
    pattern = re.compile(SPELLINGS.get(actor, re.escape(actor)))
    return frozenset(number for number, fiche in TABLE.items() if any(pattern.search(name) for name in fiche[role]))


def fin(actor: str) -> frozenset[str]:
    return _listing("financeurs", actor)


def ope(actor: str) -> frozenset[str]:
    return _listing("operateurs", actor)


def por(actor: str) -> frozenset[str]:
    """The fiches with a heading of dispositifs that names this holder."""
    return _listing("porteurs", actor)


def enj(*numbers: int) -> frozenset[str]:
    return frozenset(number for number, fiche in TABLE.items() if fiche["enjeu"] in numbers)


def pil(*numbers: int) -> frozenset[str]:
    return frozenset(number for number, fiche in TABLE.items() if fiche["pilier"] in numbers)


def txt(*names: str) -> frozenset[str]:
    """The fiches whose text holds one of these names as whole words."""
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(folded(name))}(?!\w)" for name in names))
    return frozenset(number for number, text in FOLDED.items() if pattern.search(text))


def fic(*numbers: str) -> frozenset[str]:
    return frozenset(numbers)


def most(role: str, *, least: bool = False) -> frozenset[str]:
    """The fiches with most (or fewest) names in that list."""
    sizes = {number: len(fiche[role]) for number, fiche in TABLE.items()}
    wanted = min(sizes.values()) if least else max(sizes.values())
    return frozenset(number for number, size in sizes.items() if size == wanted)


def names(number: str, role: str) -> list[str]:
    """A list as the document writes it."""
    return list(TABLE[number][role])


def evaluate(expression: str) -> frozenset[str] | list[str]:
    """The gold of an expression of `exact.jsonl`."""
    known = {each.__name__: each for each in (fin, ope, por, enj, pil, txt, fic, most, names)}
    return eval(expression, {"__builtins__": {}, "ALL": ALL, **known})  # noqa: S307 - our own data file
