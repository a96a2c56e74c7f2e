"""Paragraph -> sentences, word for word; abbreviations and figures do not end one."""

import re

_END = re.compile(r"(?<=[.!?…])[»”\")]*\s+(?=[«“\"(]?\s?[A-ZÀÂÉÈÊÎÔÛÇ])")
_ABBREVIATION = re.compile(r"(?:\b(?:cf|ex|etc|art|n°|M|Mme|Dr)\.|\b[A-Z]\.)$")


def split_sentences(text: str) -> list[str]:
    """Cut: "Il paie. Elle opère (cf. Etat)." -> ["Il paie.", "Elle opère (cf. Etat)."]; a space joins them again.

    "etc." goes on unless a capital follows; a bracket that is open keeps its sentence whole.
    """
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.start()]
        if piece.count("(") > piece.count(")") or piece.count("«") > piece.count("»"):
            continue
        if _ABBREVIATION.search(piece) and not piece.endswith("etc."):
            continue
        sentences.append(text[start : match.end()].strip())
        start = match.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences
