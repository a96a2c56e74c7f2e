"""The names that a question may hold: actors, acronyms, dispositifs, places; found by longest match over plain words.

One registry, three reviewed files of `corpus/data/`: adding a name is one line there. Kinships are kept: an actor
knows the body it belongs to, a joint holder its members.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.phrases import Phrase, PhraseMatcher, phrase_of

_DATA = Path(__file__).parent / "data"
_SUFFIX = re.compile(r"\s*(?:\(.*|dans le cadre de la candidature.*|: .*)$", re.DOTALL)
_EXPRESSIONS = (
    *("contrat de ville", "politique de la ville", "ville de france", "vie sociale", "etat de sante", "en l etat"),
    *("etat des lieux", "val de marne", "hauts de seine", "ecole a la maison", "qui est", "mode d emploi"),
    *("quelle ville", "quelles villes", "kel ville", "kelle ville", "quelle commune", "quelles communes"),
    *("toutes les communes", "centre ville", "a la ville"),
    *("recherche d emploi", "demandeur d emploi", "retour a l emploi", "offre d emploi"),
)
"""Common expressions that hold a name without meaning it; matched first, they hide it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A financeur, operateur or holder. `name` is shown; `spellings` are the document's; `today` its present name."""

    id: str
    name: str
    article: str
    acronym: str
    spellings: tuple[str, ...]
    usage: tuple[str, ...]
    today: str
    parent: str
    members: tuple[str, ...]
    feminine: bool
    plural: bool
    note: str

    @property
    def label(self) -> str:
        """Its name with its acronym once: "Agence nationale pour la rénovation urbaine (ANRU)"."""
        short = self.acronym and self.acronym not in self.name
        return f"{self.name} ({self.acronym})" if short else self.name

    @property
    def with_article(self) -> str:
        joined = f"{self.article}{self.label}" if self.article.endswith(("’", "'")) else f"{self.article} {self.label}"
        return joined.strip()


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a name: acronym, dispositif, commune or quartier; `fiches` hold it, word for word."""

    name: str
    kind: str
    variants: tuple[str, ...]
    fiches: tuple[str, ...]
    meaning: str = ""
    from_document: bool = True
    today: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a question: words `start` to `end` (exclusive)."""

    start: int
    end: int
    actor: Actor | None = None
    named: Named | None = None


@dataclass(frozen=True)
class Registry:
    """All names. `actor_of(partner)` maps any partner or holder of the document to its one actor."""

    actors: tuple[Actor, ...]
    named: tuple[Named, ...]
    by_spelling: Mapping[Phrase, Actor]
    names: PhraseMatcher[Mention]

    def actor(self, id: str) -> Actor:
        return next(actor for actor in self.actors if actor.id == id)

    def actor_of(self, partner: str) -> Actor:
        """The actor that a partner's name stands for: "Etat (dont Agence Régionale de Santé)" is the Etat."""
        for form in (partner, _SUFFIX.sub("", partner)):
            if (actor := self.by_spelling.get(phrase_of(form))) is not None:
                return actor
        raise CorpusError(
            f"Le partenaire « {partner} » n’a pas d’acteur. Ajoutez son écriture à « variantes » dans "
            "corpus/data/acteurs.json."
        )

    def members(self, actor: Actor) -> tuple[Actor, ...]:
        return tuple(self.actor(id) for id in actor.members) if actor.members else (actor,)

    def find(self, tokens: Sequence[str]) -> list[Mention]:
        """The names in a question's plain words, longest first, without overlap, from left to right."""
        found = (replace(mention, start=start, end=end) for start, end, mention in self.names.find(tokens))
        return [mention for mention in found if mention.actor or mention.named]


@cache
def load_registry() -> Registry:
    """Read once for the process."""
    actors = tuple(_actor(record) for record in _read("acteurs.json"))
    acronyms = [
        Named(
            record["sigle"],
            record["nature"],
            (record["sigle"], record["developpe"], *record["variantes"]),
            tuple(record["fiches"]),
            record["developpe"],
            record["source"] == "document",
            record["aujourdhui"],
        )
        for record in _read("sigles.json")
    ]
    things = [
        Named(record["nom"], record["nature"], (record["nom"], *record["variantes"]), tuple(record["fiches"]))
        for record in _read("dispositifs.json")
    ]
    named = (*things, *acronyms)
    by_spelling = {phrase_of(spelling): actor for actor in actors for spelling in actor.spellings}
    return Registry(actors, named, by_spelling, PhraseMatcher(_mentions(actors, named)))


def _mentions(actors: Iterable[Actor], things: Sequence[Named]) -> dict[Phrase, Mention]:
    """What each phrase names, its place left at 0; neither an actor nor a thing for an expression that hides a name."""
    hiding = {phrase_of(expression): Mention(0, 0) for expression in _EXPRESSIONS}
    names: list[tuple[str, Actor | None, Named | None]] = [
        (variant, None, thing) for thing in things for variant in thing.variants
    ]
    names += [
        (name, actor, None) for actor in actors for name in (actor.name, actor.acronym, *actor.spellings, *actor.usage)
    ]
    mentions: dict[Phrase, Mention] = {}
    for name, actor, thing in names:
        phrase = phrase_of(name)
        if len("".join(phrase)) > 1 and phrase not in hiding:
            known = mentions.get(phrase, Mention(0, 0))  # an actor and a thing may share a name (PLIE)
            mentions[phrase] = Mention(0, 0, known.actor or actor, known.named or thing)
    communes = next(actor for actor in actors if actor.id == "communes")
    for place in (thing for thing in things if thing.kind == "commune"):
        for variant in place.variants:
            for city in ("ville", "mairie", "commune"):
                for joint in ("d", "de"):
                    mentions[phrase_of(f"{city} {joint} {variant}")] = Mention(0, 0, communes, place)
    return hiding | mentions


def _actor(record: dict[str, Any]) -> Actor:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(str(each) for each in record[name])

    return Actor(
        id=str(record["id"]),
        name=str(record["nom"]),
        article=str(record["article"]),
        acronym=str(record["sigle"]),
        spellings=texts("variantes"),
        usage=texts("usage"),
        today=str(record["aujourdhui"]),
        parent=str(record["parent"]),
        members=texts("membres"),
        feminine=record["genre"] == "f",
        plural=bool(record["pluriel"]),
        note=str(record["note"]),
    )


def _read(name: str) -> list[dict[str, Any]]:
    path = _DATA / name
    try:
        records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"Le registre {path} est illisible. Restaurez-le : git checkout -- {path}") from error
    return records
