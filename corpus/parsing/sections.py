"""The lines of one section -> paragraphs, partners, groups of dispositifs. Never raises on any lines."""

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import DispositifGroup, Paragraph, Partner
from corpus.parsing.lines import SourceLine, continues, join

_GROUP_HEADING = re.compile(r"(?:Les |Autres )?[Dd]ispositifs?\b.*:")
_GLUED_BULLET = re.compile(r"(?<=[a-z])- (?=[A-Z])")
"""Fiche 12-1: "l’habitat indigne- Subventions pour" holds the dash of the next bullet in the middle of a line."""
_HOLDER = re.compile(
    r"(?:Les |Autres )?dispositifs? (?:(?:co)?financés? )?(?:du |de la |de l’|de |des |par la |par le )?(.+?) ?:",
    re.IGNORECASE,
)
_COLLECTIVE_HOLDERS = {"communaux": "Communes", "intercommunaux": "Agglomération"}
_SENTENCE_HOLDERS = (
    (re.compile(r"La (Caisse des [Dd]épôts? et [Cc]onsignations?)\b"), None),
    (re.compile(r"La convention .*\bMinist"), "Etat"),
    (re.compile(r"(?:La Direccte|L’ARS)\b"), "Etat"),
)
"""Sentences of the dispositifs that stand under no heading, or under another's: their subject is the holder."""


def read_paragraphs(lines: Sequence[SourceLine]) -> tuple[Paragraph, ...]:
    """Paragraphs and bullets in order, line wraps joined."""
    groups: list[list[SourceLine]] = []
    for line in lines:
        started = join([each.text for each in groups[-1]]) if groups else ""
        explained = bool(groups and groups[-1][0].bullet and started.endswith(":") and not line.bullet)
        if groups and (explained or continues(groups[-1][-1], line, started=started)):
            groups[-1].append(line)
        else:
            groups.append([line])
    paragraphs = []
    for group in groups:
        numbers, bullet = tuple(line.number for line in group), bool(group[0].bullet)
        for text in _GLUED_BULLET.split(join([line.text for line in group])):
            paragraphs.append(Paragraph(text, numbers, bullet))
    return tuple(paragraphs)


def read_partners(lines: Sequence[SourceLine]) -> tuple[Partner, ...]:
    """A partner a line, but for an open parenthesis, which goes on, and a closing colon, which opens services."""
    partners: list[Partner] = []
    services_open = False
    for line in lines:
        last = partners[-1] if partners else None
        if last and last.name.count("(") > last.name.count(")") and not line.bullet:
            partners[-1] = Partner(join([last.name, line.text]), (*last.lines, line.number), last.services)
        elif last and services_open and (line.bullet or line.text.endswith((";", "."))):
            service = line.text.rstrip(" ;.")
            name = f"{last.name} {service}" if not last.services else f"{last.name} ; {service}"
            partners[-1] = Partner(name, (*last.lines, line.number), (*last.services, service))
            services_open = not line.text.endswith(".")
        else:
            partners.append(Partner(line.text, (line.number,)))
            services_open = line.text.endswith(":")
    return tuple(partners)


def read_groups(lines: Sequence[SourceLine]) -> tuple[DispositifGroup, ...]:
    """Dispositifs by holder, in order.

    A heading names the holder; a sentence that stands alone names its own (`_SENTENCE_HOLDERS`) and, where it breaks
    off before its bullets ("La Caisse des dépôts et consignations peut"), is their heading.
    """
    groups: list[DispositifGroup] = []
    for heading, body in _by_heading(lines):
        text = join([line.text for line in heading])
        group = DispositifGroup(_holder(text), text.rstrip(" :"), tuple(line.number for line in heading), ())
        for paragraph in read_paragraphs(body):
            holder = _sentence_holder(paragraph)
            if holder and holder.casefold()[:20] != group.porteur.casefold()[:20]:
                groups += [group] if group.lines or group.items else []
                group = DispositifGroup(holder, "", (), ())
                if not paragraph.text.endswith((".", ";")):
                    group = DispositifGroup(holder, paragraph.text, paragraph.lines, ())
                    continue
            group = replace(group, items=(*group.items, paragraph))
        groups += [group] if group.lines or group.items else []
    return tuple(groups)


def _by_heading(lines: Sequence[SourceLine]) -> list[tuple[list[SourceLine], list[SourceLine]]]:
    """Pairs of the lines of a heading ([] before the first) and the lines under it."""
    pairs: list[tuple[list[SourceLine], list[SourceLine]]] = [([], [])]
    position = 0
    while position < len(lines):
        one, two = lines[position].text, join([line.text for line in lines[position : position + 2]])
        length = 1 if _GROUP_HEADING.fullmatch(one) else 2 if _GROUP_HEADING.fullmatch(two) else 0
        if length and not one.endswith((".", ";")) and one[:1].isupper():
            pairs.append((list(lines[position : position + length]), []))
        else:
            length = 1
            pairs[-1][1].append(lines[position])
        position += length
    return [pair for pair in pairs if pair[0] or pair[1]]


def _holder(heading: str) -> str:
    """ "Dispositif cofinancé par la Caisse d’Allocation Familiale :" -> "Caisse d’Allocation Familiale"."""
    match = _HOLDER.fullmatch(heading)
    name = match[1] if match else heading.rstrip(" :")
    return _COLLECTIVE_HOLDERS.get(name, name)


def _sentence_holder(paragraph: Paragraph) -> str:
    for pattern, holder in _SENTENCE_HOLDERS:
        match = pattern.match(paragraph.text)
        if match and not paragraph.bullet:
            return holder or match[1]
    return ""
