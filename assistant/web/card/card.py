"""The counter card of a fiche: who finances, who acts, which dispositifs and whose; and its texts to hand over.

Everything comes from the parsed document and the registry of names; nothing is written for one fiche in particular.
Knows nothing of HTML nor of Word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.document import NAME, Document, Fiche, Partner
from corpus.registry import Named, Registry
from corpus.role_words import SECTION_TITLES

SOURCE = f"{NAME} de Seine-Amont"
CAUTION = (
    "Ces informations viennent d’un document de 2015 et ne créent pas de droit\u00a0: "
    "votre situation se vérifie au guichet."
)
_WORD = r"(?<![\w’'-]){}(?![\w-])"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds dispositifs of the fiche ("Caisse d’Allocations Familiales"), and which."""

    name: str
    dispositifs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """`today`: old name -> present name, for the actors of the card that have changed theirs since 2015."""

    fiche: str
    title: str
    enjeu: str
    pilier: str
    financeurs: tuple[str, ...]
    operateurs: tuple[str, ...]
    holders: tuple[Holder, ...]
    today: tuple[tuple[str, str], ...]


def make_card(document: Document, registry: Registry, number: str) -> Card | None:
    """The card of fiche `number` ("2-3"), None when the document has no such fiche."""
    fiche = document.fiche(number)
    if fiche is None:
        return None
    enjeu, pilier = document.enjeu(fiche.enjeu), document.pilier(fiche.pilier)
    names = [*(p.name for p in (*fiche.financeurs, *fiche.operateurs)), *(g.porteur for g in fiche.dispositifs)]
    actors = dict.fromkeys(member for name in names for member in registry.members(registry.actor_of(name)))
    return Card(
        fiche.number,
        fiche.title,
        enjeu.title if enjeu else "",
        pilier.name if pilier else "",
        tuple(map(_partner, fiche.financeurs)),
        tuple(map(_partner, fiche.operateurs)),
        _holders(fiche, registry),
        tuple((actor.name, actor.today) for actor in actors if actor.today),
    )


def _holders(fiche: Fiche, registry: Registry) -> tuple[Holder, ...]:
    """Groups of one holder that the document writes apart are joined; the semicolon that ends an item is left out."""
    dispositifs: dict[str, list[str]] = {}
    for group in fiche.dispositifs:
        actor = registry.actor_of(group.porteur)
        name = group.porteur if actor.members else actor.name
        dispositifs.setdefault(name, []).extend(item.text.rstrip(" ;\u00a0") for item in group.items)
    return tuple(Holder(name, tuple(texts)) for name, texts in dispositifs.items())


def _partner(partner: Partner) -> str:
    missing = [service for service in partner.services if service not in partner.name]
    return f"{partner.name}\u00a0: {', '.join(missing)}" if missing else partner.name


class AcronymExpander:
    """Writes each acronym out where a text first uses it: "la CAF" -> "la Caisse d’Allocations Familiales (CAF)".

    One expander for one text: it remembers what it has written out. An acronym that the text itself explains, in
    brackets or just before them, stays as it is.
    """

    def __init__(self, names: Iterable[Named]) -> None:
        known = {named.name: named for named in names if named.meaning}
        pairs = (
            (spelling, named)
            for name, named in known.items()
            if " " not in name or name.split()[0] not in known  # "BOP 104" is written out as BOP, then 104
            for spelling in _spellings(named)
        )
        self._meanings = dict(sorted(pairs, key=lambda pair: -len(pair[0])))
        spellings = "|".join(map(re.escape, self._meanings))
        self._pattern = re.compile(_WORD.format(f"({spellings})")) if spellings else None
        self._written_out: set[str] = set()

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._expand, text) if self._pattern else text

    def _expand(self, match: re.Match[str]) -> str:
        named = self._meanings[match[1]]
        before, after = match.string[: match.start()], match.string[match.end() :]
        in_brackets = before.endswith("(") or re.match(r"\s*\((?!et |ou )[^)]{12,}", after)
        explained = in_brackets or named.meaning.casefold() in match.string.casefold()
        if explained or named.name in self._written_out:
            self._written_out.add(named.name)
            return match[0]
        self._written_out.add(named.name)
        return named.meaning if named.name in named.meaning else f"{named.meaning} ({match[1]})"


def _spellings(named: Named) -> Iterator[str]:
    """The acronym and those of its variants that are one too."""
    yield named.name
    yield from (name for name in named.variants if " " not in name and name.casefold() == named.name.casefold())


def for_person(card: Card, registry: Registry) -> str:
    """What is handed to the person: plain polite French, no word of the trade, acronyms written out."""
    expand = AcronymExpander(registry.named)
    lines = [
        *("Bonjour,", "", "Voici ce que nous pouvons vous indiquer au sujet de votre demande.", ""),
        *(f"Sujet\u00a0: {expand(card.title)}.", ""),
        *_listed("Qui peut agir avec vous\u00a0:", map(expand, card.operateurs)),
        *_listed("Qui peut apporter l’argent\u00a0:", map(expand, card.financeurs)),
        *_dispositifs("Les aides possibles\u00a0:", card.holders, expand),
        *_listed("Ces organismes ont changé de nom\u00a0:", map(_renamed, card.today)),
        *(CAUTION, f"Source\u00a0: {SOURCE}, fiche {card.fiche}.", "", "Votre guichet"),
    ]
    return "\n".join(lines)


def for_email(card: Card, registry: Registry) -> str:
    """The same facts for a colleague or a project leader, with the words of the document and an object line."""
    expand = AcronymExpander(registry.named)
    lines = [
        *(f"Objet\u00a0: Contrat de ville, fiche {card.fiche} – {card.title}", "", "Bonjour,", ""),
        *(f"La fiche {card.fiche} du {SOURCE} concerne l’action «\u00a0{card.title}\u00a0».", ""),
        *_listed(f"{SECTION_TITLES['financeurs']}\u00a0:", map(expand, card.financeurs)),
        *_listed(f"{SECTION_TITLES['operateurs']}\u00a0:", map(expand, card.operateurs)),
        *_dispositifs(f"{SECTION_TITLES['dispositifs']}\u00a0:", card.holders, expand),
        *_listed("Noms actuels\u00a0:", map(_renamed, card.today)),
        *(CAUTION, "", "Bien cordialement,", "Le guichet"),
    ]
    return "\n".join(lines)


def to_markdown(card: Card) -> str:
    """The card as a Markdown document, with the document's own words."""
    lines = [f"# Fiche {card.fiche} – {card.title}", "", f"Pilier\u00a0: {card.pilier}  ", f"Enjeu\u00a0: {card.enjeu}"]
    for heading, names in (("Qui finance", card.financeurs), ("Qui agit", card.operateurs)):
        lines += ["", f"## {heading}", "", *(f"- {name}" for name in names or ("le document n’indique rien",))]
    lines += ["", "## Dispositifs", ""]
    for holder in card.holders:
        lines += [f"- **{holder.name}**", *(f"  - {item}" for item in holder.dispositifs)]
    lines += [] if card.holders else ["- le document n’indique rien"]
    if card.today:
        lines += ["", "## Noms actuels", "", *(f"- {_renamed(pair)}" for pair in card.today)]
    return "\n".join([*lines, "", "---", "", f"{CAUTION} Source\u00a0: {SOURCE}, fiche {card.fiche}.", ""])


def _dispositifs(heading: str, holders: Iterable[Holder], expand: AcronymExpander) -> list[str]:
    lines: list[str] = []
    for holder in holders:
        lines += [f"– {expand(holder.name)}", *(f"   • {expand(text)}" for text in holder.dispositifs)]
    return [heading, *lines, ""] if lines else []


def _listed(heading: str, items: Iterable[str]) -> list[str]:
    shown = [f"– {item}" for item in items]
    return [heading, *shown, ""] if shown else []


def _renamed(pair: tuple[str, str]) -> str:
    return f"{pair[0]}, aujourd’hui {pair[1]}"
