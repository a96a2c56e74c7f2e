"""Exact answers on the plan of the document: comparisons, neighbours, what does not exist, how many there are."""

from collections.abc import Sequence

from assistant.answer import citation_mark
from assistant.answering.draft import (
    Draft,
    cite_paragraph,
    cite_role,
    entitled,
    fiche_list,
    partners,
    title_citation,
)
from assistant.answering.exact.facts import scope_of, scope_words
from assistant.text.french import capitalised, enumerate_words, number_in_words, of
from assistant.understanding.request import Request
from corpus.document import ROLES, Fiche, Role
from corpus.partners import RoleTable
from corpus.role_words import ROLE_WORDS


def answer_compare(request: Request, table: RoleTable) -> Draft:
    """What two or more fiches have in common, and what each has of its own; their topics when no list is named."""
    fiches = table.document.fiches_of(request.fiches)
    draft = Draft()
    roles = [role for role in ROLES if role in request.aspects]
    if not roles and request.mode == "difference":
        for fiche in fiches:
            draft.add(f"La fiche {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
    if request.mode in ("most", "least"):
        _compare_sizes(draft, table, fiches, roles[0], least=request.mode == "least")
        return draft
    for role in roles or ROLES[:2]:
        _compare_role(draft, table, fiches, role, request)
    return draft


def _compare_sizes(draft: Draft, table: RoleTable, fiches: Sequence[Fiche], role: Role, *, least: bool) -> None:
    """Which of some fiches has the longer list: the answer first, then each size."""
    sizes = {fiche.number: len(table.entries[fiche.number][role]) for fiche in fiches}
    extreme = min(sizes.values()) if least else max(sizes.values())
    first = [number for number, size in sizes.items() if size == extreme]
    verdict = (
        f"C’est la fiche {first[0]} qui compte le {'moins' if least else 'plus'} de {ROLE_WORDS[role].entries}"
        if len(first) == 1
        else f"Égalité entre les fiches {enumerate_words(first)}"
    )
    lines = [
        f"{verdict} :",
        *(f"- {entitled(fiche)} : {sizes[fiche.number]} {ROLE_WORDS[role].entries}" for fiche in fiches),
    ]
    draft.add("\n".join(lines), [cite_role(table, fiche.number, role) for fiche in fiches])


def _compare_role(draft: Draft, table: RoleTable, fiches: Sequence[Fiche], role: Role, request: Request) -> None:
    names = [{entry.actor.id: entry.name for entry in table.entries[fiche.number][role]} for fiche in fiches]
    common = [each for each in names[0] if all(each in other for other in names[1:])]
    citations = [cite_role(table, fiche.number, role) for fiche in fiches]
    calls = enumerate_words([citation_mark(fiche.number) for fiche in fiches])
    noun = ROLE_WORDS[role].entries
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
    if request.mode == "between":
        return _between(request, table)
    position = numbers.index(request.fiches[0]) + (1 if request.mode == "next" else -1)
    side = "suivante" if request.mode == "next" else "précédente"
    draft = Draft()
    if not 0 <= position < len(numbers):
        draft.add(
            f"Il n’y a pas de fiche {side} : la {request.fiches[0]} est la "
            f"{'dernière' if position > 0 else 'première'}."
        )
        return draft
    fiche = table.document.fiches[position]
    draft.add(f"La fiche {side} est la {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
    for role in (each for each in ("financeurs", "operateurs") if each in request.aspects):
        partners(draft, table, fiche, role)
    return draft


def _between(request: Request, table: RoleTable) -> Draft:
    """The fiches that stand between two others."""
    numbers = [fiche.number for fiche in table.document.fiches]
    start, end = sorted(numbers.index(each) for each in request.fiches)
    inside = table.document.fiches[start + 1 : end]
    names = enumerate_words([f"la {numbers[start]}", f"la {numbers[end]}"])
    draft = Draft()
    if not inside:
        draft.add(f"Il n’y a aucune fiche entre {names} : elles se suivent.")
        return draft
    lead = f"Entre {names} :"
    fiche_list(draft, inside, lead)
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
                sentence += (
                    f" L’enjeu {value.split('-')[0]} va de la fiche {inside[0].number} à la {inside[-1].number}."
                )
            elif enjeu:
                sentence += f" L’enjeu {enjeu.number}, « {enjeu.title} », ne comporte aucune fiche."
            else:
                sentence += (
                    f" Le document compte {len(document.fiches)} fiches, de la 1-1 à la {document.fiches[-1].number}."
                )
        elif kind == "enjeu":
            last = len(document.enjeux)
            sentence = f"L’enjeu {value} n’existe pas : le document compte {last} enjeux stratégiques, de 1 à {last}."
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
    if request.mode in ("first", "last"):
        fiche = table.document.fiches_of(scope_of(table, request))[0 if request.mode == "first" else -1]
        place = "première" if request.mode == "first" else "dernière"
        where = (
            f" {of(scope_words(table, request).removeprefix(' dans '))}" if request.piliers or request.enjeux else ""
        )
        draft.add(f"La {place} fiche{where} est la {fiche.number} : {entitled(fiche)}.", [title_citation(fiche)])
        return draft
    if request.mode == "owner":
        for enjeu in (e for each in request.enjeux if (e := document.enjeu(each))):
            if pilier := document.pilier(enjeu.pilier):
                owner = f"du pilier {pilier.number}, « {pilier.name} »"
                draft.add(f"L’enjeu {enjeu.number}, « {enjeu.title} », relève {owner}.")
    if request.mode in ("most", "least"):
        return _largest(request, table)
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
    fiches = table.document.fiches_of(scope_of(table, request))
    enjeux = [e for e in document.enjeux if e.number in request.enjeux or e.pilier in request.piliers]
    if "enjeu" in request.aspects and request.piliers and not request.enjeux:
        for pilier in (p for each in request.piliers if (p := document.pilier(each))):
            held = [e for e in enjeux if e.pilier == pilier.number]
            wrong = request.claimed is not None and request.claimed != len(held) and len(request.piliers) == 1
            opening = "Non, le" if wrong else "Le"
            lead = f"{opening} pilier {pilier.number}, « {pilier.name} », compte {len(held)} enjeux :"
            draft.add("\n".join([lead, *(f"- enjeu {e.number} : {e.title}" for e in held)]))
        return draft
    for enjeu in (e for each in request.enjeux if (e := document.enjeu(each))):
        inside = [fiche for fiche in fiches if fiche.enjeu == enjeu.number]
        if not inside:
            draft.add(f"L’enjeu {enjeu.number}, « {enjeu.title} », ne comporte aucune fiche.")
            continue
        count = f"{number_in_words(len(inside), feminine=True)} fiche{'s' if len(inside) > 1 else ''}"
        fiche_list(draft, inside, f"L’enjeu {enjeu.number}, « {enjeu.title} », compte {count} :")
    for pilier in (p for each in request.piliers if (p := document.pilier(each))):
        inside = [fiche for fiche in fiches if fiche.pilier == pilier.number]
        fiche_list(draft, inside, f"Le pilier {pilier.number}, « {pilier.name} », compte {len(inside)} fiches :")
    return draft


def _largest(request: Request, table: RoleTable) -> Draft:
    """The enjeu (or pilier) with the most fiches, or with the fewest."""
    document, draft = table.document, Draft()
    by_pilier = "enjeu" not in request.aspects
    owners = [fiche.pilier if by_pilier else fiche.enjeu for fiche in document.fiches]
    sizes = {owner: owners.count(owner) for owner in dict.fromkeys(owners)}
    extreme = max(sizes.values()) if request.mode == "most" else min(sizes.values())
    for owner in (each for each, size in sizes.items() if size == extreme):
        named = document.pilier(owner) if by_pilier else document.enjeu(owner)
        title = getattr(named, "name", "") or getattr(named, "title", "")
        inside = [f for f in document.fiches if (f.pilier if by_pilier else f.enjeu) == owner]
        lead = f"{'Le pilier' if by_pilier else 'L’enjeu'} {owner}, « {title} », compte {extreme} fiches :"
        fiche_list(draft, inside, lead)
    return draft


def _totals(request: Request, table: RoleTable) -> Draft:
    document, draft = table.document, Draft()
    counts = (
        f"{len(document.piliers)} piliers, {len(document.enjeux)} enjeux stratégiques "
        f"et {len(document.fiches)} fiches opérationnelles"
    )
    held = len(document.piliers) if "pilier" in request.aspects else len(document.enjeux)
    if request.claimed is not None and request.claimed != held:
        draft.add(f"Non, le document compte {counts}.")
    else:
        draft.add(f"{'Oui, le' if request.claimed and request.yes_no else 'Le'} document compte {counts}.")
    if "enjeu" in request.aspects:
        empty = [e for e in document.enjeux if not any(f.enjeu == e.number for f in document.fiches)]
        draft.add(f"L’enjeu {empty[0].number}, « {empty[0].title} », ne comporte aucune fiche.")
    if request.mode == "list" and "pilier" in request.aspects:
        draft.add("\n".join(f"- pilier {p.number} : {p.name}" for p in document.piliers))
    elif request.mode == "list" and "enjeu" in request.aspects:
        draft.add("\n".join(f"- enjeu {e.number} : {e.title}" for e in document.enjeux))
    return draft
