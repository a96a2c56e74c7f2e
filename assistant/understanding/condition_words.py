"""The words of a query's conditions in French: shared by what is told of a result and by "J'ai compris"."""

from collections.abc import Sequence

from assistant.text.french import capitalised, enumerate_words, number_in_words, of
from assistant.understanding.query import Among, Has, Mentions, Query, Scope, Size, Without, conditions
from corpus.document import Document, Role
from corpus.partners import RoleTable
from corpus.registry import Registry
from corpus.role_words import ROLE_WORDS

COMPARED = {"=": "", ">=": "au moins ", "<=": "au plus "}


def actors_in_words(registry: Registry, actors: Sequence[str], *, last: str = "ou") -> str:
    """ "la CAF ou l’État"."""
    return enumerate_words([registry.actor(each).with_article for each in actors], last=last)


def part_in_words(document: Document, kind: str, number: int) -> str:
    """ "l’enjeu 5", "le pilier « Santé »"."""
    if kind == "enjeu":
        return f"l’enjeu {number}"
    pilier = document.pilier(number)
    return f"le pilier « {pilier.name} »" if pilier else f"le pilier {number}"


def scope_in_words(document: Document, query: Query) -> str:
    """ " dans le pilier « Santé »", ", hors l’enjeu 5", " en dehors de la fiche 8-2"; "" without a scope."""
    said = ""
    for scope in conditions(query, Scope):
        names = [part_in_words(document, "enjeu", each) for each in scope.enjeux]
        names += [part_in_words(document, "pilier", each) for each in scope.piliers]
        said += f", hors {enumerate_words(names)}" if scope.outside else f" dans {enumerate_words(names)}"
    for each in conditions(query, Without):
        left_out = enumerate_words([f"la {number}" for number in each.fiches])
        said += f" en dehors de {left_out}" if len(each.fiches) > 1 else f" en dehors de la fiche {each.fiches[0]}"
    return said


def clauses(table: RoleTable, query: Query) -> str:
    """The conditions on fiches as clauses: "la CAF figure parmi les financeurs et ..."; "" for none."""
    found = _has_clauses(table, conditions(query, Has))
    for size in conditions(query, Size):
        found.append(f"il y a {COMPARED[size.compare]}{_counted(size)}")
    for each in conditions(query, Mentions):
        names = enumerate_words([f"« {name} »" for name in each.names], last="ou")
        where = "le titre" if each.title else "le texte"
        found.append(f"{where} {'nomme' if each.wanted else 'ne nomme pas'} {names}")
    return enumerate_words(found)


def _counted(size: Size) -> str:
    noun = {"financeurs": "financeur", "operateurs": "opérateur", "dispositifs": "dispositif", "fiches": "fiche"}[
        size.of
    ]
    count = number_in_words(size.number, feminine=size.of == "fiches")
    return f"{count} {noun}{'s' if size.number > 1 else ''}"


def _has_clauses(table: RoleTable, wanted: Sequence[Has]) -> list[str]:
    by_role: dict[tuple[Role | None, bool, bool], list[Has]] = {}
    for each in wanted:
        by_role.setdefault((each.role, each.wanted, each.only), []).append(each)
    found: list[str] = []
    before = ""
    for (role, positive, only), group in by_role.items():
        names = [actors_in_words(table.registry, each.actors) for each in group]
        subject = enumerate_words(names)
        plural = len(names) > 1 or any(table.registry.actor(each).plural for each in group[0].actors)
        verb = has_verb(role, plural=plural, wanted=positive)
        if only:
            found.append(f"{subject} {verb} sans personne d’autre")
        else:
            found.append(verb if subject == before else f"{subject} {verb}")
        before = subject
    return found


def has_verb(role: Role | None, *, plural: bool, wanted: bool) -> str:
    """ "figure parmi les financeurs", "ne figurent dans aucune liste"."""
    if role is None:
        singular = "figure dans une liste" if wanted else "ne figure dans aucune liste"
        return singular.replace("figure", "figurent") if plural else singular
    words = ROLE_WORDS[role]
    return (words.is_listed if wanted else words.is_not_listed)[plural]


def among_in_words(registry: Registry, query: Query) -> str:
    """ " de l’État" for the dispositifs of one holder, ", sauf l’État" for those left out; "" for none."""
    said = ""
    for among in conditions(query, Among):
        names = [registry.actor(each).with_article for each in among.actors]
        said += (
            f" {enumerate_words([of(each) for each in names], last='ou')}"
            if among.wanted
            else f", sauf {enumerate_words(names)}"
        )
    return said


def counted_fiches(count: int, joint: str = "") -> str:
    """The number of fiches after "de" or "dans": "de **19 fiches**", "d’**une seule fiche**"."""
    if count == 1:
        return {"": "**une seule fiche**", "de": "d’**une seule fiche**"}.get(joint, f"{joint} **une seule fiche**")
    return f"{joint} **{count} fiches**".strip()


def subject(registry: Registry, actors: Sequence[str]) -> str:
    return capitalised(actors_in_words(registry, actors))
