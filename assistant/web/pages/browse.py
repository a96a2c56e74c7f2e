"""The document without a question: its tree, its partners, the whole of it as a table; as escaped HTML."""

from collections.abc import Sequence
from html import escape

from assistant.web.pages.frame import link
from corpus.document import ROLES, Document, Fiche, Role
from corpus.partners import Condition, RoleTable
from corpus.registry import Actor
from corpus.role_words import ROLE_WORDS


def render_tree(document: Document, opened: str) -> str:
    """Pilier > enjeu > fiche; `opened` is the fiche shown beside."""
    parts = []
    for pilier in document.piliers:
        enjeux = [enjeu for enjeu in document.enjeux if enjeu.pilier == pilier.number]
        items = []
        for enjeu in enjeux:
            fiches = [fiche for fiche in document.fiches if fiche.enjeu == enjeu.number]
            introduction = _place("parcourir", f"enjeu {enjeu.number}", f"Enjeu {enjeu.number}", opened)
            items.append(
                f"<li><p class='enjeu'>{introduction} {escape(enjeu.title)}</p>"
                f"<ul>{''.join(_fiche('parcourir', fiche, opened) for fiche in fiches)}</ul></li>"
            )
        count = sum(fiche.pilier == pilier.number for fiche in document.fiches)
        parts.append(
            f'<section class="pilier p{pilier.number}"><h2>{escape(pilier.name)} '
            f'<span class="count">{count} fiche{"s" if count > 1 else ""}</span></h2>'
            f"<ul class='enjeux'>{''.join(items)}</ul></section>"
        )
    preamble = _place("parcourir", "préambule", "Préambule du document", opened)
    return f"<p>{preamble}</p>{''.join(parts)}"


def render_partners(table: RoleTable, opened: str) -> str:
    """Every actor with the number of fiches for each of its roles, the most present first."""
    counts = {
        actor.id: {role: len(_held(table, actor, role)) for role in ROLES}
        for actor in table.registry.actors
        if any(actor.id in entry.actors for lists in table.entries.values() for role in ROLES for entry in lists[role])
    }
    rows = []
    for actor in sorted(table.registry.actors, key=lambda each: -sum(counts.get(each.id, {}).values())):
        if actor.id not in counts:
            continue
        cells = "".join(
            f"<td>{_number(link('partenaires', acteur=actor.id, role=role, fiche=opened), count, actor, role)}</td>"
            for role, count in counts[actor.id].items()
        )
        name = f'<a href="{link("partenaires", acteur=actor.id, fiche=opened)}">{escape(actor.label)}</a>'
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    heads = "".join(f'<th scope="col">{role.verb}</th>' for role in ROLE_WORDS.values())
    return (
        '<div class="wide"><table class="partners">'
        '<caption class="sr">Nombre de fiches par acteur et par rôle</caption>'
        f'<thead><tr><th scope="col">Acteur</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def render_actor(table: RoleTable, actor: Actor, role: str, opened: str) -> str:
    """One actor: the fiches of each of its roles side by side, or of one role only."""
    shown = [each for each in ROLES if role in ("", each)]
    columns = []
    for each in shown:
        fiches = _held(table, actor, each)
        items = "".join(_fiche("partenaires", fiche, opened, acteur=actor.id, role=role) for fiche in fiches)
        columns.append(
            f'<section><h3>{ROLE_WORDS[each].verb} <span class="count">{len(fiches)}</span></h3>'
            + (f"<ul>{items}</ul>" if items else "<p class='nothing'>Dans aucune fiche.</p>")
            + "</section>"
        )
    today = f"<p>Aujourd’hui\u00a0: <strong>{escape(actor.today)}</strong>.</p>" if actor.today else ""
    note = f'<p class="note">{escape(actor.note)}</p>' if actor.note else ""
    return (
        f'<h2>{escape(actor.label)}</h2>{today}{note}<div class="roles n{len(shown)}">{"".join(columns)}</div>'
        f'<p><a href="{link("partenaires", fiche=opened)}">Tous les partenaires</a></p>'
    )


def render_filter(table: RoleTable, actor: str, role: str, opened: str) -> str:
    """The form that chooses an actor and a role; it works without JavaScript."""
    known = sorted(table.registry.actors, key=lambda each: each.label.casefold())
    named = {id for lists in table.entries.values() for each in ROLES for entry in lists[each] for id in entry.actors}
    actors = "".join(_option(each.id, each.label, actor) for each in known if each.id in named)
    roles = "".join(_option(each, name.verb, role) for each, name in ROLE_WORDS.items())
    kept = f'<input type="hidden" name="fiche" value="{escape(opened)}">' if opened else ""
    return (
        '<form class="filter" action="partenaires" method="get">'
        f'<label>Acteur <select name="acteur">{_option("", "Tous", actor)}{actors}</select></label>'
        f'<label>Rôle <select name="role">{_option("", "Tous les rôles", role)}{roles}</select></label>'
        f'{kept}<button type="submit">Afficher</button></form>'
    )


def render_table(table: RoleTable, opened: str) -> str:
    """The whole document at once: one line a fiche, one column a financeur; a full square where it finances."""
    actors = [table.registry.actor(id) for id in table.frequencies["financeurs"]]
    found = {actor.id: {fiche.number for fiche in _held(table, actor, "financeurs")} for actor in actors}
    heads = "".join(
        f'<th scope="col"><a href="{link("partenaires", acteur=actor.id, role="financeurs")}">'
        f'<abbr title="{escape(actor.label)}">{escape(_short(actor))}</abbr></a></th>'
        for actor in actors
    )
    body = []
    for pilier in table.document.piliers:
        fiches = [fiche for fiche in table.document.fiches if fiche.pilier == pilier.number]
        body.append(
            f'<tbody class="p{pilier.number}"><tr class="band"><th scope="rowgroup" colspan="{len(actors) + 2}">'
            f"<span>{escape(pilier.name)}</span></th></tr>"
            f"{''.join(_line(fiche, actors, found, opened) for fiche in fiches)}</tbody>"
        )
    totals = "".join(f"<td>{len(found[actor.id])}</td>" for actor in actors)
    return (
        '<div class="wide heat" tabindex="0" role="region" aria-label="Fiches et financeurs"><table>'
        "<caption class='sr'>Qui finance quelle fiche</caption>"
        f'<thead><tr><th scope="col" class="corner">Fiche</th>{heads}'
        '<th scope="col"><abbr>Total</abbr></th></tr></thead>'
        f'{"".join(body)}<tfoot><tr><th scope="row">Fiches financées</th>{totals}<td></td></tr></tfoot></table></div>'
    )


def _line(fiche: Fiche, actors: Sequence[Actor], found: dict[str, set[str]], opened: str) -> str:
    cells = []
    for actor in actors:
        if fiche.number in found[actor.id]:
            says = f"{actor.name} finance la fiche {fiche.number}"
            cells.append(f'<td class="yes" title="{escape(says)}"><span class="sr">oui</span></td>')
        else:
            cells.append("<td></td>")
    count = sum(fiche.number in found[actor.id] for actor in actors)
    current = ' class="opened"' if fiche.number == opened else ""
    return (
        f'<tr{current}><th scope="row"><a href="{link("tableau", fiche=fiche.number)}">'
        f'<b>{fiche.number}</b> <span class="cut">{escape(fiche.title)}</span></a></th>'
        f"{''.join(cells)}<td>{count}</td></tr>"
    )


def _short(actor: Actor) -> str:
    """What a narrow column can hold."""
    return actor.acronym if actor.acronym and len(actor.name) > 21 else actor.name


def _held(table: RoleTable, actor: Actor, role: Role) -> list[Fiche]:
    numbers = set(table.fiches([Condition((actor.id,), role)]))
    return [fiche for fiche in table.document.fiches if fiche.number in numbers]


def _fiche(address: str, fiche: Fiche, opened: str, **values: str) -> str:
    number = _place(address, fiche.number, f"fiche {fiche.number}", opened, **values)
    return f"<li>{number} {escape(fiche.title)}</li>"


def _place(address: str, place: str, label: str, opened: str, **values: str) -> str:
    current = ' aria-current="true"' if place == opened else ""
    return f'<a class="chip" href="{link(address, **values, fiche=place)}"{current}>{escape(label)}</a>'


def _number(address: str, count: int, actor: Actor, role: Role) -> str:
    if not count:
        return '<span class="none">–<span class="sr"> aucune fiche</span></span>'
    return f'<a href="{address}" title="{escape(actor.label)}\u00a0: {ROLE_WORDS[role].verb.lower()}">{count}</a>'


def _option(value: str, label: str, chosen: str) -> str:
    return f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
