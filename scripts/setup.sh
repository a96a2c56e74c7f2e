#!/usr/bin/env bash
# Makes .venv with everything that pyproject.toml and constraints.txt ask for, in editable mode.
# Does nothing when they have not changed since; starts afresh after an interruption or a move of the folder.
#
#   scripts/setup.sh [--quiet]     --quiet: no line when there is nothing to do
#   PYTHON       the interpreter to build .venv with                        (python3)
#   TORCH_INDEX  where torch alone comes from, e.g. the index of CPU builds (pip's own)
#   PIP_EXTRA    options for every call of pip                              (none)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PATH=${PATH//"$PWD/.venv/bin:"/} # an activated .venv is no interpreter to make .venv with
PYTHON=${PYTHON:-python3}
log=var/installation.log
stamp=.venv/.guichet-setup         # what .venv was made for: this folder, these pins
unfinished=.venv/.guichet-unfinished # stands while .venv is being made: left behind, it tells of an interruption

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

wanted() { printf '%s %s\n' "$PWD" "$(cat pyproject.toml constraints.txt | cksum)"; }

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

is_up_to_date() { [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted)" ]; }

is_usable() {
    [ ! -e "$unfinished" ] || return 1
    is_recent .venv/bin/python || return 1
    .venv/bin/python -m pip --version >/dev/null 2>&1 || return 1
    # Made in another folder: its scripts name interpreters that may no longer be there.
    [ ! -e "$stamp" ] || [[ "$(cat "$stamp")" == "$PWD "* ]]
}

check_python() {
    command -v "$PYTHON" >/dev/null 2>&1 ||
        fail "« $PYTHON » est introuvable : installez Python 3.11 ou plus récent (apt-get install python3 python3-venv), puis relancez « make setup »."
    is_recent "$PYTHON" ||
        fail "$("$PYTHON" --version 2>&1 | head -n 1) est trop ancien : installez Python 3.11 ou plus récent (par exemple apt-get install python3.11 python3.11-venv), puis lancez « make setup PYTHON=python3.11 »."
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "Le module « venv » manque à « $PYTHON » : installez-le (apt-get install python3-venv), puis relancez « make setup »."
}

# install WHAT PIP-ARGUMENTS...: pip's words go to the log, one line comes back when it fails.
install() {
    local what=$1
    shift
    # shellcheck disable=SC2086 # PIP_EXTRA is a list of options
    .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check ${PIP_EXTRA:-} \
        --constraint constraints.txt "$@" >>"$log" 2>&1 ||
        fail "L’installation de $what a échoué (détail dans $log) : vérifiez le réseau et la place libre (df -h .), puis relancez « make setup »."
}

if is_up_to_date; then
    [ "${1:-}" = --quiet ] || say "Tout est déjà installé."
    exit 0
fi
[ -w . ] || fail "Le dossier $PWD n’est pas accessible en écriture : changez ses droits (chown, chmod), puis relancez « make setup »."

exec 9<scripts/setup.sh # the lock: any file that is there before .venv
if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
    say "Une autre installation est en cours dans ce dossier : j’attends qu’elle finisse…"
    flock 9
    if is_up_to_date; then exit 0; fi
fi
trap 'fail "Installation interrompue : relancez « make setup », elle repartira proprement."' INT TERM HUP

mkdir -p var
: >"$log"
started=$SECONDS
if ! is_usable; then
    check_python
    say "Création de l’environnement Python dans .venv…"
    rm -rf .venv
    mkdir .venv
    touch "$unfinished"
    "$PYTHON" -m venv .venv >>"$log" 2>&1 ||
        fail "La création de .venv a échoué (détail dans $log) : vérifiez la place libre (df -h .) et le paquet « venv » (apt-get install python3-venv), puis relancez « make setup »."
fi
touch "$unfinished"
rm -f "$stamp"

say "Installation de torch (le plus lourd : quelques minutes la première fois)…"
if [ -n "${TORCH_INDEX:-}" ]; then
    install torch --no-deps --index-url "$TORCH_INDEX" torch
    install setuptools setuptools
else
    install torch setuptools torch
fi
say "Installation des autres paquets…"
# setuptools stands in .venv, pinned like the rest: no other one is fetched to build with.
install Guichet --no-build-isolation --editable ".[dev]"

wanted >"$stamp"
rm -f "$unfinished"
say "Installation terminée en $((SECONDS - started)) s."
