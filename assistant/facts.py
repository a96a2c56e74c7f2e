"""Exact answers, from the parsed document alone: lists, inverse look-ups, counts, comparisons, navigation.

One function a kind of request, all with the same contract (request -> Draft); no search, no similarity.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.compose import (
    Draft,
    call,
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
from assistant.french import capitalised, enumerate_words, number, of
from assistant.mentions import paragraphs_naming
from assistant.roles import RoleTable
from assistant.understanding import ROLES, Request, Role
from corpus.fiche import Fiche

_AMONG = {
    "financeurs": "parmi les financeurs",
    "operateurs": "parmi les opérateurs",
    "dispositifs": "parmi les porteurs de dispositifs",
}
_NOUNS = {"financeurs": "financeurs", "operateurs": "opérateurs", "dispositifs": "dispositifs"}


def fiches_of(table: RoleTable, numbers: Sequence[str]) -> list[Fiche]:
    return [fiche for each in numbers if (fiche := table.document.fiche(each))]


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
    for fiche in fiches_of(table, request.fiches):
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
            _correct_claim(draft, table, fiche, aspect, request)  # type: ignore[arg-type]
            partners(draft, table, fiche, aspect, excluded=request.excluded)  # type: ignore[arg-type]
        elif aspect == "dispositifs":
            dispositifs(draft, fiche)
        else:
            summary(draft, table, fiche)


def _correct_claim(draft: Draft, table: RoleTable, fiche: Fiche, role: Role, request: Request) -> None:
    count = len(table.entries[fiche.number][role])
    if request.claimed and request.claimed != count and not request.excluded:
        draft.add(
            f"La fiche {fiche.number} ne compte que {number(count)} {_NOUNS[role]}, et non {number(request.claimed)}."
            if request.claimed > count
            else f"La fiche {fiche.number} compte {number(count)} {_NOUNS[role]}, et non {number(request.claimed)}."
        )


def summary(draft: Draft, table: RoleTable, fiche: Fiche) -> None:
    """What a fiche is about: its title, and the actions that it supports."""
    descriptif(draft, fiche, chosen=core_of(fiche))


def place_of(draft: Draft, table: RoleTable, fiche: Fiche, *, verdict: str = "", siblings: bool = False) -> None:
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
        fiche_list(draft, table, [each.number for each in others], "Dans le même enjeu :", map(title_citation, others))


def _place(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    verdict = ""
    if request.piliers or request.enjeux:
        right = fiche.enjeu in request.enjeux if request.enjeux else fiche.pilier in request.piliers
        verdict = "Oui. " if right else "Non. "
    place_of(draft, table, fiche, verdict=verdict)


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
    lead = f"La fiche {entitled(fiche)} compte {len(entries)} {_NOUNS[role]} :"
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
    for fiche in fiches_of(table, request.fiches):
        if request.actors and request.mode == "does":
            _does(draft, table, fiche, request)
        elif request.actors:
            _check_actors(draft, table, fiche, request)
        else:
            _check_named(draft, table, fiche, request)
    return draft


def check_lines(table: RoleTable, fiche: Fiche, actors: Sequence[str], role: Role) -> list[str]:
    """One sentence an actor: whether it stands in that list, and where else it does."""
    sentences = []
    for id in actors:
        actor = table.registry.actor(id)
        entry = table.entry(fiche.number, role, [id])
        verb = "figurent" if actor.plural else "figure"
        if entry:
            inside = f" (« {entry.name} »)" if entry.actor.id != id or "(" in entry.name else ""
            sentences.append(f"Oui, {actor.with_article} {verb} {_AMONG[role]} de la fiche {fiche.number}{inside}.")
        else:
            others = [each for each in ROLES if each != role and table.entry(fiche.number, each, [id])]
            elsewhere = f", mais {_AMONG[others[0]]}" if others else ""
            sentences.append(
                f"Non, {actor.with_article} ne {verb} pas {_AMONG[role]} de la fiche {fiche.number}{elsewhere}."
            )
    return sentences


def _check_actors(draft: Draft, table: RoleTable, fiche: Fiche, request: Request) -> None:
    roles = [role for role in ROLES if role in request.aspects]
    if not roles:
        present = [role for role in ROLES if any(table.entry(fiche.number, role, [each]) for each in request.actors)]
        names = enumerate_words([table.registry.actor(each).with_article for each in request.actors])
        if present:
            where = enumerate_words([_AMONG[role] for role in present])
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
            draft.add("\n".join(f"- {paragraph.text.rstrip(' ;')}" for _, paragraph in found[:4]))
        else:
            where = f" Voyez {enumerate_words([call(each) for each in named.fiches])}." if named.fiches else ""
            draft.add(
                f"Non, la fiche {fiche.number}, « {fiche.title} », ne mentionne pas {named.name}.{where}",
                [title_citation(each) for each in fiches_of(table, named.fiches or (fiche.number,))],
            )
        return


def answer_compare(request: Request, table: RoleTable) -> Draft:
    """What two or more fiches have in common, and what each has of its own; their topics when no list is named."""
    fiches = fiches_of(table, request.fiches)
    draft = Draft()
    roles = [role for role in ROLES if role in request.aspects]
    if not roles and request.mode == "difference":
        for fiche in fiches:
            draft.add(f"La fiche {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
    for role in roles or (["financeurs", "operateurs"] if request.mode == "common" else ["financeurs", "operateurs"]):
        _compare_role(draft, table, fiches, role, request)  # type: ignore[arg-type]
    return draft


def _compare_role(draft: Draft, table: RoleTable, fiches: Sequence[Fiche], role: Role, request: Request) -> None:
    names = [{entry.actor.id: entry.name for entry in table.entries[fiche.number][role]} for fiche in fiches]
    common = [each for each in names[0] if all(each in other for other in names[1:])]
    citations = [cite_role(table, fiche.number, role) for fiche in fiches]
    calls = enumerate_words([call(fiche.number) for fiche in fiches])
    noun = _NOUNS[role]
    same = all(set(each) == set(names[0]) for each in names)
    answer = ("Oui, " if same else "Non, ") if request.yes_no else ""
    if same:
        draft.add(
            f"{answer}{'les' if answer else 'Les'} fiches {calls} ont les mêmes {noun} : "
            f"{enumerate_words(list(names[0].values()))}.",
            citations,
        )
        return
    opening = f"{answer}{'les' if answer else 'Les'} fiches {calls} n’ont pas exactement les mêmes {noun}."
    shared = (
        f"En commun : {enumerate_words([names[0][each] for each in common])}."
        if common
        else f"Aucun des {noun} n’est commun."
    )
    lines = [
        opening if request.mode == "difference" or answer else f"{capitalised(noun)} des fiches {calls}.",
        f"- {shared}",
    ]
    for fiche, own in zip(fiches, names, strict=True):
        only = [name for each, name in own.items() if each not in common]
        lines.append(f"- Seulement dans la fiche {fiche.number} : {enumerate_words(only) if only else 'aucun'}.")
    draft.add("\n".join(lines), citations)


def answer_neighbour(request: Request, table: RoleTable) -> Draft:
    """The fiche before or after, in the order of the document."""
    numbers = [fiche.number for fiche in table.document.fiches]
    position = numbers.index(request.fiches[0]) + (1 if request.mode == "next" else -1)
    side = "suivante" if request.mode == "next" else "précédente"
    draft = Draft()
    if not 0 <= position < len(numbers):
        draft.add(
            f"Il n’y a pas de fiche {side} : la {request.fiches[0]} est la {'dernière' if position > 0 else 'première'}."
        )
        return draft
    fiche = table.document.fiches[position]
    draft.add(f"La fiche {side} est la {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
    for role in (each for each in ("financeurs", "operateurs") if each in request.aspects):
        partners(draft, table, fiche, role)  # type: ignore[arg-type]
    return draft


def answer_unknown(request: Request, table: RoleTable) -> Draft:
    """A fiche, enjeu or pilier that does not exist: said first, then what does exist nearby."""
    document = table.document
    draft = Draft()
    names = enumerate_words([each.replace("la fiche", "fiche") for each in request.unknown])
    for each in request.unknown:
        kind, _, value = each.removeprefix("la ").removeprefix("le ").removeprefix("l’").partition(" ")
        if kind == "fiche":
            enjeu = document.enjeu(int(value.split("-")[0]))
            inside = [fiche for fiche in document.fiches if enjeu and fiche.enjeu == enjeu.number]
            sentence = f"La fiche {value} n’existe pas."
            if inside:
                sentence += f" L’enjeu {enjeu.number if enjeu else ''} va de la fiche {inside[0].number} à la fiche {inside[-1].number}."
            elif enjeu:
                sentence += f" L’enjeu {enjeu.number}, « {enjeu.title} », ne comporte aucune fiche."
            else:
                sentence += (
                    f" Le document compte {len(document.fiches)} fiches, de la 1-1 à la {document.fiches[-1].number}."
                )
        elif kind == "enjeu":
            sentence = f"L’enjeu {value} n’existe pas : le document compte {len(document.enjeux)} enjeux stratégiques, de 1 à {len(document.enjeux)}."
        elif kind == "pilier":
            sentence = f"Le pilier {value} n’existe pas : le document compte {len(document.piliers)} piliers."
        else:
            sentence = f"Les fiches ne mentionnent pas {names} : ce nom ne figure pas dans le document."
        draft.add(sentence)
    return draft


def answer_structure(request: Request, table: RoleTable) -> Draft:
    """The plan of the document: fiches of enjeux and piliers, enjeux of piliers, how many there are."""
    document, draft = table.document, Draft()
    if request.mode in ("none", "single"):
        wanted = 0 if request.mode == "none" else 1
        found = [e for e in document.enjeux if sum(f.enjeu == e.number for f in document.fiches) == wanted]
        lead = (
            "Un seul enjeu ne comporte aucune fiche :"
            if not wanted
            else f"{len(found)} enjeux ne comptent qu’une seule fiche :"
        )
        draft.add("\n".join([lead, *(f"- l’enjeu {e.number}, « {e.title} »" for e in found)]))
        return draft
    if request.mode == "introduction":
        for enjeu in (e for each in request.enjeux if (e := document.enjeu(each))):
            for paragraph in enjeu.introduction:
                draft.add(
                    f"L’introduction de l’enjeu {enjeu.number} dit : « {paragraph.text} »",
                    [cite_paragraph(f"enjeu {enjeu.number}", "introduction", paragraph)],
                )
            if not enjeu.introduction:
                draft.add(f"L’enjeu {enjeu.number}, « {enjeu.title} », n’a pas d’introduction dans le document.")
            if enjeu.number == 1:
                draft.add(
                    "Dans le document, cet enjeu « Renforcer les liens entre l’école et le monde professionnel » "
                    "porte en fait le numéro 21."
                )
        return draft
    if not request.enjeux and not request.piliers:
        return _totals(request, table)
    fiches = fiches_of(table, scope_of(table, request))
    enjeux = [e for e in document.enjeux if e.number in request.enjeux or e.pilier in request.piliers]
    if "enjeu" in request.aspects and request.piliers and not request.enjeux:
        for pilier in (p for each in request.piliers if (p := document.pilier(each))):
            inside = [e for e in enjeux if e.pilier == pilier.number]
            lead = f"Le pilier {pilier.number}, « {pilier.name} », compte {len(inside)} enjeux :"
            draft.add("\n".join([lead, *(f"- enjeu {e.number} : {e.title}" for e in inside)]))
        return draft
    for enjeu in (e for each in request.enjeux if (e := document.enjeu(each))):
        inside = [fiche for fiche in fiches if fiche.enjeu == enjeu.number]
        if not inside:
            draft.add(f"L’enjeu {enjeu.number}, « {enjeu.title} », ne comporte aucune fiche.")
            continue
        count = f"{number(len(inside), feminine=True)} fiche{'s' if len(inside) > 1 else ''}"
        fiche_list(
            draft,
            table,
            [fiche.number for fiche in inside],
            f"L’enjeu {enjeu.number}, « {enjeu.title} », compte {count} :",
            map(title_citation, inside),
        )
    for pilier in (p for each in request.piliers if (p := document.pilier(each))):
        inside = [fiche for fiche in fiches if fiche.pilier == pilier.number]
        fiche_list(
            draft,
            table,
            [fiche.number for fiche in inside],
            f"Le pilier {pilier.number}, « {pilier.name} », compte {len(inside)} fiches :",
            map(title_citation, inside),
        )
    return draft


def _totals(request: Request, table: RoleTable) -> Draft:
    document, draft = table.document, Draft()
    counts = f"{len(document.piliers)} piliers, {len(document.enjeux)} enjeux stratégiques et {len(document.fiches)} fiches opérationnelles"
    draft.add(f"Le document compte {counts}.")
    if "enjeu" in request.aspects:
        empty = [e for e in document.enjeux if not any(f.enjeu == e.number for f in document.fiches)]
        draft.add(f"L’enjeu {empty[0].number}, « {empty[0].title} », ne comporte aucune fiche.")
    if request.mode == "list" and "pilier" in request.aspects:
        draft.add("\n".join(f"- pilier {p.number} : {p.name}" for p in document.piliers))
    elif request.mode == "list" and "enjeu" in request.aspects:
        draft.add("\n".join(f"- enjeu {e.number} : {e.title}" for e in document.enjeux))
    return draft


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
            "\n".join(f"- {paragraph.text.rstrip(' ;')}" for _, paragraph in found),
            [cite_paragraph(fiche.number, section, paragraph) for section, paragraph in found],
        )
