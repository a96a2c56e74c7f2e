"""Exact answers that go through all fiches: which ones an actor finances, where a name stands, who comes most often."""

from collections.abc import Sequence

from assistant.compose import Draft, call, cite_paragraph, cite_role, fiche_list, title_citation
from assistant.facts import fiches_of, scope_of, scope_words
from assistant.french import capitalised, enumerate_words
from assistant.mentions import flat, paragraphs_naming
from assistant.names import Named
from assistant.roles import RoleTable
from assistant.understanding import ROLES, Condition, Request, Role

_AMONG = {"financeurs": "parmi les financeurs", "operateurs": "parmi les opérateurs"}
_VERBS = {
    "financeurs": ("figure parmi les financeurs de", "figurent parmi les financeurs de"),
    "operateurs": ("figure parmi les opérateurs de", "figurent parmi les opérateurs de"),
    "dispositifs": ("porte des dispositifs dans", "portent des dispositifs dans"),
}
_NOT_VERBS = {
    "financeurs": ("n’est pas parmi les financeurs de", "ne sont pas parmi les financeurs de"),
    "operateurs": ("n’est pas parmi les opérateurs de", "ne sont pas parmi les opérateurs de"),
    "dispositifs": ("ne porte pas de dispositif dans", "ne portent pas de dispositif dans"),
}


def fiches_counted(count: int) -> str:
    return f"**{count} fiches**" if count > 1 else "**une seule fiche**"


def answer_inverse(request: Request, table: RoleTable) -> Draft:
    """The fiches that fit the conditions of a request."""
    conditions = list(request.conditions)
    if len(conditions) == 1 and conditions[0].role is None:
        return _all_roles(request, table, conditions[0])
    draft = Draft()
    scope = scope_of(table, request)
    found = table.fiches(conditions, scope)
    sentence = _sentence(table, conditions)
    everything = len(found) == len(scope) == len(table.document.fiches)
    if not found:
        draft.add(
            f"{'Non, aucune' if request.yes_no else 'Aucune'} fiche{scope_words(table, request)} ne répond à cette condition : {sentence} aucune fiche."
        )
        _elsewhere(draft, table, request, conditions)
        return draft
    opening = "Oui. " if request.yes_no else ""
    if everything:
        draft.add(f"{opening or 'Oui. '}{capitalised(sentence)} **toutes les fiches** (43 fiches sur 43).")
        return draft
    counted = fiches_counted(len(found)) if len(found) > 1 else "**une seule fiche**"
    lead = f"{opening}{capitalised(sentence)} {counted}{scope_words(table, request)} :"
    citations = [
        cite_role(table, each, condition.role, only=condition.actors)
        for each in found
        for condition in conditions
        if condition.wanted and condition.role
    ] or [cite_role(table, each, conditions[0].role or "financeurs") for each in found]
    fiche_list(draft, table, found, lead, citations)
    _kin(draft, table, conditions, found)
    return draft


def _sentence(table: RoleTable, conditions: Sequence[Condition]) -> str:
    """ "la CAF figure parmi les financeurs de"; several conditions are joined by "et"."""
    by_role: dict[tuple[Role | None, bool], list[str]] = {}
    for condition in conditions:
        names = enumerate_words([table.registry.actor(each).with_article for each in condition.actors], last="ou")
        by_role.setdefault((condition.role, condition.wanted), []).append(names)
    pieces = []
    for (role, wanted), names in by_role.items():
        plural = len(names) > 1 or any(table.registry.actor(each).plural for c in conditions for each in c.actors)
        verbs = (_VERBS if wanted else _NOT_VERBS)[role or "operateurs"]
        pieces.append((enumerate_words(names), verbs[plural]))
    subject, verb = pieces[0]
    text = f"{subject} {verb}"
    for other, other_verb in pieces[1:]:
        verb_only = other_verb if other == subject else f"{other} {other_verb}"
        text = f"{text.removesuffix(' de').removesuffix(' dans')} et {verb_only}"
    return text


def _kin(draft: Draft, table: RoleTable, conditions: Sequence[Condition], found: Sequence[str]) -> None:
    """Bodies that belong to the actor and are told apart: named after the list, not counted in it."""
    if len(conditions) != 1 or not conditions[0].wanted or conditions[0].role is None:
        return
    for id in conditions[0].actors:
        for child, numbers in table.relatives(id, conditions[0].role, found).items():
            calls = enumerate_words([f"la fiche {each}" for each in numbers])
            draft.add(f"À part : {table.registry.actor(child).name}, qui en dépend, figure à ce titre dans {calls}.")


def _elsewhere(draft: Draft, table: RoleTable, request: Request, conditions: Sequence[Condition]) -> None:
    """When the answer is none: the roles that the actor does have."""
    for id in dict.fromkeys(each for condition in conditions for each in condition.actors):
        held = [(role, table.fiches([Condition((id,), role)])) for role in ROLES]
        actor = table.registry.actor(id)
        for role, numbers in held:
            if numbers and not any(
                c.role == role and id in c.actors and c.wanted and not request.piliers for c in conditions
            ):
                calls = enumerate_words([call(each) for each in numbers[:8]])
                more = f" et {len(numbers) - 8} autres" if len(numbers) > 8 else ""
                verb = _VERBS[role][actor.plural].removesuffix(" de").removesuffix(" dans")
                draft.add(
                    f"{capitalised(actor.with_article)} {verb} : {calls}{more}.",
                    [cite_role(table, each, role, only=[id]) for each in numbers[:8]],
                )


def _all_roles(request: Request, table: RoleTable, condition: Condition) -> Draft:
    """An actor without a role: everything it is, list by list, and where the text names it besides."""
    draft = Draft()
    scope = scope_of(table, request)
    id = condition.actors[0]
    actor = table.registry.actor(id)
    listed: list[str] = []
    for role in ROLES:
        found = table.fiches([Condition(condition.actors, role)], scope)
        if found:
            lead = f"{capitalised(actor.with_article)} {_VERBS[role][actor.plural]} {fiches_counted(len(found))}{scope_words(table, request)} :"
            fiche_list(
                draft,
                table,
                [each for each in found],
                lead,
                [cite_role(table, each, role, only=[id]) for each in found],
            )
            listed += found
    if not listed:
        named = [
            f for f in fiches_of(table, scope) if paragraphs_naming(f, (actor.name, actor.acronym, *actor.spellings))
        ]
        if not named:
            draft.add(
                f"{'Non. ' if request.yes_no else ''}{capitalised(actor.with_article)} ne figure dans aucune fiche{scope_words(table, request)}."
            )
        else:
            fiche_list(
                draft,
                table,
                [f.number for f in named],
                f"{capitalised(actor.with_article)} n’est ni financeur ni opérateur, mais le texte de {fiches_counted(len(named))} le cite :",
                [
                    cite_paragraph(f.number, *paragraphs_naming(f, (actor.name, actor.acronym, *actor.spellings))[0])
                    for f in named
                ],
            )
    return draft


def answer_named(request: Request, table: RoleTable) -> Draft:
    """Where an acronym, a dispositif or a place is named, and what the document says it is."""
    draft = Draft()
    scope = scope_of(table, request)
    for name in request.named:
        named = _merged(table, name)
        numbers = [each for each in named.fiches if each in scope]
        if request.mode == "dedicated":
            numbers = _dedicated(table, named, numbers)
        if not numbers:
            draft.add(f"Aucune fiche{scope_words(table, request)} ne mentionne {named.name}.")
            continue
        meaning = _meaning(named)
        if len(numbers) > 3 or (request.mode != "meaning" and len(numbers) > 1):
            citations = [
                cite_paragraph(f.number, *paragraphs_naming(f, named.variants)[0])
                for f in fiches_of(table, numbers)
                if paragraphs_naming(f, named.variants)
            ]
            if meaning:
                draft.add(meaning)
            fiche_list(
                draft,
                table,
                numbers,
                f"{named.name} : {fiches_counted(len(numbers))}{scope_words(table, request)} :",
                citations,
            )
            continue
        if meaning:
            draft.add(meaning)
        for fiche in fiches_of(table, numbers):
            found = paragraphs_naming(fiche, named.variants)
            lines = [f"{named.name}, dans la fiche « {fiche.title} » {call(fiche.number)} :"]
            for section, paragraph in found[:3]:
                holder = _holder(fiche, paragraph) if section == "dispositifs" else ""
                lines.append(f"- {f'({holder}) ' if holder else ''}{paragraph.text.rstrip(' ;')}")
            draft.add(
                "\n".join(lines), [cite_paragraph(fiche.number, s, p) for s, p in found[:3]] or [title_citation(fiche)]
            )
    return draft


def _merged(table: RoleTable, name: str) -> Named:
    """The thing of this name with what its acronym adds: meaning and variants."""
    named = next(each for each in table.registry.named if each.name == name)
    for other in table.registry.named:
        if other is not named and other.name.lower() in {v.lower() for v in named.variants} and other.meaning:
            variants = tuple(dict.fromkeys((*named.variants, *other.variants)))
            fiches = tuple(f.number for f in table.document.fiches if f.number in {*named.fiches, *other.fiches})
            return Named(
                other.name,
                named.kind,
                variants,
                fiches,
                other.meaning,
                other.from_document,
                other.today,
                other.explanation,
            )
    return named


def _dedicated(table: RoleTable, named: Named, numbers: Sequence[str]) -> list[str]:
    """The fiches whose title, or whose enjeu's, holds the name; all that name it when none does."""
    spellings = [flat(each) for each in (*named.variants, named.meaning) if each]
    found = []
    for fiche in fiches_of(table, numbers):
        enjeu = table.document.enjeu(fiche.enjeu)
        titles = flat(f"{fiche.title} {enjeu.title if enjeu else ''}")
        if any(spelling in titles for spelling in spellings):
            found.append(fiche.number)
    return found or list(numbers)


def _meaning(named: Named) -> str:
    if not named.meaning or named.meaning.lower() == named.name.lower():
        return ""
    source = "" if named.from_document else " (sens que le document ne précise pas)"
    today = f" Aujourd’hui : {named.today}." if named.today else ""
    return f"{named.name} : {named.meaning}{source}.{today}"


def _holder(fiche, paragraph) -> str:  # type: ignore[no-untyped-def]
    return next((capitalised(group.porteur) for group in fiche.dispositifs if paragraph in group.items), "")


def answer_ranking(request: Request, table: RoleTable) -> Draft:
    """The most frequent partner, the fiche with most or fewest, the partners of all fiches."""
    draft = Draft()
    role: Role = request.aspects[0]  # type: ignore[assignment]
    scope = scope_of(table, request)
    noun = {"financeurs": "financeurs", "operateurs": "opérateurs", "dispositifs": "porteurs de dispositifs"}[role]
    frequencies = {
        id: [n for n in numbers if n in scope]
        for id, numbers in table.frequencies[role].items()
        if id not in request.excluded
    }
    ranked = sorted(((id, numbers) for id, numbers in frequencies.items() if numbers), key=lambda pair: -len(pair[1]))
    where = scope_words(table, request)
    if request.mode == "all":
        everywhere = [id for id, numbers in ranked if len(numbers) == len(scope)]
        names = [table.registry.actor(id).name for id in everywhere]
        draft.add(
            f"{capitalised(noun)} présents dans toutes les fiches{where} : {enumerate_words(names) if names else 'aucun'}."
        )
        return draft
    if request.mode.endswith("fiche"):
        sizes = {number: len(table.entries[number][role]) for number in scope}
        extreme = min(sizes.values()) if request.mode.startswith("least") else max(sizes.values())
        found = [number for number, size in sizes.items() if size == extreme]
        word = "le moins" if request.mode.startswith("least") else "le plus"
        count = f"{extreme} {noun if extreme > 1 else noun.rstrip('s')}"
        lead = f"{'La fiche' if len(found) == 1 else 'Les fiches'} avec {word} de {noun}{where}, {count}{' chacune' if len(found) > 1 else ''} :"
        fiche_list(draft, table, found, lead, [cite_role(table, each, role) for each in found])
        return draft
    chosen = ranked[-5:][::-1] if request.mode == "least" else ranked[:5]
    first, numbers = chosen[0]
    after = (
        f" (après {enumerate_words([table.registry.actor(each).with_article for each in request.excluded])})"
        if request.excluded
        else ""
    )
    word = "rares" if request.mode == "least" else "fréquents"
    lines = [f"Les {noun} les plus {word}{where}{after} :"]
    lines += [f"- {table.registry.actor(id).name} : {len(n)} fiche{'s' if len(n) > 1 else ''}" for id, n in chosen]
    draft.add("\n".join(lines))
    return draft
