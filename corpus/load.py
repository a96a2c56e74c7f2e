"""The delivered file -> Document, once it is known to be the file that was delivered."""

import hashlib
from functools import cache
from pathlib import Path

from corpus.check import problems
from corpus.document import Document
from corpus.errors import CorpusError
from corpus.parsing.parse import parse

CORPUS_FILE = Path(__file__).parent / "data" / "fiches-contrat-de-ville-casa.txt"
DIGEST_FILE = CORPUS_FILE.with_suffix(".sha256")


def read_corpus(path: Path = CORPUS_FILE) -> str:
    """The text of the file; raises CorpusError when it is missing, unreadable, or not the delivered one."""
    restore = f"Restaurez-le : git checkout -- {path}"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"Le document est introuvable ou illisible : {path}. {restore}") from error
    expected, found = corpus_digest(), hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise CorpusError(
            f"Le document est abîmé : {path} a l’empreinte {found[:12]}…, "
            f"celle du document livré est {expected[:12]}…. {restore}"
        )
    return raw.decode("utf-8")


@cache
def load_document() -> Document:
    """The parsed document, read once for the process; raises CorpusError when anything of it was not understood."""
    text = read_corpus()
    document = parse(text)
    found = problems(document, text)
    if found:
        raise CorpusError(f"Le document n’a pas été lu en entier : {found[0]} Voyez tout : guichet corpus check")
    return document


def corpus_digest() -> str:
    """SHA-256 of the delivered file, in hexadecimal: part of an index's identity."""
    try:
        return DIGEST_FILE.read_text(encoding="ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"L’empreinte du document manque : {DIGEST_FILE}. Restaurez-la : git checkout -- {DIGEST_FILE}"
        ) from error
