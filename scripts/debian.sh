#!/usr/bin/env bash
# Sourced by the scripts that install Debian packages for tests.
#   install_debian LOG WHAT PACKAGE...      as root, or through sudo without a password; one French line when it cannot

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

install_debian() {
    local log=$1 what=$2 as_root=()
    shift 2
    local repair="installez-les (sudo apt-get install $*), puis relancez « make test », ou lancez « make check », qui s’en passe."
    command -v apt-get >/dev/null 2>&1 || fail "Il manque $what ($*), et apt-get n’est pas là : installez ces paquets, puis relancez « make test », ou lancez « make check », qui s’en passe."
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || fail "Il manque $what : $repair"
        as_root=(sudo -n)
    fi
    printf '%s\n' "Installation : $what…"
    mkdir -p "$(dirname "$log")"
    {
        # RUNLEVEL=1: the packages' own servers are not started; the tests start theirs, in folders of their own.
        "${as_root[@]}" apt-get update &&
            "${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    } >"$log" 2>&1 </dev/null || fail "L’installation de $what a échoué (détail dans $log) : $repair"
}
