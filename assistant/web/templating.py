"""HTML from the files of `templates/`, by one Jinja2 environment, which escapes every value that is shown; and the
addresses of the files of `static/`.

What `render` and `render_macro` return is Markup: safe HTML, which another template shows as it stands.
"""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.text.french import typeset

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
"""Styles, scripts and pictures, under /guichet/: the same for everybody."""
STYLES = ("theme.css", "guichet.css", "pages.css")
"""In the order in which every page loads them."""
TITLE = "Guichet – Contrat de ville Seine-Amont"


def render(template: str, **values: object) -> Markup:
    """The template with its values. A value that it needs and does not get raises jinja2.UndefinedError."""
    return Markup(_environment().get_template(template).render(values))  # noqa: S704 - the template escaped it


def render_macro(template: str, macro: str, *values: object) -> Markup:
    """One macro of a template: render_macro("parts.html", "plain_chip", "2-3")."""
    shown: Markup = getattr(_environment().get_template(template).module, macro)(*values)
    return shown


def link(address: str, **values: str) -> str:
    """An address without its empty values: link("parcourir", fiche="2-3", role="") -> "parcourir?fiche=2-3"."""
    given = {name: value for name, value in values.items() if value}
    return f"{address}?{urlencode(given)}" if given else address


def place_name(place: str) -> str:
    """What a chip says: "2-3" -> "fiche 2-3"; "préambule" and "enjeu 1" stay as they are."""
    return f"fiche {place}" if place[:1].isdigit() else place


def static_address(name: str) -> str:
    """The address of a static file; it changes when the file does, so that no browser keeps an old one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"guichet/{name}?v={digest}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"french": typeset, "place_name": place_name}
    environment.globals |= {"link": link, "site_title": TITLE, "static_address": static_address, "styles": STYLES}
    return environment
