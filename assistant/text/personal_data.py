"""Personal data in a text, replaced by its kind in brackets before anything is kept: « [téléphone] », « [nom] ».

Numbers are recognised by the libraries that know their rules (phonenumbers; python-stdnum for the French social
security number and bank accounts), so that fiche numbers, years and amounts stay. Names are recognised by what
introduces them (« je m’appelle … », « Mme … »): a name alone in a sentence is not, which is why keeping is off unless
the operator turns it on. Two words or more that the registry knows as an actor are nobody's name: « C’est Action
Logement qui finance ? »; one word may be (RAM, Ram).

    mask("je m'appelle Ada Lovelace, 06 12 34 56 78") -> "je m'appelle [nom], [téléphone]"
"""

import re
from collections.abc import Callable, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.exceptions import ValidationError
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
    masked = text[:_LONGEST]
    for step in _STEPS:
        masked = step(masked)
    return masked


def mask_numbers(text: str) -> str:
    """Only what numbers and addresses of mail give away: telephones, accounts, files."""
    masked = text[:_LONGEST]
    for step in _NUMBERS:
        masked = step(masked)
    return masked


def _mails(text: str) -> str:
    return _MAIL.sub("[courriel]", text)


def _ibans(text: str) -> str:
    return _IBAN.sub(lambda found: _longest_iban(found.group()), text)


def _longest_iban(found: str) -> str:
    """The words after an account number may look like its end: the longest valid beginning is masked."""
    for end in range(len(found), 14, -1):
        if found[end - 1].isalnum() and iban.is_valid(found[:end]) and (end == len(found) or not found[end].isdigit()):
            return f"[IBAN]{found[end:]}"
    return found


def _social_security(text: str) -> str:
    """A number of the right form is masked even when its key is wrong or missing: people mistype it."""

    def replaced(found: re.Match[str]) -> str:
        compact = nir.compact(re.sub(_SPACE, "", found.group()))
        month = compact[3:5]
        plausible = month.isdigit() and (1 <= int(month) <= 12 or 20 <= int(month) <= 42 or int(month) >= 50)
        return "[numéro de sécurité sociale]" if _is_valid_nir(compact) or plausible else found.group()

    return _NIR.sub(replaced, text)


def _is_valid_nir(number: str) -> bool:
    try:
        nir.validate(number)
    except ValidationError:
        return False
    return True


def _cards(text: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        return "[carte]" if luhn.is_valid(re.sub(_SPACE, "", found.group())) else found.group()

    return _CARD.sub(replaced, text)


def _phones(text: str) -> str:
    parts: list[str] = []
    after = 0
    for start, end in _phone_places(text):
        parts += [text[after:start], "[téléphone]"]
        after = end
    return "".join([*parts, text[after:]])


def _phone_places(text: str) -> Iterator[tuple[int, int]]:
    for found in PhoneNumberMatcher(text, REGION, leniency=Leniency.POSSIBLE):
        digits = sum(character.isdigit() for character in found.raw_string)
        if digits >= 9:  # "2015-2020" and "1-1, 2-3" are possible numbers, too short for anybody's
            yield found.start, found.end


def _long_numbers(text: str) -> str:
    """What is left with nine digits or more names somebody or something: a file number, a badly typed account."""
    return _DIGITS.sub("[numéro]", text)


def _births(text: str) -> str:
    return _BIRTH.sub(lambda found: f"{found['lead']} [date]", text)


def _streets(text: str) -> str:
    return _STREET.sub("[adresse]", text)


def _names(text: str) -> str:
    registry = load_registry()

    def replaced(found: re.Match[str]) -> str:
        first = next(iter(registry.find(words(text[found.start("name") :]))), None)
        length = max(2, len(words(found["name"])))
        is_actor = first and first.actor and first.start == 0 and first.end >= length
        return found.group() if is_actor else f"{found['lead']} [nom]"

    for pattern in (_INTRODUCED, _TITLED, _SELF):
        text = pattern.sub(replaced, text)
    return text


_NUMBERS: tuple[Callable[[str], str], ...] = (_mails, _ibans, _social_security, _cards, _phones, _long_numbers)
_STEPS = (*_NUMBERS, _births, _streets, _names)
