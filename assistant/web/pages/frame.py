"""The frame of every page: header, navigation, foot, and a fiche beside the content (`templates/page.html`)."""

from markupsafe import Markup

from assistant.accounts.policy import VISITOR
from assistant.web.templating import render


def render_page(template: str, *, address: str, title: str, lead: str = "", side: str = "", **values: object) -> Markup:
    """A page for agents: a template that extends `page.html`, with its values.

    `address` is the page's own, which the navigation marks; `lead` one sentence below the title; `side` the HTML of
    the fiche shown beside, "" for none. The template also gets `visitor`, who is logged in (None without accounts).
    """
    return render(template, address=address, title=title, lead=lead, side=side, visitor=VISITOR.get(), **values)


def render_message(title: str, text: str, *, address: str = "") -> Markup:
    """A page that only says one line of text."""
    return render_page("message.html", address=address, title=title, text=text)
