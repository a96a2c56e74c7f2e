"""Exact answers to which fiches an actor finances, operates or has dispositifs in."""

from collections.abc import Sequence

from assistant.answer import Citation, citation_mark
from assistant.answering.draft import Draft, cite_paragraph, cite_role, fiche_list
from assistant.answering.exact.facts import scope_of, scope_words
from assistant.text.french import capitalised, enumerate_words
from assistant.understanding.request import Request
from corpus.document import ROLES, Role
from corpus.mentions import paragraphs_naming
from corpus.partners import Condition, RoleTable
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
    fiche_list(draft, table.document.fiches_of(found), lead, _proofs(table, found, conditions))
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
            calls = enumerate_words([citation_mark(each) for each in numbers[:8]])
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
            citations = [cite_role(table, number, role, only=[actor.id]) for number in found]
            fiche_list(draft, table.document.fiches_of(found), lead, citations)
    if draft.blocks:
        return draft
    spellings = (actor.name, actor.acronym, *actor.spellings)
    fiches = table.document.fiches_of(scope)
    named = [(fiche, naming[0]) for fiche in fiches if (naming := paragraphs_naming(fiche, spellings))]
    if named:
        lead = f"{subject} n’est dans aucune liste de partenaires, mais le texte {counted(len(named), 'de')} le cite :"
        citations = [cite_paragraph(fiche.number, *paragraph) for fiche, paragraph in named]
        fiche_list(draft, [fiche for fiche, _ in named], lead, citations)
    else:
        draft.add(f"{'Non. ' if request.yes_no else ''}{subject} ne figure dans aucune fiche{where}.")
    return draft
