"""Personal data in a text, replaced by its kind in brackets before anything is kept: « [téléphone] », « [nom] ».

Numbers are recognised by the libraries that know their rules (phonenumbers; python-stdnum for the French social
security number and bank accounts), so that fiche numbers, years and amounts stay. Names are recognised by what
introduces them (« je m’appelle … », « Mme … »): a name alone in a sentence is not, which is why keeping is off unless
the operator turns it on. Two words or more that the registry knows as an actor are nobody's name: « C’est Action
Logement qui finance ? »; one word may be (RAM, Ram).

    mask("je m'appelle Ada Lovelace, 06 12 34 56 78") -> "je m'appelle [nom], [téléphone]"
"""

import re

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.fr import nir

from assistant.text.stop_words import ENDS_A_NAME
from corpus.registry import load_registry
from corpus.text import words

REGION = "FR"
_SPACE = r"[ \t\u00a0\u202f.\-]"
_MAIL = re.compile(r"[\w.+\-]{1,64}\s?(?:@|\[at\]|\(at\)| arobase )\s?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}", re.I)
_IBAN = re.compile(rf"\b[A-Z]{{2}}{_SPACE}?\d{{2}}(?:{_SPACE}?[A-Z0-9]){{11,30}}\b", re.I)
_NIR = re.compile(
    rf"(?<![\dA-Z])[12378](?:{_SPACE}?\d){{4}}{_SPACE}?(?:2[AB]|\d{_SPACE}?\d)(?:{_SPACE}?\d){{6,8}}(?!\d)", re.I
)
_CARD = re.compile(rf"(?<!\d)\d(?:{_SPACE}?\d){{12,18}}(?!\d)")
_DIGITS = re.compile(rf"(?<![\d\-])\d(?:{_SPACE}?\d){{8,}}(?!\d)")
_BIRTH = re.compile(
    r"\b(?P<lead>n[ée]+(?:\(?e\)?)?\s+le|date de naissance\s*:?|naissance\s*:)\s*"
    r"\d{1,2}(?:\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*|er?\s+\w+\s+|\s+\w+\s+)\d{2,4}",
    re.I,
)
_STREET = re.compile(
    r"\b\d{1,4}(?:\s?(?i:bis|ter|quater))?,?\s+(?i:rue|avenue|av\.|boulevard|bd\.?|allée|place|impasse|chemin|quai|square|"
    r"cours|passage|route|résidence|villa|sentier|voie)\s+(?:(?i:de la|de|du|des|d['’]|la|le|les|l['’])\s*)*"
    r"[\w'’\-]+(?:\s+[A-ZÀ-ÖØ-Þ][\w'’\-]*){0,4}"
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'\-]*"
_NEXT = rf"(?!(?i:{ENDS_A_NAME})\b)[^\W\d_][\w’'\-]*"
_PARTICLE = r"(?:(?i:de la|de|du|des|el|al|ben|bint|van|von|le|la|d['’])\s*)"
_CALLED = r"app?el+e?s?\b"
_FIRST_PERSON = (
    rf"je\sm\s?['’]?\s?{_CALLED}",
    rf"j(?:e\s)?m{_CALLED}",
    r"moi\s?,?\s?c\s?['’]?\s?est",
    r"mon\s(?:nom|prénom)(?:\sde\sfamille)?\s(?:est|c['’]est)",
    r"my\sname\sis",
    r"me\sllamo",
    r"meu\snome\sé",
)
_INTRODUCTIONS = (
    *_FIRST_PERSON,
    rf"(?:il|elle|on|qui)\ss['’]{_CALLED}",
    r"s['’]appelant",
    r"(?:mon|ma)\s(?:fils|fille|mari|femme|frère|sœur|soeur|mère|père|enfant|voisine?|conjointe?|époux|épouse)"
    rf"\ss['’]{_CALLED}",
    r"(?:nom|prénom|signé)\s*:",
)
FIRST_PERSON = "|".join(_FIRST_PERSON)
"""How people say their own name: a pattern, whatever the case."""
NAME = rf"(?:{_PARTICLE}+(?={_CAPITAL}))?(?:{_CAPITAL}|{_NEXT})(?:[ \-]{_PARTICLE}?{_NEXT}){{0,3}}"
"""What follows: a pattern of up to four words, none of them a word that goes on with the sentence."""
_INTRODUCED = re.compile(rf"\b(?P<lead>(?i:{'|'.join(_INTRODUCTIONS)})(?:\s*:)?)\s*(?P<name>{NAME})")
_TITLES = r"[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|M\.|Mr\.?|Mme\.?|Mlle\.?|mme|mlle|[Dd]r\.?|[Dd]octeur|[Mm]aître"
_TITLED = re.compile(
    rf"\b(?P<lead>(?:{_TITLES})(?:\s+(?:et\s+)?(?:Mme|Mr?\.?|[Mm]adame))?)\s+"
    rf"(?P<name>{_PARTICLE}?{_CAPITAL}(?:[ \-]{_PARTICLE}?{_CAPITAL}){{0,3}})"
)
_SELF = re.compile(
    rf"\b(?P<lead>[Jj]e suis|[Cc]['’]est)\s+(?P<name>{_CAPITAL}[ \-]{_PARTICLE}?{_CAPITAL})(?=[\s,.;!?]|$)"
)
_LONGEST = 20_000


def mask(text: str) -> str:
    """`text` with what was recognised replaced; what is longer than a stored text can be is cut first."""
    masked = _STREET.sub("[adresse]", _BIRTH.sub(r"\g<lead> [date]", mask_numbers(text)))
    for pattern in (_INTRODUCED, _TITLED, _SELF):
        masked = pattern.sub(_masked_name, masked)
    return masked


def mask_numbers(text: str) -> str:
    """Only what numbers and addresses of mail give away: telephones, accounts, files."""
    masked = _MAIL.sub("[courriel]", text[:_LONGEST])
    masked = _IBAN.sub(_masked_iban, masked)
    masked = _NIR.sub(_masked_social_security, masked)
    masked = _CARD.sub(lambda found: "[carte]" if luhn.is_valid(re.sub(_SPACE, "", found[0])) else found[0], masked)
    # Digits that are left, nine or more, name somebody or something: a file number, a badly typed account.
    return _DIGITS.sub("[numéro]", _mask_phones(masked))


def _masked_iban(match: re.Match[str]) -> str:
    """The words after an account number may look like its end: the longest valid beginning is masked."""
    text = match[0]
    for end in range(len(text), 14, -1):
        if text[end - 1].isalnum() and iban.is_valid(text[:end]) and (end == len(text) or not text[end].isdigit()):
            return f"[IBAN]{text[end:]}"
    return text


def _masked_social_security(match: re.Match[str]) -> str:
    """A number of the right form is masked even when its key is wrong or missing: people mistype it."""
    compact = nir.compact(re.sub(_SPACE, "", match[0]))
    month = compact[3:5]
    plausible = month.isdecimal() and (1 <= int(month) <= 12 or 20 <= int(month) <= 42 or int(month) >= 50)
    return "[numéro de sécurité sociale]" if plausible or nir.is_valid(compact) else match[0]


def _mask_phones(text: str) -> str:
    parts: list[str] = []
    after = 0
    for found in PhoneNumberMatcher(text, REGION, leniency=Leniency.POSSIBLE):
        if sum(map(str.isdigit, found.raw_string)) >= 9:  # "2015-2020" is a possible number, too short for anybody's
            parts += [text[after : found.start], "[téléphone]"]
            after = found.end
    return "".join([*parts, text[after:]])


def _masked_name(match: re.Match[str]) -> str:
    """As it stands when an actor of the registry, of two words or more, is named there."""
    first = next(iter(load_registry().find(words(match.string[match.start("name") :]))), None)
    length = max(2, len(words(match["name"])))
    is_actor = first and first.actor and first.start == 0 and first.end >= length
    return match[0] if is_actor else f"{match['lead']} [nom]"
