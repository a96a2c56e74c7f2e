"""The frame of the pages beside the conversation: header, ways through the house, foot; and links that are kept.

Every page is a whole HTML document made on the server: it has an address, works without JavaScript, prints.
"""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from assistant.accounts.policy import VISITOR
from assistant.web.static_files import STYLES, TITLE, static_address

WAYS = (
    ("./", "Questions"),
    ("parcourir", "Parcourir"),
    ("partenaires", "Partenaires"),
    ("tableau", "Tableau"),
    ("fiabilite", "Fiabilité"),
)
LIGHT = '<button type="button" class="tool" id="light" aria-pressed="false">Sombre</button>'
SUBTITLE = "Contrat de ville Seine-Amont"
FOOT = (
    "Le document date de 2015. Guichet ne dit que ce qu’il contient\u00a0; "
    "pour une situation personnelle, adressez-vous au guichet."
)


def ways(current: str) -> str:
    """The navigation; `current` is the address of the page shown."""
    links = "".join(
        f'<li><a href="{address}"{" aria-current=page" if address == current else ""}>{escape(name)}</a></li>'
        for address, name in WAYS
    )
    return f'<nav aria-label="Rubriques"><ul>{links}</ul></nav>'


def identity(*, heading: str = "p") -> str:
    """The name of the house; a page that has its own title gives it no heading."""
    return (
        f'<div class="identity"><{heading} class="name"><a href="./">Guichet</a></{heading}>'
        f'<p class="subtitle">{SUBTITLE}</p></div>'
    )


def document(title: str, body: str, *, kind: str = "", scripts: Sequence[str] = ("pages.js", "print.js")) -> str:
    """A whole HTML document around `body`, which is safe HTML; `title` is escaped here."""
    styles = "".join(f'<link rel="stylesheet" href="{static_address(name)}">' for name in STYLES)
    loaded = "".join(f'<script src="{static_address(name)}" defer></script>' for name in scripts)
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)} – {escape(TITLE)}</title>"
        f'<link rel="icon" href="{static_address("guichet.svg")}" type="image/svg+xml">'
        f'<script src="{static_address("light.js")}"></script>{styles}{loaded}'
        f'</head><body class="plain {kind}">{body}</body></html>'
    )


def page(address: str, title: str, content: str, *, lead: str = "", side: str = "") -> str:
    """An agent's page: header, `content`, and beside it `side` (a fiche) when there is one."""
    visitor = VISITOR.get()
    account = f'<a class="account" href="compte">{escape(visitor.name)}</a>' if visitor else ""
    intro = f'<p class="lead">{lead}</p>' if lead else ""
    beside = f'<aside class="beside" aria-label="Fiche" tabindex="0">{side}</aside>' if side else ""
    body = (
        '<a class="skip" href="#main">Aller au contenu</a>'
        f'<header class="top">{identity()}{ways(address)}{account}{LIGHT}</header>'
        f'<div class="columns{" two" if side else ""}"><main id="main" tabindex="-1"><h1>{escape(title)}</h1>{intro}'
        f'{content}</main>{beside}</div><footer class="foot"><p>{FOOT}</p></footer>'
    )
    return document(title, body)


def link(address: str, **values: str) -> str:
    """An escaped address without its empty values: link("parcourir", fiche="2-3") -> "parcourir?fiche=2-3"."""
    kept = {name: value for name, value in values.items() if value}
    return escape(f"{address}?{urlencode(kept)}" if kept else address)
