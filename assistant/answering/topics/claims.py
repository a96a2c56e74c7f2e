"""A dispositif that a question gives to the wrong holder: said first, then what is true."""

from collections.abc import Iterator

from assistant.answer import citation_mark
from assistant.answering.draft import Draft, cite_paragraph
from assistant.answering.topics.reading import PLACES, Reading
from assistant.text.french import enumerate_words, of
from assistant.text.stop_words import HOLDER_TIES
from corpus.mentions import flatten_document, paragraphs_naming
from corpus.partners import Condition, RoleTable
from corpus.registry import Mention, Named

_FARTHEST, _SHOWN = 6, 3
"""Words between a dispositif and the holder that it is given; fiches that are quoted."""


def wrong_holder(reading: Reading, table: RoleTable) -> Draft | None:
    """ "L'AGEPI versée par la CAF, ...": no holder of that dispositif is the CAF; None when nothing is wrong."""
    for named, claimed in _claims(reading):
        draft = _correct(named, claimed, table)
        if draft is not None:
            return draft
    return None


def _claims(reading: Reading) -> Iterator[tuple[Named, Mention]]:
    """A dispositif, then within a few words "de", "par"... and an actor."""
    for thing in reading.mentions:
        if thing.named is None or thing.actor is not None or thing.named.kind in (*PLACES, "acteur"):
            continue
        for other in reading.mentions:
            between = reading.tokens[thing.end : other.start]
            if other.actor and 0 < len(between) <= _FARTHEST and HOLDER_TIES & set(between):
                yield thing.named, other


def _correct(named: Named, claimed: Mention, table: RoleTable) -> Draft | None:
    if claimed.actor is None or not table.fiches([Condition((claimed.actor.id,), "dispositifs")]):
        return None  # who holds no dispositif anywhere was not said to hold this one
    family = table.with_family([claimed.actor.id])
    names = (claimed.actor.name, claimed.actor.acronym, *claimed.actor.spellings)
    spellings = {flatten_document(name) for name in names if name}
    held = []
    for fiche in (f for f in table.document.fiches if f.number in named.fiches):
        naming = paragraphs_naming(fiche, named.variants)
        if any(spelling in flatten_document(paragraph.text) for spelling in spellings for _, paragraph in naming):
            return None  # the fiche itself names them together
        told = [each for section, each in naming if section == "dispositifs"]
        for group, entry in zip(fiche.dispositifs, table.entries[fiche.number]["dispositifs"], strict=True):
            for item in (each for each in group.items if each in told):
                if entry.actors & family:
                    return None
                held.append((fiche, entry.actor, item))
    if not held:
        return None
    holders = enumerate_words([of(name) for name in dict.fromkeys(actor.with_article for _, actor, _ in held)])
    draft = Draft()
    draft.add(f"Non : {named.name} est un dispositif {holders}, et non {of(claimed.actor.with_article)}.")
    shown = {fiche.number: (fiche, item) for fiche, _, item in reversed(held)}
    for number in sorted(shown, key=lambda each: [f.number for f in table.document.fiches].index(each))[:_SHOWN]:
        fiche, item = shown[number]
        draft.add(
            f"Dans la fiche « {fiche.title} » {citation_mark(number)} :\n- {item.item}",
            [cite_paragraph(number, "dispositifs", item)],
        )
    return draft
