#!/usr/bin/env bash
# Installs Debian's chromium, which the tests of the page drive, when no chromium is there.
set -euo pipefail

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

command -v chromium >/dev/null 2>&1 && exit 0

repair="installez-le (sudo apt-get install chromium), puis relancez « make test », ou lancez « make check », qui s’en passe."
command -v apt-get >/dev/null 2>&1 || fail "Chromium manque pour les essais de la page, et apt-get n’est pas là : installez chromium, puis relancez « make test », ou lancez « make check », qui s’en passe."
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "Chromium manque pour les essais de la page : $repair"
    as_root=(sudo -n)
fi

printf '%s\n' "Installation de chromium pour les essais de la page…"
log=var/chromium.log
mkdir -p var
{
    "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-dejavu-core
} >"$log" 2>&1 </dev/null || fail "L’installation de chromium a échoué (détail dans $log) : $repair"
