"""The last question on actors, asked of another role, of where they are not, or of other fiches."""

from assistant.understanding.query import Has, Listed, Mentions, Query, Show, Without
from assistant.understanding.reader import Memory, Read
from corpus.registry import Registry
from corpus.text import words


def ask_of_actors(read: Read, last: Query, registry: Registry) -> Query | None:
    """The last question on actors, asked of another role or of where they are not: "et il opère où ?", "et lesquelles
    ne finance-t-elle pas ?"; None for a turn that says no role: "sans" and "pas" deny other things too."""
    own, held = read.query, [each for each in last.where if isinstance(each, Has)]
    named = [each for each in last.where if isinstance(each, Mentions)]
    if not held and len(named) == 1 and len(named[0].names) == 1:  # a name that is an actor's
        actors = [each.actor.id for each in registry.find(words(named[0].names[0])) if each.actor]
        held = [Has(actors=(actors[0],))] if len(actors) == 1 else []
        last = last.model_copy(update={"where": tuple(held), "show": ("fiches",)}) if held else last
    selects = own.fiches or own.where or last.fiches or {*own.show} - {"fiches"}
    if selects or len(held) != 1 or read.role is None:
        return None
    changed = held[0].model_copy(update={"role": read.role, "wanted": not read.denies})
    if changed == held[0] or held[0].only:
        return None
    where = tuple(changed if each is held[0] else each for each in last.where)
    return last.model_copy(update={"where": where, "fold": own.fold if own.fold != last.fold else Listed()})


def ask_elsewhere(read: Read, last: Query, memory: Memory) -> Query:
    """ "Elle finance d'autres fiches ?", "et ailleurs ?": the same of all fiches but those spoken of."""
    own = read.query
    where = own.where or tuple(each for each in last.where if isinstance(each, (Has, Mentions)))
    topic = "" if where else own.topic if not read.bare else last.topic
    show: tuple[Show, ...] = ("fiches",) if where else own.show
    return own.model_copy(update={"where": (*where, Without(fiches=memory.current)), "topic": topic, "show": show})
