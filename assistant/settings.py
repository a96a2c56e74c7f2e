"""The settings, read from the environment once, checked, frozen. Knows nothing of what they are for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import SettingsError

_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """`home`: where models and index are kept. `prompts`: those of the encoder, None for its own.

    `journal`: whether the page keeps the questions that were declined; nothing is kept unless the operator says so.
    """

    home: Path = _ROOT / "var"
    encoder: str = "guichet-e5-small"
    prompts: tuple[str, str] | None = None
    host: str = "127.0.0.1"
    port: int = 7860
    journal: bool = False
    database: str = ""
    chroma: str = ""


NAMES = {
    "home": "GUICHET_HOME",
    "encoder": "GUICHET_ENCODER",
    "prompts": "GUICHET_ENCODER_PROMPTS",
    "host": "GUICHET_HOST",
    "port": "GUICHET_PORT",
    "journal": "GUICHET_JOURNAL",
}
_SWITCH = {"oui": True, "non": False}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError, in French, naming the setting and what it may be."""
    given = {field: environment[name] for field, name in NAMES.items() if environment.get(name, "").strip()}
    values: dict[str, object] = dict(given)
    if "home" in given:
        values["home"] = Path(given["home"]).expanduser().resolve()
    if "port" in given:
        if not given["port"].isdigit() or not 1 <= int(given["port"]) <= 65535:
            raise SettingsError(f"GUICHET_PORT vaut « {given['port']} » ; attendu : un nombre de 1 à 65535.")
        values["port"] = int(given["port"])
    if "journal" in given:
        if given["journal"].lower() not in _SWITCH:
            raise SettingsError(f"GUICHET_JOURNAL vaut « {given['journal']} » ; attendu : oui ou non.")
        values["journal"] = _SWITCH[given["journal"].lower()]
    if "prompts" in given:
        query, separator, document = given["prompts"].partition("|")
        if not separator:
            raise SettingsError(
                f"GUICHET_ENCODER_PROMPTS vaut « {given['prompts']} » ; attendu : « requête|passage », "
                "par exemple « query: |passage:  »."
            )
        values["prompts"] = (query, document)
    return Settings(**values)  # type: ignore[arg-type]
