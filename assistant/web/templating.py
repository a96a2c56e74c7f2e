"""HTML from the files of `templates/`: one Jinja2 environment, which escapes every value that is shown.

What `render` and `render_macro` return is Markup: safe HTML, which another template shows as it stands.
"""

from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant.text.french import typeset
from assistant.web.static_files import STYLES, TITLE, static_address

TEMPLATES = Path(__file__).parent / "templates"


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
