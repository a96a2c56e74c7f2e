"""The document without a question: its tree (/parcourir), its partners (/partenaires), all as a table (/tableau)."""

from markupsafe import Markup

from assistant.answering.exact.execute import Executor
from assistant.understanding.query import Has, Query, Top
from assistant.web.pages.fiche import render_proof
from assistant.web.pages.frame import render_page
from corpus.document import ROLES, Document, Fiche, Role
from corpus.partners import RoleTable
from corpus.registry import Actor
from corpus.role_words import ROLE_WORDS

_LONGEST_HEADING = 21
"""Characters that fit in a column of the table; a longer name gives way to its acronym."""


def render_tree(document: Document, opened: str) -> Markup:
    """Pilier > enjeu > fiche; `opened` is the fiche shown beside, "" for none."""
    piliers = [
        {
            "number": pilier.number,
            "name": pilier.name,
            "fiches": sum(fiche.pilier == pilier.number for fiche in document.fiches),
            "enjeux": [
                (enjeu, [fiche for fiche in document.fiches if fiche.enjeu == enjeu.number])
                for enjeu in document.enjeux
                if enjeu.pilier == pilier.number
            ],
        }
        for pilier in document.piliers
    ]
    lead = f"Les {len(document.fiches)}\u00a0fiches, rangées par pilier et par enjeu."
    return _render("tree.html", "parcourir", "Parcourir", lead, document, opened, piliers=piliers)


def render_partners(table: RoleTable, chosen: str, role: str, opened: str) -> Markup:
    """Every actor with its number of fiches in each role, the most present first; with an actor `chosen` (its
    identifier), the fiches of its roles side by side, or of `role` alone. What is unknown counts as not chosen.
    """
    role = role if role in ROLES else ""
    actor = next((actor for actor in table.registry.actors if actor.id == chosen), None)
    named = _named_actors(table)
    values: dict[str, object] = {
        "actors": sorted(named, key=lambda actor: actor.label.casefold()),
        "chosen": actor.id if actor else "",
        "role": role,
        "role_verbs": {role: words.verb for role, words in ROLE_WORDS.items()},
    }
    if actor:
        columns = [(ROLE_WORDS[shown].verb, _fiches(table, actor, shown)) for shown in ROLES if role in ("", shown)]
        values |= {"actor": actor, "columns": columns}
    else:
        rows = [(actor, {role: len(_fiches(table, actor, role)) for role in ROLES}) for actor in named]
        values["rows"] = sorted(rows, key=lambda row: -sum(row[1].values()))
    lead = "Qui finance, qui agit, qui porte un dispositif, et dans quelles fiches."
    template = "actor.html" if actor else "partners.html"
    return _render(template, "partenaires", "Partenaires", lead, table.document, opened, **values)


def render_table(table: RoleTable, opened: str) -> Markup:
    """The whole document at once: one line a fiche, one column a financeur."""
    document = table.document
    ranked = Executor(table).execute(Query(show=("financeurs",), fold=Top(number=0)))
    actors = [table.registry.actor(row.id) for _, rows in ranked.rows for row in rows]
    financed = {actor.id: {fiche.number for fiche in _fiches(table, actor, "financeurs")} for actor in actors}
    columns = [{"actor": actor, "heading": _short_name(actor), "total": len(financed[actor.id])} for actor in actors]
    piliers = [
        (
            pilier,
            [
                (fiche, [actor.id for actor in actors if fiche.number in financed[actor.id]])
                for fiche in document.fiches
                if fiche.pilier == pilier.number
            ],
        )
        for pilier in document.piliers
    ]
    lead = "Un carré plein\u00a0: ce partenaire finance cette fiche."
    values = {"columns": columns, "piliers": piliers}
    return _render("table.html", "tableau", "Vue d’ensemble", lead, document, opened, **values)


def _render(
    template: str, address: str, title: str, lead: str, document: Document, opened: str, **values: object
) -> Markup:
    side = render_proof(document, opened) if opened else ""
    return render_page(template, address=address, title=title, lead=lead, side=side, opened=opened, **values)


def _named_actors(table: RoleTable) -> list[Actor]:
    """The actors that a list of some fiche names, in the order of the registry."""
    named = {id for lists in table.entries.values() for role in ROLES for entry in lists[role] for id in entry.actors}
    return [actor for actor in table.registry.actors if actor.id in named]


def _short_name(actor: Actor) -> str:
    return actor.acronym if actor.acronym and len(actor.name) > _LONGEST_HEADING else actor.name


def _fiches(table: RoleTable, actor: Actor, role: Role) -> list[Fiche]:
    """The fiches that name the actor in that list, in the order of the document."""
    _, numbers = Executor(table).select(Query(where=(Has(actors=(actor.id,), role=role),)))
    return table.document.fiches_of(numbers)
