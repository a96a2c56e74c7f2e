"""Exact answers to which partner comes most often, which fiche has most partners, which have so many."""

from assistant.answering.draft import Draft, cite_role, fiche_list
from assistant.answering.exact.facts import scope_of, scope_words
from assistant.text.french import capitalised, enumerate_words
from assistant.understanding.request import Request
from corpus.document import ROLES, Role
from corpus.partners import Condition, RoleTable
from corpus.role_words import ROLE_WORDS


def answer_ranking(request: Request, table: RoleTable) -> Draft:
    """The most frequent partner, the fiche with most or fewest, the partners of all fiches."""
    role = next(role for role in ROLES if role == request.aspects[0])
    if request.mode.endswith("fiche"):
        return _extreme_fiches(request, table, role)
    if request.mode in ("only", "size"):
        return _sized_fiches(request, table, role)
    if request.mode.endswith("versus"):
        return _versus(request, table, role)
    draft = Draft()
    scope, where = scope_of(table, request), scope_words(table, request)
    noun = ROLE_WORDS[role].actors
    ranked = [
        (table.registry.actor(id).name, sum(number in scope for number in numbers))
        for id, numbers in table.frequencies[role].items()
        if id not in request.excluded
    ]
    ranked = sorted((pair for pair in ranked if pair[1]), key=lambda pair: -pair[1])
    if request.mode == "all":
        everywhere = [name for name, count in ranked if count == len(scope)]
        listed = enumerate_words(everywhere) if everywhere else "aucun"
        draft.add(f"{capitalised(noun)} présents dans toutes les fiches{where} : {listed}.")
        return draft
    least = request.mode == "least"
    chosen = ranked[-5:][::-1] if least else ranked[:5]
    names = [table.registry.actor(each).with_article for each in request.excluded]
    after = f" (après {enumerate_words(names)})" if names else ""
    lines = [f"Les {noun} les plus {'rares' if least else 'fréquents'}{where}{after} :"]
    lines += [f"- {name} : {count} fiche{'s' if count > 1 else ''}" for name, count in chosen]
    draft.add("\n".join(lines))
    return draft


def _versus(request: Request, table: RoleTable, role: Role) -> Draft:
    """Which of some actors stands in more fiches: the answer first, then each count."""
    draft, where = Draft(), scope_words(table, request)
    scope = scope_of(table, request)
    counts = {each: len(table.fiches([Condition((each,), role)], scope)) for each in request.actors}
    extreme = min(counts.values()) if request.mode.startswith("least") else max(counts.values())
    first = [table.registry.actor(each).with_article for each, count in counts.items() if count == extreme]
    verdict = capitalised(first[0]) if len(first) == 1 else f"Égalité entre {enumerate_words(first)}"
    lines = [f"{verdict}. Nombre de fiches{where} dans la liste des {ROLE_WORDS[role].actors} :"]
    for each, count in counts.items():
        lines.append(f"- {capitalised(table.registry.actor(each).with_article)} : {count} fiche{'s' * (count > 1)}")
    draft.add("\n".join(lines))
    return draft


def _sized_fiches(request: Request, table: RoleTable, role: Role) -> Draft:
    """The fiches with so many partners in a list, or with one actor alone in it."""
    draft = Draft()
    where = scope_words(table, request)
    lists = {number: table.entries[number][role] for number in scope_of(table, request)}
    if request.mode == "only":
        wanted = table.with_family(request.actors)
        found = [number for number, entries in lists.items() if all(entry.actors & wanted for entry in entries)]
        name = enumerate_words([table.registry.actor(each).with_article for each in request.actors])
        verb, what = ("n’a", "n’ont"), f"que {name} parmi les {ROLE_WORDS[role].actors}"
    else:
        found = [number for number, entries in lists.items() if len(entries) == request.claimed]
        verb, what = ("compte", "comptent"), f"{request.claimed} {ROLE_WORDS[role].actors}"
    if not found:
        draft.add(f"Aucune fiche{where} {verb[0].replace('compte', 'ne compte')} {what}.")
        return draft
    lead = f"Une seule fiche{where} {verb[0]}" if len(found) == 1 else f"{len(found)} fiches{where} {verb[1]}"
    fiche_list(draft, table.document.fiches_of(found), f"{lead} {what} :", [cite_role(table, n, role) for n in found])
    return draft


def _extreme_fiches(request: Request, table: RoleTable, role: Role) -> Draft:
    """The fiches with the most, or the fewest, partners in a list."""
    draft = Draft()
    least = request.mode.startswith("least")
    sizes = {number: len(table.entries[number][role]) for number in scope_of(table, request)}
    extreme = min(sizes.values()) if least else max(sizes.values())
    found = [number for number, size in sizes.items() if size == extreme]
    subject = "La fiche" if len(found) == 1 else "Les fiches"
    noun = ROLE_WORDS[role].actors if extreme > 1 else ROLE_WORDS[role].actors.rstrip("s")
    each = " chacune" if len(found) > 1 else ""
    lead = (
        f"{subject} avec le {'moins' if least else 'plus'} de {ROLE_WORDS[role].actors}{scope_words(table, request)}, "
        f"{extreme} {noun}{each} :"
    )
    fiche_list(draft, table.document.fiches_of(found), lead, [cite_role(table, number, role) for number in found])
    return draft
