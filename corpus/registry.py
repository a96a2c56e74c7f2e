"""The names that a question may hold: actors, acronyms, dispositifs, places; found by longest match over plain words.

One registry, three reviewed files of `corpus/data/`: adding a name is one line there. Kinships are kept: an actor
knows the body it belongs to, a joint holder its members.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.text import words

_DATA = Path(__file__).parent / "data"
_SUFFIX = re.compile(r"\s*(?:\(.*|dans le cadre de la candidature.*|: .*)$", re.DOTALL)
_EXPRESSIONS = (
    *("contrat de ville", "politique de la ville", "ville de france", "vie sociale", "etat de sante", "en l etat"),
    *("etat des lieux", "val de marne", "hauts de seine", "ecole a la maison", "qui est", "mode d emploi"),
    *(
        "quelle ville",
        "quelles villes",
        "kel ville",
        "kelle ville",
        "quelle commune",
        "quelles communes",
        "toutes les communes",
    ),
    *("centre ville", "recherche d emploi", "demandeur d emploi", "retour a l emploi", "offre d emploi", "a la ville"),
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
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a question: words `start` to `end` (exclusive)."""

    start: int
    end: int
    actor: Actor | None = None
    named: Named | None = None


def singular(word: str) -> str:
    """A plain word without its plural, enough to compare names: "sociaux" -> "social", "communes" -> "commune"."""
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-2] + "l"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] != "s" else word


def key(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in words(text))


@dataclass(frozen=True)
class Registry:
    """All names. `actor_of(partner)` maps any partner or holder of the document to its one actor."""

    actors: tuple[Actor, ...]
    named: tuple[Named, ...]
    _by_spelling: dict[tuple[str, ...], Actor] = field(default_factory=dict)
    _by_words: dict[tuple[str, ...], Mention] = field(default_factory=dict)

    def actor(self, id: str) -> Actor:
        return next(actor for actor in self.actors if actor.id == id)

    def actor_of(self, partner: str) -> Actor:
        """The actor that a partner's name stands for: "Etat (dont Agence Régionale de Santé)" is the Etat."""
        for form in (partner, _SUFFIX.sub("", partner)):
            if (found := self._by_spelling.get(key(form))) is not None:
                return found
        raise CorpusError(
            f"Le partenaire « {partner} » n’a pas d’acteur. Ajoutez son écriture à « variantes » dans "
            "corpus/data/acteurs.json."
        )

    def members(self, actor: Actor) -> tuple[Actor, ...]:
        return tuple(self.actor(id) for id in actor.members) if actor.members else (actor,)

    def find(self, tokens: Sequence[str]) -> list[Mention]:
        """The names in a question's plain words, longest first, without overlap, from left to right."""
        singulars = [singular(token) for token in tokens]
        found: list[Mention] = []
        position = 0
        while position < len(singulars):
            for length in range(min(12, len(singulars) - position), 0, -1):
                known = self._by_words.get(tuple(singulars[position : position + length]))
                if known is not None:
                    if known.actor or known.named:
                        found.append(Mention(position, position + length, known.actor, known.named))
                    position += length
                    break
            else:
                position += 1
        return found


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
            record["explication"],
        )
        for record in _read("sigles.json")
    ]
    things = [
        Named(record["nom"], record["nature"], (record["nom"], *record["variantes"]), tuple(record["fiches"]))
        for record in _read("dispositifs.json")
    ]
    registry = Registry(actors, (*things, *acronyms))
    for expression in _EXPRESSIONS:
        registry._by_words[key(expression)] = Mention(0, 0)
    for named in registry.named:
        for variant in named.variants:
            _learn(registry, variant, named=named)
    for actor in actors:
        for spelling in actor.spellings:
            registry._by_spelling[key(spelling)] = actor
        for name in (actor.name, actor.acronym, *actor.spellings, *actor.usage):
            _learn(registry, name, actor=actor)
    communes = registry.actor("communes")
    for place in (named for named in registry.named if named.kind == "commune"):
        for variant in place.variants:
            for city in ("ville", "mairie", "commune"):
                for joint in (f"{city} d {variant}", f"{city} de {variant}"):
                    registry._by_words[key(joint)] = Mention(0, 0, communes, place)
    return registry


def _learn(registry: Registry, name: str, *, actor: Actor | None = None, named: Named | None = None) -> None:
    """An actor and a thing may share a name (PLIE): the mention then holds both."""
    words_of_name = key(name)
    if not words_of_name or (len(words_of_name) == 1 and len(words_of_name[0]) < 2):
        return
    before = registry._by_words.get(words_of_name)
    if before is not None and before.actor is None and before.named is None:
        return
    kept_named = (before.named if before else None) or named
    kept_actor = (before.actor if before else None) or actor
    registry._by_words[words_of_name] = Mention(0, 0, kept_actor, kept_named)


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
