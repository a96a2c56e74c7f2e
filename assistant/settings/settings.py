"""The settings, read once from the environment and a TOML file, checked, frozen. Knows nothing of what they are for.

To add one: a line in `Settings`, the same line in docs/reglages.md (`guichet settings --table` writes it). The
environment wins over the file: GUICHET_CONFIG, else `guichet.toml` in the working folder, whose keys are the names in
lower case without their prefix (`port = 8080`). What nobody would set is a constant, where it is used.

By hand: pydantic-settings was tried. It lets unknown variables of the environment pass, does not say which source a
wrong value comes from, reads the environment whenever a Settings is made (in every test), and takes 0.2 s to import; the
kinds with their French messages would be the same, and the code no shorter.
"""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from assistant.errors import SettingsError
from assistant.settings.kinds import (
    MASK,
    Declared,
    address,
    folder,
    header,
    model,
    networks,
    number,
    setting,
    shown,
    switch,
    text,
    words,
)

_ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """The table: name in the environment, value without it, kind, what it changes (in French, as docs/reglages.md says)."""

    # fmt: off
    home: Path = setting("GUICHET_HOME", _ROOT / "var", folder, "où sont gardés l’encodeur et l’index", absent="`var/`")
    encoder: str = setting("GUICHET_ENCODER", "guichet-e5-small", text, "l’encodeur ([ci-dessous](#un-autre-encodeur))")
    host: str = setting("GUICHET_HOST", "127.0.0.1", text, "l’adresse écoutée")
    port: int = setting("GUICHET_PORT", 7860, number(1, 65535), "le port de la page")
    journal: bool = setting("GUICHET_JOURNAL", False, switch, "`oui` : les questions que la page a déclinées sont gardées, pour `/suivi`")
    database: str = setting("GUICHET_DATABASE", "", address("postgresql", "sqlite"), "la base des avis et des comptes : `postgresql://utilisateur:motdepasse@machine/base`", absent="`avis.sqlite3` dans `GUICHET_HOME`")
    chroma_url: str = setting("GUICHET_CHROMA_URL", "", address("http", "https"), "un serveur Chroma (`chroma run`), dont plusieurs pages partagent l’index", absent="l’index est dans `GUICHET_HOME`")
    feedback: bool = setting("GUICHET_FEEDBACK", False, switch, "`oui` : un avis donné sur la page garde aussi la question et la précision écrite, données personnelles masquées")
    retention: int = setting("GUICHET_RETENTION", 90, number(1, 3650), "jours pendant lesquels avis et questions déclinées sont gardés, puis effacés d’office")
    session_rate: int = setting("GUICHET_SESSION_RATE", 30, number(0, 100_000), "questions par minute, sur la page, pour un compte connecté (`0` : sans limite)")
    address_rate: int = setting("GUICHET_ADDRESS_RATE", 600, number(0, 100_000), "questions par minute pour une adresse du réseau (`0` : sans limite)")
    llm: str = setting("GUICHET_LLM", "", model, "le modèle de langue qui écrit les réponses : `openai:NOM`, `ollama:NOM`, `mistralai:NOM` ou `gguf:/chemin/modele.gguf` ([`modele.md`](modele.md))", absent="aucun, moteur embarqué seul")
    llm_url: str = setting("GUICHET_LLM_URL", "", address("http", "https"), "l’adresse de son serveur, par exemple `http://127.0.0.1:8000/v1` ; il en faut une avec `openai:`", absent="celle du fournisseur")
    llm_key: str = setting("GUICHET_LLM_KEY", "", text, "sa clé ; jamais dans le fichier des réglages, jamais montrée", absent="sans clé", secret=True)
    llm_key_file: str = setting("GUICHET_LLM_KEY_FILE", "", text, "le fichier qui la contient, lisible de son seul propriétaire (`chmod 600`)", absent="aucun")
    llm_seconds: int = setting("GUICHET_LLM_SECONDS", 60, number(1, 600), "secondes pour écrire une réponse ; au-delà, celle du moteur embarqué est donnée")
    llm_context: int = setting("GUICHET_LLM_CONTEXT", 4096, number(1536, 1_000_000), "jetons que le modèle lit et écrit en une fois")
    metrics_from: tuple[str, ...] = setting("GUICHET_METRICS_FROM", ("127.0.0.0/8", "::1/128"), networks, "les réseaux d’où `/metrics` se lit")
    open: bool = setting("GUICHET_OPEN", False, switch, "`oui` : les pages s’ouvrent sans connexion, même hors de cette machine")
    login: bool = setting("GUICHET_LOGIN", False, switch, "`oui` : la connexion est demandée même tant qu’aucun compte n’existe")
    public: bool = setting("GUICHET_PUBLIC", False, switch, "`oui` : la borne `/public` reste ouverte sans connexion")
    https: bool = setting("GUICHET_HTTPS", False, switch, "`oui` : les navigateurs arrivent toujours par HTTPS ; le cookie n’est rendu que là")
    proxies: tuple[str, ...] = setting("GUICHET_PROXIES", (), networks, "les serveurs mandataires dont les en-têtes `X-Forwarded-*` sont crus", absent="aucun")
    sso_header: str = setting("GUICHET_SSO_HEADER", "", header, "l’en-tête où le mandataire dit qui est connecté (SSO)", absent="aucun")
    operators: tuple[str, ...] = setting("GUICHET_OPERATORS", (), words, "les noms que le SSO donne aux opérateurs", absent="aucun")
    # fmt: on


DECLARED: dict[str, Declared] = {field.name: field.metadata["declared"] for field in fields(Settings)}
"""By field, which is also the key in the TOML file: GUICHET_LLM_URL is `llm_url`."""


def _contradictions(settings: Settings) -> Iterator[str]:
    """What several settings must be together: a French line for each thing that is wrong."""
    if settings.open and settings.login:
        yield "GUICHET_OPEN=oui et GUICHET_LOGIN=oui se contredisent ; attendu : l’un ou l’autre."
    if settings.sso_header and not settings.proxies:
        yield (
            f"GUICHET_SSO_HEADER vaut « {settings.sso_header} » sans GUICHET_PROXIES, et n’importe qui pourrait l’envoyer ; "
            "attendu : l’adresse du mandataire qui authentifie, par exemple GUICHET_PROXIES=127.0.0.1."
        )
    if settings.llm.startswith("openai:") and not settings.llm_url:
        yield (
            f"GUICHET_LLM vaut « {settings.llm} » sans GUICHET_LLM_URL ; attendu : l’adresse du serveur, par exemple "
            "http://127.0.0.1:8000/v1 (aucune question ne part vers un service que vous n’avez pas nommé)."
        )
    if settings.llm_key and settings.llm_key_file:
        yield "GUICHET_LLM_KEY et GUICHET_LLM_KEY_FILE sont donnés tous deux ; attendu : l’un des deux."


GONE = {
    "encoder_prompts": "les préfixes sont ceux du modèle",
    "turns": "une conversation compte au plus 100 questions",
    "at_once": "4 questions sont traitées en même temps",
    "waiting": "32 questions attendent leur tour",
    "patience": "une question attend au plus 20 secondes",
    "llm_first_seconds": "le premier mot a la moitié de GUICHET_LLM_SECONDS",
    "llm_at_once": "un modèle « gguf: » écrit une réponse à la fois, un serveur 3",
    "llm_threads": "un modèle « gguf: » prend tous les cœurs",
    "session_idle": "une connexion se ferme après 60 minutes sans usage",
    "session_hours": "une connexion se ferme après 12 heures",
}
"""Settings of earlier versions, by key, and what holds now: who still gives one is told, like who mistypes a name."""
CONFIG = "GUICHET_CONFIG"
FILE = Path("guichet.toml")


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting, its value as shown, and where it comes from: défaut, fichier, environnement."""

    name: str
    value: str
    source: str


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError, in French, naming every setting that is wrong and what it may be."""
    return _read(environment)[0]


def origins(environment: Mapping[str, str] = os.environ) -> list[Origin]:
    """Every setting in use, secrets masked. Raises SettingsError like `read_settings`."""
    settings, sources = _read(environment)
    return [
        Origin(declared.name, _shown(declared, getattr(settings, field)), sources.get(field, "défaut"))
        for field, declared in DECLARED.items()
    ]


def table_rows() -> list[str]:
    """The table of docs/reglages.md: its heading, then one line a setting."""
    heading = ["| réglage | sans lui | ce qu’il change |", "|---|---|---|"]
    return heading + [f"| `{row.name}` | {row.absent} | {row.says} |" for row in DECLARED.values()]


def _shown(declared: Declared, value: object) -> str:
    if declared.secret and value:
        return MASK
    return declared.absent.strip("`") if value is None else shown(value)


def _read(environment: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    problems: list[str] = []
    path, table = _file(environment, problems)
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for key, declared in DECLARED.items():
        for source, place, given in (
            ("environnement", declared.name, environment.get(declared.name)),
            ("fichier", f"« {key} », dans {path},", _as_text(table.get(key))),
        ):
            if not (given or "").strip():
                continue
            if declared.secret and source == "fichier":
                problems.append(f"{place} est un secret ; attendu : dans l’environnement ({declared.name}).")
                break
            try:
                values[key] = declared.read(given or "")
            except ValueError as expected:
                quoted = MASK if declared.secret else shown(given)
                problems.append(f"{place} vaut « {quoted} » ; attendu : {expected}.")
            sources[key] = source
            break
    problems.extend(_unknown(environment, path, table))
    if not problems:
        settings = Settings(**values)  # type: ignore[arg-type]
        problems.extend(_contradictions(settings))
    if problems:
        several = f"{len(problems)} réglages sont à corriger :\n  - " if len(problems) > 1 else ""
        raise SettingsError(several + "\n  - ".join(problems))
    return settings, sources


def _file(environment: Mapping[str, str], problems: list[str]) -> tuple[Path, dict[str, object]]:
    asked = environment.get(CONFIG, "").strip()
    path = Path(asked).expanduser() if asked else FILE
    if not asked and not path.exists():
        return path, {}
    try:
        return path, _without_tables(tomllib.loads(path.read_text(encoding="utf-8")), path, problems)
    except OSError as error:
        where = f"{CONFIG} vaut « {asked} »" if asked else f"Le fichier {path} ne s’ouvre pas"
        problems.append(f"{where} ; attendu : un fichier TOML lisible ({type(error).__name__}).")
    except ValueError as error:  # tomllib's own and bad UTF-8: both say where, neither quotes a value
        problems.append(f"Le fichier {path} n’est pas du TOML ({error}) ; attendu : par exemple « port = 8080 ».")
    return path, {}


def _without_tables(table: dict[str, object], path: Path, problems: list[str]) -> dict[str, object]:
    flat = {}
    for key, value in table.items():
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, dict | list) for part in parts):
            problems.append(f"« {key} », dans {path}, est une table ; attendu : « {key} = une valeur ».")
        else:
            flat[key] = value
    return flat


def _as_text(value: object) -> str | None:
    """A TOML value as the environment would have it: true -> oui, ["a", "b"] -> a, b."""
    if value is None or isinstance(value, str):
        return value
    return shown(tuple(value) if isinstance(value, list) else value)


def _unknown(environment: Mapping[str, str], path: Path, table: Mapping[str, object]) -> Iterator[str]:
    names = [*(declared.name for declared in DECLARED.values()), CONFIG]
    for name in environment:
        if name.startswith("GUICHET_") and name not in names:
            yield f"{name} {_what_is_wrong(name.removeprefix('GUICHET_').lower(), name, names)}"
    for key in table:
        if key not in DECLARED:
            yield f"« {key} », dans {path}, {_what_is_wrong(key, key, list(DECLARED))}"


def _what_is_wrong(key: str, name: str, known: list[str]) -> str:
    if key in GONE:
        return f"n’est plus un réglage ({GONE[key]}) ; retirez-le."
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"est inconnu ; {f'vouliez-vous dire {close[0]} ?' if close else '« guichet settings » les montre tous.'}"
