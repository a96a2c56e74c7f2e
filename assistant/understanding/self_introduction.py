"""What people say of themselves before they ask: a greeting with a name, a telephone number, a mail. It asks nothing.

Left in, it counts as content that no fiche speaks of, and a question that the document answers may be declined.

    ask_only("Bonjour, je m’appelle Ada, mon numéro est le 06 12 34 56 78. Qui finance le permis ?")
    -> "Qui finance le permis ?"
"""

import re

from assistant.text.personal_data import FIRST_PERSON, NAME, mask_numbers
from corpus.registry import Registry
from corpus.text import words

_GREETING = r"(?:(?:bonjour|bjr|bonsoir|salut|slt|coucou|cc|hello|hola|ola|hi|madame|monsieur|et)\b[\s,.!:]*)*"
_INTRODUCED = re.compile(
    rf"(?:^|(?<=[.!?;]))\s*(?i:{_GREETING})(?i:{FIRST_PERSON})(?:\s*:)?\s*(?P<own>{NAME})\s*"
    r"(?:$|[,.;:!\-–]+|(?=(?i:et|je)\b|(?i:j)['’]))\s*(?i:et\s)?"
)
"""A name that something else follows ("moi c'est Karim qui…") says more than who asks."""
_KINDS = r"\[(?:courriel|IBAN|numéro de sécurité sociale|carte|téléphone|numéro)\]"
_NUMBER = re.compile(
    rf"[,;(]?\s*(?:(?:mon|ma|le|mes)\s)?(?:(?:adresse\s)?(?:mail|courriel|e-mail|email)|num[ée]ro|num|n°|t[ée]l[ée]?phone|"
    rf"t[ée]l|portable|allocataire)?[.\s]*(?:(?:de\s|d['’])(?:t[ée]l[ée]phone|portable|s[ée]cu\w*|allocataire))?\s*"
    rf"(?:,?\s*c\s?['’]?est|est|:)?\s*(?:le\s|au\s)?{_KINDS}\)?",
    re.IGNORECASE,
)
_OF_THE_DOCUMENT = re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}(?![\d-])|\b20\d\d\b")
"""Numbers of fiches and years: several in a row look like a telephone's."""


def ask_only(text: str, registry: Registry) -> str:
    """`text` without introductions and personal numbers; as it is when nothing would be left to read.

    A question that names fiches or years keeps all its numbers; an actor or a commune is nobody's name.
    """
    bare = text if _OF_THE_DOCUMENT.search(text) else _NUMBER.sub(" ", mask_numbers(text))
    bare = _INTRODUCED.sub(lambda found: found[0] if registry.find(words(found["own"])) else " ", bare)
    bare = re.sub(r"\s+([,.])", r"\1", " ".join(bare.split())).lstrip(" ,.;:!-–")
    return bare if any(character.isalpha() for character in bare) else text
