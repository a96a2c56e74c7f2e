"""Exact answers on fiches named by number (`answer_fiche`), and whether something stands in them (`answer_check`).

From the parsed document alone. The first functions, what a request is restricted to, serve the whole folder.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import citation_mark
from assistant.answering.draft import (
    Draft,
    cite_paragraph,
    cite_role,
    core_of,
    descriptif,
    dispositifs,
    entitled,
    fiche_list,
    partners,
    title_citation,
)
from assistant.text.french import capitalised, enumerate_words, number_in_words, of
from assistant.understanding.request import Request
from corpus.document import ROLES, Fiche, Role
from corpus.mentions import paragraphs_naming
from corpus.partners import RoleTable
from corpus.role_words import ROLE_WORDS


def scope_of(table: RoleTable, request: Request) -> list[str]:
    """The fiches that a request is restricted to: all of them where it names no enjeu or pilier."""
    inside = [
        fiche.number
        for fiche in table.document.fiches
        if fiche.enjeu in request.enjeux or fiche.pilier in request.piliers
    ]
    everything = [fiche.number for fiche in table.document.fiches]
    if not request.enjeux and not request.piliers:
        return everything
    return [each for each in everything if each not in inside] if request.outside else inside


def scope_words(table: RoleTable, request: Request) -> str:
    names = [f"l’enjeu {each}" for each in request.enjeux]
    names += [f"le pilier « {pilier.name} »" for each in request.piliers if (pilier := table.document.pilier(each))]
    if not names:
        return ""
    return f", hors {enumerate_words(names)}" if request.outside else f" dans {enumerate_words(names)}"


def answer_fiche(request: Request, table: RoleTable) -> Draft:
    """What is asked of fiches named by number: lists, plan, summary, counts."""
    draft = Draft()
    for fiche in table.document.fiches_of(request.fiches):
        if request.piliers or request.enjeux or set(request.aspects) & {"enjeu", "pilier"}:
            _place(draft, table, fiche, request)
        elif request.mode == "both":
            _both_roles(draft, table, fiche)
        elif request.mode == "count":
            for role in (each for each in ROLES if each in request.aspects):
                _count(draft, table, fiche, role)
        elif request.mode == "holder":
            _holder(draft, table, fiche, request)
        else:
            _aspects(draft, table, fiche, request)
    return draft


def _aspects(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    wanted = [
        each for each in request.aspects if each in ("descriptif", "financeurs", "operateurs", "dispositifs", "titre")
    ]
    if "titre" in wanted:
        draft.add(f"La fiche {fiche.number} s’intitule {entitled(fiche)}.", [title_citation(fiche)])
        return
    for aspect in wanted or ["descriptif"]:
        if aspect in ("financeurs", "operateurs"):
            _correct_claim(draft, table, fiche, aspect, request)
            partners(draft, table, fiche, aspect, excluded=request.excluded)
        elif aspect == "dispositifs":
            dispositifs(draft, fiche)
        else:
            descriptif(draft, fiche, chosen=core_of(fiche))


def _correct_claim(draft: Draft, table: RoleTable, fiche: Fiche, role: Role, request: Request) -> None:
    count = len(table.entries[fiche.number][role])
    if request.claimed and request.claimed != count and not request.excluded:
        verb = "ne compte que" if request.claimed > count else "compte"
        said = f"{number_in_words(count)} {ROLE_WORDS[role].entries}, et non {number_in_words(request.claimed)}"
        draft.add(f"Non, la fiche {fiche.number} {verb} {said}.")


def tell_place(draft: Draft, table: RoleTable, fiche: Fiche, *, verdict: str = "", siblings: bool = False) -> None:
    """Enjeu and pilier of a fiche; with `siblings`, the fiches of that enjeu too."""
    enjeu, pilier = table.document.enjeu(fiche.enjeu), table.document.pilier(fiche.pilier)
    if enjeu is None or pilier is None:
        return
    draft.add(
        f"{verdict}La fiche {fiche.number}, {entitled(fiche)}, relève de l’enjeu {enjeu.number}, « {enjeu.title} », "
        f"dans le pilier {pilier.number}, « {pilier.name} » ({pilier.title}).",
        [title_citation(fiche)],
    )
    others = [each for each in table.document.fiches if each.enjeu == fiche.enjeu and each != fiche]
    if siblings and others:
        fiche_list(draft, others, "Dans le même enjeu :")


def _place(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    verdict = ""
    if request.piliers or request.enjeux:
        right = fiche.enjeu in request.enjeux if request.enjeux else fiche.pilier in request.piliers
        verdict = "Oui. " if right else "Non. "
    tell_place(draft, table, fiche, verdict=verdict)


def _both_roles(draft: Draft, table: RoleTable, fiche: Fiche) -> None:
    operating = {actor for entry in table.entries[fiche.number]["operateurs"] for actor in entry.actors}
    both = [entry for entry in table.entries[fiche.number]["financeurs"] if entry.actors & operating]
    citations = [cite_role(table, fiche.number, "financeurs"), cite_role(table, fiche.number, "operateurs")]
    if not both:
        draft.add(f"Aucun acteur n’est à la fois financeur et opérateur dans la fiche {entitled(fiche)}.", citations)
        return
    lead = f"À la fois financeurs et opérateurs dans la fiche {entitled(fiche)} :"
    draft.add("\n".join([lead, *(f"- {entry.name}" for entry in both)]), citations)


def _count(draft: Draft, table: RoleTable, fiche: Fiche, role: Role) -> None:
    if role == "dispositifs":
        groups = fiche.dispositifs
        items = sum(len(group.items) for group in groups)
        draft.add(f"La fiche {entitled(fiche)} cite {items} dispositifs ou aides, de {len(groups)} porteurs.")
        dispositifs(draft, fiche)
        return
    entries = table.entries[fiche.number][role]
    lead = f"La fiche {entitled(fiche)} compte {len(entries)} {ROLE_WORDS[role].entries} :"
    draft.add("\n".join([lead, *(f"- {entry.name}" for entry in entries)]), [cite_role(table, fiche.number, role)])


def _holder(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    """The dispositifs of one holder in a fiche; says so when it has none there."""
    wanted = table.with_family(request.actors)
    groups = [
        g
        for g, entry in zip(fiche.dispositifs, table.entries[fiche.number]["dispositifs"], strict=True)
        if entry.actors & wanted
    ]
    names = enumerate_words([table.registry.actor(each).with_article for each in request.actors])
    if groups:
        if request.yes_no:
            draft.add("Oui.")
        dispositifs(draft, fiche, only=groups)
        return
    holders = list(dict.fromkeys(capitalised(group.porteur) for group in fiche.dispositifs))
    draft.add(
        f"Non, la fiche {entitled(fiche)} ne mentionne pas de dispositif {of(names)}. "
        f"Porteurs cités : {enumerate_words(holders)}.",
        [cite_role(table, fiche.number, "dispositifs")],
    )


def answer_check(request: Request, table: RoleTable) -> Draft:
    """Yes or no first, then the list that proves it."""
    draft = Draft()
    for fiche in table.document.fiches_of(request.fiches):
        if request.actors and request.mode == "does":
            _does(draft, table, fiche, request)
        elif request.actors:
            _check_actors(draft, table, fiche, request)
        else:
            _check_named(draft, table, fiche, request)
    return draft


def check_lines(table: RoleTable, fiche: Fiche, actors: Sequence[str], role: Role) -> list[str]:
    """One sentence an actor: whether it stands in that list, and where else it does."""
    sentences, among = [], ROLE_WORDS[role].among
    for id in actors:
        actor = table.registry.actor(id)
        entry = table.entry(fiche.number, role, [id])
        verb = "figurent" if actor.plural else "figure"
        if entry:
            inside = f" (« {entry.name} »)" if entry.actor.id != id or "(" in entry.name else ""
            sentences.append(f"Oui, {actor.with_article} {verb} {among} de la fiche {fiche.number}{inside}.")
        else:
            others = [each for each in ROLES if each != role and table.entry(fiche.number, each, [id])]
            elsewhere = f", mais {ROLE_WORDS[others[0]].among}" if others else ""
            sentences.append(f"Non, {actor.with_article} ne {verb} pas {among} de la fiche {fiche.number}{elsewhere}.")
    return sentences


def _check_actors(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    roles = [role for role in ROLES if role in request.aspects]
    if not roles:
        present = [role for role in ROLES if any(table.entry(fiche.number, role, [each]) for each in request.actors)]
        names = enumerate_words([table.registry.actor(each).with_article for each in request.actors])
        if present:
            where = enumerate_words([ROLE_WORDS[role].among for role in present])
            draft.add(
                f"Oui, {names} : {where} de la fiche {entitled(fiche)}.",
                [cite_role(table, fiche.number, role, only=request.actors) for role in present],
            )
        else:
            draft.add(
                f"Non, la fiche {entitled(fiche)} ne cite pas {names} dans ses listes de partenaires.",
                [title_citation(fiche)],
            )
        return
    for role in roles:
        draft.add(" ".join(check_lines(table, fiche, request.actors, role)))
        if role == "dispositifs":
            dispositifs(draft, fiche)
        else:
            partners(draft, table, fiche, role)


def _check_named(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    for named in (each for each in table.registry.named if each.name in request.named):
        if fiche.number in named.fiches:
            found = paragraphs_naming(fiche, named.variants)
            draft.add(
                f"Oui, la fiche {entitled(fiche)} cite {named.name} :",
                [cite_paragraph(fiche.number, section, paragraph) for section, paragraph in found],
            )
            draft.add("\n".join(f"- {paragraph.item}" for _, paragraph in found[:4]))
        else:
            where = f" Voyez {enumerate_words([citation_mark(each) for each in named.fiches])}." if named.fiches else ""
            draft.add(
                f"Non, la fiche {fiche.number}, « {fiche.title} », ne mentionne pas {named.name}.{where}",
                [title_citation(each) for each in table.document.fiches_of(named.fiches or (fiche.number,))],
            )
        return


def _does(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    """ "Et la CAF, elle fait quoi là-dedans ?": its roles, then its dispositifs and what the text says of it."""
    actors = [table.registry.actor(each) for each in request.actors]
    _check_actors(draft, table, fiche, replace(request, aspects=()))
    wanted = table.with_family(request.actors)
    held = [
        item
        for group, entry in zip(fiche.dispositifs, table.entries[fiche.number]["dispositifs"], strict=True)
        if entry.actors & wanted
        for item in group.items
    ]
    spellings = [each for actor in actors for each in (actor.name, actor.acronym, *actor.spellings)]
    told = [
        (section, each)
        for section, each in paragraphs_naming(fiche, spellings)
        if section in ("descriptif", "dispositifs") and each not in held
    ]
    found = [("dispositifs", item) for item in held] + told[:3]
    if found:
        draft.add(
            "\n".join(f"- {paragraph.item}" for _, paragraph in found),
            [cite_paragraph(fiche.number, section, paragraph) for section, paragraph in found],
        )
