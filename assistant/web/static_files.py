"""The files under /guichet/: styles, scripts and pictures, the same for everybody."""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STYLES = ("theme.css", "guichet.css", "pages.css")
"""In the order in which every page loads them."""
TITLE = "Guichet – Contrat de ville Seine-Amont"


def static_address(name: str) -> str:
    """The address of a static file; it changes when the file does, so that no browser keeps an old one."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"guichet/{name}?v={digest}"
