"""`guichet serve`, `settings` and `doctor`: for who runs Guichet on a server."""

import json
import os
from argparse import Namespace
from dataclasses import replace

from assistant.cli.arguments import Commands, number_between
from assistant.cli.opening import open_assistant
from assistant.settings.settings import origins, read_settings, table_rows


def add(commands: Commands) -> None:
    serve = commands.add("serve", _serve, "ouvre la page de conversation", example="GUICHET_PORT=8080 guichet serve")
    serve.add_argument("--port", type=number_between(1, 65535), help="le port, au lieu de GUICHET_PORT")
    settings = commands.add(
        "settings", _settings, "montre les réglages, leur valeur et d’où elle vient", example="guichet settings"
    )
    settings.add_argument("--table", action="store_true", help="la table de docs/reglages.md")
    doctor = commands.add(
        "doctor", _doctor, "vérifie toute l’installation, et dit ce qui répare", example="guichet doctor --json"
    )
    doctor.add_argument("--json", action="store_true", help="le résultat, en une ligne de JSON")


def _serve(options: Namespace) -> int:
    settings = read_settings()
    if options.port:
        settings = replace(settings, port=options.port)
    from assistant.web.app import serve

    serve(open_assistant, settings)
    return 0


def _settings(options: Namespace) -> int:
    if options.table:
        print("\n".join(table_rows()))
        return 0
    rows = origins()
    widths = max(len(row.name) for row in rows), max(len(row.source) for row in rows)
    for row in rows:
        print(f"{row.name:<{widths[0]}}  {row.source:<{widths[1]}}  {row.value}")
    return 0


def _doctor(options: Namespace) -> int:
    from assistant.cli.doctor import WELL, examine

    found = {}
    for state in examine(os.environ):
        found[state.name] = state.problem or WELL
        if not options.json:
            print(f"{state.name:<14}  {found[state.name]}", flush=True)
    ill = sum(said != WELL for said in found.values())
    if options.json:
        print(json.dumps({"état": "à réparer" if ill else "prêt", "composants": found}, ensure_ascii=False))
    return 1 if ill else 0
