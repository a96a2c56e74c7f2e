"""The delivered file -> Document, once it is known to be the file that was delivered."""

import hashlib
from functools import cache
from pathlib import Path

from corpus.check import problems
from corpus.errors import CorpusError
from corpus.fiche import Document
from corpus.parse import parse

CORPUS_FILE = Path(__file__).parent / "data" / "fiches-contrat-de-ville-casa.txt"
DIGEST_FILE = CORPUS_FILE.with_suffix(".sha256")


def read_corpus(path: Path = CORPUS_FILE) -> str:
    """The text of the file; raises CorpusError when it is missing, unreadable, or not the delivered one."""
    restore = f"Restaurez-le : git checkout -- {path}"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"Le document est introuvable ou illisible : {path} ({error.strerror}). {restore}") from error
    expected, found = DIGEST_FILE.read_text(encoding="ascii").split()[0], hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise CorpusError(
            f"Le document est abîmé : {path} a l’empreinte {found[:12]}…, celle du document livré est {expected[:12]}…. {restore}"
        )
    return raw.decode("utf-8")


@cache
def load_document() -> Document:
    """The parsed document, read once for the process; raises CorpusError when anything of it was not understood."""
    document = parse(read_corpus())
    found = problems(document)
    if found:
        raise CorpusError(f"Le document n’a pas été lu en entier : {found[0]} Voyez tout : guichet corpus check")
    return document


def corpus_digest() -> str:
    """SHA-256 of the delivered file, in hexadecimal: part of an index's identity."""
    return DIGEST_FILE.read_text(encoding="ascii").split()[0]
