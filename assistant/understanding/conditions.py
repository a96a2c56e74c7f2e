"""Which actor in which role, wanted or not: "la CAF finance mais n'opère pas" -> two conditions.

The words are cut into clauses at "mais", "sans", "sauf"...; a role goes with the actors of its clause, or with the last
actor named before; a clause with a negation is not wanted.
"""

from collections.abc import Sequence
from itertools import pairwise

from assistant.text.stop_words import BETWEEN_ACTORS
from assistant.understanding.question_words import ConceptSpan
from corpus.document import ROLES, Role
from corpus.partners import Condition
from corpus.registry import Mention

_NEGATIONS = {"pas", "pa", "sans", "jamais", "aucun", "aucune", "ni", "absent", "absente", "point", "non"}
_NEGATIONS |= {"prive", "privee", "privees", "depourvu", "depourvue", "depourvues", "echappe", "echappent", "exemptes"}
_OWN_VERBS = {"trouve", "retrouve", "sais", "comprends", "vois", "arrive", "connais", "sait", "suis"}


def read_conditions(
    tokens: Sequence[str], mentions: Sequence[Mention], concepts: Sequence[ConceptSpan]
) -> tuple[Condition, ...]:
    """The conditions, in the order of the question; an actor without any role has the role None."""
    conditions: list[Condition] = []
    roles_before: list[Role] = []
    last: list[tuple[str, ...]] = []
    for start, end in _clauses(tokens, mentions, concepts):
        actors = _actors(tokens, [m for m in mentions if m.actor and start <= m.start < end])
        roles = [role for role in ROLES for f in concepts if f.concept == role and start <= f.start < end]
        words = tokens[start:end]
        asks = any(words[i : i + 2] == ("ou", "pas") or words[i : i + 2] == ("oui", "ou") for i in range(len(words)))
        denied = any(f.concept == "not" and start <= f.start < end and f.end - f.start > 1 for f in concepts)
        wanted = asks or not (denied or any(word in _NEGATIONS for word in _without_own(words)))
        if not actors and not roles:
            continue
        used_roles: Sequence[Role | None] = roles or roles_before or [None]
        for group in actors or last:
            conditions += [Condition(group, role, wanted) for role in used_roles]
        roles_before = roles or roles_before
        last = actors or last
    return tuple(dict.fromkeys(conditions))


def _without_own(words: Sequence[str]) -> list[str]:
    """The words without what the asker says of himself: "je trouve pas", "on sait jamais"."""
    return [word for i, word in enumerate(words) if not {*words[max(0, i - 2) : i]} & _OWN_VERBS]


def _clauses(
    tokens: Sequence[str], mentions: Sequence[Mention], concepts: Sequence[ConceptSpan]
) -> list[tuple[int, int]]:
    """Borders before "mais", "sans", "sauf", "et que", before a negated role ("financeur, pas opérateur"), and at an
    "et" with an actor and a role on either side ("la CAF finance et les associations opèrent").
    """

    def whole(start: int, end: int) -> bool:
        return any(m.actor and start <= m.start < end for m in mentions) and any(
            f.concept in ROLES and start <= f.start < end for f in concepts
        )

    borders = {f.start for f in concepts if f.concept == "but"}
    for position in range(1, len(tokens)):
        role_follows = any(f.concept in ROLES and position < f.start <= position + 2 for f in concepts)
        negated_verb = {"n", "ne"} & set(tokens[max(0, position - 3) : position])
        if tokens[position] == "pas" and role_follows and not negated_verb:
            borders.add(position)
        if tokens[position] in ("qu", "que", "qui") and {"n", "ne"} & set(tokens[position : position + 4]):
            borders.add(position)
        if tokens[position] == "non" and tokens[position - 1] in ("et", "mais"):
            borders.add(position)
    borders |= _starts_of_denied(tokens, mentions) | _starts_of_pairs(mentions, concepts)
    for position in (i for i, word in enumerate(tokens) if word == "et"):
        before = max((each for each in borders if each < position), default=0)
        after = min((each for each in borders if each > position), default=len(tokens))
        if whole(before, position) and whole(position, after):
            borders.add(position)
    ordered = sorted({0, *borders, len(tokens)})
    return [(start, end) for start, end in pairwise(ordered) if end > start]


def _starts_of_denied(tokens: Sequence[str], mentions: Sequence[Mention]) -> set[int]:
    """ "Pôle emploi opère, les missions locales non": the denial is that of the actor before it."""
    said = ("non", "absent", "absente", "absents")
    denied = [m for m in mentions if m.actor and m.start and tokens[m.end : m.end + 1] and tokens[m.end] in said]
    return {m.start - (tokens[m.start - 1] in BETWEEN_ACTORS) for m in denied}


def _starts_of_pairs(mentions: Sequence[Mention], concepts: Sequence[ConceptSpan]) -> set[int]:
    """Where a second actor with a role of its own begins: "la CAF paie pendant que les centres sociaux opèrent"."""
    events = sorted(
        [(m.start, "actor", m.actor.id) for m in mentions if m.actor]
        + [(f.start, "role", f.concept) for f in concepts if f.concept in ROLES]
    )
    kinds = [kind for _, kind, _ in events]
    if kinds != ["actor", "role", "actor", "role"] or events[1][2] == events[3][2] or events[0][2] == events[2][2]:
        return set()
    return {events[2][0]}


def _actors(tokens: Sequence[str], mentions: Sequence[Mention]) -> list[tuple[str, ...]]:
    """Groups of actors: those joined by "ou" or by a bracket are alternatives, the others each count."""
    groups: list[tuple[str, ...]] = []
    either = list(tokens).count("soit") > 1
    previous_end = -1
    for mention in mentions:
        actor = mention.actor.id if mention.actor else ""
        between = list(tokens[previous_end : mention.start]) if previous_end >= 0 else []
        joined = [token for token in between if token not in BETWEEN_ACTORS]
        if groups and (joined == ["ou"] or (either and joined == ["soit"]) or actor in groups[-1]):
            groups[-1] = tuple(dict.fromkeys((*groups[-1], actor)))
        elif (actor,) not in groups:
            groups.append((actor,))
        previous_end = mention.end
    return groups
