"""What a setting's text may be: each kind reads it into a value, or raises ValueError saying in French what it expects.

`setting` declares one; the table itself is in assistant/settings/settings.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
MASK = "••••••"
_PASSWORD = re.compile(r"(://[^:/@\s]*):[^\s]*@")
_SWITCH = {"oui": True, "non": False}


@dataclass(frozen=True, slots=True)
class Declared:
    """`name`: in the environment. `read`: its kind. `says`: what it changes, in French.

    `absent`: the default as a person reads it, when the value itself would say little. `secret`: never shown.
    """

    name: str
    read: Callable[[str], object]
    says: str
    absent: str
    secret: bool


def setting(
    name: str, default: T, read: Callable[[str], object], says: str, *, absent: str = "", secret: bool = False
) -> T:
    """A field of the frozen Settings: one line of its table."""
    shown_default = absent or f"`{shown(default)}`"
    return field(default=default, metadata={"declared": Declared(name, read, says, shown_default, secret)})


def text(value: str) -> str:
    return value


def folder(value: str) -> Path:
    return Path(value).expanduser().resolve()


def switch(value: str) -> bool:
    if value.strip().lower() not in _SWITCH:
        raise ValueError("oui ou non")
    return _SWITCH[value.strip().lower()]


def number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        digits = value.strip()
        if not (digits.isascii() and digits.isdigit() and low <= int(digits[:18]) <= high):
            raise ValueError(f"un nombre de {low} à {high}")
        return int(digits)

    return read


def address(*schemes: str) -> Callable[[str], str]:
    """A URL with one of those schemes: address("http", "https")."""

    def read(value: str) -> str:
        if not re.match(rf"(?:{'|'.join(map(re.escape, schemes))})://\S+$", value.strip()):
            raise ValueError(f"une adresse qui commence par {' ou '.join(f'{scheme}://' for scheme in schemes)}")
        return value.strip()

    return read


def model(value: str) -> str:
    """A chat model as LangChain names it, "provider:name", or "gguf:/path/model.gguf"."""
    name = value.strip()
    if not re.match(r"[a-z][a-z0-9_]*:\S", name):
        raise ValueError("« fournisseur:nom », par exemple openai:mistral-small ou gguf:/chemin/modele.gguf")
    return name


def networks(value: str) -> tuple[str, ...]:
    """A list of addresses and networks: « 127.0.0.1, 10.0.0.0/8 »."""
    for network in (listed := words(value)):
        try:
            ip_network(network, strict=False)
        except ValueError as error:
            raise ValueError("des adresses ou des réseaux, par exemple « 127.0.0.1, 10.0.0.0/8 »") from error
    return listed


def header(value: str) -> str:
    """The name of an HTTP header, in lower case as ASGI has it."""
    name = value.strip().lower()
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError("un nom d’en-tête HTTP, par exemple « X-Remote-User »")
    return name


def words(value: str) -> tuple[str, ...]:
    """A list: « a, b » -> ("a", "b")."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def shown(value: object) -> str:
    """A value as it would be written in the environment; the password of an address is masked."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return _PASSWORD.sub(rf"\1:{MASK}@", f"{value}")
