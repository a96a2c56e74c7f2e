"""How French names the sections of a fiche and the three roles of actors: once, for the index, answers and pages."""

from dataclasses import dataclass

from corpus.document import Role

SECTION_TITLES: dict[str, str] = {
    "descriptif": "Descriptif et objectifs",
    "financeurs": "Partenaires financeurs",
    "operateurs": "Partenaires opérateurs",
    "dispositifs": "Dispositifs pouvant soutenir les projets",
}


@dataclass(frozen=True, slots=True)
class RoleWords:
    """`entries`: what the list holds; `actors`: those whom it names; `title`: the same above a list of them.

    `verb`: what they do, as a column heading. `is_listed`, `is_not_listed`: that an actor stands in the list, in the
    singular and the plural; `joint`: the preposition between that and the fiches.
    """

    entries: str
    actors: str
    one: str
    title: str
    verb: str
    is_listed: tuple[str, str]
    is_not_listed: tuple[str, str]
    joint: str

    @property
    def among(self) -> str:
        return f"parmi les {self.actors}"


ROLE_WORDS: dict[Role, RoleWords] = {
    "financeurs": RoleWords(
        entries="financeurs",
        actors="financeurs",
        one="Le financeur",
        title="Financeurs",
        verb="Finance",
        is_listed=("figure parmi les financeurs", "figurent parmi les financeurs"),
        is_not_listed=("ne figure pas parmi les financeurs", "ne figurent pas parmi les financeurs"),
        joint="de",
    ),
    "operateurs": RoleWords(
        entries="opérateurs",
        actors="opérateurs",
        one="L’opérateur",
        title="Opérateurs",
        verb="Agit",
        is_listed=("figure parmi les opérateurs", "figurent parmi les opérateurs"),
        is_not_listed=("ne figure pas parmi les opérateurs", "ne figurent pas parmi les opérateurs"),
        joint="de",
    ),
    "dispositifs": RoleWords(
        entries="dispositifs",
        actors="porteurs de dispositifs",
        one="Le porteur de dispositifs",
        title="Porteurs",
        verb="Porte un dispositif",
        is_listed=("porte des dispositifs", "portent des dispositifs"),
        is_not_listed=("ne porte pas de dispositif", "ne portent pas de dispositif"),
        joint="dans",
    ),
}
