"""Exact answers that go through all fiches: which ones an actor finances, where a name stands, who comes most often."""

from collections.abc import Sequence

from assistant.answer import Citation
from assistant.answering.draft import Draft, call, cite_paragraph, cite_role, fiche_list, title_citation
from assistant.answering.exact.facts import fiches_of, scope_of, scope_words
from assistant.text.french import capitalised, enumerate_words
from assistant.understanding.request import Request
from corpus.document import ROLES, Fiche, Paragraph, Role
from corpus.mentions import flatten_document, paragraphs_naming
from corpus.partners import Condition, RoleTable
from corpus.registry import Named
from corpus.role_words import ROLE_WORDS


def counted(count: int, joint: str = "") -> str:
    """The number of fiches after "de" or "dans": "de **19 fiches**", "d’**une seule fiche**"."""
    if count == 1:
        return {"": "**une seule fiche**", "de": "d’**une seule fiche**"}.get(joint, f"{joint} **une seule fiche**")
    return f"{joint} **{count} fiches**".strip()


def answer_inverse(request: Request, table: RoleTable) -> Draft:
    """The fiches that fit the conditions of a request."""
    conditions = list(request.conditions)
    if len(conditions) == 1 and conditions[0].role is None and conditions[0].wanted:
        return _all_roles(request, table, conditions[0])
    draft = Draft()
    scope = scope_of(table, request)
    found = table.fiches(conditions, scope)
    where = scope_words(table, request)
    if not found:
        draft.add(("Non. " if request.yes_no else "") + _nowhere(table, conditions, where))
        _elsewhere(draft, table, request, conditions)
        return draft
    single = conditions[0] if len(conditions) == 1 and conditions[0].wanted else None
    opening = ("Non : " if request.mode == "every" else "Oui. ") if request.yes_no else ""
    if len(found) == len(table.document.fiches):
        total = len(table.document.fiches)
        said = f"{_clauses(table, conditions)} dans **toutes les fiches** ({total} fiches sur {total})."
        draft.add(f"Oui : {said}" if request.yes_no else capitalised(said), _proofs(table, found, conditions))
        return draft
    if single is not None and single.role:
        lead = f"{_clauses(table, conditions)} {counted(len(found), ROLE_WORDS[single.role].joint)}{where} :"
    else:
        lead = f"il y a {counted(len(found))}{where} où {_clauses(table, conditions)} :"
    lead = opening + (lead if opening.endswith(": ") else capitalised(lead))
    fiche_list(draft, table, found, lead, _proofs(table, found, conditions))
    _kin(draft, table, conditions, found)
    return draft


def _nowhere(table: RoleTable, conditions: Sequence[Condition], where: str) -> str:
    first = conditions[0]
    if len(conditions) > 1 or not first.role or not first.wanted:
        return f"Il n’y a aucune fiche{where} où {_clauses(table, conditions)}."
    subject = enumerate_words([table.registry.actor(each).with_article for each in first.actors], last="ni")
    plural = any(table.registry.actor(each).plural for each in first.actors)
    verb = ROLE_WORDS[first.role].is_not_listed[plural].replace(" pas ", " ")
    joint = "d’aucune fiche" if first.role != "dispositifs" else "dans aucune fiche"
    return f"{capitalised(subject)} {verb} {joint}{where}."


def _proofs(table: RoleTable, found: Sequence[str], conditions: Sequence[Condition]) -> list[Citation]:
    """The lines that show the actor in the list; the whole list where it shows that the actor is not in it."""
    wanted = [
        cite_role(table, each, condition.role, only=condition.actors)
        for each in found
        for condition in conditions
        if condition.wanted and condition.role
    ]
    return wanted or [cite_role(table, each, conditions[0].role or "financeurs") for each in found]


def _clauses(table: RoleTable, conditions: Sequence[Condition]) -> str:
    """The conditions as clauses: "la CAF et la CDC figurent parmi les financeurs et l’État ne figure pas parmi ..."."""
    by_role: dict[tuple[Role | None, bool], list[Condition]] = {}
    for condition in conditions:
        by_role.setdefault((condition.role, condition.wanted), []).append(condition)
    clauses: list[str] = []
    before = ""
    for (role, wanted), group in by_role.items():
        names = [
            enumerate_words([table.registry.actor(each).with_article for each in condition.actors], last="ou")
            for condition in group
        ]
        subject = enumerate_words(names)
        plural = len(names) > 1 or any(table.registry.actor(each).plural for each in group[0].actors)
        verb = _verb(role, plural=plural, wanted=wanted)
        clauses.append(verb if subject == before else f"{subject} {verb}")
        before = subject
    return enumerate_words(clauses)


def _verb(role: Role | None, *, plural: bool, wanted: bool) -> str:
    if role is None and not wanted:
        return "ne figurent dans aucune liste" if plural else "ne figure dans aucune liste"
    words = ROLE_WORDS[role or "operateurs"]
    return (words.is_listed if wanted else words.is_not_listed)[plural]


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
    asked = {(id, c.role) for c in conditions if c.wanted and not request.piliers for id in c.actors}
    for id in dict.fromkeys(each for condition in conditions for each in condition.actors):
        actor = table.registry.actor(id)
        for role in ROLES:
            numbers = table.fiches([Condition((id,), role)])
            if not numbers or (id, role) in asked:
                continue
            calls = enumerate_words([call(each) for each in numbers[:8]])
            more = f" et {len(numbers) - 8} autres" if len(numbers) > 8 else ""
            draft.add(
                f"{capitalised(actor.with_article)} {ROLE_WORDS[role].is_listed[actor.plural]} : {calls}{more}.",
                [cite_role(table, each, role, only=[id]) for each in numbers[:8]],
            )


def _all_roles(request: Request, table: RoleTable, condition: Condition) -> Draft:
    """An actor without a role: everything it is, list by list, and where the text names it besides."""
    draft = Draft()
    scope, where = scope_of(table, request), scope_words(table, request)
    actor = table.registry.actor(condition.actors[0])
    subject = capitalised(actor.with_article)
    for role in ROLES:
        found = table.fiches([Condition(condition.actors, role)], scope)
        if found:
            words = ROLE_WORDS[role]
            lead = f"{subject} {words.is_listed[actor.plural]} {counted(len(found), words.joint)}{where} :"
            fiche_list(draft, table, found, lead, [cite_role(table, each, role, only=[actor.id]) for each in found])
    if draft.blocks:
        return draft
    spellings = (actor.name, actor.acronym, *actor.spellings)
    named = [(fiche, told[0]) for fiche in fiches_of(table, scope) if (told := paragraphs_naming(fiche, spellings))]
    if named:
        lead = f"{subject} n’est dans aucune liste de partenaires, mais le texte {counted(len(named), 'de')} le cite :"
        citations = [cite_paragraph(fiche.number, *paragraph) for fiche, paragraph in named]
        fiche_list(draft, table, [fiche.number for fiche, _ in named], lead, citations)
    else:
        draft.add(f"{'Non. ' if request.yes_no else ''}{subject} ne figure dans aucune fiche{where}.")
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
                f"{named.name} : {counted(len(numbers))}{scope_words(table, request)} :",
                citations,
            )
            continue
        if meaning:
            draft.add(meaning)
        for fiche in fiches_of(table, numbers):
            told = paragraphs_naming(fiche, named.variants)
            lines = [f"{named.name}, dans la fiche « {fiche.title} » {call(fiche.number)} :"]
            for section, paragraph in told[:3]:
                holder = _holder(fiche, paragraph) if section == "dispositifs" else ""
                lines.append(f"- {f'({holder}) ' if holder else ''}{paragraph.text.rstrip(' ;')}")
            draft.add(
                "\n".join(lines), [cite_paragraph(fiche.number, s, p) for s, p in told[:3]] or [title_citation(fiche)]
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
    spellings = [flatten_document(each) for each in (*named.variants, named.meaning) if each]
    found = []
    for fiche in fiches_of(table, numbers):
        enjeu = table.document.enjeu(fiche.enjeu)
        titles = flatten_document(f"{fiche.title} {enjeu.title if enjeu else ''}")
        if any(spelling in titles for spelling in spellings):
            found.append(fiche.number)
    return found or list(numbers)


def _meaning(named: Named) -> str:
    if not named.meaning or named.meaning.lower() == named.name.lower():
        return ""
    source = "" if named.from_document else " (sens que le document ne précise pas)"
    today = f" Aujourd’hui : {named.today}." if named.today else ""
    return f"{named.name} : {named.meaning}{source}.{today}"


def _holder(fiche: Fiche, paragraph: Paragraph) -> str:
    return next((capitalised(group.porteur) for group in fiche.dispositifs if paragraph in group.items), "")


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
    fiche_list(draft, table, found, f"{lead} {what} :", [cite_role(table, n, role) for n in found])
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
    fiche_list(draft, table, found, lead, [cite_role(table, number, role) for number in found])
    return draft
