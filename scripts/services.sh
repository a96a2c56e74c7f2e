#!/usr/bin/env bash
# Installs what the tests about data, faults and deployment start themselves: Debian's PostgreSQL, nginx and libfaketime.
set -euo pipefail

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

missing=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null 2>&1 || missing+=(nginx-light)
command -v faketime >/dev/null 2>&1 || missing+=(faketime)
[ ${#missing[@]} -gt 0 ] || exit 0

repair="installez-les (sudo apt-get install ${missing[*]}), puis relancez « make test », ou lancez « make check », qui s’en passe."
command -v apt-get >/dev/null 2>&1 || fail "Il manque pour les essais : ${missing[*]} ; apt-get n’est pas là : installez-les, puis relancez « make test », ou lancez « make check », qui s’en passe."
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "Il manque pour les essais : ${missing[*]} ; $repair"
    as_root=(sudo -n)
fi

printf '%s\n' "Installation de ${missing[*]} pour les essais…"
log=var/services.log
mkdir -p var
{
    # RUNLEVEL=1: the packages' own servers are not started; the tests start theirs, in folders of their own.
    "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
} >"$log" 2>&1 </dev/null || fail "L’installation de ${missing[*]} a échoué (détail dans $log) : $repair"
